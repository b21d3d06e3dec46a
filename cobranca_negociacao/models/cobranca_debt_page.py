from odoo import api, models
from odoo.tools.misc import format_date


class CobrancaDebtPage(models.AbstractModel):
    """Installments among the open payments: called by their numbers, and paid in their time."""

    _inherit = "cobranca.debt.page"

    # === BUSINESS METHODS === #

    @api.model
    def _get_still_open(self, company, lines):
        """A link to what an agreement took over, or gave back, opens what stands in its place now."""
        successors = lines.env["cobranca.agreement.origin"]._get_successors(lines)
        return super()._get_still_open(company, lines | successors)

    @api.model
    def _get_first_choice(self, lines, states):
        """Of an agreement that is not late only the next payment: those of months to come are paid in their time."""
        chosen = super()._get_first_choice(lines, states)
        items = self._find_installments(lines)
        later = set()
        for own in items.grouped("agreement_id").values():
            coming = own.filtered(lambda item: item.due > item.company_id._cobranca_today()).sorted("due")
            later.update((coming if coming != own else coming[1:]).line_id.ids)
        return [line for line in chosen if line not in later]

    @api.model
    def _prepare_rows(self, company, read, states, today, chosen):
        rows = super()._prepare_rows(company, read, states, today, chosen)
        items = self._get_by_line(read.debts)
        for row in rows:
            if item := items.get(row["id"]):
                row.update(
                    what=item._get_full_label(),
                    has_pdf=False,
                    agreement={"id": item.agreement_id.id, "name": item.agreement_id.name},
                )
        return rows

    @api.model
    def _prepare_paid(self, paid):
        rows = super()._prepare_paid(paid)
        items = self._get_by_line(paid)
        for row in rows:
            if item := items.get(row["id"]):
                row["what"] = item._get_full_label()
        return rows

    @api.model
    def _prepare_receipt(self, company, debtor, line):
        receipt = super()._prepare_receipt(company, debtor, line)
        item = self._find_installments(line)
        if item:
            receipt.update(
                what=item._get_full_label(), name=item.agreement_id.name, due=format_date(line.env, item.due)
            )
        return receipt

    @api.model
    def _find_installments(self, lines):
        """:return: cobranca.agreement.installment of some lines, with the rights of the system"""
        # sudo: what the customer agreed to, on his own page
        found = lines.env["cobranca.agreement.installment"].sudo()
        # sudo: which of them are of an agreement, for the same page
        agreed = lines.sudo().filtered("cobranca_agreement_id")
        return found.search([("line_id", "in", agreed.ids)]) if agreed else found

    @api.model
    def _get_by_line(self, by_line):
        """:return: {id of a line: cobranca.agreement.installment} of the keys of a dict"""
        lines = self.env["account.move.line"].union(*by_line)
        return {item.line_id.id: item for item in self._find_installments(lines)}
