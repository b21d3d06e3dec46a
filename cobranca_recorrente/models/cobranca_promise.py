from decimal import Decimal

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import formatLang, split_every
from odoo.tools.misc import format_date

from ..tools import calendar, promise

STATES = [
    ("open", "Undecided"),
    ("kept", "Kept"),
    ("broken", "Broken"),
    ("cancelled", "Called off"),
]
# A payment of the right day may be imported later than this many days: by then nobody looks any more.
LATE_NEWS_DAYS = 45
# So far ahead holidays are looked up: more than any tolerance needs.
HORIZON_DAYS = 90


class CobrancaPromise(models.Model):
    """A promise to pay some lines by a day. Whether it is kept is decided by the payments, never by hand."""

    _name = "cobranca.promise"
    _description = "Promise to Pay"
    _inherit = ["cobranca.promise.decision"]
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(comodel_name="res.currency", required=True, readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    promise_line_ids = fields.One2many(
        comodel_name="cobranca.promise.line", inverse_name="promise_id", string="Promised lines", readonly=True
    )
    move_ids = fields.Many2many(comodel_name="account.move", string="Invoices", compute="_compute_move_ids")
    date_made = fields.Date(string="Promised on", required=True, readonly=True)
    date = fields.Date(string="Promised for", required=True, readonly=True, index=True)
    date_limit = fields.Date(
        string="Waits until", required=True, readonly=True, help="Last day on which a payment keeps the promise."
    )
    amount = fields.Monetary(required=True, readonly=True)
    tolerance_percent = fields.Float(string="May be missing (%)", digits=(16, 2), readonly=True)
    amount_paid = fields.Monetary(string="Paid of it", readonly=True, aggregator=None)
    state = fields.Selection(selection=STATES, default="open", required=True, readonly=True, index=True)
    decided_on = fields.Date(readonly=True, help="Day on which it was kept, broken or cancelled.")
    user_id = fields.Many2one(comodel_name="res.users", string="Registered by", required=True, readonly=True)
    note = fields.Char(readonly=True)

    _check_amount = models.Constraint("CHECK (amount > 0)", "A promise is of an amount above zero.")
    _open_idx = models.Index("(date_limit) WHERE state = 'open'")

    # === COMPUTE METHODS === #

    @api.depends("promise_line_ids.line_id")
    def _compute_move_ids(self):
        for record in self:
            record.move_ids = record.promise_line_ids.line_id.move_id

    @api.depends("partner_id", "date")
    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._(
                "Promise of %(customer)s for %(date)s",
                customer=record.partner_id.name or "",
                date=record.date and format_date(self.env, record.date) or "",
            )

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Promises stay in the register: cancel what does not count any more."))

    # === ACTIONS === #

    def action_cancel(self):
        """Take open promises back: the pauses they keep end today."""
        self.check_access("read")
        if self.filtered(lambda record: record.state != "open"):
            raise UserError(self.env._("Only an open promise can be cancelled: the payments decided the others."))
        today = {company: company._cobranca_today() for company in self.company_id}
        for company, records in self.grouped("company_id").items():
            records._set_state("cancelled", today[company])
        return True

    # === BUSINESS METHODS === #

    @api.model
    def _record(self, lines, date, amount, note=False):
        """Write a promise down, and pause the collection of its lines until it must be kept.

        :param lines: account.move.line of open receivables of one debtor, company and currency
        :param date date: promised day of payment
        :param float amount: promised, in the currency of the lines
        :return: cobranca.promise
        :raise UserError: for a day in the past, an amount that is not due, lines of several debtors, settled
            lines, or lines that are promised already
        """
        company = lines.company_id[:1]
        today = company._cobranca_today() if company else None
        self._check_lines(lines)
        self._check_terms(lines, date, amount, today)
        holidays = self._get_holidays(company, date)
        limit = promise.last_day(date, company.cobranca_promise_tolerance_days, holidays)
        record = self.sudo().create(  # sudo: promises are written by these methods only, after the checks above
            {
                "company_id": company.id,
                "currency_id": lines.currency_id.id,
                "partner_id": self._get_debtors(lines).id,
                "date_made": today,
                "date": date,
                "date_limit": limit,
                "amount": amount,
                "tolerance_percent": company.cobranca_promise_tolerance_percent,
                "user_id": self.env.uid,
                "note": note,
                "promise_line_ids": [Command.create({"line_id": line.id}) for line in lines],
            }
        )
        self.env["cobranca.hold"]._start(
            company, record.partner_id, "promise", today, limit, lines=lines, note=note, source=record
        )
        record._remember_before()
        return record.with_env(self.env)

    @api.model
    def _get_debtors(self, lines):
        return lines.partner_id.commercial_partner_id

    @api.model
    def _get_holidays(self, company, day):
        """Days on which banks are closed from a promised day on, where the company is.

        :param company: res.company
        :param date day: promised
        :return: collection of dates
        """
        return self.env["cobranca.holiday"]._get_holidays(company, day, fields.Date.add(day, days=HORIZON_DAYS))

    @api.model
    def _add_business_days(self, company, day, count):
        """The day so many business days after a day, by the calendar of the banks."""
        return calendar.add_business_days(day, count, self._get_holidays(company, day))

    @api.model
    def _check_open_receivables(self, lines):
        """:raise UserError: unless all lines are posted receivables on which something is open"""
        lines.check_access("read")
        debts = lines.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
            and line.parent_state == "posted"
            and not line.reconciled
            and line.amount_residual_currency > 0
        )
        if not debts or debts != lines:
            raise UserError(
                self.env._("Choose open invoices: nothing can be promised or disputed of what is paid or not posted.")
            )

    def _check_lines(self, lines):
        """:raise UserError: when lines cannot be promised together"""
        self._check_open_receivables(lines)
        if len(lines.company_id) > 1 or len(lines.currency_id) > 1 or len(self._get_debtors(lines)) != 1:
            raise UserError(self.env._("A promise is of one customer, to one company, in one currency."))
        # sudo: a promise of another collector counts too
        taken = self.env["cobranca.promise.line"].sudo().search([("line_id", "in", lines.ids), ("is_open", "=", True)])
        if taken:
            raise UserError(
                self.env._(
                    "%(invoice)s is promised for %(date)s already: cancel that promise first, if it changed.",
                    invoice=taken[0].line_id.move_id.name,
                    date=format_date(self.env, taken[0].promise_id.date),
                )
            )

    def _check_terms(self, lines, date, amount, today):
        if not date or date < today:
            raise UserError(self.env._("Choose a day from today on for the promised payment."))
        furthest = lines.company_id.cobranca_promise_max_days
        if furthest and (date - today).days > furthest:
            raise UserError(
                self.env._(
                    "A promise is for at most %(days)s days ahead: agree on a nearer day, or negotiate installments.",
                    days=furthest,
                )
            )
        if lines.currency_id.compare_amounts(amount, 0.0) <= 0:
            raise UserError(self.env._("Say how much is promised."))
        highest = self._get_highest_amount(lines, date)
        if lines.currency_id.compare_amounts(amount, highest) > 0:
            raise UserError(
                self.env._(
                    "%(amount)s is more than what is owed on that day, %(highest)s: correct the amount.",
                    amount=formatLang(self.env, amount, currency_obj=lines.currency_id),
                    highest=formatLang(self.env, highest, currency_obj=lines.currency_id),
                )
            )

    @api.model
    def _get_highest_amount(self, lines, date):
        """What is owed of these lines on a day, with fine and interest: nobody can promise to pay more.

        :param lines: account.move.line of one currency
        :return: float in the currency of the lines; without charges when that is a foreign one
        """
        if lines.currency_id != lines.company_id.currency_id:
            return sum(lines.mapped("amount_residual_currency"))
        return float(sum(charges.total for charges in lines._cobranca_get_debts(date).values()))

    def _get_text(self):
        """The promise in a few words."""
        self.ensure_one()
        return self.env._(
            "%(amount)s for %(date)s.",
            amount=formatLang(self.env, self.amount, currency_obj=self.currency_id),
            date=format_date(self.env, self.date),
        )

    def _remember_before(self):
        """How the lines stood when they were promised: what was paid before does not count."""
        for item, receipts in self.promise_line_ids._get_receipts().items():
            # sudo: promises are written by these methods only
            item.sudo().write(
                {
                    "owed": item.line_id.amount_residual_currency,
                    "paid_before": float(sum(r.amount for r in receipts if not r.is_credit)),
                    "credited_before": float(sum(r.amount for r in receipts if r.is_credit)),
                }
            )

    def _prepare_kernel_promise(self):
        """This promise as `tools.promise` knows it."""
        self.ensure_one()
        items = self.promise_line_ids

        def total(field):
            return sum((Decimal(str(round(item[field], 2))) for item in items), Decimal(0))

        return promise.Promise(
            amount=Decimal(str(round(self.amount, 2))),
            last_day=self.date_limit,
            owed=total("owed"),
            paid_before=total("paid_before"),
            credited_before=total("credited_before"),
            percent=Decimal(str(self.tolerance_percent)),
        )

    # === SCHEDULED ACTIONS === #

    @api.model
    def _get_to_decide_domain(self, company):
        """Open promises, and decided ones of which late news may come: a payment in time that was imported later."""
        today = company._cobranca_today()
        recent = Domain("decided_on", ">=", fields.Date.subtract(today, days=LATE_NEWS_DAYS))
        decided = Domain("state", "in", ("kept", "broken")) & recent
        return Domain("company_id", "=", company.id) & (Domain("state", "=", "open") | decided)

    @api.model
    def _cron_decide(self, batch_size=200):
        """Decide the promises whose day is over."""
        ids = [
            promise_id
            for company in self.env["res.company"].search([])
            for promise_id in self.search(self._get_to_decide_domain(company), order="id").ids
        ]
        batches = [self.browse(part) for part in split_every(batch_size, ids)]
        self.env["cobranca.batch.run"]._cron_each(batches, lambda batch: batch._decide_one_by_one_if_needed())
