from odoo import models
from odoo.exceptions import ValidationError

from ..tools import decline
from .cobranca_card_transaction import AnswerLost, is_lost


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    def _send_api_request(self, method, endpoint, **kwargs):
        """While a card on file is charged, a lost answer is told as what it is, and why a card was refused is kept.

        Some providers take every error of a call for a refusal.

        :raise AnswerLost: when nobody knows what the provider did
        """
        charged = self.env.context.get("cobranca_card_charge")
        if not charged:
            return super()._send_api_request(method, endpoint, **kwargs)
        try:
            return super()._send_api_request(method, endpoint, **kwargs)
        except ValidationError as error:
            if is_lost(error):
                raise AnswerLost(str(error)) from error
            self._cobranca_keep_reason(charged, error)
            raise

    def _cobranca_keep_reason(self, transaction_id, error):
        """Write down what a refused call says of the card."""
        response = getattr(error.__context__, "response", None)
        try:
            reason = decline.read_reason(self.code, response.json()) if response is not None else ""
        except ValueError:
            reason = ""
        if reason:
            self.env["payment.transaction"].browse(transaction_id).cobranca_decline_reason = reason
