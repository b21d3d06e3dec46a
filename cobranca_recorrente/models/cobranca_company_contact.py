from odoo import models


class CobrancaCompanyContact(models.AbstractModel):
    """Stand-in of the branch `texts`; replaced at its merge."""

    _name = "cobranca.company.contact"
    _description = "Human Contact of a Company"

    def _cobranca_get_creditor_gap(self):
        return ""
