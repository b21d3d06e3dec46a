from odoo import api, models
from odoo.tools import SQL


class AccountInvoiceReport(models.Model):
    _inherit = "account.invoice.report"

    @api.model
    def _where(self):
        """Nothing is sold by an agreement: what it carries was invoiced before."""
        return SQL("%s AND move.cobranca_agreement_role IS DISTINCT FROM 'document'", super()._where())
