from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.cobranca_recorrente.tools.behavior import NOTICEABLE_DAYS

# A number of its own for each company and customer.
APART = 10**10
CUSTOMERS = """
    SELECT title.company_id * %(apart)s + title.partner_id AS id, title.company_id, company.currency_id,
           title.partner_id, title.amount_open, title.amount_late, title.amount_credit, title.days_late,
           title.title_count, title.late_count,
           100.0 * GREATEST(title.amount_open, 0)
               / NULLIF(SUM(GREATEST(title.amount_open, 0)) OVER (PARTITION BY title.company_id), 0) AS share,
           behavior.segment_id, behavior.average_delay, behavior.recent_delay, behavior.late_percent,
           behavior.last_payment,
           CASE WHEN behavior.id IS NULL OR behavior.invoice_count = 0 THEN NULL
                WHEN ABS(behavior.recent_delay - behavior.earlier_delay) <= %(noticeable)s THEN 'same'
                WHEN behavior.recent_delay > behavior.earlier_delay THEN 'worse'
                ELSE 'better' END AS trend,
           debt.id AS case_id, debt.collector_id, debt.why, agreed.id AS agreement_id, placed.agency_id,
           CASE WHEN placed.agency_id IS NOT NULL THEN 'agency'
                WHEN agreed.id IS NOT NULL THEN 'agreement'
                WHEN debt.id IS NOT NULL THEN 'case'
                WHEN title.amount_late > 0 THEN 'late'
                ELSE 'current' END AS standing
      FROM (
        SELECT title.company_id, title.partner_id, SUM(title.open) AS amount_open,
               COALESCE(SUM(title.open) FILTER (WHERE title.open > 0 AND title.today > title.due), 0) AS amount_late,
               COALESCE(-SUM(title.open) FILTER (WHERE title.open < 0), 0) AS amount_credit,
               GREATEST(MAX(title.today - title.due) FILTER (WHERE title.open > 0), 0) AS days_late,
               COUNT(*) FILTER (WHERE title.open > 0) AS title_count,
               COUNT(*) FILTER (WHERE title.open > 0 AND title.today > title.due) AS late_count
          FROM (%(titles)s) title
         WHERE title.partner_id IS NOT NULL
         GROUP BY title.company_id, title.partner_id
      ) title
      JOIN res_company company ON company.id = title.company_id
      LEFT JOIN cobranca_behavior behavior
        ON behavior.company_id = title.company_id AND behavior.partner_id = title.partner_id
      LEFT JOIN cobranca_case debt
        ON debt.company_id = title.company_id AND debt.partner_id = title.partner_id
       AND debt.currency_id = company.currency_id AND debt.state = 'open' AND debt.is_training IS NOT TRUE
      LEFT JOIN (
        SELECT company_id, partner_id, MAX(id) AS id
          FROM cobranca_agreement WHERE state = 'active' GROUP BY company_id, partner_id
      ) agreed ON agreed.company_id = title.company_id AND agreed.partner_id = title.partner_id
      LEFT JOIN (
        SELECT company_id, partner_id, MAX(agency_id) AS agency_id
          FROM cobranca_placement WHERE state = 'active' GROUP BY company_id, partner_id
      ) placed ON placed.company_id = title.company_id AND placed.partner_id = title.partner_id
"""


class CobrancaCustomerReport(models.Model):
    """Who owes most, since when, how he used to pay and who is on it."""

    _name = "cobranca.customer.report"
    _description = "Largest Open Amounts"
    _auto = False
    _order = "amount_late desc, amount_open desc, id"
    _rec_name = "partner_id"
    _depends = {
        "account.move.line": ["amount_residual", "balance", "date", "date_maturity", "parent_state", "account_id"],
        "account.partial.reconcile": ["amount", "max_date", "debit_move_id", "credit_move_id"],
        "cobranca.behavior": ["average_delay", "recent_delay", "earlier_delay", "late_percent", "invoice_count"],
        "cobranca.case": ["state", "collector_id", "why"],
        "cobranca.agreement": ["state"],
        "cobranca.placement": ["state"],
    }

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    amount_open = fields.Monetary(string="Open", readonly=True, help="Less credits that were not used yet.")
    amount_late = fields.Monetary(
        string="Late", readonly=True, help="Open and past the due date; due today is not late."
    )
    amount_credit = fields.Monetary(string="Unused credits", readonly=True)
    days_late = fields.Integer(string="Oldest (days late)", readonly=True, aggregator="max")
    title_count = fields.Integer(string="Debts", readonly=True)
    late_count = fields.Integer(string="Late debts", readonly=True)
    share = fields.Float(
        string="Share of all (%)", digits=(16, 1), readonly=True, help="Of what all customers of the company owe."
    )
    segment_id = fields.Many2one(comodel_name="cobranca.payer.segment", string="Kind of payer", readonly=True)
    average_delay = fields.Float(
        string="Average delay (days)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Of the last 24 months, weighted by amount, as the payment behavior of the customer says.",
    )
    recent_delay = fields.Float(string="Lately (days)", digits=(16, 1), readonly=True, aggregator="avg")
    late_percent = fields.Float(string="Invoices late (%)", digits=(16, 1), readonly=True, aggregator="avg")
    last_payment = fields.Date(readonly=True)
    trend = fields.Selection(
        selection=[("better", "Improving"), ("same", "Steady"), ("worse", "Getting worse")],
        readonly=True,
        help="The last 90 days against the time before; a difference up to three days is none.",
    )
    case_id = fields.Many2one(comodel_name="cobranca.case", string="Collection case", readonly=True)
    collector_id = fields.Many2one(comodel_name="res.users", readonly=True)
    why = fields.Selection(selection=lambda self: self.env["cobranca.case"]._fields["why"].selection, readonly=True)
    agreement_id = fields.Many2one(comodel_name="cobranca.agreement", readonly=True)
    agency_id = fields.Many2one(comodel_name="cobranca.agency", readonly=True)
    standing = fields.Selection(
        selection=[
            ("current", "Nothing late"),
            ("late", "Late, nobody on it"),
            ("case", "In collection"),
            ("agreement", "In an agreement"),
            ("agency", "With an agency"),
        ],
        readonly=True,
    )

    @property
    def _table_query(self):
        return SQL(
            CUSTOMERS,
            apart=APART,
            noticeable=NOTICEABLE_DAYS,
            titles=self.env["cobranca.report.ledger"]._get_titles_query(),
        )

    # === ACTIONS === #

    def action_open_partner(self):
        """Open the customer on his tab of collection."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(self.env.ref("cobranca_relatorios.res_partner_view_form_collection").id, "form")],
        }

    def action_open_titles(self):
        """Open the debts of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_relatorios.cobranca_aging_report_action")
        domain = [("partner_id", "=", self.partner_id.id), ("company_id", "=", self.company_id.id)]
        return {**action, "domain": domain, "views": [(False, "list"), (False, "pivot")], "context": {}}
