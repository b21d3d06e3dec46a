from odoo import api, fields, models
from odoo.tools import SQL

from ..models.cobranca_kpi import CODES, DIRECTIONS, UNITS

# Each figure by company and month; NULL where there is nothing to divide by.
POSITION = """
    SELECT position.company_id, position.month, position.is_final, figure.code, figure.value
      FROM cobranca_portfolio_snapshot position
     CROSS JOIN LATERAL (VALUES
           ('late_amount', position.amount_late::numeric),
           ('rate_30', position.rate_30::numeric),
           ('dso', position.dso::numeric),
           ('cei', position.cei::numeric),
           ('recovered', position.recovered::numeric),
           ('agreement_rate', position.agreement_rate::numeric),
           ('average_delay', position.average_delay::numeric),
           ('days_delinquent', position.days_delinquent::numeric)
         ) AS figure (code, value)
"""
PROMISES = """
    SELECT promise.company_id, position.month, position.is_final, 'promise_rate',
           100.0 * COUNT(*) FILTER (WHERE promise.state = 'kept') / COUNT(*)
      FROM cobranca_portfolio_snapshot position
      JOIN cobranca_promise promise
        ON promise.company_id = position.company_id
       AND promise.date_limit BETWEEN position.month AND position.date
     WHERE promise.state IN ('kept', 'broken')
     GROUP BY promise.company_id, position.month, position.is_final
"""
FIGURES = """
    WITH figure AS MATERIALIZED (%(figures)s),
    latest AS (
        SELECT DISTINCT ON (company_id) company_id, month, date, is_final, computed_at
          FROM cobranca_portfolio_snapshot
         ORDER BY company_id, month DESC
    ),
    stands AS (
        SELECT kpi.id, kpi.company_id, kpi.code, kpi.sequence, kpi.is_main, kpi.is_flow, kpi.unit, kpi.direction,
               kpi.user_id, NULLIF(kpi.goal, 0)::numeric AS goal,
               latest.month, latest.date, latest.computed_at,
               kpi.is_flow AND latest.is_final IS NOT TRUE AS is_running,
               CASE kpi.unit WHEN 'money' THEN 2 WHEN 'percent' THEN 1 ELSE 0 END AS digits,
               now.value, month.value AS value_month, year.value AS value_year
          FROM cobranca_kpi kpi
          LEFT JOIN latest ON latest.company_id = kpi.company_id
          LEFT JOIN figure now
            ON now.company_id = kpi.company_id AND now.code = kpi.code AND now.month = latest.month
          LEFT JOIN figure month
            ON month.company_id = kpi.company_id AND month.code = kpi.code
           AND month.month = (latest.month - INTERVAL '1 month')::date
          LEFT JOIN figure year
            ON year.company_id = kpi.company_id AND year.code = kpi.code
           AND year.month = (latest.month - INTERVAL '1 year')::date
    ),
    moved AS (
        SELECT stands.*,
               CASE WHEN unit = 'money' THEN ROUND((value - value_month) / NULLIF(ABS(value_month), 0) * 100, 1)
                    ELSE ROUND(value, digits) - ROUND(value_month, digits) END AS trend_month,
               CASE WHEN unit = 'money' THEN ROUND((value - value_year) / NULLIF(ABS(value_year), 0) * 100, 1)
                    ELSE ROUND(value, digits) - ROUND(value_year, digits) END AS trend_year,
               (ROUND(value, digits) - ROUND(goal, digits)) * CASE direction WHEN 'up' THEN 1 ELSE -1 END AS ahead
          FROM stands
    )
    SELECT moved.id, moved.id AS kpi_id, moved.company_id, company.currency_id, moved.code, moved.sequence,
           moved.is_main, moved.unit, moved.direction, moved.user_id, moved.month, moved.date, moved.computed_at,
           moved.is_running, moved.value, moved.value_month, moved.value_year, moved.trend_month, moved.trend_year,
           COALESCE(moved.goal, 0) AS goal,
           moved.value IS NOT NULL AS has_value,
           moved.trend_month IS NOT NULL AS has_month,
           moved.trend_year IS NOT NULL AS has_year,
           CASE WHEN moved.ahead >= 0 THEN 'on'
                WHEN moved.ahead < 0 THEN CASE WHEN moved.is_running AND direction = 'up' THEN 'open' ELSE 'off' END
           END AS goal_state,
           COALESCE(moved.ahead >= 0, FALSE) AS is_on_goal,
           CASE WHEN moved.trend_month = 0 THEN 'same'
                WHEN (moved.trend_month > 0) = (moved.direction = 'up') THEN 'better'
                WHEN moved.trend_month IS NOT NULL THEN CASE WHEN moved.is_running THEN 'open' ELSE 'worse' END
           END AS month_state,
           CASE WHEN moved.trend_year = 0 THEN 'same'
                WHEN (moved.trend_year > 0) = (moved.direction = 'up') THEN 'better'
                WHEN moved.trend_year IS NOT NULL THEN CASE WHEN moved.is_running THEN 'open' ELSE 'worse' END
           END AS year_state
      FROM moved
      JOIN res_company company ON company.id = moved.company_id
"""
STATES = [("better", "Better"), ("worse", "Worse"), ("same", "Same"), ("open", "Month not over yet")]
GOAL_STATES = [("on", "On goal"), ("off", "Off goal"), ("open", "Month not over yet")]


class CobrancaKpiReport(models.Model):
    """The key figures of each company: now, a month and a year ago, and whether that is good.

    All from the monthly positions, so that what is shown together was taken together.
    """

    _name = "cobranca.kpi.report"
    _inherit = ["cobranca.figure.words", "cobranca.kpi.figures", "cobranca.current.company", "cobranca.active.figure"]
    _description = "Key Figures"
    _auto = False
    _order = "company_id, sequence, id"
    _rec_name = "code"
    _depends = {
        "cobranca.kpi": ["company_id", "code", "user_id", "goal", "sequence"],
        "cobranca.portfolio.snapshot": [
            "month",
            "date",
            "is_final",
            "amount_late",
            "rate_30",
            "dso",
            "cei",
            "recovered",
        ],
        "cobranca.promise": ["state", "date_limit"],
    }

    kpi_id = fields.Many2one(comodel_name="cobranca.kpi", string="Key figure", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    code = fields.Selection(selection=CODES, string="Figure", readonly=True)
    sequence = fields.Integer(readonly=True, aggregator=None)
    is_main = fields.Boolean(string="On the first row", readonly=True)
    unit = fields.Selection(selection=UNITS, readonly=True)
    direction = fields.Selection(selection=DIRECTIONS, string="Better", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Owner", readonly=True)
    month = fields.Date(readonly=True)
    date = fields.Date(string="As of", readonly=True)
    computed_at = fields.Datetime(string="Computed on", readonly=True)
    is_running = fields.Boolean(
        string="Still growing", readonly=True, help="Counted within the month, which is not over yet."
    )
    value = fields.Float(string="Now", digits=(16, 2), readonly=True, aggregator=None)
    value_month = fields.Float(string="A month ago", digits=(16, 2), readonly=True, aggregator=None)
    value_year = fields.Float(string="A year ago", digits=(16, 2), readonly=True, aggregator=None)
    trend_month = fields.Float(
        string="Since a month ago",
        digits=(16, 1),
        readonly=True,
        aggregator=None,
        help="Money in percent, percentages in points, days in days.",
    )
    trend_year = fields.Float(string="Since a year ago", digits=(16, 1), readonly=True, aggregator=None)
    goal = fields.Float(digits=(16, 2), readonly=True, aggregator=None)
    has_value = fields.Boolean(readonly=True)
    has_month = fields.Boolean(readonly=True)
    has_year = fields.Boolean(readonly=True)
    goal_state = fields.Selection(selection=GOAL_STATES, readonly=True)
    is_on_goal = fields.Boolean(string="On goal", readonly=True)
    month_state = fields.Selection(selection=STATES, string="Against a month ago", readonly=True)
    year_state = fields.Selection(selection=STATES, string="Against a year ago", readonly=True)

    @property
    def _table_query(self):
        queries = SQL(" UNION ALL ").join(self._get_figure_queries())
        return SQL(FIGURES, figures=queries)

    # === BUSINESS METHODS === #

    @api.model
    def _get_figure_queries(self):
        """Where figures come from; other areas add theirs.

        :return: list of SQL of rows (company_id, month, is_final, code, value), at most one for each figure and month
        """
        return [SQL(POSITION), SQL(PROMISES)]
