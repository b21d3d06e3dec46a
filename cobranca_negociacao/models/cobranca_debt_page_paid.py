from odoo import api, models


class CobrancaDebtPagePaid(models.AbstractModel):
    _inherit = "cobranca.debt.page.paid"

    @api.model
    def _get_paid(self, company, debtor, lines=None):
        """What an agreement took over, or gave back, is closed in the books: nobody is told that he paid it."""
        paid = super()._get_paid(company, debtor, lines)
        if not paid:
            return paid
        owed = self.env["cobranca.quittance.settlement"]._get_still_owed(next(iter(paid)).union(*paid))
        return {line: day for line, day in paid.items() if line not in owed}
