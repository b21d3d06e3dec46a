from odoo import api, fields, models
from odoo.fields import Domain


class CobrancaCurrentCompany(models.AbstractModel):
    """Records of the current company can be told from those of the other selected ones: dashboards show one."""

    _name = "cobranca.current.company"
    _description = "Of the Current Company"

    is_current = fields.Boolean(
        string="Of the current company", compute="_compute_is_current", search="_search_is_current"
    )

    # === COMPUTE METHODS === #

    @api.depends_context("company")
    def _compute_is_current(self):
        for record in self:
            record.is_current = record.company_id == self.env.company

    @api.model
    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        own = Domain("company_id", "=", self.env.company.id)
        return own if True in value else ~own
