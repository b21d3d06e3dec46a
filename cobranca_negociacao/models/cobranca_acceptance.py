from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.cobranca_recorrente.tools import identification

CHANNELS = [("portal", "On the customer's page"), ("operator", "Through an operator"), ("upload", "Signed paper")]
SUPERVISOR = "cobranca_recorrente.cobranca_group_supervisor"


class CobrancaAcceptance(models.Model):
    """Who accepted what, when and how it is shown: nothing of it is changed or removed.

    Rows are written by :meth:`_record` and :meth:`_record_upload` only.
    """

    _name = "cobranca.acceptance"
    _description = "Acceptance by a Customer"
    _inherit = ["cobranca.acceptance.record", "cobranca.acceptance.evidence"]
    _order = "accepted_at desc, id desc"
    _rec_name = "title"

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    title = fields.Char(string="What was accepted", required=True, readonly=True)
    res_model = fields.Char(string="Model of the record", required=True, readonly=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model", required=True, readonly=True)
    channel = fields.Selection(selection=CHANNELS, string="How", required=True, readonly=True)
    accepted_at = fields.Datetime(string="Accepted on", required=True, readonly=True)
    signed_on = fields.Date(readonly=True, help="The date on the paper that was signed by hand.")
    name = fields.Char(string="Name as typed", required=True, readonly=True)
    # The whole number is for supervisors, as everywhere.
    document = fields.Char(string="CPF or CNPJ as typed", required=True, readonly=True, groups=SUPERVISOR)
    is_document_compared = fields.Boolean(
        string="CPF compared",
        readonly=True,
        help="What was typed is the CPF that was registered of the customer at that moment. The name is compared with "
        "nothing.",
    )
    document_masked = fields.Char(string="CPF or CNPJ", compute="_compute_document_masked", compute_sudo=True)
    ip = fields.Char(string="IP address", readonly=True)
    agent = fields.Char(string="Browser", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Operator", readonly=True)
    note = fields.Text(string="How it was told", readonly=True)
    code_id = fields.Many2one(
        comodel_name="cobranca.acceptance.code", string="One-time code", readonly=True, ondelete="restrict"
    )
    code_contact = fields.Char(string="Code sent to", readonly=True)
    code_sent_at = fields.Datetime(string="Code sent on", readonly=True)
    code_verified_at = fields.Datetime(string="Code verified on", readonly=True)
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment", string="Paper", readonly=True, index=True, ondelete="set null"
    )
    document_hash = fields.Char(string="SHA-256 of the paper", required=True, readonly=True, index=True)
    is_intact = fields.Boolean(
        string="Paper is unchanged",
        compute="_compute_is_intact",
        compute_sudo=True,
        help="The SHA-256 of the file was computed again just now, and is the one that was kept.",
    )
    evidence_text = fields.Text(string="What this evidence is", compute="_compute_evidence_text")

    _uniq_code = models.UniqueIndex("(code_id) WHERE code_id IS NOT NULL", "This code was used already.")
    _uniq_paper = models.UniqueIndex(
        "(res_model, res_id, document_hash, channel)", "This paper was accepted in this way already."
    )

    # === COMPUTE METHODS === #

    @api.depends("document")
    def _compute_document_masked(self):
        for record in self:
            record.document_masked = identification.masked(record.document or "")

    @api.depends("attachment_id", "document_hash")
    def _compute_is_intact(self):
        for record in self:
            record.is_intact = record._is_intact()

    @api.depends("channel", "is_document_compared")
    def _compute_evidence_text(self):
        for record in self:
            record.evidence_text = record._explain_evidence()

    # === CRUD METHODS === #

    def write(self, vals):
        if vals:
            raise UserError(self.env._("What a customer accepted stays as it is: nothing of it is changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What a customer accepted stays in the register."))

    # === ACTIONS === #

    def action_open_record(self):
        """Open what was accepted.

        :raise UserError: when it is gone
        """
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("What was accepted is not in the system any more; its paper is kept here."))
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    def action_download(self):
        """The paper as it was accepted, followed by the sheet that proves it.

        :return: an address to download from
        """
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/cobranca/aceites/{self.id}", "target": "download"}
