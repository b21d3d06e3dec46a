import re
from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL, email_normalize

from ..tools import contact_hours, ladder, ladder_plan
from .cobranca_message_states import PENDING, REACHED

READ = ("res.partner", "cobranca.message", "cobranca.interaction", "cobranca.opt.out")
READ += ("mail.blacklist", "phone.blacklist")
# What is known of each debtor, and of who receives in his place.
PEOPLE = """
SELECT wanted.debtor, recipient.id, recipient.email, COALESCE(NULLIF(recipient.phone, ''), debtor.phone),
       COALESCE(NULLIF(recipient.street, ''), debtor.street) IS NOT NULL
           AND COALESCE(NULLIF(recipient.city, ''), debtor.city, '') <> ''
           AND COALESCE(NULLIF(recipient.zip, ''), debtor.zip, '') <> '',
       COALESCE(recipient.state_id, debtor.state_id),
       ARRAY(SELECT channel FROM cobranca_opt_out
              WHERE partner_id = wanted.debtor AND ended_on IS NULL),
       EXISTS (SELECT 1 FROM mail_blacklist WHERE active AND email = recipient.email_normalized),
       ARRAY(SELECT number FROM phone_blacklist
              WHERE active AND number IN (recipient.phone_sanitized, debtor.phone_sanitized)),
       ARRAY(SELECT channel || ':' || COALESCE(address, '') FROM cobranca_message
              WHERE partner_id = wanted.debtor AND company_id = %(company)s AND state = 'undelivered'
                AND reason IN ('bounced', 'failed')),
       pending.is_any, last.state = 'undelivered' AND last.is_open_end, said.last_day, said.week
  FROM unnest(%(debtors)s::int[], %(responsibles)s::int[]) wanted(debtor, responsible)
  JOIN res_partner debtor ON debtor.id = wanted.debtor
  LEFT JOIN LATERAL (
        SELECT id FROM res_partner person
         WHERE person.parent_id = wanted.debtor AND person.active AND person.cobranca_role = 'pays'
         ORDER BY complete_name, id LIMIT 1
       ) payer ON TRUE
  JOIN res_partner recipient ON recipient.id = COALESCE(wanted.responsible, payer.id, wanted.debtor)
  LEFT JOIN LATERAL (
        SELECT bool_or(TRUE) AS is_any FROM cobranca_message
         WHERE partner_id = wanted.debtor AND company_id = %(company)s AND state = ANY(%(pending)s)
           AND date > %(day)s::date - %(week)s
       ) pending ON TRUE
  LEFT JOIN LATERAL (
        SELECT state, NOT EXISTS (
                    SELECT 1 FROM cobranca_message follower WHERE follower.previous_id = message.id
               ) AS is_open_end
          FROM cobranca_message message
         WHERE partner_id = wanted.debtor AND company_id = %(company)s AND state <> 'cancelled'
         ORDER BY id DESC LIMIT 1
       ) last ON TRUE
  LEFT JOIN LATERAL (
        SELECT max(contact.day) AS last_day, count(*) FILTER (WHERE contact.day > %(day)s::date - %(week)s) AS week
          FROM (
            SELECT (sent_at AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date AS day FROM cobranca_message
             WHERE partner_id = wanted.debtor AND company_id = %(company)s AND state = ANY(%(reached)s)
               AND interaction_id IS NULL
             UNION ALL
            SELECT (date AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date FROM cobranca_interaction
             WHERE partner_id = wanted.debtor AND company_id = %(company)s AND direction = 'out'
               AND user_id IS NOT NULL AND channel <> 'system' AND retracted_on IS NULL
          ) contact(day) WHERE contact.day <= %(day)s
       ) said ON TRUE
"""

# An address that Odoo would not write otherwise.
NORMAL = re.compile(r"[a-z0-9_.+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")


def _normalize(email):
    """An address as it is written down; Odoo's own way takes long, for the few that need it."""
    return email if email and NORMAL.fullmatch(email) else email_normalize(email or "") or ""


class CobrancaDunningPeople(models.AbstractModel):
    """How debtors can be reached on a day, and when they were reached last."""

    _name = "cobranca.dunning.people"
    _description = "People of a Dunning Run"

    # === BUSINESS METHODS === #

    @api.model
    def _get_contacts(self, company, date, responsibles):
        """What is known of some debtors on a day.

        :param responsibles: {id of the debtor: id of who receives in his place, or None}
        :return: {id of the debtor: tools.ladder_plan.Contact}
        """
        for model in READ:
            self.env[model].flush_model()
        debtors = sorted(responsibles)
        rows = self.env.execute_query(
            SQL(
                PEOPLE,
                company=company.id,
                debtors=debtors,
                responsibles=[responsibles[debtor] for debtor in debtors],
                pending=list(PENDING),
                reached=list(REACHED),
                day=date,
                week=ladder.WEEK,
                tz=company.cobranca_tz,
            )
        )
        openings = self._get_openings(date, {row[5] for row in rows})
        return {row[0]: self._prepare_contact(row, openings) for row in rows}

    @api.model
    def _prepare_contact(self, row, openings):
        """:return: tools.ladder_plan.Contact of one row of PEOPLE"""
        _debtor, recipient, email, phone, has_address, state, refused, no_mail, no_phone, tried, *facts = row
        is_pending, is_undelivered, last_day, week = facts
        return ladder_plan.Contact(
            recipient=recipient,
            last_contact=last_day,
            week=week,
            is_in_progress=bool(is_pending),
            is_undelivered=bool(is_undelivered),
            is_possible=partial(
                self._is_possible, email, phone, has_address, {*refused}, no_mail, bool(no_phone), {*tried}
            ),
            opening=openings[state],
        )

    @api.model
    def _is_possible(self, email, phone, has_address, refused, no_mail, no_phone, tried, channel):
        """Is a way open? An address at which something did not arrive is none."""
        if channel in refused:
            return False
        if channel == "email":
            address = _normalize(email)
            return bool(address) and not no_mail and f"email:{address}" not in tried
        if channel == "letter":
            return bool(has_address)
        Channels = self.env["cobranca.case.channels"]
        number = Channels._parse_phone(phone)
        if not number or channel == "call":
            return bool(number)
        plain = Channels._format_phone(number, "E164")
        return Channels._is_mobile(number) and not no_phone and f"{channel}:{plain}" not in tried

    @api.model
    def _get_address(self, channel, recipient):
        """Where a message of a channel goes: what is written down as tried.

        :return: str
        """
        if channel == "email":
            return _normalize(recipient.email)
        debtor = recipient.commercial_partner_id
        if channel == "letter":
            return " ".join((recipient.street and recipient or debtor)._display_address(True).split())
        Channels = self.env["cobranca.case.channels"]
        return Channels._format_phone(Channels._parse_phone(recipient.phone or debtor.phone), "E164")

    # --- hours ---

    @api.model
    def _get_openings(self, date, state_ids):
        """The lawful hours of a day.

        :return: {id of the state or None: (from, until) or None}
        """
        Window = self.env["cobranca.contact.window"]
        hours = Window._get_all_hours()
        noon = ladder.at_hour(date, 12)
        openings = {}
        for state_id in state_ids:
            state = self.env["res.country.state"].browse(state_id or [])
            is_holiday = Window._is_holiday(state, date)
            openings[state_id] = contact_hours.opening_of(noon, hours.get(state_id) or hours[None], is_holiday)
        return openings

    @api.model
    def _get_moment(self, state, date, hour):
        """A moment of a day by the clocks of a state.

        :param state: res.country.state, may be empty
        :return: datetime in UTC, as fields have it
        """
        return self.env["cobranca.contact.window"]._to_utc(state, ladder.at_hour(date, hour))

    @api.model
    def _get_next_moment(self, state, hour, earliest):
        """The first lawful moment from a moment on.

        :param datetime earliest: in UTC
        :return: datetime in UTC
        """
        Window = self.env["cobranca.contact.window"]
        there = Window._get_clock(state, earliest)
        day, start = there.date(), there.hour + there.minute / 60
        for ahead in range(ladder.LONGEST_WAIT):
            moment = day + ahead * ladder.ONE_DAY
            opening = self._get_openings(moment, {state.id or None})[state.id or None]
            at = ladder.first_hour(max(hour, start) if not ahead else hour, opening)
            if at is not None:
                return max(earliest, self._get_moment(state, moment, at))
        return earliest + ladder.LONGEST_WAIT * ladder.ONE_DAY

    @api.model
    def _get_now(self):
        """The moment of a delivery; no business date hangs on it."""
        return fields.Datetime.now()

    @api.model
    def _in_minutes(self, minutes):
        return self._get_now() + timedelta(minutes=minutes)
