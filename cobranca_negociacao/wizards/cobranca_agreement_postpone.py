from odoo import fields, models


class CobrancaAgreementPostpone(models.TransientModel):
    """Ask for the new due date of an installment, and why."""

    _name = "cobranca.agreement.postpone"
    _description = "Postpone an Installment"

    installment_id = fields.Many2one(
        comodel_name="cobranca.agreement.installment", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="installment_id.currency_id")
    amount_open = fields.Monetary(related="installment_id.amount_open")
    before = fields.Date(related="installment_id.due", string="Due now")
    due = fields.Date(string="New due date", required=True)
    reason = fields.Char(required=True)

    # === ACTIONS === #

    def action_postpone(self):
        """Give the installment its new due date."""
        self.ensure_one()
        self.installment_id.agreement_id._postpone(self.installment_id, self.due, self.reason)
        return {"type": "ir.actions.act_window_close"}
