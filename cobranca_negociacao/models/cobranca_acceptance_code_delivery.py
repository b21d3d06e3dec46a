from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.cobranca_recorrente.tools import own_data

from ..tools import one_time_code

TEMPLATE = "cobranca_negociacao.mail_template_acceptance_code"


class CobrancaAcceptanceCodeDelivery(models.AbstractModel):
    """Where a one-time code goes to, and how it leaves without a trace of its digits."""

    _name = "cobranca.acceptance.code.delivery"
    _description = "Delivery of One-Time Codes"
    _inherit = ["cobranca.paper"]

    # === BUSINESS METHODS === #

    @api.model
    def _get_ways(self, company, debtor):
        """Where a code may go: the registered contacts, of which only so much is told as their owner needs.

        :return: list of dict(code, label); empty: nothing is registered
        """
        ways = []
        if self._get_recipient(debtor, "email"):
            address = own_data.masked_email(self._get_recipient(debtor, "email").email_normalized)
            ways.append({"code": "email", "label": address})
        # sudo: a setting, whoever asks
        if company.sudo().cobranca_code_by_sms and self._get_recipient(debtor, "sms"):
            phone = one_time_code.masked_phone(self._get_phone(self._get_recipient(debtor, "sms")))
            ways.append({"code": "sms", "label": phone})
        return ways

    def _get_creditor_words(self):
        """Who writes and how to reach him, for the template of the e-mail.

        :return: str
        """
        self.ensure_one()
        return self._get_creditor_line(self.company_id)

    @api.model
    def _get_recipient(self, debtor, channel):
        """Whose contact a code goes to: who pays for the customer, else himself.

        :return: res.partner, empty where nothing is registered
        """
        people = debtor._cobranca_get_payer() | debtor
        if channel == "email":
            return people.filtered("email_normalized")[:1]
        return people.filtered(self._get_phone)[:1]

    @api.model
    def _get_phone(self, person):
        """A mobile phone as providers want it; empty for any other."""
        Channels = self.env["cobranca.case.channels"]
        number = Channels._parse_phone(person.phone)
        return Channels._format_phone(number, "E164") if number and Channels._is_mobile(number) else ""

    def _send_by_email(self, digits):
        """At once, and without a trace of the digits: the mail is deleted when it has left, or could not."""
        recipient = self._get_recipient(self.partner_id, "email")
        template = self.env.ref(TEMPLATE).with_context(cobranca_code=digits, lang=recipient.lang)
        address = {"email_to": recipient.email_formatted, "recipient_ids": [], "email_cc": False}
        mail = self.env["mail.mail"].browse(template.send_mail(self.id, email_values=address))
        mail.send()
        if mail.exists():
            is_sent = mail.state == "sent"
            mail.unlink()
            if not is_sent:
                raise UserError(self.env._("The code could not be sent by e-mail. Please speak with us."))

    def _send_by_sms(self, digits):
        recipient, creditor = self._get_recipient(self.partner_id, "sms"), self._get_creditor(self.company_id)
        text = self.with_context(lang=recipient.lang).env._(
            "%(creditor)s (%(document)s): your code is %(code)s. It holds for 10 minutes. Tell it to nobody.",
            creditor=creditor["name"],
            document=creditor["document"],
            code=digits,
        )
        sms = self.env["sms.sms"].create({"number": self._get_phone(recipient), "body": text})
        sms.send(unlink_failed=False, unlink_sent=False, raise_exception=False)
        is_sent = sms.state not in ("error", "canceled")
        sms.unlink()
        if not is_sent:
            raise UserError(self.env._("The code could not be sent by SMS. Choose e-mail, or speak with us."))
