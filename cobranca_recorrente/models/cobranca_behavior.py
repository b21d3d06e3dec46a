from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_amount

from ..tools import behavior

FIGURES = """invoice_count late_count late_percent alone_percent average_delay worst_delay recent_delay earlier_delay
    overdue_amount overdue_days last_payment""".split()
# One statement: who has no invoice of the period any more loses his row.
REFRESH = """
    WITH figures AS MATERIALIZED (%(figures)s),
    written AS (
        INSERT INTO cobranca_behavior AS known
               (company_id, computed_on, create_uid, create_date, write_uid, write_date, segment_id, %(columns)s)
        SELECT %(company)s, %(today)s, %(user)s, %(now)s, %(user)s, %(now)s, %(segment)s, %(columns)s
          FROM figures
            ON CONFLICT (company_id, partner_id) DO UPDATE SET %(updates)s
    )
    DELETE FROM cobranca_behavior known
     WHERE known.company_id = %(company)s
       AND %(only)s
       AND NOT EXISTS (SELECT FROM figures WHERE figures.partner_id = known.partner_id)
"""


class CobrancaBehavior(models.Model):
    """How a customer has paid a company so far; written by the nightly job alone."""

    _name = "cobranca.behavior"
    _description = "Payment Behavior"
    _inherit = ["cobranca.behavior.figures"]
    _order = "overdue_amount desc, id"
    _rec_name = "partner_id"

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    segment_id = fields.Many2one(comodel_name="cobranca.payer.segment", readonly=True, index=True, ondelete="set null")
    invoice_count = fields.Integer(string="Invoices fallen due", readonly=True)
    late_count = fields.Integer(string="Paid late or overdue", readonly=True)
    late_percent = fields.Float(string="Late (%)", digits=(16, 1), readonly=True, aggregator="avg")
    alone_percent = fields.Float(
        string="Late but paid alone (%)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Of the invoices that were paid late, those that were paid before anybody reminded.",
    )
    average_delay = fields.Float(
        string="Average delay (days)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Days after the due date, weighted by what was paid or is open; early counts as on time.",
    )
    worst_delay = fields.Integer(string="Worst delay (days)", readonly=True, aggregator="max")
    recent_delay = fields.Float(string="Lately (days)", digits=(16, 1), readonly=True, aggregator="avg")
    earlier_delay = fields.Float(string="Before (days)", digits=(16, 1), readonly=True, aggregator="avg")
    trend = fields.Selection(
        selection=[("better", "Improving"), ("same", "Steady"), ("worse", "Getting worse")],
        compute="_compute_trend",
        help="The last 90 days against the time before; a difference up to three days is none.",
    )
    overdue_amount = fields.Monetary(readonly=True)
    overdue_days = fields.Integer(string="Oldest overdue (days)", readonly=True, aggregator="max")
    last_payment = fields.Date(readonly=True)
    computed_on = fields.Date(string="As of", readonly=True)
    sentence = fields.Char(string="In words", compute="_compute_sentence")

    _uniq_partner = models.UniqueIndex("(company_id, partner_id)", "There is one row for each customer of a company.")

    # === COMPUTE METHODS === #

    @api.depends("recent_delay", "earlier_delay", "invoice_count")
    def _compute_trend(self):
        for row in self:
            row.trend = behavior.trend(row.recent_delay, row.earlier_delay) if row.invoice_count else False

    @api.depends("invoice_count", "late_count", "alone_percent", "average_delay", "overdue_amount", "overdue_days")
    def _compute_sentence(self):
        for row in self:
            row.sentence = " ".join([*row._get_history(), *row._get_overdue()])

    def _get_history(self):
        """What the figures say of the past, for people: facts, no judgement of the person.

        :return: sentences
        """
        self.ensure_one()
        if not self.late_count:
            yield self.env._("%(count)s of %(count)s invoices paid on time.", count=self.invoice_count)
        else:
            yield self.env._(
                "%(late)s of %(count)s invoices late, %(days)s days on average.",
                late=self.late_count,
                count=self.invoice_count,
                days=round(self.average_delay),
            )
            if self.alone_percent:
                yield self.env._(
                    "%(percent)s %% of the late ones paid without a reminder.", percent=round(self.alone_percent)
                )

    def _get_overdue(self):
        """What is overdue as of the last refresh.

        :return: sentences
        """
        if self.overdue_amount:
            yield self.env._(
                "%(amount)s overdue, the oldest for %(days)s days.",
                amount=format_amount(self.env, self.overdue_amount, self.currency_id),
                days=self.overdue_days,
            )

    # === NIGHTLY JOB === #

    @api.model
    def _cron_refresh(self):
        """Compute the behavior of all customers, company by company, each in a transaction."""
        companies = self.env["res.company"].search([("active", "=", True)])
        for number, company in enumerate(companies, start=1):
            self._refresh(company)
            if not self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - number):
                return

    @api.model
    def _refresh(self, company, partners=None):
        """Compute the behavior of customers from the ledger; safe to repeat.

        :param company: res.company
        :param partners: res.partner, commercial ones; all of the company when None
        """
        self.env.flush_all()
        today = company._cobranca_today()
        updated = [*FIGURES, "segment_id", "computed_on", "write_uid", "write_date"]
        updates = (SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name)) for name in updated)
        self.env.cr.execute(
            SQL(
                REFRESH,
                figures=self._get_figures_query(company, today, partners),
                columns=SQL(", ").join(map(SQL.identifier, ("partner_id", *FIGURES))),
                updates=SQL(", ").join(updates),
                segment=self.env["cobranca.payer.segment"]._get_case("figures", company, today),
                company=company.id,
                today=today,
                user=self.env.uid,
                now=self.env.cr.now(),
                only=self._get_only(SQL.identifier("known", "partner_id"), partners),
            )
        )
        self.env.invalidate_all()
