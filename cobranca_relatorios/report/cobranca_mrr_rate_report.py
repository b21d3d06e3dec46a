from odoo import api, fields, models
from odoo.tools import SQL

from .cobranca_mrr_report import DEPENDS, MONTHS

PARTS = ("new", "reactivation", "expansion", "contraction", "churn")
RATES = ("churn_rate", "net_churn_rate", "nrr", "grr", "logo_churn_rate")
QUERY = """
    SELECT month.*,
           COALESCE(-100 * (contraction + churn) / NULLIF(opening, 0), 0) AS churn_rate,
           COALESCE(-100 * (contraction + churn + expansion) / NULLIF(opening, 0), 0) AS net_churn_rate,
           COALESCE(100 * (opening + expansion + contraction + churn) / NULLIF(opening, 0), 0) AS nrr,
           COALESCE(100 * (opening + contraction + churn) / NULLIF(opening, 0), 0) AS grr,
           COALESCE(100.0 * customers_lost / NULLIF(customers_opening, 0), 0) AS logo_churn_rate
      FROM (
        SELECT moved.company_id * %(numbers)s::bigint + (EXTRACT(YEAR FROM moved.month)::int - 1990) * 12
               + EXTRACT(MONTH FROM moved.month)::int AS id,
               moved.company_id, moved.currency_id, moved.month, moved.is_partial,
               SUM(moved.opening) AS opening, SUM(moved.new) AS new, SUM(moved.reactivation) AS reactivation,
               SUM(moved.expansion) AS expansion, SUM(moved.contraction) AS contraction, SUM(moved.churn) AS churn,
               SUM(moved.closing) AS closing,
               COUNT(*) FILTER (WHERE moved.opening <> 0) AS customers_opening,
               COUNT(*) FILTER (WHERE moved.opening <> 0 AND moved.closing = 0) AS customers_lost,
               COUNT(*) FILTER (WHERE moved.closing <> 0) AS customers_closing
          FROM (%(movements)s) moved
         GROUP BY moved.company_id, moved.currency_id, moved.month, moved.is_partial
      ) month
"""
# Of each rate: what is added up, with its sign, and what it is divided by. Sums, so that in a group each month and
# company weighs by its size.
RATIOS = {
    "churn_rate": ({"contraction": -1, "churn": -1}, "opening"),
    "net_churn_rate": ({"contraction": -1, "churn": -1, "expansion": -1}, "opening"),
    "nrr": ({"opening": 1, "expansion": 1, "contraction": 1, "churn": 1}, "opening"),
    "grr": ({"opening": 1, "contraction": 1, "churn": 1}, "opening"),
    "logo_churn_rate": ({"customers_lost": 1}, "customers_opening"),
}


class CobrancaMrrRateReport(models.Model):
    """How much of the recurring revenue stays: the rates of each month."""

    _name = "cobranca.mrr.rate.report"
    _description = "Rates of Recurring Revenue"
    _auto = False
    _order = "month desc, id"
    _rec_name = "month"
    _depends = DEPENDS

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    month = fields.Date(readonly=True)
    is_partial = fields.Boolean(
        string="Running month", readonly=True, help="The month is not over: it is looked at as of today."
    )
    opening = fields.Monetary(string="MRR before", readonly=True, help="At the end of the month before.")
    new = fields.Monetary(readonly=True)
    reactivation = fields.Monetary(string="Reactivated", readonly=True)
    expansion = fields.Monetary(readonly=True)
    contraction = fields.Monetary(readonly=True)
    churn = fields.Monetary(string="Lost", readonly=True)
    closing = fields.Monetary(string="MRR", readonly=True, help="On the last day of the month.")
    customers_opening = fields.Integer(string="Customers before", readonly=True, aggregator=None)
    customers_lost = fields.Integer(string="Customers lost", readonly=True)
    customers_closing = fields.Integer(string="Customers", readonly=True, aggregator=None)
    churn_rate = fields.Float(
        string="Churn (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="(Lost + contraction) / MRR at the begin of the month. Of several months: their mean, by that MRR.",
    )
    net_churn_rate = fields.Float(
        string="Net churn (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="(Lost + contraction − expansion) / MRR at the begin of the month; below zero the customers who stay "
        "outgrow those who leave.",
    )
    nrr = fields.Float(
        string="Net retention (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="NRR = (MRR at the begin + expansion − contraction − lost) / MRR at the begin. New and reactivated "
        "customers do not count.",
    )
    grr = fields.Float(
        string="Gross retention (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="GRR = (MRR at the begin − contraction − lost) / MRR at the begin: never over 100 %.",
    )
    logo_churn_rate = fields.Float(
        string="Customers lost (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Customers without MRR at the end of the month / customers with MRR at its begin.",
    )

    @property
    def _table_query(self):
        return SQL(QUERY, movements=self.env["cobranca.mrr.report"]._get_movements_query(), numbers=MONTHS)

    # === ACTIONS === #

    def action_view_movements(self):
        """The movements of the month, customer by customer.

        :return: action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_relatorios.cobranca_mrr_report_action")
        domain = [("company_id", "=", self.company_id.id), ("month", "=", self.month)]
        return {**action, "domain": domain, "context": {}, "views": [(False, "list"), (False, "pivot")]}

    # === BUSINESS METHODS === #

    @api.model
    def _get_rates(self, company, month):
        """The figures of one month of a company.

        :param company: res.company that the user may see
        :param date month: any day of it
        :return: dict of opening, new, reactivation, expansion, contraction, churn, closing (company's currency),
            churn_rate, net_churn_rate, nrr, grr, logo_churn_rate (percent), customers_opening, customers_lost,
            customers_closing, is_partial; empty when the company had no recurring revenue then
        """
        first = fields.Date.start_of(month, "month")
        row = self.search([("company_id", "=", company.id), ("month", "=", first)])
        counts = ("customers_opening", "customers_lost", "customers_closing", "is_partial")
        return {name: row[name] for name in ("opening", *PARTS, "closing", *RATES, *counts)} if row else {}

    # === GROUPS === #

    def _read_group_select(self, aggregate_spec, query):
        """Rates of a group are those of its sums; its months begin with the first of them and end with the last."""
        name, _colon, how = aggregate_spec.partition(":")
        if how == "avg" and name in RATIOS:
            parts, whole = RATIOS[name]
            top = SQL(" + ").join(SQL("%s * SUM(%s)", sign, self._column(part, query)) for part, sign in parts.items())
            return SQL("100.0 * (%s) / NULLIF(SUM(%s), 0)", top, self._column(whole, query))
        if how == "sum" and name in ("opening", "closing"):
            ends = self.env["cobranca.mrr.report"]._get_at_end
            return ends(self._column("month", query), self._column(name, query), name == "opening")
        return super()._read_group_select(aggregate_spec, query)

    def _column(self, name, query):
        return self._field_to_sql(self._table, name, query)
