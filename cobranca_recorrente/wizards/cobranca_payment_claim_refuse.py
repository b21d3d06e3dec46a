from odoo import fields, models


class CobrancaPaymentClaimRefuse(models.TransientModel):
    """The payment that a customer told of was not found; he may read why."""

    _name = "cobranca.payment.claim.refuse"
    _description = "Payment Not Found"

    claim_id = fields.Many2one(comodel_name="cobranca.payment.claim", required=True, readonly=True, ondelete="cascade")
    decision = fields.Text(
        string="What was looked for",
        required=True,
        help="In words that the customer may read: he sees them on his page of payments for 30 days.",
    )

    def action_refuse(self):
        """Close the claim: reminders go on.

        :raise UserError: when it is decided already
        """
        self.ensure_one()
        self.claim_id.check_access("read")
        self.claim_id._decide("refused", self.decision)
        return {"type": "ir.actions.act_window_close"}
