from odoo import fields, models
from odoo.exceptions import UserError

from ..models.cobranca_hold import REASONS

BY_DOCUMENT = ("promise", "dispute", "callback")


class CobrancaHoldStart(models.TransientModel):
    """Pause the collection of a customer, or of some of his invoices."""

    _name = "cobranca.hold.start"
    _inherit = ["cobranca.debtor.wizard"]
    _description = "Pause Collection"

    scope = fields.Selection(
        selection=[("all", "All that is owed"), ("lines", "Some invoices")],
        string="What",
        default="all",
        required=True,
    )
    reason = fields.Selection(selection=[reason for reason in REASONS if reason[0] not in BY_DOCUMENT], required=True)
    date_from = fields.Date(string="From", required=True, default=lambda self: self.env.company._cobranca_today())
    date_to = fields.Date(string="Until", help="Last day without collection.")
    is_open_ended = fields.Boolean(string="Until somebody ends it")
    note = fields.Char(help="For example the number of the case, or who told it.")

    # === ACTIONS === #

    def action_start(self):
        """Pause the collection.

        :raise UserError: without an end date that the reason needs
        :raise AccessError: for a collector who pauses for longer than he may
        """
        self.ensure_one()
        self.partner_id.check_access("read")
        Hold = self.env["cobranca.hold"]
        is_open_ended = self.is_open_ended and self.reason in Hold._get_open_ended_reasons()
        date_to = False if is_open_ended else self.date_to
        if self.scope == "lines" and not self.line_ids:
            raise UserError(self.env._("Choose the invoices to pause, or pause all that is owed."))
        if date_to or is_open_ended:
            Hold._check_may_start(self.date_from, date_to)
        lines = self.line_ids if self.scope == "lines" else None
        Hold._start(self.company_id, self.partner_id, self.reason, self.date_from, date_to, lines=lines, note=self.note)
        return {"type": "ir.actions.act_window_close"}
