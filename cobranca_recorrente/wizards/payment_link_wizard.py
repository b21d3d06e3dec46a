from odoo import models


class PaymentLinkWizard(models.TransientModel):
    _inherit = "payment.link.wizard"

    def _prepare_query_params(self, related_document):
        """A link for all that is open has no amount: who opens it later pays what it costs on that day."""
        params = super()._prepare_query_params(related_document)
        if self.res_model != "account.move" or not related_document._cobranca_get_debts_to_receive():
            return params
        whole = related_document._get_invoice_next_payment_values()["amount_due"]
        amounts = (related_document.amount_residual, whole)
        if any(related_document.currency_id.is_zero(self.amount - amount) for amount in amounts):
            return {name: value for name, value in params.items() if name not in ("amount", "payment_token")}
        return params
