from odoo import api, fields, models
from odoo.tools import SQL

SNAPSHOT = "cobranca.portfolio.snapshot"


class CobrancaOverview(models.Model):
    """The first page of a manager: one for each company, made of the latest position, small enough for a phone."""

    _name = "cobranca.overview"
    _inherit = [
        "cobranca.overview.ladder",
        "cobranca.overview.cohort",
        "cobranca.overview.forecast",
        "cobranca.overview.blocks",
    ]
    _description = "Overview of Collection"
    _auto = False
    _order = "id"

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    page = fields.Html(compute="_compute_page")

    @property
    def _table_query(self):
        return SQL("SELECT company.id, company.id AS company_id FROM res_company company")

    # === COMPUTE METHODS === #

    @api.depends_context("lang", "uid", "company")
    def _compute_page(self):
        for overview in self:
            overview.page = overview._render_page()

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for overview in self:
            overview.display_name = self.env._("Overview of %(company)s", company=overview.company_id.name or "")

    # === ACTIONS === #

    def action_refresh(self):
        """Take the position of today anew, and the sentences with it."""
        self.ensure_one()
        self.check_access("read")
        for company in self.company_id:
            self._refresh(company)

    # === BUSINESS METHODS === #

    @api.model
    def _open(self):
        """The page of the current company; figures of an earlier day are taken anew first.

        :return: dict of an action
        """
        self.check_access("read")
        company = self.env.company
        if self._find_latest(company).date != company._cobranca_today():
            self._refresh(company)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Overview"),
            "res_model": self._name,
            "res_id": company.id,
            "views": [(False, "form")],
        }

    @api.model
    def _refresh(self, company):
        """Take the running month anew; when it has no position yet, those that are missing before it too."""
        # sudo: figures of the whole company are the same whoever asks for them
        Snapshot = self.env[SNAPSHOT].sudo()
        today = company._cobranca_today()
        if self._find_latest(company).month == today.replace(day=1):
            Snapshot._take(company, today)
        else:
            Snapshot._take_months(company)

    @api.model
    def _find_latest(self, company):
        return self.env[SNAPSHOT].search([("company_id", "=", company.id)], order="month desc", limit=1)
