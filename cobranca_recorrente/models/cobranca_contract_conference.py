from datetime import timedelta
from decimal import Decimal

from odoo import SUPERUSER_ID, fields, models

from ..tools import conference, proration, recurrence

ONE_DAY = timedelta(days=1)
CHANGES_OF_PRICE = ("price", "readjust")


class CobrancaContractConference(models.AbstractModel):
    """What the check before billing needs to know of a contract, and its charges that are held.

    Held is not parked: nothing is wrong with the contract, its amount waits for someone to look at it.
    """

    _name = "cobranca.contract.conference"
    _description = "Billing Check of a Contract"

    currency_id = fields.Many2one(comodel_name="res.currency")
    hold_reason = fields.Text(
        string="Held for checking",
        readonly=True,
        copy=False,
        groups="cobranca_recorrente.cobranca_group_collector",
        help="Why the next charge of this contract waits for a supervisor to release it.",
    )
    hold_key = fields.Char(
        string="Charge that is held", readonly=True, copy=False, groups="cobranca_recorrente.cobranca_group_collector"
    )
    hold_amount = fields.Monetary(
        string="Amount held", readonly=True, copy=False, groups="cobranca_recorrente.cobranca_group_collector"
    )
    hold_deviation = fields.Float(
        string="Deviation (%)",
        readonly=True,
        copy=False,
        digits=(16, 2),
        aggregator=None,
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    hold_released_keys = fields.Text(
        string="Charges released", readonly=True, copy=False, groups="cobranca_recorrente.cobranca_group_collector"
    )
    hold_released_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Last released by",
        readonly=True,
        copy=False,
        groups="cobranca_recorrente.cobranca_group_collector",
    )

    # === ACTIONS === #

    def action_release_hold(self):
        """Let the charges that are held be billed as they are now; a supervisor answers for them.

        :return: True
        """
        self.check_access("write")
        for contract in self.filtered("hold_reason"):
            contract._release_keys(contract.hold_key)
        # sudo: only starts the run, after the access check
        self.env.ref("cobranca_recorrente.ir_cron_cobranca_contract_billing").sudo()._trigger()
        return True

    # === BUSINESS METHODS === #

    def _release_keys(self, keys):
        """Let charges be billed that are, or would be, held.

        :param str keys: one charge a line, see `_get_hold_key`
        """
        self.ensure_one()
        self.check_access("write")
        values = {"hold_released_keys": keys, "hold_released_by_id": self.env.uid}
        if self.hold_key in (keys or "").split("\n"):
            values |= self._get_values_unheld()
        self.sudo().write(values)  # sudo: guarded fields, after the access check
        self._message_log(body=self.env._("The charge was checked and released by %(user)s.", user=self.env.user.name))

    @staticmethod
    def _get_values_unheld():
        return {"hold_reason": False, "hold_key": False, "hold_amount": 0.0, "hold_deviation": 0.0}

    def _hold(self, finding):
        """Take the next charge out of the billing queue until someone releases it.

        :param finding: see `cobranca.contract.billing.conference`
        """
        self.ensure_one()
        self.check_access("write")
        is_news = self.hold_reason != finding.reason
        values = {
            "hold_reason": finding.reason,
            "hold_key": finding.key,
            "hold_amount": float(finding.amount),
            "hold_deviation": float(finding.percent or 0),
        }
        self.sudo().write(values)  # sudo: guarded fields, after the access check
        if is_news:
            self._message_log(body=self.env._("Held for checking: %(reason)s", reason=finding.reason))

    def _explain_hold(self):
        """Why the conference keeps this contract from being billed.

        :return: str, empty when it does not
        """
        self.ensure_one()
        if self.hold_reason:
            return self.env._(
                "This charge waits to be checked: %(reason)s A supervisor releases it under Billing › Held.",
                reason=self.hold_reason,
            )
        today = self.company_id._cobranca_today()
        if self.state == "active" and self.next_issue_date and self.next_issue_date <= today:
            domain = self.env["cobranca.contract.billing"]._get_conference_domain(self.company_id)
            if not self.filtered_domain(domain):
                return self.env._(
                    "The month of %(due)s is not released yet: check it under Billing › Billing Check.",
                    due=fields.Date.to_string(self.next_due_date)[:7],
                )
        return ""

    # --- what is compared ---

    def _prepare_period_values(self, charge):
        """Each billed period remembers the price of a whole one: later changes of the contract do not touch it."""
        rows = super()._prepare_period_values(charge)
        parts = {(part.group, part.span[0]): part for part in charge.parts}
        for row in rows:
            if part := row["kind"] == "recurring" and parts.get((row["line_group"], row["date_start"])):
                row["details"] = {**row["details"], "full": f"{self._get_rate(part.group, part.span[1])}"}
        return rows

    def _get_rate(self, group, day):
        """What a whole period costs at the prices of a day, pauses left out of account.

        :return: Decimal, before taxes that are added
        """
        lines = (
            line
            for line in self.line_ids
            if line.recurrence == "recurring"
            and not line.display_type
            and line._get_group() == group
            and proration.overlap((day, day), line.date_start or None, line.date_end or None)
        )
        return sum((line._get_full_amount() for line in lines), Decimal(0))

    def _get_comparable_parts(self, charge):
        """The periods of a charge as the conference compares them.

        :return: list of tools.conference.Part
        """
        return [
            conference.Part(
                part.group,
                part.index,
                charge.due,
                *part.span,
                part.of_days,
                self._get_rate(part.group, part.span[1]),
                self._sum_items(charge, part, "recurring"),
                self._sum_items(charge, part, "usage"),
            )
            for part in charge.parts
        ]

    @staticmethod
    def _sum_items(charge, part, recurrence_of_line):
        items = (item for item in charge.items if item.part == part and item.line.recurrence == recurrence_of_line)
        return sum((item.amount for item in items), Decimal(0))

    @staticmethod
    def _get_hold_key(parts, amount):
        """What identifies a charge that was looked at: its periods, its due date and its amount."""
        periods = "+".join(f"{part.group}{part.index}" for part in parts)
        return f"{parts[0].due} {periods} {amount:.2f}"

    # --- what explains a difference of prices ---

    def _get_steps(self, part, full):
        """The days on which the price of a group stepped from what was billed last to what holds now.

        :param part: tools.conference.Part
        :param full: Decimal, price of a whole period when it was billed last
        :return: list of (day, Decimal step), empty when no steps lead from the one to the other
        """
        days = {line.date_start for line in self.line_ids if line.date_start}
        days |= {line.date_end + ONE_DAY for line in self.line_ids if line.date_end}
        steps, rate = [], part.full
        for day in sorted((day for day in days if day <= part.last), reverse=True):
            before = self._get_rate(part.group, day - ONE_DAY)
            if before != rate:
                steps.append((day, rate - before))
                rate = before
            if rate == full:
                return steps
        return []

    def _get_readjusted(self, part, full):
        """(Decimal readjusted, Decimal of all steps) of the price since what was billed last."""
        steps = self._get_steps(part, full)
        days = {change.date for change in self.change_ids if change.kind == "readjust"}
        readjusted = sum((step for day, step in steps if day in days), Decimal(0))
        return readjusted, sum((step for _day, step in steps), Decimal(0))

    def _is_explained(self, part, full):
        """Did a person register changes that explain a difference of prices to the cent?"""
        steps = self._get_steps(part, full)
        return bool(steps) and all(self._is_registered(day) for day, _step in steps)

    def _is_registered(self, day):
        """Does the register of changes say what the items of a day come to, by a person's decision?"""
        of_day = self.change_ids.filtered(lambda c: c.date == day and c.kind in CHANGES_OF_PRICE).sorted("id")
        change = of_day[-1:]
        if not change or change.create_uid.id == SUPERUSER_ID:
            return False
        months = recurrence.months_in(self.interval_unit, self.interval_count)
        groups = {line._get_group() for line in self._get_periodic_lines()}
        step = sum((self._get_rate(group, day) - self._get_rate(group, day - ONE_DAY) for group in groups), Decimal(0))
        registered = Decimal(repr(change.amount_after)) - Decimal(repr(change.amount_before))
        # The register keeps amounts of a month, rounded to the cent.
        return abs(step - registered * months) <= max(months, 1) * Decimal("0.01")
