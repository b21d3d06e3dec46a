from odoo import models


class PaymentToken(models.Model):
    _inherit = "payment.token"

    def _handle_archiving(self):
        """A card that its owner removes is not charged any more."""
        super()._handle_archiving()
        # sudo: whoever removes the card
        mandates = self.env["cobranca.card.mandate"].sudo()
        mandates.search([("token_id", "in", self.ids), ("state", "=", "active")])._end("removed")

    def _cobranca_get_expiry(self):
        """Until when a card is valid, where the provider keeps it; overridden for such providers.

        :return: (month, year), or nothing
        """
        self.ensure_one()
        return ()
