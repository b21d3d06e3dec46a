from odoo import fields, models
from odoo.tools import SQL

from ..models.cobranca_portfolio_gap import GAPS, NOTHING

QUALITY = """
    SELECT gap.id, gap.company_id, company.currency_id, gap.partner_id, gap.gap, gap.cost, gap.computed_on,
           gap.gap <> %(nothing)s AS is_gap, partner.cobranca_quality_score AS score,
           1 AS partner_count, 100.0 / customers.count AS share,
           COALESCE(title.amount_open, 0) AS amount_open, COALESCE(title.amount_late, 0) AS amount_late
      FROM (%(days)s) day
      JOIN cobranca_portfolio_gap gap ON gap.company_id = day.company_id
      JOIN res_company company ON company.id = gap.company_id
      JOIN res_partner partner ON partner.id = gap.partner_id
      JOIN (
        SELECT company_id, COUNT(DISTINCT partner_id) AS count FROM cobranca_portfolio_gap GROUP BY company_id
      ) customers ON customers.company_id = gap.company_id
      LEFT JOIN (
        SELECT title.company_id, title.partner_id, SUM(title.open) AS amount_open,
               SUM(title.open) FILTER (WHERE title.today > title.due) AS amount_late
          FROM (%(titles)s) title
         WHERE title.open > 0
         GROUP BY title.company_id, title.partner_id
      ) title ON title.company_id = gap.company_id AND title.partner_id = gap.partner_id
"""


class CobrancaQualityReport(models.Model):
    """How many customers cannot be found or written to, why, and how much money is behind that."""

    _name = "cobranca.quality.report"
    _description = "Quality of Contact Data"
    _auto = False
    _order = "amount_open desc, id"
    _rec_name = "partner_id"
    _depends = {
        "account.move.line": ["amount_residual", "balance", "date", "date_maturity", "parent_state", "account_id"],
        "account.partial.reconcile": ["amount", "max_date", "debit_move_id", "credit_move_id"],
        "cobranca.portfolio.gap": ["company_id", "partner_id", "gap", "cost", "computed_on"],
        "res.partner": ["cobranca_quality_score"],
    }

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    gap = fields.Selection(selection=GAPS, string="What is missing", readonly=True)
    is_gap = fields.Boolean(string="Something missing", readonly=True)
    cost = fields.Integer(string="Points", readonly=True, aggregator="max", help="That the gap costs of 100.")
    score = fields.Integer(string="Data quality", readonly=True, aggregator="avg", help="100 when nothing is missing.")
    computed_on = fields.Date(string="As of", readonly=True)
    partner_count = fields.Integer(string="Customers", readonly=True, help="With this gap.")
    share = fields.Float(
        string="Customers (%)",
        digits=(16, 1),
        readonly=True,
        help="Share of the customers of the company with this gap; a customer may have several, so that gaps come to "
        "more than 100.",
    )
    amount_open = fields.Monetary(
        string="Open behind it",
        readonly=True,
        help="What customers with this gap owe; who has several gaps counts for each of them.",
    )
    amount_late = fields.Monetary(string="Late behind it", readonly=True)

    @property
    def _table_query(self):
        Ledger = self.env["cobranca.report.ledger"]
        return SQL(QUALITY, nothing=NOTHING, days=Ledger._get_days_query(), titles=Ledger._get_titles_query())

    # === ACTIONS === #

    def action_verify(self):
        """Open the verification of this customer's data."""
        self.ensure_one()
        return self.partner_id and self.partner_id.action_cobranca_verify()
