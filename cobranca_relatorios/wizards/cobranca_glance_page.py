from odoo import api, fields, models


class CobrancaGlancePage(models.AbstractModel):
    """A page of one company's figures, drawn by a template; its form stands beside it."""

    _name = "cobranca.glance.page"
    _description = "Page of Figures"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, default=lambda self: self.env.company
    )

    # === COMPUTE METHODS === #

    @api.depends_context("lang")
    def _compute_display_name(self):
        for page in self:
            page.display_name = self._get_title()

    # === ACTIONS === #

    @api.model
    def action_open(self):
        """Open the page of the current company."""
        page = self.create({"company_id": self.env.company.id})
        return {
            "type": "ir.actions.act_window",
            "name": page.display_name,
            "res_model": self._name,
            "res_id": page.id,
            "views": [(self.env.ref(f"cobranca_relatorios.{self._table}_view_form").id, "form")],
        }

    # === BUSINESS METHODS === #

    @api.model
    def _get_title(self):
        """:return: str, what the page is called"""
        raise NotImplementedError
