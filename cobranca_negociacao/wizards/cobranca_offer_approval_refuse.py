from odoo import fields, models


class CobrancaOfferApprovalRefuse(models.TransientModel):
    """Why an offer is not allowed."""

    _name = "cobranca.offer.approval.refuse"
    _description = "Refuse an Offer"

    approval_id = fields.Many2one(
        comodel_name="cobranca.offer.approval", required=True, readonly=True, ondelete="cascade"
    )
    excess_text = fields.Text(related="approval_id.excess_text")
    reason = fields.Text(required=True, help="Who asked is told so.")

    def action_refuse(self):
        """Refuse the offer and tell who asked for it.

        :raise UserError: when it is decided already
        """
        self.ensure_one()
        self.approval_id._refuse(self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
