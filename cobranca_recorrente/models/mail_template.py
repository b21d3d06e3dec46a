from odoo import api, fields, models

from ..tools import message_text, tone

CONTENTS = [("pay", "Invoices and “See and pay”"), ("see", "Invoices and “See the details”"), ("words", "Words only")]


class MailTemplate(models.Model):
    _name = "mail.template"
    _inherit = ["cobranca.text.review", "mail.template"]

    cobranca_content = fields.Selection(
        selection=CONTENTS,
        string="Below the words",
        groups="base.group_user",
        help="What the layout adds. Name, CNPJ, address and contact of the company always stand at the end.",
    )

    @api.model
    def _cobranca_get_text_fields(self):
        return ("subject", "body_html")

    def _cobranca_get_words(self):
        """The layout adds creditor and contact, and a neutral sentence for the list of messages."""
        flags = (tone.HAS_CREDITOR, tone.HAS_CONTACT, tone.HAS_PREVIEW)
        text = self._cobranca_sampled(message_text.plain(self.body_html or ""))
        return self._cobranca_sampled(self.subject), text, "email", flags
