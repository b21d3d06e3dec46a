from datetime import timedelta
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from ..tools import price_index


class CobrancaContractIndexation(models.AbstractModel):
    """The yearly readjustment of a contract by its index: when it is due and what it comes to."""

    _name = "cobranca.contract.indexation"
    _description = "Readjustment of a Billing Contract"

    last_readjusted = fields.Date(
        copy=False,
        tracking=True,
        groups="cobranca_recorrente.cobranca_group_collector",
        help="Day from which the present prices count; empty = from the start. For contracts of an earlier system: "
        "the last readjustment made there.",
    )
    readjustment_ids = fields.One2many(
        comodel_name="cobranca.contract.readjustment",
        inverse_name="contract_id",
        string="Readjustments",
        copy=False,
        groups="cobranca_recorrente.cobranca_group_collector",
    )

    # === BUSINESS METHODS === #

    def _get_next_anniversary(self, today):
        """Day from which the prices may be readjusted next (Lei 10.192/2001, art. 2).

        :return: date up to today when it is due, else a later one
        """
        self.ensure_one()
        return price_index.next_anniversary(self.date_start, self._get_last_readjusted(), today)

    def _get_last_readjusted(self):
        """Day from which the present prices count, by a readjustment or because all of them were agreed anew.

        Anniversaries of the earlier system's time were seen to there.
        """
        days = [self.last_readjusted, self._get_last_revised()]
        if self.billed_until and not self.last_readjusted:
            years = self.billed_until.year - self.date_start.year
            passed = [price_index.anniversary(self.date_start, number) for number in range(1, years + 1)]
            days.append(max((day for day in passed if day <= self.billed_until), default=None))
        return max(filter(None, days), default=None)

    def _get_last_revised(self):
        """Day from which the oldest of the present prices was agreed anew; None while one is still of the start.

        A price that is agreed anew starts its twelve months (Lei 10.192/2001, art. 2, § 2); where only some are,
        the contract keeps its anniversary, and those are left out until they are a year old.
        """
        today = self.company_id._cobranca_today()
        lines = self._get_periodic_lines()
        present = lines.filtered(
            lambda line: not line.date_end or line.date_end >= max(today, line.date_start or today)
        )
        versions = [line._get_price_version() for line in present]
        agreed = [v for v in versions if v.previous_line_id and not self._get_readjustment_of(v)]
        return min(v.date_start for v in agreed) if agreed and len(agreed) == len(versions) else None

    def _get_priced_since(self, line):
        """Day from which the price of a line counts; of a first one, that on which it was agreed when it is earlier.

        :return: date
        """
        version = line._get_price_version()
        if readjustment := self._get_readjustment_of(version):
            return readjustment.date_effective
        if version.previous_line_id:
            return version.date_start
        return min(version.date_start or self.date_start, version.create_date.date())

    def _get_readjustment_of(self, version):
        """The approved readjustment that made the price of a version, in place or by replacing the one before."""
        changed = {version.id, version.previous_line_id.id}
        return self.readjustment_ids.filtered(
            lambda r: r.state == "approved"
            and any(detail["line"] in changed and detail["new"] == version.price_unit for detail in r.details or ())
        )[:1]

    def _get_readjustment_start(self, anniversary):
        """First day of the new price: the first period that begins on the anniversary, or after it.

        Periods of weeks drift against the year: never less than twelve months after the last new price.
        """
        before = self.readjustment_ids.filtered(lambda r: r.state == "approved" and r.date < anniversary)
        last = max(before.mapped("date_effective"), default=None)
        day = max(anniversary, price_index.anniversary(last, 1)) if last else anniversary
        schedule = self._get_schedule()
        first, last = schedule.period(schedule.index_of(day))
        return day if first >= day else last + timedelta(days=1)

    def _propose_readjustment(self, today):
        """Make, or compute anew, the readjustment that comes within the company's notice.

        Values of the index that come out meanwhile count until someone approves.

        :return: cobranca.contract.readjustment
        """
        self.ensure_one()
        none = self.env["cobranca.contract.readjustment"]
        if not self.index_id or self.state != "active":
            return none
        soon = fields.Date.add(today, days=self.company_id.cobranca_readjust_notice_days)
        anniversary = self._get_next_anniversary(soon)
        start = self._get_readjustment_start(anniversary)
        if anniversary > soon or (self.date_end and start > self.date_end and not self._renews_itself()):
            return none
        proposal = self.readjustment_ids.filtered(lambda r: r.date == anniversary)
        if proposal.filtered(lambda r: r.state != "proposed"):
            return none
        if proposal:
            proposal._refresh()
            return proposal
        values = self._prepare_readjustment(anniversary)
        Readjustment = none.sudo()  # sudo: guarded, written here after the access check
        return Readjustment.create({"contract_id": self.id, "date": anniversary, **values})

    def _prepare_readjustment(self, anniversary, chosen=None):
        """What a readjustment comes to, or why it cannot be said yet.

        :param date chosen: later day of the new price, chosen by hand
        :return: dict for cobranca.contract.readjustment
        """
        start = self._get_readjustment_start(anniversary)
        start = max(start, chosen or start)
        values = {"index_id": self.index_id.id, "date_effective": start, "problem": False}
        try:
            self._require_life_after(start)
            self._require_year_of_prices(anniversary, start)
            factor, first, last = self.index_id._get_readjustment(anniversary, self.readjust_lag or None)
            limits = self._get_readjustment_limits()
            percent = price_index.applied_percent(factor, **limits)
        except UserError as missing:
            return {**values, "problem": str(missing), "details": []}
        details = [
            {
                "line": line.id,
                "old": line.price_unit,
                "new": float(price_index.readjusted(price, factor, digits=digits, **limits)),
            }
            for line in self._get_readjusted_lines(start)
            for price, digits in [line._get_exact_price()]
        ]
        return {
            **values,
            "first_month": first,
            "last_month": last,
            "factor": float(factor),
            "percent_index": float((factor - 1) * 100),
            "percent_applied": float(percent),
            "details": details,
            "amount_before": self._get_monthly_agreed(start - timedelta(days=1)),
            "amount_after": self._get_monthly_after(start, details),
        }

    def _require_life_after(self, start):
        """:raise UserError: when somebody ended the contract before its prices would change; a renewal goes on"""
        if self.close_reason_id and self.date_end and self.date_end < start:
            raise UserError(
                self.env._(
                    "The contract ends on %(end)s, before this readjustment counts: do not apply it.",
                    end=format_date(self.env, self.date_end),
                )
            )

    def _get_readjustment_limits(self):
        def as_decimal(percent):
            return Decimal(str(percent)) if percent else None

        return {
            "cap_percent": as_decimal(self.readjust_cap),
            "floor_percent": as_decimal(self.readjust_floor),
            "allow_negative": self.readjust_allow_negative,
        }

    def _require_year_of_prices(self, anniversary, start):
        """:raise UserError: when the twelve months of the present prices are not over on the day of the new ones"""
        last = self._get_last_readjusted()
        if last and anniversary < price_index.anniversary(last, 1):
            raise UserError(
                self.env._(
                    "The present prices count from %(day)s: twelve months must pass before they are readjusted. Leave "
                    "this readjustment unapplied.",
                    day=format_date(self.env, last),
                )
            )
        if not self._get_readjusted_lines(start):
            raise UserError(self.env._("No item of the contract has had its price for twelve months."))

    def _get_readjusted_lines(self, day):
        """The lines billed over again, from a day on or later, whose price is a year old on that day.

        A version that begins later for another reason, such as another quantity, has the price of the one before.
        """
        return self._get_periodic_lines().filtered(
            lambda line: (not line.date_end or line.date_end >= max(day, line.date_start or day))
            and price_index.anniversary(self._get_priced_since(line), 1) <= day
        )

    def _get_monthly_agreed(self, day):
        """Monthly amount of the recurring lines of a day, also while the contract is paused."""
        total = sum((line._get_full_amount() for line in self._get_lines_on(day)), Decimal(0))
        return float(total) / self._get_months_in_period()

    def _get_monthly_after(self, day, details):
        """Monthly amount of the recurring lines at their new prices."""
        new_prices = {detail["line"]: detail["new"] for detail in details}
        before = self._get_monthly_agreed(day)
        months = self._get_months_in_period()
        difference = sum(
            line.currency_id.round((new_prices[line.id] - line.price_unit) * line.quantity * (1 - line.discount / 100))
            for line in self._get_lines_on(day)
            if line.id in new_prices
        )
        return before + difference / months

    def _readjust(self, readjustment):
        """Put approved prices into force; billed periods after that day are settled.

        :return: one-off items of the settlement
        """
        self.ensure_one()
        lines = self.env["cobranca.contract.line"]
        changes = [
            (lines.browse(detail["line"]), {"price_unit": detail["new"]})
            for detail in readjustment.details
            if detail["new"] != detail["old"]
        ]
        reason = readjustment._get_reason()
        adjustments = self._change_items(readjustment.date_effective, changes, kind="readjust", reason=reason)
        counted_from = self._get_readjustment_start(readjustment.date)
        is_late = readjustment.date_effective > counted_from
        self.sudo().last_readjusted = (  # sudo: the access was checked by the change
            readjustment.date_effective if is_late else readjustment.date
        )
        return adjustments
