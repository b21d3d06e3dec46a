from datetime import timedelta
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

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
        """Day from which the present prices count; anniversaries of the earlier system's time were seen to there."""
        if self.last_readjusted or not self.billed_until:
            return self.last_readjusted or None
        years = self.billed_until.year - self.date_start.year
        passed = [price_index.anniversary(self.date_start, number) for number in range(1, years + 1)]
        return max((day for day in passed if day <= self.billed_until), default=None)

    def _get_readjustment_start(self, anniversary):
        """First day of the new price: the first period that begins on the anniversary or after it."""
        schedule = self._get_schedule()
        first, last = schedule.period(schedule.index_of(anniversary))
        return anniversary if first >= anniversary else last + timedelta(days=1)

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
        if anniversary > soon or (self.date_end and self._get_readjustment_start(anniversary) > self.date_end):
            return none
        proposal = self.readjustment_ids.filtered(lambda r: r.date == anniversary)
        if proposal.filtered(lambda r: r.state != "proposed"):
            return none
        values = self._prepare_readjustment(anniversary)
        if proposal:
            proposal.sudo().write(values)  # sudo: written by its methods only
            return proposal
        Readjustment = none.sudo()  # sudo: guarded, written here after the access check
        return Readjustment.create({"contract_id": self.id, "date": anniversary, **values})

    def _prepare_readjustment(self, anniversary):
        """What a readjustment comes to, or why it cannot be said yet.

        :return: dict for cobranca.contract.readjustment
        """
        start = self._get_readjustment_start(anniversary)
        values = {"index_id": self.index_id.id, "date_effective": start, "problem": False}
        try:
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
            "factor": f"{factor:.10f}",
            "percent_index": float((factor - 1) * 100),
            "percent_applied": float(percent),
            "details": details,
            "amount_before": self._get_monthly_amount(start - timedelta(days=1)),
            "amount_after": self._get_monthly_after(start, details),
        }

    def _get_readjustment_limits(self):
        def as_decimal(percent):
            return Decimal(str(percent)) if percent else None

        return {
            "cap_percent": as_decimal(self.readjust_cap),
            "floor_percent": as_decimal(self.readjust_floor),
            "allow_negative": self.readjust_allow_negative,
        }

    def _get_readjusted_lines(self, day):
        """The lines that are billed over again and hold on a day."""
        return self.line_ids.filtered(
            lambda line: line.recurrence != "once"
            and not line.display_type
            and (not line.date_start or line.date_start <= day)
            and (not line.date_end or line.date_end >= day)
        )

    def _get_monthly_after(self, day, details):
        """Monthly amount of the recurring lines at their new prices."""
        new_prices = {detail["line"]: detail["new"] for detail in details}
        before = self._get_monthly_amount(day)
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
