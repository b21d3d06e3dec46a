from datetime import datetime, time, timedelta

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.cobranca_recorrente.tools import told

# Until when a promise is awaited is told by its terms; on the next morning its customer is to be called.
CALL_HOUR = 10
# Beyond this nobody agrees on a day.
FURTHEST_DAYS = 180


class CobrancaPlacementPageForms(models.AbstractModel):
    """What people of an agency type into their pages; of what a browser sends only the named values are read.

    Placements come with the rights of the system, found anew with the rights of who sends.
    """

    _name = "cobranca.placement.page.forms"
    _description = "Forms of an Agency"

    # === BUSINESS METHODS === #

    @api.model
    def _take_contact(self, placement, form):
        """A contact with the customer; sent twice by a double click it is one.

        :param form: dict of texts
        :raise UserError: with what to do, where it cannot be
        """
        if self._was_sent(placement, form):
            return
        outcome, callback = form.get("resultado"), self._read_callback(placement, form.get("retorno"))
        if outcome == "promised":
            raise UserError(self.env._("Write a promise down under “Register a promise”, with its day and amount."))
        if outcome == "call_later" and not callback:
            raise UserError(self.env._("Say when the customer wants to be called: day and hour."))
        values = {"channel": form.get("canal"), "outcome": outcome, "note": form.get("anotacao")}
        placement._register_contact({**values, "direction": self._read_direction(form), "next_date": callback})

    @api.model
    def _take_promise(self, placement, form):
        """A promise of all that is open; when it is not kept the customer comes back into the list.

        :param form: dict of texts
        :raise UserError: with what to do, where it cannot be
        """
        if self._was_sent(placement, form):
            return
        day, amount = told.day(form.get("dia", "")), told.amount(form.get("valor", ""))
        if not day:
            raise UserError(self.env._("Choose the day on which the customer pays."))
        if (day - placement.company_id._cobranca_today()).days > FURTHEST_DAYS:
            raise UserError(self.env._("Choose a day within the next %(count)s days.", count=FURTHEST_DAYS))
        if not amount or not 0 < amount < 10**12:
            raise UserError(self.env._("Say how much the customer pays, such as 350,00."))
        values = {
            "channel": form.get("canal"),
            "outcome": "promised",
            "promise_date": day,
            "promise_amount": amount,
            "note": form.get("anotacao"),
            "direction": self._read_direction(form),
            "next_date": self._get_call_after(placement, day),
        }
        placement._register_contact(values)

    @api.model
    def _take_promise_back(self, placement, form):
        """The customer promised something else: what people of this agency wrote down does not count any more.

        :raise UserError: where there is none of theirs
        """
        promise = self._find_promise(placement)
        if not promise or not self._is_of_agency(placement, promise.user_id):
            raise UserError(self.env._("There is no promise of yours to take back: reload the page."))
        promise.action_cancel()
        placement.callback_at = False

    @api.model
    def _take_dispute(self, placement, form):
        """What the customer contests leaves the agency.

        :param form: dict of texts
        :raise UserError: with what to do, where it cannot be
        """
        text = (form.get("texto") or "").strip()
        items = placement.line_ids.filtered(lambda item: item.is_live and str(item.id) == form.get("divida"))
        if not items:
            raise UserError(self.env._("Choose what the customer contests."))
        if len(text) < 3:
            raise UserError(self.env._("Write in a few words what the customer says."))
        placement._register_dispute(items.line_id, form.get("motivo"), text)

    @api.model
    def _take_return(self, placement, form):
        """The agency gives the customer back.

        :param form: dict of texts
        :raise UserError: without a reason
        """
        placement._return(form.get("motivo"))

    # --- what is read ---

    @api.model
    def _get_seen(self, placement):
        """By which a form that is sent twice is known: how many contacts its page knew."""
        return placement.env["cobranca.interaction"].search_count([("placement_id", "=", placement.id)])

    @api.model
    def _was_sent(self, placement, form):
        """Did the same person send this already, from the same page?"""
        seen = form.get("visto") or ""
        # Of two at the same moment the second one waits for the first, begins again and finds what it wrote.
        placement._claim_own()
        last = self._search_contacts(placement, limit=1)
        is_later = seen.isascii() and seen.isdigit() and self._get_seen(placement) == int(seen) + 1
        wanted = form.get("resultado") or "promised"
        return bool(is_later and last.user_id == self.env.user and last.outcome == wanted)

    @api.model
    def _read_direction(self, form):
        return "in" if form.get("ligou") == "sim" else "out"

    @api.model
    def _read_callback(self, placement, text):
        """The moment of the next call, typed as the clocks of the company show it.

        :return: datetime in UTC; False where none was typed
        :raise UserError: for what is no moment, for one that is over, too far or outside the hours allowed
        """
        text = (text or "").strip()[:20]
        if not text:
            return False
        day, _space, hour = text.replace("T", " ").partition(" ")
        day = told.day(day)
        try:
            moment = datetime.combine(day, time.fromisoformat(hour)) if day else None
        except ValueError:
            moment = None
        if not moment or moment.tzinfo:
            raise UserError(self.env._("Write the callback as day and hour, such as 25/11/2026 18:30."))
        company, today = placement.company_id, placement.company_id._cobranca_today()
        if not today <= day <= today + timedelta(days=FURTHEST_DAYS):
            raise UserError(self.env._("Choose a callback within the next %(count)s days.", count=FURTHEST_DAYS))
        moment = self._to_utc(company, moment)
        if moment <= self._get_now():
            raise UserError(self.env._("The callback is in the past: choose a later day and hour."))
        Window, state = placement.env["cobranca.contact.window"], self._get_state(placement)
        if not Window._is_open(state, moment):
            raise UserError(self.env._("At that hour this customer may not be called: choose another one."))
        return moment

    @api.model
    def _get_call_after(self, placement, day):
        """When a customer who has not kept his promise is called: in the morning after it is awaited no more."""
        company = placement.company_id
        Promise = placement.env["cobranca.promise"]
        wait = company.cobranca_promise_tolerance_days + 1
        return self._to_utc(company, datetime.combine(Promise._add_business_days(company, day, wait), time(CALL_HOUR)))

    # --- the promise ---

    @api.model
    def _find_promise(self, placement):
        """The open promise on what is placed; may be empty."""
        rows = placement.env["cobranca.promise.line"].search(
            [("line_id", "in", placement._get_lines().ids), ("is_open", "=", True)], limit=1
        )
        return rows.promise_id

    @api.model
    def _is_of_agency(self, placement, user):
        return user.share and user.partner_id.commercial_partner_id == placement.agency_id.partner_id
