from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [("debt", "Invoice"), ("agreement", "Agreement"), ("year", "Whole year")]
STATES = [("issued", "Valid"), ("revoked", "Taken back")]


class CobrancaQuittance(models.Model):
    """Papers that say what a customer does not owe any more, as they were given to him.

    Rows are written by the methods of this model only. What was issued stays; it can be taken back, with a reason.
    """

    _name = "cobranca.quittance"
    _description = "Letter of Quittance"
    _inherit = [
        "cobranca.quittance.letter",
        "cobranca.quittance.year",
        "cobranca.quittance.delivery",
    ]
    _order = "date desc, id desc"

    name = fields.Char(string="Number", required=True, readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(selection=KINDS, string="Of what", required=True, readonly=True)
    move_id = fields.Many2one(
        comodel_name="account.move", string="Invoice", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    year = fields.Char(readonly=True)
    # What is settled otherwise than as an invoice, such as an agreement.
    res_model = fields.Char(string="Model of the record", readonly=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model", readonly=True)
    line_ids = fields.Many2many(
        comodel_name="account.move.line",
        relation="cobranca_quittance_line_rel",
        column1="quittance_id",
        column2="line_id",
        string="Settled debts",
        readonly=True,
    )
    amount = fields.Monetary(
        readonly=True, help="What the customer paid, charges included; of a year: what was billed and is settled."
    )
    date = fields.Date(string="Issued on", required=True, readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Issued by", required=True, readonly=True)
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment", string="Paper", readonly=True, index=True, ondelete="set null"
    )
    document_hash = fields.Char(string="SHA-256 of the paper", required=True, readonly=True)
    sent_at = fields.Datetime(string="Sent on", readonly=True)
    sent_to = fields.Char(readonly=True, help="The address, masked.")
    state = fields.Selection(selection=STATES, default="issued", required=True, readonly=True, index=True)
    revoked_on = fields.Date(string="Taken back on", readonly=True)
    revoked_by_id = fields.Many2one(comodel_name="res.users", string="Taken back by", readonly=True)
    revoke_reason = fields.Char(string="Taken back because", readonly=True)

    _uniq_move = models.UniqueIndex(
        "(move_id) WHERE state = 'issued' AND move_id IS NOT NULL", "This invoice has a letter of quittance already."
    )
    _uniq_record = models.UniqueIndex(
        "(res_model, res_id) WHERE state = 'issued' AND res_id > 0", "This has a letter of quittance already."
    )
    _uniq_year = models.UniqueIndex(
        "(company_id, partner_id, year) WHERE state = 'issued' AND kind = 'year'",
        "This customer has the statement of this year already.",
    )
    _check_kind = models.Constraint(
        "CHECK ((kind = 'debt') = (move_id IS NOT NULL) AND (kind = 'year') = (year IS NOT NULL) "
        "AND (kind = 'agreement') = (COALESCE(res_id, 0) > 0))",
        "A letter of quittance is of an invoice, an agreement or a year.",
    )

    # === CRUD METHODS === #

    def write(self, vals):
        if vals:
            raise UserError(self.env._("Letters of quittance stay as they are: take it back, and issue another one."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Letters of quittance stay in the register: take one back instead."))

    # === ACTIONS === #

    def action_send(self):
        """Send these papers to their customers by e-mail.

        :raise UserError: for one that was taken back, or that cannot be sent, with what to do
        """
        self.check_access("read")
        for quittance in self:
            quittance._send()
        return True

    def action_revoke(self):
        """Open the dialog that asks why it is taken back."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Revoke · %(number)s", number=self.name),
            "res_model": "cobranca.quittance.revoke",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_quittance_id": self.id},
        }

    # === BUSINESS METHODS === #

    def _write_own(self, values):
        """Write facts that `write` refuses: for the register's own methods, after their checks."""
        # sudo: the register is written by its own methods only, by whoever may call them
        return models.Model.write(self.sudo(), values)

    def _open(self):
        """The action that shows these papers."""
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_negociacao.cobranca_quittance_action")
        if len(self) == 1:
            return {**action, "views": [(False, "form")], "res_id": self.id}
        return {**action, "domain": [("id", "in", self.ids)], "context": {}}
