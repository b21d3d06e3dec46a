from decimal import Decimal

from odoo import models

from ..tools.placement import last_day, weigh


class CobrancaPlacementAgreement(models.AbstractModel):
    """What agreements do to placements: installments stand in the place of debts, and the term goes on with them.

    A broken agreement gives the debts back to the agency for the rest of the term that it had without it. Installments
    are not paused: the customer is reminded of them, and warned before a break, as of all agreements.
    """

    _name = "cobranca.placement.agreement"
    _description = "Placements with Agreements"

    # === BUSINESS METHODS === #

    def _follow_agreements(self, date):
        """Take in the installments that stand in the place of placed debts, and have the term as long as they run.

        Of an agreement over debts of several agencies the one with the greatest part has the installments.

        :param date date: of today
        """
        # sudo: placements are written by their own methods only
        records = self.sudo()
        records._claim()
        records = records.filtered(lambda record: record.state == "active")
        agreements = {record: record._get_agreements() for record in records}
        shares = {record: sum(record._get_share(each) for each in agreements[record]) for record in records}
        for record in records.sorted(lambda record: (-shares[record], record.id)):
            record._take_in(agreements[record], date)
            record._follow_term(agreements[record], date)
        running = records.filtered(lambda record: record.state == "active")
        running._refresh_amounts()

    def _get_agreements(self):
        """The agreements in force that have debts of these now.

        :return: cobranca.agreement
        """
        lines = self.line_ids.filtered("is_live").line_id
        origins = self.env["cobranca.agreement.origin"]._get_of_lines(lines)
        return origins.agreement_id.filtered(lambda agreement: agreement.state == "active")

    def _is_replaced(self):
        """Is something open in the place of these debts, which this placement may still be given?

        While an agreement is booked its installments are there before the placement has them. What was taken out of
        it once, or what another one has, does not come back.
        """
        self.ensure_one()
        lines = self.line_ids.filtered("is_live").line_id
        found = self.env["cobranca.agreement.origin"]._get_successors(lines) - self.line_ids.line_id
        return bool(found - self._get_taken(found))

    def _get_taken(self, lines):
        """:return: account.move.line, those of some that another placement has"""
        rows = self.env["cobranca.placement.line"].search([("line_id", "in", lines.ids), ("is_live", "=", True)])
        return rows.filtered(lambda row: row.placement_id != self).line_id

    def _get_share(self, agreement):
        """:return: float, how much of what was agreed is of debts of this placement"""
        lines = self.line_ids.filtered("is_live").line_id
        return sum(agreement.origin_ids.filtered(lambda origin: origin.line_id in lines).mapped("agreed"))

    # --- what is placed ---

    def _take_in(self, agreements, date):
        """Place the installments that are not in this placement yet, and that nobody else has."""
        known = self.line_ids.line_id
        values = []
        for agreement in agreements:
            items = agreement.installment_ids.filtered(lambda item: item.line_id - known)
            taken = self._get_taken(items.line_id)
            percent = float(weigh(self._get_parts_of(agreement)))
            free = items.filtered(lambda item, taken=taken: item.line_id not in taken)
            values += [self._prepare_installment(item, percent, date) for item in free]
        self.env["cobranca.placement.line"].create(values)
        if values:
            self.env["cobranca.case.touch"]._touch(self.company_id, self.partner_id)

    def _get_parts_of(self, agreement):
        """What was agreed on each debt, with the commission that it had.

        :return: list of (amount, percent)
        """
        percents = {item.line_id: item.percent for item in self.line_ids if item.is_live}
        return [
            (agreement._to_cents(origin.agreed), Decimal(str(percents.get(origin.line_id, 0))))
            for origin in agreement.origin_ids
        ]

    def _prepare_installment(self, item, percent, date):
        """:return: dict of values of a cobranca.placement.line"""
        return {
            "placement_id": self.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "line_id": item.line_id.id,
            "due": item.due,
            "days_late": max((date - item.due).days, 0),
            "amount_original": item.amount,
            "amount_placed": item.amount,
            "percent": percent,
            "added_on": date,
        }

    # --- how long ---

    def _follow_term(self, agreements, date):
        """Let the term end some days after the last installment, or when it would have without agreements."""
        base = self.base_ends_on or self.ends_on
        own = agreements.installment_ids.filtered(lambda item: item.line_id in self.line_ids.line_id)
        ends_on = last_day(base, own.mapped("due"), self.agency_id.agreement_days)
        if ends_on != self.ends_on:
            self.write({"ends_on": ends_on, "base_ends_on": base})
        if ends_on < date:
            self._end("term")
