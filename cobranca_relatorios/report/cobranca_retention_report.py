from odoo import fields, models
from odoo.tools import SQL

# A debt is recovered, not only paid late, when it was late so many days.
LATE = 30
RETENTION = """
    WITH day AS (%(days)s),
    lines AS (
        SELECT line.id, line.company_id, COALESCE(line.date_maturity, line.date) AS due,
               COALESCE(partner.commercial_partner_id, line.partner_id) AS partner_id
          FROM account_move_line line
          JOIN day ON day.company_id = line.company_id
          LEFT JOIN res_partner partner ON partner.id = line.partner_id
         WHERE line.parent_state = 'posted'
           AND line.display_type = 'payment_term'
           AND line.balance > 0
           AND line.reconciled
           AND COALESCE(line.date_maturity, line.date) <= day.today - %(late)s
           AND line.account_id = ANY(ARRAY(
               SELECT id FROM account_account WHERE account_type = 'asset_receivable' AND non_trade IS NOT TRUE
           ))
           AND NOT EXISTS (
               SELECT FROM cobranca_agreement_installment item
                 JOIN cobranca_agreement agreement ON agreement.id = item.agreement_id
                WHERE item.line_id = line.id AND agreement.ended_on IS NOT NULL
           )
           AND NOT EXISTS (
               SELECT FROM cobranca_agreement_origin origin WHERE origin.line_id = line.id AND origin.is_live
           )
    ),
    payments AS (%(payments)s),
    title AS (
        SELECT lines.id::bigint * 2 AS number, lines.company_id, lines.partner_id, MAX(payments.day) AS day,
               SUM(payments.amount) AS amount
          FROM payments
          JOIN lines ON lines.id = payments.line_id
         GROUP BY lines.id, lines.company_id, lines.partner_id, lines.due
        HAVING MAX(payments.day) - lines.due >= %(late)s
    ),
    recovered AS (
        SELECT MIN(found.number) AS id, found.company_id, found.partner_id, MAX(found.day) AS recovered_on,
               SUM(found.amount) AS amount, BOOL_OR(found.is_agreement) AS is_agreement
          FROM (
            SELECT number, company_id, partner_id, day, amount, FALSE AS is_agreement FROM title
             UNION ALL
            SELECT agreement.id::bigint * 2 + 1, agreement.company_id,
                   COALESCE(partner.commercial_partner_id, agreement.partner_id), agreement.paid_on, 0, TRUE
              FROM cobranca_agreement agreement
              JOIN day ON day.company_id = agreement.company_id
              JOIN res_partner partner ON partner.id = agreement.partner_id
             WHERE agreement.state = 'paid' AND agreement.paid_on IS NOT NULL
          ) found
         GROUP BY found.company_id, found.partner_id, DATE_TRUNC('month', found.day)
    ),
    bought AS (
        SELECT move.company_id, move.commercial_partner_id AS partner_id, MAX(move.invoice_date) AS last_on
          FROM account_move move
          JOIN day ON day.company_id = move.company_id
         WHERE move.move_type IN ('out_invoice', 'out_receipt')
           AND move.state = 'posted'
           AND move.cobranca_agreement_role IS DISTINCT FROM 'document'
         GROUP BY move.company_id, move.commercial_partner_id
    ),
    contract AS MATERIALIZED (
        SELECT contract.company_id, contract.commercial_partner_id AS partner_id, contract.date_start,
               COALESCE(contract.date_end, 'infinity') AS date_end
          FROM cobranca_contract contract
          JOIN day ON day.company_id = contract.company_id
         WHERE contract.state = 'active' OR (contract.state = 'closed' AND contract.date_end IS NOT NULL)
    ),
    held AS (
        SELECT recovered.company_id, recovered.partner_id, recovered.recovered_on,
               BOOL_OR(recovered.recovered_on + 90 BETWEEN contract.date_start AND contract.date_end) AS by_90,
               BOOL_OR(recovered.recovered_on + 180 BETWEEN contract.date_start AND contract.date_end) AS by_180,
               MAX(contract.date_end) AS last_on
          FROM recovered
          JOIN contract ON contract.company_id = recovered.company_id AND contract.partner_id = recovered.partner_id
         GROUP BY recovered.company_id, recovered.partner_id, recovered.recovered_on
    ),
    judged AS (
        SELECT recovered.*, day.today,
               (recovered.recovered_on + 90 <= day.today)::int AS judged_90_count,
               (recovered.recovered_on + 180 <= day.today)::int AS judged_180_count,
               COALESCE(held.by_90, FALSE) OR COALESCE(bought.last_on > recovered.recovered_on + 90, FALSE) AS by_90,
               COALESCE(held.by_180, FALSE) OR COALESCE(bought.last_on > recovered.recovered_on + 180, FALSE) AS by_180,
               GREATEST(NULLIF(held.last_on, 'infinity'), bought.last_on) AS last_on
          FROM recovered
          JOIN day ON day.company_id = recovered.company_id
          LEFT JOIN held ON held.company_id = recovered.company_id AND held.partner_id = recovered.partner_id
           AND held.recovered_on = recovered.recovered_on
          LEFT JOIN bought ON bought.company_id = recovered.company_id AND bought.partner_id = recovered.partner_id
    )
    SELECT judged.id, judged.company_id, company.currency_id, judged.partner_id, judged.recovered_on,
           judged.is_agreement, judged.amount, 1 AS recovered_count, judged.judged_90_count, judged.judged_180_count,
           judged.judged_90_count * judged.by_90::int AS active_90_count,
           judged.judged_180_count * judged.by_180::int AS active_180_count,
           CASE WHEN (judged.judged_180_count = 1 AND NOT judged.by_180)
                  OR (judged.judged_180_count = 0 AND judged.judged_90_count = 1 AND NOT judged.by_90)
                THEN LEAST(judged.last_on, judged.today) END AS churned_on
      FROM judged
      JOIN res_company company ON company.id = judged.company_id
"""


class CobrancaRetentionReport(models.Model):
    """Customers who were recovered, and whether they stay: one row for each customer and month of recovery."""

    _name = "cobranca.retention.report"
    _inherit = "cobranca.report.ratio"
    _description = "Recovered Customers Who Stay"
    _auto = False
    _order = "recovered_on desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        "account.move": ["state", "move_type", "invoice_date", "commercial_partner_id", "cobranca_agreement_role"],
        "account.move.line": ["balance", "reconciled", "parent_state", "date_maturity", "cobranca_paid_on"],
        "account.partial.reconcile": ["amount", "max_date", "debit_move_id", "credit_move_id"],
        "cobranca.agreement": ["state", "paid_on", "ended_on"],
        "cobranca.agreement.installment": ["line_id", "agreement_id"],
        "cobranca.agreement.origin": ["line_id", "is_live"],
        "cobranca.contract": ["state", "date_start", "date_end", "commercial_partner_id"],
        "res.partner": ["commercial_partner_id"],
    }
    _ratios = {
        "active_90_rate": ("active_90_count", "judged_90_count"),
        "active_180_rate": ("active_180_count", "judged_180_count"),
    }

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    recovered_on = fields.Date(
        readonly=True,
        help="Day on which an invoice that was at least 30 days late was paid in full, or an agreement was; the last "
        "such day of the month.",
    )
    is_agreement = fields.Boolean(string="By an agreement", readonly=True)
    amount = fields.Monetary(string="Paid", readonly=True, help="For the invoices that were at least 30 days late.")
    recovered_count = fields.Integer(string="Customers recovered", readonly=True, help="Each one once a month.")
    judged_90_count = fields.Integer(string="Judged after 90 days", readonly=True)
    active_90_count = fields.Integer(string="Active after 90 days", readonly=True)
    active_90_rate = fields.Float(
        string="Active after 90 days (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Of those whose 90 days have passed: customers with a contract in force on that day, or with an invoice "
        "after it. Who is invoiced without a contract shows as lost until his next invoice.",
    )
    judged_180_count = fields.Integer(string="Judged after 180 days", readonly=True)
    active_180_count = fields.Integer(string="Active after 180 days", readonly=True)
    active_180_rate = fields.Float(
        string="Active after 180 days (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Of those whose 180 days have passed: customers with a contract in force on that day, or with an invoice "
        "after it.",
    )
    churned_on = fields.Date(
        string="Lost on", readonly=True, help="Last day of his contracts or last invoice, of who is active no more."
    )

    @property
    def _table_query(self):
        query = SQL(
            RETENTION,
            days=self.env["cobranca.report.ledger"]._get_days_query(),
            payments=self.env["cobranca.behavior.figures"]._get_payments_query(),
            late=LATE,
        )
        return self._add_ratios(query)

    # === ACTIONS === #

    def action_open_partner(self):
        """Open the customer behind a row."""
        self.ensure_one()
        return self.partner_id.get_formview_action()
