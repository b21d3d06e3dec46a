from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

AFTER = (0, 15, 30, 60, 90, 120)
AFTERS = [(str(days).zfill(3), f"D+{days}") for days in AFTER]
MONTHS = 24
# Context: how many months the query has to go back, for pages that show fewer.
SHOWN_MONTHS = "cobranca_cohort_months"
# A month is judged at due + n when its last day has come to it; the running one at due + 0 alone, so far.
COHORTS = """
    WITH RECURSIVE %(parts)s,
    step AS (SELECT UNNEST(%(after)s) AS days),
    sold AS (
        SELECT title.company_id, title.month, title.today, COUNT(*) AS title_count, SUM(title.amount) AS amount,
               (title.month + INTERVAL '1 month')::date - 1 AS month_end
          FROM title
         GROUP BY title.company_id, title.month, title.today
    ),
    paid AS (
        SELECT settled.company_id, settled.month, SUM(settled.amount) AS amount,
               (%(after)s)[WIDTH_BUCKET(settled.day - settled.due - 1, %(after)s) + 1] AS days
          FROM settled
         GROUP BY settled.company_id, settled.month, 4
    )
    SELECT (sold.company_id::bigint * 100000 + EXTRACT(YEAR FROM sold.month)::int * 12
               + EXTRACT(MONTH FROM sold.month)::int) * 1000 + step.days AS id,
           sold.company_id, company.currency_id, sold.month, step.days,
           LPAD(step.days::text, 3, '0') AS after, sold.month_end > sold.today AS is_running, sold.title_count,
           sold.amount AS amount_due,
           GREATEST(ROUND(sold.amount - COALESCE(SUM(paid.amount), 0), 2), 0) AS amount_open,
           (100 * GREATEST(ROUND(sold.amount - COALESCE(SUM(paid.amount), 0), 2), 0) / sold.amount)::float8 AS rate
      FROM sold
      JOIN step ON sold.month_end + step.days <= sold.today OR (step.days = 0 AND sold.month_end > sold.today)
      JOIN res_company company ON company.id = sold.company_id
      LEFT JOIN paid ON paid.company_id = sold.company_id AND paid.month = sold.month AND paid.days <= step.days
     GROUP BY sold.company_id, company.currency_id, sold.month, sold.month_end, sold.today, sold.title_count,
              sold.amount, step.days
"""
OPEN_TITLES = """
    WITH RECURSIVE %(parts)s
    SELECT title.id, ROUND(title.amount - COALESCE(SUM(settled.amount), 0), 2) AS open
      FROM title
      LEFT JOIN settled ON settled.line_id = title.id AND settled.day <= title.due + %(days)s
     GROUP BY title.id, title.amount
    HAVING ROUND(title.amount - COALESCE(SUM(settled.amount), 0), 2) > 0
     ORDER BY 2 DESC, 1
"""


class CobrancaCohortReport(models.Model):
    """What fell due in a month, and how much of it was still open so many days after the due date."""

    _name = "cobranca.cohort.report"
    _description = "Open after the Due Date, by Month"
    _inherit = ["cobranca.report.ratio"]
    _auto = False
    _order = "month desc, days, company_id"
    _depends = {
        "account.move": ["cobranca_agreement_role", "move_type", "state"],
        "account.move.line": ["balance", "date_maturity", "parent_state", "account_id", "cobranca_paid_on"],
        "account.partial.reconcile": ["amount", "max_date", "debit_move_id", "credit_move_id"],
        "cobranca.agreement": ["state"],
        "cobranca.agreement.origin": ["principal", "line_id", "transfer_line_id"],
        "cobranca.agreement.installment": ["line_id", "amount"],
    }

    _ratios = {"rate": ("amount_open", "amount_due")}

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    month = fields.Date(string="Due in", readonly=True, help="The month of the due dates.")
    days = fields.Integer(string="Days after the due date", readonly=True, aggregator=None)
    after = fields.Selection(selection=AFTERS, readonly=True)
    is_running = fields.Boolean(
        string="Until today", readonly=True, help="The month is not over: only what fell due so far."
    )
    title_count = fields.Integer(string="Debts", readonly=True)
    amount_due = fields.Monetary(
        string="Fell due",
        readonly=True,
        help="Invoices of customers by their due date. Documents of agreements are no new debts.",
    )
    amount_open = fields.Monetary(
        string="Open then",
        readonly=True,
        help="What was not settled so many days after the due date. In an agreement: as far as its installments are "
        "open, as an agreement cures no delay.",
    )
    rate = fields.Float(
        string="Open (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Σ open so many days after the due date / Σ fallen due in the month. Months of which not all debts are "
        "that old have no figure.",
    )
    line_ids = fields.Many2many(comodel_name="account.move.line", string="Debts open then", compute="_compute_line_ids")

    # === COMPUTE METHODS === #

    @api.depends("month", "days", "company_id")
    def _compute_line_ids(self):
        for row in self:
            row.line_ids = row.month and row._get_open_lines()

    @api.depends("month", "after")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{format_date(self.env, row.month, date_format='MMM yyyy')} · D+{row.days}"

    @property
    def _table_query(self):
        days = [company._cobranca_today() for company in self.env.companies]
        months = min(self.env.context.get(SHOWN_MONTHS, MONTHS), MONTHS)
        first = fields.Date.start_of(min(days), "month") - relativedelta(months=months)
        return SQL(
            COHORTS,
            parts=self.env["cobranca.payment.ledger"]._get_settled_parts(first, max(days)),
            after=list(AFTER),
        )

    # === ACTIONS === #

    def action_open_lines(self):
        """The debts that were open then, as a list."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "account.move.line",
            "views": [(self.env.ref("cobranca_relatorios.cobranca_cohort_line_view_list").id, "list"), (False, "form")],
            "domain": [("id", "in", self.line_ids.ids)],
        }

    # === BUSINESS METHODS === #

    def _get_open_lines(self):
        """The debts behind one figure, the largest open amount first.

        :return: account.move.line
        """
        self.ensure_one()
        last = fields.Date.end_of(self.month, "month")
        self.env.flush_all()
        # sudo: which debts were open, for who reads the figure; what they are is read with his own rights
        parts = self.env["cobranca.payment.ledger"].sudo()._get_settled_parts(self.month, last, self.company_id)
        rows = self.env.execute_query(SQL(OPEN_TITLES, parts=parts, days=self.days))
        return self.env["account.move.line"].browse([line for line, _open in rows])
