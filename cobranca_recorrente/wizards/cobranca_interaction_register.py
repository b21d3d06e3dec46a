from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.cobranca_interaction import MANUAL_CHANNELS, OUTCOMES

# Nobody was spoken to: nothing else can be known of such a contact.
UNREACHED = {"no_answer": "nobody", "left_message": "third", "wrong_contact": "third"}


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
            people = wizard.partner_id.child_ids
            wizard.contact_id = people.filtered(lambda p: p.cobranca_role == "pays")[:1] or wizard.partner_id

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
        self.partner_id.check_access("read")
        if not self.outcome:
            raise UserError(self.env._("Choose how the contact ended."))
        self._apply()
        if self.outcome == "disputed" and self._get_debts():
            return self.partner_id.action_cobranca_dispute()
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _apply(self):
        lines = self.line_ids
        promise = self.outcome == "promised" and self.env["cobranca.promise"]._record(
            lines, self.promise_date, self.promise_amount, note=self.note
        )
        record = self.env["cobranca.interaction"]._record(
            self.company_id,
            self.partner_id,
            self.channel,
            self.outcome,
            direction=self.direction,
            reached=UNREACHED.get(self.outcome, "right"),
            contact_id=self.contact_id.id,
            reason_id=self.reason_id.id,
            note=self.note or promise and promise._get_text(),
            private_note=self.private_note,
            next_date=self.next_date,
            lines=lines,
        )
        if self.next_date and self.is_paused and not promise:
            day = self.company_id._cobranca_day_of(self.next_date)
            today = self.company_id._cobranca_today()
            self.env["cobranca.hold"]._check_may_start(today, day)
            self.env["cobranca.hold"]._start(self.company_id, self.partner_id, "callback", today, day, source=record)
        return record
