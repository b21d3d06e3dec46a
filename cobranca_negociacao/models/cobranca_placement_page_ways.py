from datetime import datetime, time, timedelta
from urllib.parse import quote

from odoo import api, models
from odoo.tools.misc import format_date

ICONS = {"call": "phone", "whatsapp": "whatsapp", "sms": "commenting-o", "email": "envelope-o"}
WEEK = 7


class CobrancaPlacementPageWays(models.AbstractModel):
    """By which ways an agency may contact a customer now. An address that it may not use now does not leave us."""

    _name = "cobranca.placement.page.ways"
    _description = "Ways to Contact a Placed Customer"

    # === BUSINESS METHODS === #

    @api.model
    def _get_ways(self, placement, message=""):
        """The ways of this agency, each with its link or why it is closed now.

        :param placement: cobranca.placement with the rights of the system
        :param str message: words for a message that somebody else may read
        :return: dict: ways (list of dict(channel, label, icon, link, reason)), hours, is_open, limit
        """
        state, now = self._get_state(placement), self._get_now()
        Window = placement.env["cobranca.contact.window"]
        is_open, limit = Window._is_open(state, now), self._get_limit(placement)
        ways = []
        for channel in placement.agency_id._get_channels():
            address, missing = self._get_address(placement, channel)
            late = "" if is_open or channel == "email" else self.env._("outside the hours allowed")
            reason = missing or limit or late
            link = "" if reason else self._get_link(placement, channel, address, message)
            label = address if channel == "call" and not reason else self._get_channel_labels()[channel]
            ways.append({"channel": channel, "label": label, "icon": ICONS[channel], "link": link, "reason": reason})
        return {"ways": ways, "hours": Window._tell(state, now), "is_open": is_open, "limit": limit}

    @api.model
    def _get_state(self, placement):
        person = placement.partner_id._cobranca_get_payer()
        return person.state_id or placement.partner_id.state_id

    @api.model
    def _get_channel_labels(self):
        # sudo: names of channels are no secret
        return dict(self.env["cobranca.interaction"].sudo()._fields["channel"]._description_selection(self.env))

    @api.model
    def _get_address(self, placement, channel):
        """Where a customer is reached by a channel, as it is shown, or why he is not.

        :return: (str, str)
        """
        partner = placement.partner_id
        if channel in partner._cobranca_get_refused_channels()[partner]:
            return "", self.env._("the customer does not want it")
        person = partner._cobranca_get_payer()
        Channels = placement.env["cobranca.case.channels"]
        number = Channels._parse_phone(person.phone or partner.phone)
        address = person.email or partner.email if channel == "email" else Channels._format_phone(number, "NATIONAL")
        if channel in ("whatsapp", "sms") and number and not Channels._is_mobile(number):
            return "", self.env._("no mobile phone")
        if not address:
            return "", self.env._("no e-mail") if channel == "email" else self.env._("no valid phone")
        if not self._is_possible(placement, person, channel):
            return "", self.env._("what is sent there does not arrive")
        return address, ""

    @api.model
    def _is_possible(self, placement, person, channel):
        """Is a way neither blocked nor known to fail?"""
        company, debtor = placement.company_id, placement.partner_id
        people = placement.env["cobranca.dunning.people"]
        facts = people._get_contacts(company, company._cobranca_today(), {debtor.id: person.id})
        return facts[debtor.id].is_possible(channel)

    @api.model
    def _get_link(self, placement, channel, address, message):
        if channel == "email":
            subject = self.env._("About your account with %(company)s", company=placement.company_id.name)
            return f"mailto:{quote(address, safe='@+')}?subject={quote(subject)}"
        Channels = placement.env["cobranca.case.channels"]
        number = Channels._format_phone(Channels._parse_phone(address), "E164")
        if channel == "whatsapp":
            return Channels._get_whatsapp_link(number.lstrip("+"), message)
        return f"sms:{number}" if channel == "sms" else f"tel:{number}"

    # --- how often ---

    @api.model
    def _get_limit(self, placement):
        """Why this customer is not to be contacted again for now; empty where he may be.

        What the customer himself called for, or asked to be called for today, does not count.
        """
        if placement.last_outcome == "call_later" and self._is_callback_due(placement):
            return ""
        agency, company = placement.agency_id, placement.company_id
        today = company._cobranca_today()
        since = self._to_utc(company, datetime.combine(today - timedelta(days=WEEK - 1), time.min))
        contacts = placement.env["cobranca.interaction"].search(
            [
                ("placement_id.agency_id", "=", agency.id),
                ("partner_id", "=", placement.partner_id.id),
                ("direction", "=", "out"),
                ("retracted_on", "=", False),
                ("date", ">=", since),
            ]
        )
        days = sorted((company._cobranca_day_of(contact.date) for contact in contacts), reverse=True)
        if len(days) >= agency.most_contacts_week:
            day = max(days[agency.most_contacts_week - 1] + timedelta(days=WEEK), today + timedelta(days=1))
            return self.env._(
                "%(count)s contacts within 7 days, as many as agreed: again from %(day)s on",
                count=len(days),
                day=format_date(self.env, day, date_format="dd/MM"),
            )
        if days.count(today) >= agency.most_contacts_day:
            return self.env._("contacted today already, as often as agreed: again from tomorrow on")
        return ""
