from odoo import fields, models
from odoo.exceptions import UserError


class CobrancaDeliveryNote(models.TransientModel):
    """Notes by which other means invoices were delivered."""

    _name = "cobranca.delivery.note"
    _description = "Delivered by Other Means"

    move_ids = fields.Many2many(comodel_name="account.move", string="Invoices", required=True)
    channel = fields.Selection(
        selection=[
            ("phone", "Phone or WhatsApp"),
            ("portal", "Portal link"),
            ("letter", "Letter"),
            ("hand", "Handed over"),
            ("email", "Another e-mail"),
        ],
        string="Delivered by",
        required=True,
        default="phone",
    )
    note = fields.Char(
        string="How and to whom", required=True, help="For example: sent by WhatsApp to Ana, who confirmed."
    )

    def action_confirm(self):
        """Mark the invoices as delivered; the note stays in their history.

        :raise UserError: when one of them was delivered or is not out yet
        """
        self.ensure_one()
        moves = self.move_ids
        moves.check_access("write")
        if wrong := moves.filtered(lambda move: move.state != "posted" or move.cobranca_delivery_state == "sent"):
            raise UserError(
                self.env._("%(invoice)s is not posted, or was delivered already.", invoice=wrong[:1].display_name)
            )
        moves._cobranca_deliver_otherwise(self.channel, self.note)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
