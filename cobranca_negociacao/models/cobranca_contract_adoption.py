from odoo import models
from odoo.fields import Domain


class CobrancaContractAdoption(models.AbstractModel):
    _inherit = "cobranca.contract.adoption"

    # === BUSINESS METHODS === #

    def _get_invoices_to_adopt_domain(self, with_paid=False):
        """The document of an agreement is no invoice of a period, whatever its amount looks like."""
        # sudo: which documents are of agreements does not depend on who adopts
        documents = self.env["cobranca.agreement"].sudo()._search([("move_id", "!=", False)])
        domain = super()._get_invoices_to_adopt_domain(with_paid)
        return domain & Domain("id", "not in", documents.subselect("move_id"))
