from odoo import fields, models


class CobrancaPartnerChangeRefuse(models.TransientModel):
    """Why a change that a customer asked for is not made."""

    _name = "cobranca.partner.change.refuse"
    _description = "Refuse a Change of a Customer's Data"

    change_id = fields.Many2one(
        comodel_name="cobranca.partner.change", required=True, readonly=True, ondelete="cascade"
    )
    new_text = fields.Char(related="change_id.new_text", string="Asked for")
    reason = fields.Char(required=True, size=200, help="The customer is told so.")

    def action_refuse(self):
        """Refuse the change and tell the customer.

        :raise UserError: when it is decided already
        """
        self.ensure_one()
        self.change_id._refuse(self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
