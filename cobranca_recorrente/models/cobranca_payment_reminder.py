from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from .cobranca_contract_billing import CONCURRENCY_ERRORS

STATES = [("open", "Waits for its day"), ("sent", "Reminded"), ("cancelled", "Not needed any more")]
# So often within so many days a customer chooses by himself; then a person speaks with him.
MOST_TIMES, WITHIN_DAYS = 2, 60
# A reminder of longer ago is not sent any more: the ladder goes on.
LATEST_DAYS = 3


class CobrancaPaymentReminder(models.Model):
    """A customer chooses the day on which he is reminded: no reminders before it, one on it.

    No promise: nobody owes anything for a day that passed, and the amounts go on as agreed.
    """

    _name = "cobranca.payment.reminder"
    _description = "Day Chosen by the Customer"
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    line_ids = fields.Many2many(
        comodel_name="account.move.line",
        relation="cobranca_payment_reminder_line_rel",
        column1="reminder_id",
        column2="line_id",
        string="Receivable lines",
        readonly=True,
        check_company=True,
    )
    date_made = fields.Date(string="Chosen on", required=True, readonly=True)
    date = fields.Date(string="Reminder on", required=True, readonly=True, index=True)
    state = fields.Selection(selection=STATES, default="open", required=True, readonly=True, index=True)
    message_id = fields.Many2one(
        comodel_name="cobranca.message", readonly=True, index="btree_not_null", ondelete="set null", check_company=True
    )

    _uniq_open = models.UniqueIndex(
        "(company_id, partner_id) WHERE state = 'open'", "This customer has chosen a day already."
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "date")
    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._(
                "Reminder of %(customer)s for %(date)s",
                customer=record.partner_id.name or "",
                date=record.date and format_date(self.env, record.date) or "",
            )

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Days that customers chose stay in the register."))

    # === BUSINESS METHODS === #

    @api.model
    def _get_days(self, company):
        """The days that may be chosen today.

        :return: (first, last) dates, or None where the company does not offer it
        """
        company = company.sudo()  # sudo: settings, also for who is not logged in
        days = company.cobranca_reminder_days
        if company.cobranca_promise_max_days:
            days = min(days, company.cobranca_promise_max_days)
        today = company._cobranca_today()
        return (today + timedelta(days=1), today + timedelta(days=days)) if days > 0 else None

    @api.model
    def _get_eligible(self, lines):
        """Of open lines those whose reminders a customer may put off: nothing else was agreed on them.

        :param lines: account.move.line
        :return: account.move.line
        """
        taken = self.env["account.move.line"]
        for model, domain in (
            ("cobranca.promise.line", [("is_open", "=", True)]),
            ("cobranca.payment.claim.line", [("is_open", "=", True)]),
            ("cobranca.dispute", [("state", "=", "open")]),
        ):
            # sudo: what was agreed with the customer, whoever looks
            rows = self.env[model].sudo().search([("line_id", "in", lines.ids), *domain])
            taken |= rows.line_id
        return lines.filtered(lambda line: line.id not in taken.ids)

    @api.model
    def _get_open(self, company, debtor):
        """The day that a customer has chosen and that is still to come.

        :return: cobranca.payment.reminder, at most one
        """
        # sudo: the customer's own choice, on his own page
        return self.sudo().search(
            [("company_id", "=", company.id), ("partner_id", "=", debtor.id), ("state", "=", "open")], limit=1
        )

    @api.model
    def _is_too_often(self, company, debtor):
        since = company._cobranca_today() - timedelta(days=WITHIN_DAYS)
        # sudo: the customer's own choices, on his own page
        number = self.sudo().search_count(
            [("company_id", "=", company.id), ("partner_id", "=", debtor.id), ("date_made", ">=", since)]
        )
        return number >= MOST_TIMES

    @api.model
    def _record(self, company, debtor, lines, day):
        """Write down which day a customer chose, and pause his reminders until then.

        The caller knows that the lines are those of who chooses.

        :param lines: account.move.line of open receivables of this debtor
        :param date day: on which he is reminded
        :return: cobranca.payment.reminder
        :raise UserError: for a day out of bounds, lines of which something else was agreed, or too often
        """
        self._check_choice(company, debtor, lines, day)
        # sudo: customers have no right on this register; what they may choose was checked above
        records = self.sudo().with_context(lang=company.partner_id.lang or self.env.lang)
        try:
            with self.env.cr.savepoint():
                record = records.create(
                    {
                        "company_id": company.id,
                        "partner_id": debtor.id,
                        "line_ids": [fields.Command.set(lines.ids)],
                        "date_made": company._cobranca_today(),
                        "date": day,
                    }
                )
                record.flush_recordset()
        except psycopg2.errors.UniqueViolation:
            # Chosen twice at the same moment: the other one counts.
            self.env.invalidate_all()
            return self._get_open(company, debtor)
        record._pause_until_day()
        record._tell()
        return record

    def _check_choice(self, company, debtor, lines, day):
        days = self._get_days(company)
        if not days:
            raise UserError(self.env._("Please speak with us: we find a day together."))
        if known := self._get_open(company, debtor):
            raise UserError(
                self.env._("You chose %(date)s already. We write to you on that day.", date=self._day(known.date))
            )
        if self._is_too_often(company, debtor):
            raise UserError(
                self.env._(
                    "You have moved the reminder %(times)s times already. Please speak with us.", times=MOST_TIMES
                )
            )
        if not lines or self._get_eligible(lines) != lines:
            raise UserError(self.env._("Choose payments of which nothing else is agreed."))
        if not day or not days[0] <= day <= days[1]:
            raise UserError(
                self.env._(
                    "Choose a day from %(first)s to %(last)s.", first=self._day(days[0]), last=self._day(days[1])
                )
            )

    @api.model
    def _day(self, day):
        return format_date(self.env, day, date_format="dd/MM")

    def _pause_until_day(self):
        """The ladder goes on with the chosen day itself, which begins with the reminder."""
        self.env["cobranca.hold"]._start(
            self.company_id,
            self.partner_id,
            "callback",
            self.date_made,
            self.date - timedelta(days=1),
            lines=self.line_ids,
            note=self.env._(
                "Chosen on the page of payments: reminder on %(date)s", date=format_date(self.env, self.date)
            ),
            source=self,
        )

    def _tell(self):
        """Into the register of contacts."""
        self.env["cobranca.interaction"]._record(
            self.company_id,
            self.partner_id,
            "portal",
            "call_later",
            direction="in",
            reached="right",
            user_id=False if self.env.user._is_public() else self.env.uid,
            note=self.env._("Wants to be reminded on %(date)s.", date=format_date(self.env, self.date)),
            lines=self.line_ids,
        )

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_remind(self):
        """Make the reminders whose day has come; they leave with the other messages."""
        ids = []
        for company in self.env["res.company"].search([("active", "=", True)]):
            ids += self.search(self._get_due_domain(company), order="id").ids
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(ids))
        for record_id in ids:
            record = self.browse(record_id)
            try:
                record = record.try_lock_for_update().filtered(lambda record: record.state == "open")
                record._remind()
            except (*CONCURRENCY_ERRORS, psycopg2.errors.UniqueViolation):
                self.env.cr.rollback()  # a payment or the ladder came between; the next run looks again
                self.env.invalidate_all()
            if not progress(1):
                break

    @api.model
    def _get_due_domain(self, company):
        return [("company_id", "=", company.id), ("state", "=", "open"), ("date", "<=", company._cobranca_today())]

    def _remind(self):
        """Make the message of one customer, unless nothing is open any more or he is written to today anyway."""
        for record in self:
            company, today = record.company_id, record.company_id._cobranca_today()
            lines = record.line_ids._cobranca_search_open_lines(
                company,
                today,
                SQL("line.id = ANY(%s)", record.line_ids.ids),
                self.env["cobranca.hold"]._get_hold_condition(today, "line"),
            )
            if not lines or (today - record.date).days > LATEST_DAYS:
                record.state = "cancelled"
                continue
            record.write({"state": "sent", "message_id": record._make_message(lines, today).id})

    def _make_message(self, lines, today):
        """A message with the amounts of the day, by e-mail; who has none is called by a person.

        :return: cobranca.message; that of the ladder where it wrote to him today already
        """
        Message = self.env["cobranca.message"]
        known = Message.search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("date", "=", today),
                ("state", "!=", "cancelled"),
            ],
            limit=1,
        )
        if known:
            return known
        people = self.env["cobranca.dunning.people"]
        contact = people._get_contacts(self.company_id, today, {self.partner_id.id: None})[self.partner_id.id]
        if not contact.is_possible("email"):
            self._ask_for_call()
            return Message
        recipient = self.env["res.partner"].browse(contact.recipient)
        return Message._make_chosen(self.company_id, today, self.partner_id, recipient, lines)

    def _ask_for_call(self):
        self.env["cobranca.dunning.engine"]._schedule(
            self.company_id,
            self.partner_id,
            self.env._("Remind the customer today, as he asked"),
            self.env._("He chose this day on the page of payments and cannot be reached by e-mail."),
            kind="cobranca_recorrente.mail_activity_callback",
        )
