from odoo import models


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = [
        "cobranca.company.agency",
        "cobranca.company.agreement",
        "cobranca.company.proposal",
        "cobranca.company.paper",
        "cobranca.company.second.factor",
        "res.company",
    ]

    # === BUSINESS METHODS === #

    def _cobranca_complete_defaults(self):
        """A company with a chart of accounts can negotiate at once."""
        super()._cobranca_complete_defaults()
        self.env["cobranca.offer.defaults"]._give(self)
