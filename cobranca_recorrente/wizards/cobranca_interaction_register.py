from odoo import api, fields, models

from ..models.cobranca_interaction import MANUAL_CHANNELS, OUTCOMES


class CobrancaInteractionRegister(models.TransientModel):
    """Register a contact in three clicks: open, how it ended, register."""

    _name = "cobranca.interaction.register"
    _inherit = ["cobranca.debtor.wizard"]
    _description = "Register Contact"

    channel = fields.Selection(selection=MANUAL_CHANNELS, default="call", required=True)
    direction = fields.Selection(
        selection=[("out", "We contacted"), ("in", "Customer contacted")],
        string="Who contacted",
        default="out",
        required=True,
    )
    outcome = fields.Selection(selection=OUTCOMES, string="How did it end?")
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Spoke with",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('commercial_partner_id', '=', partner_id)]",
        ondelete="cascade",
    )
    reason_id = fields.Many2one(
        comodel_name="cobranca.delinquency.reason", string="Reason of the delay", ondelete="cascade"
    )
    note = fields.Text()
    private_note = fields.Text(
        string="Note for supervisors", help="Health and the like: only supervisors read it afterwards."
    )
    next_date = fields.Datetime(string="Next contact")
    is_paused = fields.Boolean(
        string="No reminders until then", default=True, help="Reminders stop until the day of the next contact."
    )
    promise_date = fields.Date(compute="_compute_promise_date", store=True, readonly=False, precompute=True)
    promise_amount = fields.Monetary(compute="_compute_promise_amount", store=True, readonly=False, precompute=True)

    # === COMPUTE METHODS === #

    @api.depends("partner_id")
    def _compute_contact_id(self):
        """Who pays, among the customer's people; else the customer himself."""
        for wizard in self:
            wizard.contact_id = wizard.partner_id and wizard.partner_id._cobranca_get_payer()

    @api.depends("partner_id")
    def _compute_promise_date(self):
        for wizard in self:
            wizard.promise_date = wizard._get_promise_date()

    @api.depends("line_ids", "promise_date")
    def _compute_promise_amount(self):
        for wizard in self:
            wizard.promise_amount = wizard._get_promise_amount(wizard.promise_date)

    # === ACTIONS === #

    def action_register(self):
        """Write the contact down, with the promise or the pause that comes with it.

        :raise UserError: while it is not said how the contact ended
        """
        self.ensure_one()
        self.env["cobranca.interaction"]._register_contact(self.company_id, self.partner_id, self._prepare_contact())
        if self.outcome == "disputed" and self._get_debts():
            return self.partner_id.action_cobranca_dispute()
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _prepare_contact(self):
        """What was filled in, as `_register_contact` takes it."""
        names = ("channel", "direction", "outcome", "note", "private_note", "next_date", "is_paused")
        return {
            **{name: self[name] for name in (*names, "promise_date", "promise_amount")},
            "contact_id": self.contact_id.id,
            "reason_id": self.reason_id.id,
            "lines": self.line_ids,
        }
