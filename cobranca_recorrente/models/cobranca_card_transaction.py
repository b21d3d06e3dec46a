import requests

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import decline

COLLECTOR = "cobranca_recorrente.cobranca_group_collector"
# The provider may have done what it was asked for, whatever it answers.
MAYBE_DONE = (408, 409)


class AnswerLost(Exception):
    """The provider was called, and nobody knows what it did."""


def is_lost(error):
    """Does an error of a call leave open whether it was done? Odoo makes one kind of error of all of them.

    :param Exception error: as it came; what it was made of is looked at
    """
    while error:
        if isinstance(error, requests.exceptions.HTTPError) and error.response is not None:
            return error.response.status_code >= 500 or error.response.status_code in MAYBE_DONE
        if isinstance(error, requests.exceptions.RequestException):
            return True
        error = error.__cause__ or error.__context__
    return False


class CobrancaCardTransaction(models.AbstractModel):
    """Transactions that charge a card on file: sent once, and a lost answer is never taken for a refusal."""

    _name = "cobranca.card.transaction"
    _description = "Transaction of a Card Charge"

    cobranca_decline_reason = fields.Char(
        string="Reason of the refusal", readonly=True, copy=False, groups=COLLECTOR, help="As the provider calls it."
    )

    # === BUSINESS METHODS === #

    def _cobranca_charge_token(self):
        """Charge the saved card of a draft transaction, as Odoo does, except where the answer is lost.

        :raise AnswerLost: when nobody knows whether the card was charged
        """
        self.ensure_one()
        self._ensure_provider_is_not_disabled()
        self._log_sent_message()
        try:
            self.with_context(cobranca_card_charge=self.id)._send_payment_request()
        except ValidationError as error:
            if is_lost(error):
                raise AnswerLost(str(error)) from error
            self._set_error(str(error))
        except requests.exceptions.RequestException as error:
            raise AnswerLost(f"{type(error).__name__}: {error}") from error

    def _cobranca_get_decline_class(self):
        """Why the card was refused; providers override it, or add their reasons to tools/decline.py.

        :return: `hard` (never again with this card), `soft` (perhaps on another day) or `unknown`
        """
        self.ensure_one()
        return decline.classify(self.provider_code, self.cobranca_decline_reason or "")

    def _cobranca_ask_provider(self):
        """Ask the provider what became of this transaction, by its reference, and take the answer over.

        Overridden by providers that can be asked: they call `_process` with what they were told.

        :return: bool, did it answer?
        """
        self.ensure_one()
        return False

    # --- Odoo's own ---

    def _process(self, provider_code, payment_data):
        """Keep the reason of a refusal, which Odoo only shows."""
        transaction = self or self._search_by_reference(provider_code, payment_data)
        reason = decline.read_reason(provider_code, payment_data)
        if transaction and reason:
            transaction.cobranca_decline_reason = reason
        return super()._process(provider_code, payment_data)

    def _validate_amount(self, payment_data):
        """Another amount than was asked for is no refusal: something was charged."""
        return super(CobrancaCardTransaction, self.with_context(cobranca_amount_differs=True))._validate_amount(
            payment_data
        )

    @api.private
    def _update_state(self, allowed_states, target_state, state_message):
        """Tell the card charges what became of them."""
        updated = super()._update_state(allowed_states, target_state, state_message)
        # sudo: charges follow whoever brings the answer
        Charge = self.env["cobranca.card.charge"].sudo()
        charges = Charge.search([("transaction_id", "in", updated.ids)]) if updated else Charge
        if charges and target_state == "error" and self.env.context.get("cobranca_amount_differs"):
            charges._lose(state_message)
        else:
            charges._follow()
        return updated
