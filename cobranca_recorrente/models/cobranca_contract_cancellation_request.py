from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import format_date

from ..tools import weekdays

ANSWER_WEEKDAYS = 2
TEXT_LIMIT = 2000
FURTHEST_DAYS = 730
# Each time is told by e-mail and gives somebody work. Only this is limited: who asks to leave is never refused.
TAKE_BACKS_A_DAY = 2
ACTIVITY = "cobranca_recorrente.mail_activity_cancellation"
WITHDRAWAL_REASON = "cobranca_recorrente.cobranca_close_reason_withdrawal"


class CobrancaContractCancellationRequest(models.AbstractModel):
    """The customer's side of a cancellation: what he may choose, what it costs, his request.

    What he sends are choices among what the server offers; days and fees are computed here again.
    """

    _name = "cobranca.contract.cancellation.request"
    _description = "Cancellation Request of a Customer"

    # === BUSINESS METHODS === #

    # --- what is offered ---

    def _is_customer_user(self):
        """Is the user the customer of this contract, or of his company? Staff who may read it is not.

        Nor is who only uses it, though he may be a contact of the customer: a student does not leave his school.
        """
        self.ensure_one()
        is_own = self.env.user.commercial_partner_id == self.commercial_partner_id
        return is_own and self.env.user.partner_id not in self._get_quiet_partners()

    def _for_customer(self):
        """This contract to be worked on for its customer, once it is known that the user is he.

        :return: cobranca.contract with the rights of the system
        :raise AccessError: for anybody else, staff who may read it included
        """
        contract = self._for_portal()
        if not self._is_customer_user():
            raise AccessError(self.env._("Only the customer asks for this."))
        return contract

    def _can_ask_cancellation(self):
        """May the customer ask now? Not while he waits for an answer, nor when the end is settled."""
        self.ensure_one()
        return self.state == "active" and not self.close_reason_id and self.cancel_state != "asked"

    def _get_cancellation_page(self, day=None):
        """What the customer may choose, as plain values.

        :param str day: another last day that he wants to know the cost of, as a browser sends it
        :return: dict(options, reasons, earliest, latest, day)
        :raise AccessError: unless the user is the customer
        :raise UserError: for a day that cannot be
        """
        contract = self._for_customer()
        chosen = contract._parse_last_day(day) if day else None
        earliest, latest = contract._get_last_day_bounds()
        return {
            "options": contract._get_cancel_options(chosen) if contract._can_ask_cancellation() else [],
            "reasons": [{"id": reason.id, "name": reason.name} for reason in contract._get_cancel_reasons()],
            "earliest": fields.Date.to_string(earliest),
            "latest": fields.Date.to_string(latest),
            "day": fields.Date.to_string(chosen) if chosen else "",
        }

    def _get_last_day_bounds(self):
        """First and last day that may be asked for."""
        earliest = max(self.company_id._cobranca_today(), self.date_start)
        latest = earliest + timedelta(days=FURTHEST_DAYS)
        return earliest, max(earliest, min(self.date_end or latest, latest))

    def _parse_last_day(self, text):
        """:raise UserError: for what is no day, or one outside the bounds"""
        earliest, latest = self._get_last_day_bounds()
        try:
            day = fields.Date.to_date(text)
        except ValueError:
            day = None
        if not day or not earliest <= day <= latest:
            raise UserError(
                self.env._(
                    "Choose a day between %(first)s and %(last)s.",
                    first=format_date(self.env, earliest),
                    last=format_date(self.env, latest),
                )
            )
        return day

    def _get_cancel_options(self, chosen=None):
        """The last days that the customer may choose among, each with what it costs.

        :param date chosen: a day of his own
        :return: list of dict(code, label, day, date, fee, fee_text, explanation)
        """
        earliest, latest = self._get_last_day_bounds()
        labels = {
            "soon": self.env._("As soon as possible"),
            "billed": self.env._("At the end of what is billed"),
            "minimum": self.env._("At the end of the minimum term"),
            "term": self.env._("At the end of the term, without renewal"),
            "day": self.env._("On the day you chose"),
        }
        days = {
            "soon": earliest,
            "billed": self._get_next_effective_date() - timedelta(days=1),
            "minimum": self._get_minimum_until(),
            "term": self.date_end or None,
            "day": chosen,
        }
        options = [self._prepare_withdrawal_option(earliest)] if self._may_withdraw() else []
        taken = set()
        for code, day in days.items():
            if day and earliest <= day <= latest and (day not in taken or code == "day"):
                taken.add(day)
                options.append(self._prepare_cancel_option(code, day, labels[code]))
        return options

    def _may_withdraw(self):
        until = self._get_withdrawal_until()
        return bool(until) and self.company_id._cobranca_today() <= until

    def _prepare_cancel_option(self, code, day, label):
        fee, explanation = self._get_fee_to_charge(day, None)
        return {
            "code": code,
            "label": label,
            "day": day,
            "date": format_date(self.env, day),
            "fee": fee,
            "fee_text": self.currency_id.format(fee) if fee else "",
            "explanation": explanation if fee else "",
        }

    def _prepare_withdrawal_option(self, day):
        until = format_date(self.env, self._get_withdrawal_until())
        return {
            "code": "withdrawal",
            "label": self.env._("Withdraw from the purchase"),
            "day": day,
            "date": format_date(self.env, day),
            "fee": 0.0,
            "fee_text": "",
            "explanation": self.env._(
                "Until %(day)s, without giving a reason; what you paid is returned (CDC, art. 49).", day=until
            ),
        }

    def _get_cancel_reasons(self):
        """The reasons that a customer may give; a withdrawal is chosen as such.

        :return: cobranca.close.reason
        """
        withdrawal = self.env.ref(WITHDRAWAL_REASON, raise_if_not_found=False)
        reasons = self.env["cobranca.close.reason"].search([("is_by_customer", "=", True)])
        return reasons - (withdrawal or reasons.browse())

    # --- what is asked ---

    def _request_cancellation(self, code, day=None, reason=None, text=None):
        """Register that the customer asks to leave, tell him the protocol and tell who answers.

        :param str code: of one of the options
        :param str day: his own last day, for the option "day"
        :param str reason: id of one of the reasons
        :param str text: his words
        :raise AccessError: unless the user is the customer
        :raise UserError: for a choice that is not offered, in words that say what to do
        """
        contract = self._for_customer()._locked_for_request()
        if contract.cancel_state == "asked":
            return
        if not contract._can_ask_cancellation():
            raise UserError(self.env._("This contract is ended already, or about to end."))
        values = contract._prepare_cancellation(code, day, reason, text)
        contract.write(
            {
                **values,
                "cancel_state": "asked",
                "cancel_protocol": self.env["ir.sequence"]
                .sudo()  # sudo: the next number of a sequence that the system keeps
                .next_by_code("cobranca.contract.cancellation"),
                "cancel_requested_by_id": self.env.user.partner_id.id,
            }
        )
        contract._schedule_cancellation_answer()
        contract._tell_request()

    def _locked_for_request(self):
        """:raise UserError: while billing works on this contract"""
        if not self.try_lock_for_update():
            raise UserError(self.env._("This contract is being worked on. Please try again in a minute."))
        self.invalidate_recordset()
        return self

    def _prepare_cancellation(self, code, day, reason, text):
        chosen = self._parse_last_day(day) if code == "day" else None
        option = next((option for option in self._get_cancel_options(chosen) if option["code"] == code), None)
        if not option:
            raise UserError(self.env._("Choose the last day of the contract."))
        if len(text or "") > TEXT_LIMIT:
            raise UserError(self.env._("Your text is too long: up to %(limit)s characters.", limit=TEXT_LIMIT))
        today = self.company_id._cobranca_today()
        return {
            "cancel_requested_on": today,
            "cancel_answer_until": weekdays.add_weekdays(today, ANSWER_WEEKDAYS),
            "cancel_last_day": option["day"],
            "cancel_is_withdrawal": code == "withdrawal",
            "cancel_fee": option["fee"],
            "cancel_reason_id": self._get_chosen_reason(code, reason).id,
            # PostgreSQL takes no zero bytes, which a browser never sends.
            "cancel_text": (text or "").replace("\0", "").strip() or False,
        }

    def _get_chosen_reason(self, code, reason):
        if code == "withdrawal":
            return self.env.ref(WITHDRAWAL_REASON, raise_if_not_found=False) or self.env["cobranca.close.reason"]
        chosen = self._get_cancel_reasons().filtered(lambda offered: f"{offered.id}" == f"{reason}".strip())
        if not chosen:
            raise UserError(self.env._("Choose the reason."))
        return chosen

    def _take_back_cancellation(self):
        """The customer stays: his open request is taken back.

        :raise AccessError: unless the user is the customer
        :raise UserError: after he has gone back and forth today
        """
        contract = self._for_customer()._locked_for_request()
        if contract.cancel_state != "asked":
            return
        if not contract._may_take_back():
            raise UserError(contract._get_take_back_refusal())
        contract.write(
            {
                "cancel_state": "taken_back",
                "cancel_taken_back_on": contract.company_id._cobranca_today(),
                "cancel_taken_back_count": contract._get_take_backs_today() + 1,
            }
        )
        contract.activity_unlink([ACTIVITY])
        contract._tell_taken_back()

    def _get_take_backs_today(self):
        """How often the customer has taken a request of this contract back today."""
        is_today = self.cancel_taken_back_on == self.company_id._cobranca_today()
        return self.cancel_taken_back_count if is_today else 0

    def _may_take_back(self):
        return self._get_take_backs_today() < TAKE_BACKS_A_DAY

    def _get_take_back_refusal(self):
        return self.env._(
            "You took requests back %(count)s times today: you may take this one back from tomorrow on, or write to "
            "us.",
            count=TAKE_BACKS_A_DAY,
        )

    def _get_portal_request(self):
        """The customer's open request, as plain values.

        :return: dict(protocol, asked_on, answer_until, last_day, fee, is_withdrawal, refusal), empty without one;
            `refusal` says why it cannot be taken back now
        """
        if self.cancel_state != "asked":
            return {}
        return {
            "protocol": self.cancel_protocol,
            "asked_on": format_date(self.env, self.cancel_requested_on),
            "answer_until": format_date(self.env, self.cancel_answer_until),
            "last_day": format_date(self.env, self.cancel_last_day),
            "fee": self.currency_id.format(self.cancel_fee) if self.cancel_fee else "",
            "is_withdrawal": self.cancel_is_withdrawal,
            "refusal": "" if self._may_take_back() else self._get_take_back_refusal(),
        }
