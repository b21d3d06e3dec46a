from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.aging import BANDS, STARTS

# Where each band of amounts begins, in the currency of the company.
AMOUNT_STARTS = (100, 500, 1000, 5000, 20000)
AMOUNT_BANDS = [
    ("0", "Below 100"),
    ("1", "100 to 499"),
    ("2", "500 to 999"),
    ("3", "1,000 to 4,999"),
    ("4", "5,000 to 19,999"),
    ("5", "20,000 and more"),
]
DELAY_BANDS = [("0", "On time"), *BANDS[1:]]
# Of fewer debts a correlation says nothing.
LEAST = 30
# Payments of a debt agree in all but their day: whichever of them says the rest.
DELAYS = """
    SELECT debt.id, debt.company_id, debt.currency_id, debt.move_id, debt.partner_id, debt.due, debt.paid_on,
           debt.amount, 1 AS title_count, behavior.segment_id,
           GREATEST(debt.paid_on - debt.due, 0) AS delay,
           GREATEST(debt.paid_on - debt.due, 0)::float8 AS delay_median,
           WIDTH_BUCKET(debt.amount::float8, %(amounts)s::float8[])::text AS amount_band,
           WIDTH_BUCKET(GREATEST(debt.paid_on - debt.due, 0), %(starts)s)::text AS band
      FROM (
        SELECT paid.line_id AS id, MAX(paid.company_id) AS company_id, MAX(paid.currency_id) AS currency_id,
               MAX(paid.move_id) AS move_id, MAX(paid.partner_id) AS partner_id, MAX(paid.due) AS due,
               MAX(paid.title_amount) AS amount, MAX(paid.paid_on) AS paid_on
          FROM (%(payments)s) paid
         GROUP BY paid.line_id
      ) debt
      LEFT JOIN cobranca_behavior behavior
        ON behavior.company_id = debt.company_id AND behavior.partner_id = debt.partner_id
"""
# Equal values share the mean of their ranks: half of the first one and the last one, which is how many are not larger.
# Plain floats are sorted, which is quicker than what is turned into them.
RELATION = """
    SELECT ranked.part, COUNT(*), CORR(ranked.amount, ranked.delay), CORR(ranked.amount_rank, ranked.delay_rank)
      FROM (
        SELECT pair.part, pair.amount, pair.delay,
               (RANK() OVER amounts + COUNT(*) OVER amounts) / 2.0::float8 AS amount_rank,
               (RANK() OVER delays + COUNT(*) OVER delays) / 2.0::float8 AS delay_rank
          FROM (
            SELECT debt.%(by)s AS part, debt.amount::float8 AS amount, debt.delay::float8 AS delay
              FROM (%(debts)s) debt
             WHERE debt.company_id = %(company)s AND debt.due >= %(since)s
          ) pair
        WINDOW amounts AS (PARTITION BY pair.part ORDER BY pair.amount),
               delays AS (PARTITION BY pair.part ORDER BY pair.delay)
      ) ranked
     GROUP BY ranked.part
"""
# All that the page shows from one reading of the ledger: each pair of bands, each band of amounts, and the relation.
GLANCE = """
    WITH debt AS MATERIALIZED (
        SELECT debt.company_id, debt.due, debt.amount, debt.delay, debt.delay_median, debt.amount_band, debt.band
          FROM (%(debts)s) debt
    )
    SELECT debt.amount_band, debt.band, COUNT(*), PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY debt.delay_median),
           NULL::float8
      FROM debt
     WHERE debt.company_id = %(company)s AND debt.due >= %(since)s
     GROUP BY GROUPING SETS ((debt.amount_band, debt.band), (debt.amount_band))
     UNION ALL
    SELECT NULL, NULL, relation.count, relation.pearson, relation.spearman
      FROM (%(relation)s) relation (part, count, pearson, spearman)
"""


class Relation(NamedTuple):
    """How amount and delay go together; None where that cannot be said.

    :param int count: of debts
    :param float pearson: -1 to 1, of the values
    :param float spearman: -1 to 1, of the ranks
    """

    count: int
    pearson: float | None = None
    spearman: float | None = None


class CobrancaDelayReport(models.Model):
    """Are large debts paid later? One row for each debt that money came for."""

    _name = "cobranca.delay.report"
    _description = "Amount and Delay"
    _auto = False
    _order = "due desc, id desc"
    _rec_name = "move_id"
    _depends = {
        "account.move.line": ["balance", "date_maturity", "parent_state", "account_id", "cobranca_paid_on"],
        "account.partial.reconcile": ["amount", "max_date", "debit_move_id", "credit_move_id"],
        "cobranca.agreement": ["state"],
        "cobranca.agreement.installment": ["line_id"],
        "cobranca.behavior": ["segment_id"],
    }

    move_id = fields.Many2one(comodel_name="account.move", string="Invoice", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    segment_id = fields.Many2one(comodel_name="cobranca.payer.segment", string="Kind of payer", readonly=True)
    due = fields.Date(string="Due date", readonly=True)
    paid_on = fields.Date(string="Last paid on", readonly=True)
    amount = fields.Monetary(string="Amount of the debt", readonly=True, help="Whatever was paid of it.")
    title_count = fields.Integer(string="Debts", readonly=True)
    amount_band = fields.Selection(selection=AMOUNT_BANDS, string="Amount", readonly=True)
    band = fields.Selection(selection=DELAY_BANDS, string="Delay", readonly=True)
    delay = fields.Integer(
        string="Days late", readonly=True, aggregator="avg", help="Of the last payment; early counts as on time."
    )
    delay_median = fields.Float(
        string="Median delay (days)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Half of the debts were paid within so many days; a few very late ones do not move it.",
    )

    @property
    def _table_query(self):
        return SQL(
            DELAYS,
            payments=self.env["cobranca.payment.ledger"]._get_payments_query(),
            amounts=list(AMOUNT_STARTS),
            starts=list(STARTS),
        )

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec != "delay_median:avg":
            return super()._read_group_select(aggregate_spec, query)
        delay = self._field_to_sql(self._table, "delay_median", query)
        return SQL("PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %s)", delay)

    # === ACTIONS === #

    def action_open_move(self):
        """Open the invoice behind a figure."""
        self.ensure_one()
        return self.move_id.get_formview_action()

    # === BUSINESS METHODS === #

    @api.model
    def _get_relations(self, company, since, by="company_id"):
        """Do large debts come later? Of values (Pearson) and of ranks (Spearman).

        :param company: res.company
        :param date since: due date of the first debts
        :param str by: field of this report whose values are looked at one by one: company, customer, kind of payer
        :return: {id: Relation}; without figures below 30 debts, or where all amounts or all delays are the same
        """
        query = SQL(RELATION, debts=self._get_debts(company), company=company.id, since=since, by=SQL.identifier(by))
        return {part: self._make_relation(*figures) for part, *figures in self.env.execute_query(query)}

    @api.model
    def _get_glance(self, company, since):
        """Bands of amounts against bands of delay, and the relation, of the debts of a company.

        :param company: res.company
        :param date since: due date of the first debts
        :return: ({(amount_band, band): count}, {amount_band: (count, median delay in days)}, Relation)
        """
        query = {"company": company.id, "since": since}
        relation = SQL(RELATION, debts=SQL("SELECT * FROM debt"), by=SQL.identifier("company_id"), **query)
        rows = self.env.execute_query(SQL(GLANCE, debts=self._get_debts(company), relation=relation, **query))
        cells = {(amount, band): count for amount, band, count, *_figures in rows if band}
        totals = {amount: (count, median) for amount, band, count, median, _none in rows if amount and not band}
        relations = [self._make_relation(*figures) for amount, _band, *figures in rows if not amount]
        return cells, totals, relations[0] if relations else Relation(0)

    def _get_debts(self, company):
        self.check_access("read")
        self.env.flush_all()
        return self.with_context(allowed_company_ids=company.ids)._table_query

    def _make_relation(self, count, *figures):
        return Relation(count, *(figures if count >= LEAST else ()))
