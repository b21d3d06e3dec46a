from odoo import api, fields, models

from .cobranca_agency_people import ADMIN


class CobrancaAgencyScreen(models.AbstractModel):
    """What belongs to an agency, on its form: who works there, its statements, the keys of its systems."""

    _name = "cobranca.agency.screen"
    _description = "Form of an Agency"

    user_ids = fields.Many2many(
        comodel_name="res.users",
        string="Who has access",
        compute="_compute_user_ids",
        help="People of the agency with a user of the portal. The agency invites and removes them in its portal.",
    )
    user_count = fields.Integer(string="People", compute="_compute_user_ids")
    admin_text = fields.Char(string="Run by", compute="_compute_user_ids")
    statement_count = fields.Integer(string="Statements", compute="_compute_statement_count")
    key_count = fields.Integer(
        string="Keys in use",
        compute="_compute_key_count",
        groups="cobranca_recorrente.cobranca_group_manager",
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id")
    def _compute_user_ids(self):
        People = self.env["cobranca.agency.people"]
        for agency in self:
            # sudo: names of who works with one's customers, for who may read the agency
            users = People._search_users(agency.sudo()) if agency.partner_id else self.env["res.users"]
            admins = users.filtered(lambda user: user.has_group(ADMIN))
            agency.user_ids = users.with_env(self.env)
            agency.user_count = len(users)
            agency.admin_text = ", ".join(sorted(admins.mapped("name")))

    def _compute_statement_count(self):
        rows = self.env["cobranca.agency.statement"]._read_group(
            [("agency_id", "in", self.ids)], ["agency_id"], ["__count"]
        )
        counts = {agency.id: count for agency, count in rows}
        for agency in self:
            agency.statement_count = counts.get(agency.id, 0)

    def _compute_key_count(self):
        rows = self.env["cobranca.agency.key"]._read_group(
            [("agency_id", "in", self.ids), ("revoked_at", "=", False)], ["agency_id"], ["__count"]
        )
        counts = {agency.id: count for agency, count in rows}
        for agency in self:
            agency.key_count = counts.get(agency.id, 0)

    # === ACTIONS === #

    def action_view_statements(self):
        """Open the statements of this agency."""
        return self._open_own("cobranca_negociacao.cobranca_agency_statement_action")

    def action_view_keys(self):
        """Open the keys of its systems; a new one is of this agency."""
        action = self._open_own("cobranca_negociacao.cobranca_agency_key_action")
        return {**action, "context": {"default_agency_id": self.id}}

    def _open_own(self, xmlid):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {**action, "name": self.name, "domain": [("agency_id", "=", self.id)], "context": {}}
