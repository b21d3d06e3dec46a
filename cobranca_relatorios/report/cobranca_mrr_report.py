from odoo import api, fields, models
from odoo.tools import SQL

# A partner and a month in one number that stays below 2^53, which browsers count exactly.
PARTNERS, MONTHS = 2**31, 2**11
DEPENDS = {
    "cobranca.contract": [
        "state",
        "date_start",
        "date_end",
        "renewal",
        "close_reason_id",
        "interval_count",
        "interval_unit",
        "currency_id",
        "commercial_partner_id",
    ],
    "cobranca.contract.line": [
        "quantity",
        "price_unit",
        "discount",
        "date_start",
        "date_end",
        "recurrence",
        "display_type",
    ],
    "cobranca.contract.pause": ["date_start", "date_end"],
}
# What a contract comes to on the last day of each month, rounded as its own screen shows it. A month that is not
# over yet is looked at today. A year of 365.25 days has 12 months; divided last, so that no cent
# is lost. A closed contract held until its end; one that was withdrawn from never did. The fences (OFFSET) let
# PostgreSQL compute the amount of an item once and not in each of its months, and the end of a month once.
CONTRACTS = """
    SELECT term.id AS contract_id, term.company_id, term.partner_id, month.first AS month,
           ROUND(SUM(item.amount) * term.rate * term.years / term.parts, term.company_digits) AS amount
      FROM (
        SELECT contract.id, contract.company_id, contract.commercial_partner_id AS partner_id, contract.date_start,
               day.today, rate.rate, rate.digits, rate.company_digits,
               CASE WHEN contract.state = 'active' AND contract.renewal = 'auto' AND contract.close_reason_id IS NULL
                    THEN day.today ELSE LEAST(contract.date_end, day.today) END AS until,
               CASE WHEN contract.interval_unit IN ('day', 'week') THEN 365.25 ELSE 1 END AS years,
               contract.interval_count * CASE contract.interval_unit
                    WHEN 'day' THEN 12 WHEN 'week' THEN 84 WHEN 'month' THEN 1
                    WHEN 'quarter' THEN 3 WHEN 'semester' THEN 6 ELSE 12 END AS parts
          FROM cobranca_contract contract
          JOIN (%(days)s) day ON day.company_id = contract.company_id
          JOIN unnest(%(companies)s::int[], %(currencies)s::int[], %(rates)s::numeric[], %(digits)s::int[],
                      %(company_digits)s::int[]) AS rate (company_id, currency_id, rate, digits, company_digits)
            ON rate.company_id = contract.company_id AND rate.currency_id = contract.currency_id
         WHERE contract.state = 'active' OR contract.state = 'closed' AND contract.date_end IS NOT NULL
      ) term
     CROSS JOIN LATERAL (
        SELECT line.date_start, line.date_end,
               ROUND(line.quantity * line.price_unit::numeric * (1 - COALESCE(line.discount, 0) / 100), term.digits)
                   AS amount
          FROM cobranca_contract_line line
         WHERE line.contract_id = term.id
           AND line.recurrence = 'recurring'
           AND line.display_type IS NULL
        OFFSET 0
      ) item
     CROSS JOIN LATERAL (
        SELECT month.first::date AS first, LEAST((month.first + interval '1 month')::date - 1, term.today) AS last
          FROM generate_series(
               date_trunc('month', term.date_start::timestamp), term.until::timestamp, '1 month') AS month (first)
        OFFSET 0
      ) month
     WHERE month.last BETWEEN term.date_start AND term.until
       AND COALESCE(item.date_start, month.last) <= month.last
       AND COALESCE(item.date_end, month.last) >= month.last
       AND NOT EXISTS (
            SELECT FROM cobranca_contract_pause pause
             WHERE pause.contract_id = term.id
               AND pause.date_start <= month.last
               AND COALESCE(pause.date_end, month.last) >= month.last)
     GROUP BY term.id, term.company_id, term.partner_id, month.first, term.rate, term.years, term.parts,
              term.company_digits
"""
# Each month end closes one month and opens the next; who has nothing at the next one has lost it.
MOVEMENTS = """
    WITH stand AS MATERIALIZED (
        SELECT company_id, partner_id, month, SUM(amount) AS amount, (month + interval '1 month')::date AS next_month,
               LAG(month) OVER own AS month_before, LAG(SUM(amount)) OVER own AS amount_before,
               LEAD(month) OVER own AS month_after, FIRST_VALUE(month) OVER own AS first
          FROM (%(contracts)s) contract
         GROUP BY company_id, partner_id, month
        HAVING SUM(amount) <> 0
        WINDOW own AS (PARTITION BY company_id, partner_id ORDER BY month)
    )
    SELECT (moved.company_id::bigint * %(partners)s + moved.partner_id) * %(numbers)s
           + (EXTRACT(YEAR FROM moved.month)::int - 1990) * 12 + EXTRACT(MONTH FROM moved.month)::int AS id,
           moved.company_id, company.currency_id, moved.partner_id, moved.month, moved.opening, moved.closing,
           day.today < (moved.month + interval '1 month')::date - 1 AS is_partial,
           CASE WHEN opening = 0 AND month = first THEN closing ELSE 0 END AS new,
           CASE WHEN opening = 0 AND month > first THEN closing ELSE 0 END AS reactivation,
           CASE WHEN opening <> 0 AND closing <> 0 THEN GREATEST(closing - opening, 0) ELSE 0 END AS expansion,
           CASE WHEN opening <> 0 AND closing <> 0 THEN LEAST(closing - opening, 0) ELSE 0 END AS contraction,
           CASE WHEN closing = 0 THEN -opening ELSE 0 END AS churn
      FROM (
        SELECT company_id, partner_id, month, first, amount AS closing,
               CASE WHEN month_before = (month - interval '1 month')::date THEN amount_before ELSE 0 END AS opening
          FROM stand
         UNION ALL
        SELECT company_id, partner_id, next_month, first, 0, amount
          FROM stand
         WHERE month_after IS DISTINCT FROM next_month
      ) moved
      JOIN (%(days)s) day ON day.company_id = moved.company_id AND day.today >= moved.month
      JOIN res_company company ON company.id = moved.company_id
"""
# Of several months: what the first of them began with, and what the last one ended with.
AT_END = """
    (SELECT COALESCE(SUM(ends.amount), 0)
       FROM unnest(ARRAY_AGG(%(month)s), ARRAY_AGG(%(amount)s)) AS ends (month, amount)
      WHERE ends.month = %(which)s)
"""


class CobrancaMrrReport(models.Model):
    """Movements of the monthly recurring revenue, customer by customer and month by month.

    MRR of a month end is what the recurring items of the contracts that hold on that day come to in a month, before
    taxes that are added: see `_get_monthly_amount` of cobranca.contract.
    """

    _name = "cobranca.mrr.report"
    _description = "Movements of Recurring Revenue"
    _auto = False
    _order = "month desc, partner_id, id"
    _rec_name = "partner_id"
    _depends = DEPENDS

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    month = fields.Date(readonly=True)
    is_partial = fields.Boolean(
        string="Running month", readonly=True, help="The month is not over: it is looked at as of today."
    )
    opening = fields.Monetary(
        string="MRR before",
        readonly=True,
        help="At the end of the month before. Of several months: before the first of them.",
    )
    new = fields.Monetary(readonly=True, help="Customers who had no MRR at any month end before.")
    reactivation = fields.Monetary(
        string="Reactivated", readonly=True, help="Customers who had MRR once, but not at the end of the month before."
    )
    expansion = fields.Monetary(
        readonly=True, help="More than a month before: more items, higher prices, readjustments."
    )
    contraction = fields.Monetary(readonly=True, help="Less than a month before, below zero.")
    churn = fields.Monetary(
        string="Lost", readonly=True, help="MRR of customers who have none any more, below zero; a pause counts too."
    )
    closing = fields.Monetary(
        string="MRR",
        readonly=True,
        help="What the recurring items of the contracts that hold on the last day of the month come to in a month, "
        "before taxes that are added. A contract counts from its start, with its days of trial, until its end; one "
        "that renews itself goes on. While it is paused it counts nothing. One that the customer withdrew from never "
        "counts. Another currency is taken at the rate of today, in all months, so that exchange moves nothing; "
        "without a rate it is zero. Of several months: at the end of the last one.",
    )

    @property
    def _table_query(self):
        return self._get_movements_query()

    # === ACTIONS === #

    def action_view_contracts(self):
        """The contracts behind a figure.

        :return: action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_recorrente.cobranca_contract_action")
        domain = [
            ("company_id", "=", self.company_id.id),
            ("commercial_partner_id", "=", self.partner_id.id),
            ("state", "in", ("active", "closed")),
        ]
        return {**action, "domain": domain, "context": {}}

    # === BUSINESS METHODS === #

    @api.model
    def _get_movements_query(self):
        """The movements of the user's companies.

        :return: SQL of the rows of this report
        """
        return SQL(
            MOVEMENTS,
            contracts=self._get_contracts_query(),
            days=self.env["cobranca.report.ledger"]._get_days_query(),
            partners=PARTNERS,
            numbers=MONTHS,
        )

    @api.model
    def _get_contracts_query(self):
        """What each contract of the user's companies comes to in a month, at each month end.

        :return: SQL of rows (contract_id, company_id, partner_id, month, amount), in the company's currency
        """
        rates = self._get_rates_of_today()
        companies, currencies, factors, digits, company_digits = zip(*rates, strict=True) if rates else [()] * 5
        return SQL(
            CONTRACTS,
            days=self.env["cobranca.report.ledger"]._get_days_query(),
            companies=list(companies),
            currencies=list(currencies),
            rates=list(factors),
            digits=list(digits),
            company_digits=list(company_digits),
        )

    @api.model
    def _get_rates_of_today(self):
        """Each currency of contracts in that of its company.

        :return: list of (company id, currency id, factor, decimals of the currency, decimals of the company's)
        """
        Contract = self.env["cobranca.contract"].sudo()  # sudo: which currencies the companies have contracts in
        pairs = Contract._read_group([("company_id", "in", self.env.companies.ids)], ["company_id", "currency_id"])
        Forecast = self.env["cobranca.billing.forecast"].sudo()  # sudo: its rates, which it shows to all its readers
        rows = []
        for company, currency in pairs:
            rate, _gap = Forecast._get_rate(company, currency)
            own = company.currency_id
            rows.append((company.id, currency.id, repr(rate), currency.decimal_places, own.decimal_places))
        return rows

    # === GROUPS === #

    def _read_group_select(self, aggregate_spec, query):
        """Several months begin with the first and end with the last; adding up what they begin with means nothing."""
        if aggregate_spec not in ("opening:sum", "closing:sum"):
            return super()._read_group_select(aggregate_spec, query)
        name = aggregate_spec.partition(":")[0]
        month, amount = (self._field_to_sql(self._table, column, query) for column in ("month", name))
        return self._get_at_end(month, amount, name == "opening")

    @api.model
    def _get_at_end(self, month, amount, is_first):
        """What a group adds up to in the first of its months, or in the last one.

        :param SQL month: column of the month
        :param SQL amount: column of the amount
        :return: SQL of the aggregate
        """
        which = SQL("MIN(%s)", month) if is_first else SQL("MAX(%s)", month)
        return SQL(AT_END, month=month, amount=amount, which=which)
