from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import formatLang

# So long a customer stays with who opened him, unless he registers or goes on before.
ATTENDED = timedelta(minutes=15)
# What the screen may send along with an outcome.
TOLD = frozenset(
    ("channel", "outcome", "contact_id", "reason_id", "note", "private_note", "next_date", "promise_date")
    + ("promise_amount",)
)
DAYS_TO_FIND_A_PAYMENT = 2


class CobrancaCaseDesk(models.AbstractModel):
    """What happens at the desk: a customer is opened, somebody speaks with him, the next one comes."""

    _name = "cobranca.case.desk"
    _description = "Desk of Customers in Collection"

    # === PUBLIC METHODS OF THE SCREEN === #

    def desk_take(self):
        """Open a customer: nobody else opens him meanwhile, and his figures are those of now.

        :return: dict(is_taken, is_open, message); the message says why not
        """
        self.ensure_one()
        self.check_access("read")
        if self.is_training:
            return {"is_taken": True, "is_open": True, "message": ""}
        case = self.sudo().try_lock_for_update()  # sudo: cases are written by their methods only
        if not case or case._get_other_attendant():
            return {"is_taken": False, "is_open": True, "message": self._get_taken_message()}
        case._refresh(case.company_id, case.partner_id)
        if case.state != "open":
            message = self.env._("%(customer)s owes nothing that is late any more.", customer=case.partner_id.name)
            return {"is_taken": False, "is_open": False, "message": message}
        self._release_others()
        case.write({"attendant_id": self.env.uid, "attended_until": fields.Datetime.now() + ATTENDED})
        return {"is_taken": True, "is_open": True, "message": ""}

    def desk_release(self):
        """Leave customers without having spoken with them."""
        self.check_access("read")
        own = self.sudo().filtered(lambda case: case.attendant_id == self.env.user)  # sudo: only one's own locks
        own.try_lock_for_update().write({"attendant_id": False, "attended_until": False})
        return True

    def desk_register(self, values):
        """Write down how a contact ended, and go on.

        :param dict values: of `TOLD`
        :return: dict(interaction, message, action): an action when something more has to be told
        :raise UserError: with what is missing, or when somebody else is with this customer
        """
        self.ensure_one()
        self.check_access("read")
        told = self._read_told(values)
        if self.is_training:
            return self._practise(told)
        self._check_free()
        lines = self._get_lines()
        if not lines:
            raise UserError(self.env._("Nothing of this customer is late any more: go on with the next one."))
        record = self.env["cobranca.interaction"]._register_contact(
            self.company_id, self.partner_id, {"is_paused": True, **told, "lines": lines}
        )
        self._pause_for_payment(record)
        self.desk_release()
        self._refresh(self.company_id, self.partner_id)
        disputed = record.outcome == "disputed"
        return {
            "interaction": record.id,
            "message": self._get_registered_message(record),
            "action": self.partner_id.action_cobranca_dispute() if disputed else False,
        }

    def desk_undo(self, interaction_id):
        """Take back what was registered a moment ago.

        :param int interaction_id: as `desk_register` gave it
        :raise UserError: when it is too late for that
        """
        self.ensure_one()
        self.check_access("read")
        if self.is_training:
            return True
        record = self.env["cobranca.interaction"].browse(interaction_id).exists()
        record.check_access("read")
        if record.partner_id != self.partner_id:
            raise UserError(self.env._("This contact is of another customer."))
        record._retract()
        self._refresh(self.company_id, self.partner_id)
        return True

    @api.model
    def desk_summary(self, domain):
        """How the day goes, above the queue.

        :param list domain: of the list
        :return: dict(done, total, amount, promises, next_callback): amounts and hours as text
        """
        self.check_access("read")
        company = self.env.company
        today = company._cobranca_today()
        wanted = Domain(domain) & Domain("company_id", "=", company.id) & Domain("is_training", "=", False)
        due = wanted & Domain("state", "=", "open") & Domain("queue_date", "<=", today)
        ((todo, amount),) = self._read_group(
            due & Domain("currency_id", "=", company.currency_id.id), [], ["__count", "amount:sum"]
        )
        midnight = pytz.timezone(company.cobranca_tz).localize(datetime.combine(today, time.min))
        done = self.env["cobranca.interaction"]._read_group(
            [
                ("company_id", "=", company.id),
                ("user_id", "=", self.env.uid),
                ("channel", "!=", "system"),
                ("retracted_on", "=", False),
                ("date", ">=", fields.Datetime.to_string(midnight.astimezone(pytz.utc))),
            ],
            [],
            ["partner_id:count_distinct"],
        )[0][0]
        callback = self.search([*wanted, ("callback_at", ">", fields.Datetime.now())], order="callback_at", limit=1)
        hour = callback and company._cobranca_local(callback.callback_at)
        return {
            "done": done,
            "total": done + todo,
            "amount": formatLang(self.env, amount or 0.0, currency_obj=company.currency_id),
            "promises": self.search_count(due & Domain("why", "=", "promise_due")),
            "next_callback": hour.strftime("%H:%M" if hour.date() == today else "%d/%m %H:%M") if hour else "",
            "waiting_ladder": self.env["cobranca.dunning.policy"]._is_waiting(company),
        }

    # === BUSINESS METHODS === #

    def _get_lines(self):
        """The late lines of this debtor in this currency.

        :return: account.move.line
        """
        self.ensure_one()
        owed = self._get_owed(self.company_id, self.partner_id.ids)
        item = owed.get((self.partner_id.id, self.currency_id.id))
        return item.lines if item else self.env["account.move.line"]

    @api.model
    def _read_told(self, values):
        """What the screen sent, without what it may not send.

        :raise UserError: for a day or an amount that is none
        """
        told = {name: value for name, value in values.items() if name in TOLD}
        try:
            told["promise_date"] = fields.Date.to_date(told.get("promise_date") or False) or False
            told["next_date"] = fields.Datetime.to_datetime(told.get("next_date") or False) or False
            told["promise_amount"] = float(told.get("promise_amount") or 0.0)
        except (TypeError, ValueError):
            raise UserError(self.env._("This day or amount cannot be read: correct it.")) from None
        return told

    def _get_other_attendant(self):
        """Who else is with this customer now.

        :return: res.users, none when he is free
        """
        self.ensure_one()
        is_over = not self.attended_until or self.attended_until <= fields.Datetime.now()
        if is_over or self.attendant_id == self.env.user:
            return self.env["res.users"]
        return self.attendant_id

    def _check_free(self):
        if self.sudo()._get_other_attendant():  # sudo: the name of a colleague
            raise UserError(self._get_taken_message())

    def _get_taken_message(self):
        other = self.sudo()._get_other_attendant()  # sudo: the name of a colleague
        if not other:
            return self.env._("Somebody else is opening this customer: take the next one.")
        hour = self.company_id._cobranca_local(self.attended_until).strftime("%H:%M")
        return self.env._("%(user)s is with this customer, until %(hour)s at most.", user=other.name, hour=hour)

    def _release_others(self):
        """One customer at a time."""
        others = self.search([("attendant_id", "=", self.env.uid), ("id", "!=", self.id)])
        others.desk_release()

    def _pause_for_payment(self, record):
        """Who says that he has paid is not reminded while the payment is looked for."""
        if record.outcome != "says_paid" or record.next_date:
            return
        today = self.company_id._cobranca_today()
        until = self.env["cobranca.promise"]._add_business_days(self.company_id, today, DAYS_TO_FIND_A_PAYMENT)
        self.env["cobranca.hold"]._start(
            self.company_id, self.partner_id, "already_paid", today, until, lines=record.line_ids, source=record
        )

    def _get_registered_message(self, record):
        """What was written down, and what comes next, in a sentence."""
        outcome = dict(record._fields["outcome"]._description_selection(self.env))[record.outcome]
        case = self.sudo().exists()  # sudo: read after a refresh by the system
        turn = case.queue_date if case.state == "open" else False
        if not turn:
            return f"{self.partner_id.name}: {outcome}."
        return self.env._(
            "%(customer)s: %(outcome)s. Next turn on %(day)s.",
            customer=self.partner_id.name,
            outcome=outcome,
            day=self.partner_id._cobranca_day(turn),
        )
