from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.cobranca_recorrente.models.cobranca_promise import STATES

# Promises in a foreign currency count by the rate at which their titles are booked.
PROMISES = """
    WITH day AS (%(days)s),
    factor AS (
        SELECT item.promise_id, SUM(line.balance) / NULLIF(SUM(line.amount_currency), 0) AS factor
          FROM cobranca_promise_line item
          JOIN cobranca_promise promise ON promise.id = item.promise_id
          JOIN res_company company ON company.id = promise.company_id AND company.currency_id <> promise.currency_id
          JOIN account_move_line line ON line.id = item.line_id
         GROUP BY item.promise_id
    ),
    promise AS (
        SELECT promise.id, promise.company_id, company.currency_id, promise.partner_id, promise.user_id,
               promise.date_made, promise.date, promise.date_limit, promise.decided_on, promise.state,
               ROUND(promise.amount * COALESCE(factor.factor, 1), 2) AS amount,
               ROUND(
                   GREATEST(LEAST(COALESCE(promise.amount_paid, 0), promise.amount), 0) * COALESCE(factor.factor, 1), 2
               ) AS amount_paid,
               promise.state <> 'cancelled' AND (
                   promise.date_limit < day.today OR (promise.date_limit = day.today AND promise.state = 'kept')
               ) AS is_matured
          FROM cobranca_promise promise
          JOIN day ON day.company_id = promise.company_id
          JOIN res_company company ON company.id = promise.company_id
          LEFT JOIN factor ON factor.promise_id = promise.id
    )
    SELECT promise.*, promise.is_matured::int AS matured_count,
           (promise.is_matured AND promise.state = 'kept')::int AS kept_count,
           CASE WHEN promise.is_matured THEN promise.amount ELSE 0 END AS amount_matured,
           CASE WHEN promise.is_matured THEN COALESCE(promise.amount_paid, 0) ELSE 0 END AS amount_kept
      FROM promise
"""


class CobrancaPromiseReport(models.Model):
    """Promises to pay and what became of them."""

    _name = "cobranca.promise.report"
    _inherit = "cobranca.report.ratio"
    _description = "Promises and How They Are Kept"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        "account.move.line": ["balance", "amount_currency"],
        "cobranca.promise": ["amount", "amount_paid", "date_limit", "state", "user_id"],
        "cobranca.promise.line": ["promise_id", "line_id"],
    }
    _ratios = {"kept_rate": ("kept_count", "matured_count"), "paid_rate": ("amount_kept", "amount_matured")}

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Collector", readonly=True, help="Who registered it.")
    date_made = fields.Date(string="Promised on", readonly=True)
    date = fields.Date(string="Promised for", readonly=True)
    date_limit = fields.Date(
        string="Waits until", readonly=True, help="The promised day, moved to a business day, with the days of grace."
    )
    decided_on = fields.Date(readonly=True)
    state = fields.Selection(selection=STATES, readonly=True)
    is_matured = fields.Boolean(
        string="Matured",
        readonly=True,
        help="Its last day is over, or it was kept on it. What was called off is left out.",
    )
    amount = fields.Monetary(string="Promised", readonly=True)
    amount_paid = fields.Monetary(
        string="Paid of it", readonly=True, help="By the last day, and no more than was promised."
    )
    matured_count = fields.Integer(string="Matured promises", readonly=True)
    kept_count = fields.Integer(string="Kept promises", readonly=True, help="Of those that matured.")
    amount_matured = fields.Monetary(string="Promised, matured", readonly=True)
    amount_kept = fields.Monetary(string="Paid of matured promises", readonly=True)
    kept_rate = fields.Float(
        string="Kept (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Promises kept ÷ promises matured. Kept: paid as promised by its last day, grace included.",
    )
    paid_rate = fields.Float(
        string="Kept by amount (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Σ of the smaller of paid and promised ÷ Σ promised, of promises that matured.",
    )

    @property
    def _table_query(self):
        return self._add_ratios(SQL(PROMISES, days=self.env["cobranca.report.ledger"]._get_days_query()))

    # === ACTIONS === #

    def action_open_promise(self):
        """Open the promise behind a row."""
        self.ensure_one()
        # The number of a row is that of its promise.
        return self.env["cobranca.promise"].browse(self.id).get_formview_action()
