from odoo import fields, models


class CobrancaPaymentChargeBack(models.TransientModel):
    """Ask when and why the bank took a payment back."""

    _name = "cobranca.payment.charge.back"
    _description = "Charge a Payment back"

    payment_id = fields.Many2one(comodel_name="account.payment", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="payment_id.currency_id")
    partner_id = fields.Many2one(related="payment_id.partner_id", string="Customer")
    amount = fields.Monetary(related="payment_id.amount")
    date = fields.Date(string="Charged back on", required=True, default=lambda self: self.env.company._cobranca_today())
    reason = fields.Char(required=True)

    # === ACTIONS === #

    def action_charge_back(self):
        """Open again what the payment had settled."""
        self.ensure_one()
        self.payment_id._cobranca_charge_back(self.date, self.reason)
        return {"type": "ir.actions.act_window_close"}
