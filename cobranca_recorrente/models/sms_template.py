from odoo import api, models

from ..tools import message_text, tone

# Which placeholders make a short text complete.
CREDITOR = {"object.creditor", "object.creditor_document"}
CONTACT = {"object.pay_link", "object.creditor_phone"}


class SmsTemplate(models.Model):
    _name = "sms.template"
    _inherit = ["cobranca.text.review", "sms.template"]

    @api.model
    def _cobranca_get_text_fields(self):
        return ("body",)

    def _cobranca_get_words(self):
        """Nothing is added to a short text: it names the creditor and how to reach him by itself."""
        used = message_text.expressions(self.body)
        flags = [tone.HAS_CREDITOR] if used >= CREDITOR else []
        flags += [tone.HAS_CONTACT] if used & CONTACT else []
        return "", self._cobranca_sampled(self.body), "sms", flags

    @api.model
    def _cobranca_get_check_labels(self):
        return {
            **super()._cobranca_get_check_labels(),
            "creditor": self.env._("Creditor, CNPJ and link are there"),
            "subject": self.env._("Neutral beginning: it does not reveal the debt"),
        }
