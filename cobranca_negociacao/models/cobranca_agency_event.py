from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

KINDS = [("contact", "Contact"), ("promise", "Promise"), ("dispute", "Dispute"), ("return", "Return"), ("none", "?")]
SOURCES = [("file", "File"), ("api", "System")]


class CobrancaAgencyEvent(models.Model):
    """What an agency's own system told, under its id: told twice it is done once, and answered twice alike."""

    _name = "cobranca.agency.event"
    _description = "Event of an Agency's System"
    _inherit = ["cobranca.agency.intake"]
    _order = "id desc"
    _check_company_auto = True

    agency_id = fields.Many2one(
        comodel_name="cobranca.agency", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    external_id = fields.Char(string="Id there", required=True, readonly=True)
    # Tells one content from another without keeping it: what was told is in the register of contacts.
    fingerprint = fields.Char(required=True, readonly=True)
    kind = fields.Selection(selection=KINDS, required=True, readonly=True)
    source = fields.Selection(selection=SOURCES, string="Came by", required=True, readonly=True)
    placement_id = fields.Many2one(
        comodel_name="cobranca.placement", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    state = fields.Selection(
        selection=[("done", "Taken in"), ("refused", "Not taken in")], required=True, readonly=True, index=True
    )
    reason = fields.Char(string="Why not", readonly=True)
    res_model = fields.Char(string="Model of the result", readonly=True)
    res_id = fields.Many2oneReference(string="Result", model_field="res_model", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="By", required=True, readonly=True, index=True)
    date = fields.Datetime(string="When", required=True, readonly=True)

    _uniq_external = models.UniqueIndex("(agency_id, external_id)", "This event was told already.")

    # === COMPUTE METHODS === #

    @api.depends("external_id")
    def _compute_display_name(self):
        for event in self:
            event.display_name = event.external_id

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What an agency's system told stays in the register."))

    # === ACTIONS === #

    def action_open_result(self):
        """Open what came of it."""
        self.ensure_one()
        if not self.res_model:
            raise UserError(self.env._("Nothing came of this event: %(reason)s", reason=self.reason or ""))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS === #

    @api.model
    def _claim(self, agency, values):
        """Write an id down, once; who comes second at the same moment waits, and his request begins again.

        :param agency: cobranca.agency
        :param dict values: external_id, fingerprint, kind, source
        :return: cobranca.agency.event with the rights of the system, refused until it is done
        """
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO cobranca_agency_event (agency_id, company_id, external_id, fingerprint, kind, source, state,
                                                   user_id, date, create_uid, write_uid, create_date, write_date)
                VALUES (%(agency)s, %(company)s, %(external)s, %(content)s, %(kind)s, %(source)s, 'refused',
                        %(user)s, %(now)s, %(user)s, %(user)s, %(now)s, %(now)s)
                ON CONFLICT (agency_id, external_id) DO NOTHING RETURNING id
                """,
                agency=agency.id,
                company=agency.company_id.id,
                external=values["external_id"],
                content=values["fingerprint"],
                kind=values["kind"],
                source=values["source"],
                user=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        # sudo: events are written by their own methods only
        return self.sudo().browse([row[0] for row in rows])
