from odoo import api, models


class CobrancaInvoiceShape(models.AbstractModel):
    _inherit = "cobranca.invoice.shape"

    @api.model
    def _get_known_modules(self):
        """What this addon changes of invoices concerns documents of agreements only: other invoices are made fast."""
        return super()._get_known_modules() | {"cobranca_negociacao"}
