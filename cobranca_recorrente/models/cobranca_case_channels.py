from urllib.parse import quote

import phonenumbers
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

MOBILE = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


class CobrancaCaseChannels(models.AbstractModel):
    """By which ways a customer can be reached now, and why not by the others."""

    _name = "cobranca.case.channels"
    _description = "Ways to Reach a Customer in Collection"

    # === ACTIONS === #

    def action_write_email(self):
        """Open an e-mail to who pays; the answer lands in the register of contacts.

        :raise UserError: when there is no address, or the customer does not want e-mails
        """
        self.ensure_one()
        facts = self._get_screen_facts()
        person = facts["person"]
        if reason := facts["channels"]["email"]["reason"]:
            raise UserError(self.env._("No e-mail to %(customer)s: %(reason)s.", customer=person.name, reason=reason))
        paragraphs = filter(None, (facts["script"].get("message") or "").splitlines())
        body = Markup().join(Markup("<p>%s</p>") % paragraph for paragraph in paragraphs)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("E-mail to %(customer)s", customer=person.name),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": "res.partner",
                "default_res_ids": self.partner_id.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": person.ids,
                "default_subject": self.env._("About your account with %(company)s", company=self.company_id.name),
                "default_body": body,
            },
        }

    # === BUSINESS METHODS === #

    def _get_channels(self, person):
        """Phone, WhatsApp and e-mail of who pays, and until when he may be contacted.

        :param person: res.partner
        :return: dict(phone, whatsapp, email: each dict(label, number, reason); hours, is_open);
            a reason says why this way is closed now
        """
        self.ensure_one()
        number = self._parse_phone(person.phone or self.partner_id.phone)
        email = person.email or self.partner_id.email
        refused = self.partner_id._cobranca_get_refused_channels()[self.partner_id]
        state = person.state_id or self.partner_id.state_id
        Window = self.env["cobranca.contact.window"]
        is_open = Window._is_open(state, fields.Datetime.now())
        late = "" if is_open else self.env._("outside the hours allowed")

        def reason(channel, missing):
            return missing or (self.env._("the customer does not want it") if channel in refused else late)

        without_phone = "" if number else self.env._("no valid phone")
        mobile = number and self._is_mobile(number)
        without_mobile = "" if mobile else self.env._("no mobile phone")
        # An e-mail waits for its reader: the hours are for calls and messages.
        without_email = "" if email else self.env._("no e-mail")
        no_email = without_email or (self.env._("the customer does not want it") if "email" in refused else "")
        return {
            "phone": {"number": self._format_phone(number, "E164"), "label": self._format_phone(number, "NATIONAL")}
            | {"reason": reason("call", without_phone)},
            "whatsapp": {"number": self._format_phone(number, "E164").lstrip("+")}
            | {"reason": reason("whatsapp", without_mobile)},
            "email": {"reason": no_email},
            "is_open": is_open,
            "hours": Window._tell(state, fields.Datetime.now()),
        }

    @api.model
    def _parse_phone(self, text):
        try:
            number = phonenumbers.parse(text or "", "BR")
        except phonenumbers.NumberParseException:
            return None
        return number if phonenumbers.is_valid_number(number) else None

    @api.model
    def _is_mobile(self, number):
        return phonenumbers.number_type(number) in MOBILE

    @api.model
    def _format_phone(self, number, kind):
        return phonenumbers.format_number(number, getattr(phonenumbers.PhoneNumberFormat, kind)) if number else ""

    @api.model
    def _get_whatsapp_link(self, number, text):
        """WhatsApp with the words ready; nothing is sent before the collector presses its button there."""
        return f"https://wa.me/{number}?text={quote(text or '')}"
