from odoo import api, models


class CobrancaCompanyKpi(models.AbstractModel):
    """Every company has its own key figures, with owners and goals of its own."""

    _name = "cobranca.company.kpi"
    _description = "Key Figures of a Company"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env["cobranca.kpi"]._give(companies)
        return companies
