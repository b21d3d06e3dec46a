from odoo import api, models
from odoo.exceptions import UserError

# These come from the system, not from a person who registers a contact.
EVENTS = [
    ("replied", "Customer replied"),
    ("kept", "Promise kept"),
    ("broken", "Promise broken"),
    ("paid", "Customer paid"),
]
# Nobody was spoken to: nothing else can be known of such a contact.
UNREACHED = {"no_answer": "nobody", "left_message": "third", "wrong_contact": "third"}

# What the ladder asks a person to do is done when he registers it.
BY_HAND = ("call", "whatsapp")


class CobrancaInteractionRegistration(models.AbstractModel):
    """How a person writes a contact down, with the promise or the pause that comes with it."""

    _name = "cobranca.interaction.registration"
    _description = "How a Contact Is Registered"

    @api.model
    def _register_contact(self, company, partner, values):
        """Write down what a person did, with all that follows from it: one way for dialog and desk.

        :param company: res.company
        :param partner: res.partner, the debtor or one of his people
        :param dict values: `outcome` (needed) and, each optional: `channel` (call), `direction` (out), `date` (UTC, of
            a contact told later; now), `contact_id` and `reason_id` (ids), `note`, `private_note`, `next_date`
            (datetime in UTC), `is_paused` (no reminders until the next contact), `lines` (account.move.line it is
            about); for a promise `promise_date` and `promise_amount` (in the currency of the lines)
        :return: cobranca.interaction; its `promise_id` is the promise, if there is one
        :raise UserError: without an outcome, for a person or invoices of somebody else, and as the promise, the
            pause and the register itself would
        """
        self._check_registration(partner, values)
        self._close_activities(company, partner.commercial_partner_id)
        lines = values.get("lines") or self.env["account.move.line"]
        record = self._record(
            company,
            partner,
            values.get("channel") or "call",
            values["outcome"],
            **self._prepare_contact_values(values, self._make_promise(lines, values)),
            lines=lines,
        )
        if record.direction == "out" and record.channel in BY_HAND:
            self.env["cobranca.message"]._done_by_contact(record)
        if values.get("is_paused") and record.next_date and not record.promise_id:
            record._pause_until_next()
        return record

    @api.model
    def _close_activities(self, company, debtor):
        """Who speaks with a customer has done what was to be done by today: calls agreed, promises that were broken."""
        kinds = self.env.ref("cobranca_recorrente.mail_activity_callback")
        kinds |= self.env.ref("cobranca_recorrente.mail_activity_promise")
        # sudo: activities of colleagues too; whoever registers a contact may not write customers
        activities = self.env["mail.activity"].sudo()
        due = activities.search(
            [
                ("res_model", "=", debtor._name),
                ("res_id", "=", debtor.id),
                ("activity_type_id", "in", kinds.ids),
                ("date_deadline", "<=", company._cobranca_today()),
            ]
        )
        if due:
            due.action_feedback()

    def _check_registration(self, partner, values):
        """:raise UserError: when this cannot have been a contact with this debtor"""
        debtor = partner.commercial_partner_id
        partner.check_access("read")
        if values.get("outcome") in (None, False, "", *dict(EVENTS)):
            raise UserError(self.env._("Choose how the contact ended."))
        if values.get("channel") == "system":
            raise UserError(self.env._("Choose how you contacted the customer."))
        person = self.env["res.partner"].browse(values.get("contact_id") or [])
        if person and person.commercial_partner_id != debtor:
            raise UserError(
                self.env._(
                    "%(person)s is nobody of %(customer)s: choose who was spoken to.",
                    person=person.name,
                    customer=debtor.name,
                )
            )
        self.env["cobranca.delinquency.reason"].browse(values.get("reason_id") or []).check_access("read")
        lines = values.get("lines") or self.env["account.move.line"]
        if lines.partner_id.commercial_partner_id - debtor:
            raise UserError(self.env._("The contact is about invoices of another customer: choose those of this one."))

    def _make_promise(self, lines, values):
        """The promise that was made in this contact, if one was.

        :return: cobranca.promise
        """
        Promise = self.env["cobranca.promise"]
        if values["outcome"] != "promised":
            return Promise
        return Promise._record(
            lines, values.get("promise_date"), values.get("promise_amount") or 0.0, note=values.get("note")
        )

    def _prepare_contact_values(self, values, promise):
        """The fields of the register, from what a person told."""
        return {
            "date": values.get("date"),
            "direction": values.get("direction") or "out",
            "reached": UNREACHED.get(values["outcome"], "right"),
            "contact_id": values.get("contact_id"),
            "reason_id": values.get("reason_id"),
            "note": values.get("note") or (promise._get_text() if promise else False),
            "private_note": values.get("private_note"),
            "next_date": values.get("next_date"),
            "promise_id": promise.id,
        }

    def _pause_until_next(self):
        """No reminders until the day of the next contact.

        :raise AccessError: for a longer pause than the user may decide
        """
        self.ensure_one()
        Hold = self.env["cobranca.hold"]
        today, day = self.company_id._cobranca_today(), self.company_id._cobranca_day_of(self.next_date)
        Hold._check_may_start(today, day)
        Hold._start(self.company_id, self.partner_id, "callback", today, day, source=self)
