from odoo import api, fields, models


class CobrancaContractReschedule(models.TransientModel):
    """Change due dates: of all that is to come, of the next one only, or of an invoice that is open."""

    _name = "cobranca.contract.reschedule"
    _inherit = ["cobranca.contract.wizard"]
    _description = "Change Due Date"

    contract_id = fields.Many2one(required=False)
    move_id = fields.Many2one(comodel_name="account.move", string="Invoice", readonly=True, ondelete="cascade")
    mode = fields.Selection(
        selection=[
            ("day", "Due day of all coming invoices"),
            ("next", "Next due date, this time only"),
            ("invoice", "Due date of this invoice"),
        ],
        string="Change",
        default="day",
        required=True,
    )
    due_day = fields.Integer(
        compute="_compute_due_day",
        store=True,
        readonly=False,
        precompute=True,
        help="1 to 31; 31 means the last day of the month.",
    )
    current_due_date = fields.Date(string="Due date now", compute="_compute_current_due_date")
    due_date = fields.Date(string="New due date")

    # === COMPUTE METHODS === #

    @api.depends("contract_id")
    def _compute_due_day(self):
        for wizard in self:
            wizard.due_day = wizard.contract_id.due_day

    @api.depends("contract_id", "move_id")
    def _compute_current_due_date(self):
        for wizard in self:
            wizard.current_due_date = wizard.move_id.invoice_date_due or wizard.contract_id.next_due_date

    # === BUSINESS METHODS === #

    def action_confirm(self):
        """Make the change; the due date of an invoice is moved at once: its effect is what was typed."""
        if self.mode != "invoice":
            return super().action_confirm()
        self.move_id._cobranca_postpone(self.due_date, self.reason)
        return {"type": "ir.actions.act_window_close"}

    def _apply(self, contract):
        if self.mode == "next":
            return contract._postpone_next(self.due_date)
        return contract._change_due_day(self.due_day, self.reason)

    def _get_title(self):
        return self.env._("Change due date")
