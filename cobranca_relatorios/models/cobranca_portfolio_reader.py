from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools.aging import STARTS

ZERO = Decimal(0)
# How far back sales are read, which the count-back looks for.
SALES_MONTHS = 36
# All that depends on what was open, on a day and at the end of the month before, in one pass over the ledger. Both are
# put side by side by grouping: joined, PostgreSQL might loop over what it knows no size of.
POSITION = """
    WITH before AS MATERIALIZED (SELECT id, open, due, today FROM (%(before)s) title),
    now AS MATERIALIZED (%(now)s),
    new AS MATERIALIZED (
        SELECT id, partner_id, agreement_id, open, today - due AS late,
               WIDTH_BUCKET(today - due, %(starts)s)::text AS band
          FROM now
         WHERE open > 0
    ),
    rolling AS (
        SELECT MAX(old_band) AS old_band, MAX(new_band) AS new_band, SUM(old_open) AS old, SUM(new_open) AS new
          FROM (
            SELECT id, WIDTH_BUCKET(today - due, %(starts)s)::text AS old_band, NULL AS new_band,
                   open AS old_open, 0 AS new_open
              FROM before
             WHERE open > 0
             UNION ALL
            SELECT id, NULL, band, 0, open FROM new
          ) either
         GROUP BY id
    ),
    rolled AS (
        SELECT old_band AS start, new_band AS stop, LEAST(new, old) AS amount FROM rolling WHERE old > 0 AND new > 0
         UNION ALL
        SELECT old_band, 'paid', old - new FROM rolling WHERE old > new
         UNION ALL
        SELECT 'new', new_band, new - old FROM rolling WHERE new > old
    )
    SELECT 'due' AS part, band AS start, NULL AS stop, SUM(open) AS amount, COUNT(*) AS titles,
           COUNT(DISTINCT partner_id) AS partners
      FROM new GROUP BY band
     UNION ALL
    SELECT 'original', WIDTH_BUCKET(today - original_due, %(starts)s)::text, NULL, SUM(open), COUNT(DISTINCT id),
           COUNT(DISTINCT partner_id)
      FROM (%(aged)s) aged WHERE open > 0 GROUP BY 2
     UNION ALL
    SELECT 'roll', start, stop, SUM(amount), COUNT(*), NULL FROM rolled GROUP BY start, stop
     UNION ALL
    SELECT 'delay', NULL, NULL, COALESCE(SUM(open * late), 0), NULL, COUNT(DISTINCT partner_id) FROM new WHERE late > 0
     UNION ALL
    SELECT 'credit', NULL, NULL, COALESCE(SUM(open), 0), NULL, NULL FROM now WHERE open < 0
     UNION ALL
    SELECT 'before', NULL, NULL, COALESCE(SUM(open), 0), NULL, NULL FROM before
     UNION ALL
    SELECT 'agreement', NULL, NULL, NULL, COUNT(*),
           COUNT(*) FILTER (
               WHERE agreement.id NOT IN (SELECT agreement_id FROM new WHERE late > 0 AND agreement_id IS NOT NULL)
           )
      FROM cobranca_agreement agreement
     WHERE agreement.company_id = %(company)s AND agreement.date <= %(day)s
       AND (agreement.ended_on IS NULL OR agreement.ended_on > %(day)s)
       AND (agreement.paid_on IS NULL OR agreement.paid_on > %(day)s)
       AND NOT EXISTS (
        SELECT FROM cobranca_agreement later
         WHERE later.parent_id = agreement.id AND later.date <= %(day)s
           AND (later.ended_on IS NULL OR later.ended_on > %(day)s)
       )
"""
# Lines and not totals of invoices: what is no receivable of customers (taxes to be recovered, the till) is no sale.
SALES = """
    WITH day AS (%(days)s)
    SELECT DATE_TRUNC('month', line.date)::date, SUM(line.balance),
           SUM(line.balance) FILTER (WHERE line.date > %(since)s)
      FROM account_move_line line
      JOIN day ON day.company_id = line.company_id
     WHERE %(counts)s
       AND line.date >= %(first)s
       AND line.display_type = 'payment_term'
       AND line.move_id NOT IN (SELECT id FROM account_move WHERE cobranca_agreement_role = 'document')
     GROUP BY 1
"""
BALANCE = """
    WITH day AS (%(days)s)
    SELECT COALESCE(SUM(line.balance), 0)
      FROM account_move_line line
      JOIN day ON day.company_id = line.company_id
     WHERE %(counts)s
"""
# Invoices and installments that were paid in the month, as the behavior of payers knows them. The money of a broken
# agreement paid the debts behind it and not its installments.
PAID = """
    WITH day AS (%(days)s),
    lines AS MATERIALIZED (
        SELECT line.id
          FROM account_move_line line
          JOIN day ON day.company_id = line.company_id
          JOIN account_move move ON move.id = line.move_id
         WHERE %(counts)s
           AND line.balance > 0
           AND line.display_type = 'payment_term'
           AND move.move_type IN ('out_invoice', 'out_receipt')
           AND NOT EXISTS (
            SELECT FROM cobranca_agreement_installment item
              JOIN cobranca_agreement agreement ON agreement.id = item.agreement_id
             WHERE item.line_id = line.id AND agreement.ended_on IS NOT NULL
           )
           AND line.id IN (
            SELECT partial.debit_move_id
              FROM account_partial_reconcile partial
             WHERE partial.company_id = %(company)s AND partial.max_date BETWEEN %(first)s AND %(day)s
             UNION
            SELECT partial.debit_move_id
              FROM account_move_line credit
              JOIN account_partial_reconcile partial ON partial.credit_move_id = credit.id
             WHERE credit.company_id = %(company)s AND credit.cobranca_paid_on BETWEEN %(first)s AND %(day)s
           )
    ),
    payments AS (%(payments)s)
    SELECT COALESCE(SUM(amount), 0),
           COALESCE(SUM(amount * delay), 0),
           COALESCE(SUM(amount) FILTER (WHERE delay > 0), 0),
           COALESCE(SUM(amount * delay) FILTER (WHERE delay > 0), 0),
           COUNT(*) FILTER (WHERE delay > 0),
           COALESCE(SUM(delay) FILTER (WHERE delay > 0), 0)
      FROM (
        SELECT payments.amount, payments.day - COALESCE(line.date_maturity, line.date) AS delay
          FROM payments
          JOIN account_move_line line ON line.id = payments.line_id
         WHERE payments.day BETWEEN %(first)s AND %(day)s
      ) paid
"""


class CobrancaPortfolioReader(models.AbstractModel):
    """What a monthly position reads of the ledger."""

    _name = "cobranca.portfolio.reader"
    _description = "Ledger of a Monthly Position"

    # === BUSINESS METHODS === #

    @api.model
    def _read_parts(self, company, day):
        """{(part, band, next band): (Decimal amount, titles, customers)}"""
        Ledger = self.env["cobranca.report.ledger"]
        query = SQL(
            POSITION,
            before=Ledger._get_owed_query(company, day.replace(day=1) - timedelta(days=1)),
            now=Ledger._get_owed_query(company, day),
            aged=Ledger._divide(SQL("SELECT * FROM now")),
            starts=list(STARTS),
            company=company.id,
            day=day,
        )
        return {
            (part, start, stop): (self._to_decimal(amount), titles or 0, partners or 0)
            for part, start, stop, amount, titles, partners in self.env.execute_query(query)
        }

    @api.model
    def _read_sales(self, company, day):
        """Sales by month.

        :return: ({first day of the month: Decimal}, Decimal of the three months up to this day)
        """
        since = self._get_quarter_start(day)
        first = day.replace(day=1) - relativedelta(months=SALES_MONTHS - 1)
        query = SQL(SALES, **self._get_counted(company, day), since=since, first=first)
        rows = [(month, *map(self._to_decimal, sums)) for month, *sums in self.env.execute_query(query)]
        return {month: amount for month, amount, _part in rows}, sum((part for _month, _amount, part in rows), ZERO)

    @api.model
    def _read_balance(self, company, day):
        """The balance of the receivable accounts, as the general ledger has it.

        :return: Decimal
        """
        [(balance,)] = self.env.execute_query(SQL(BALANCE, **self._get_counted(company, day)))
        return self._to_decimal(balance)

    @api.model
    def _read_paid(self, company, day, first=None):
        """What was paid in the month until a day.

        :param date first: the day from which on, when it is not the first one of the month
        :return: list of Decimal: paid, paid x days after the due date, the same two of what was paid late, number of
            late payments, sum of their days
        """
        counted = self._get_counted(company, day)
        query = SQL(
            PAID,
            **counted,
            company=company.id,
            day=day,
            first=first or day.replace(day=1),
            payments=self.env["cobranca.behavior.figures"]._get_payments_query(),
        )
        [row] = self.env.execute_query(query)
        return list(map(self._to_decimal, row))

    # --- helpers ---

    @api.model
    def _get_counted(self, company, day):
        """The lines that count, as parts of a query."""
        return self.env["cobranca.report.ledger"]._get_counted(company, day)

    @api.model
    def _get_quarter_start(self, day):
        """The day before the three months that end with a day."""
        return day + timedelta(days=1) - relativedelta(months=3) - timedelta(days=1)

    @api.model
    def _to_decimal(self, number):
        return Decimal(str(number or 0))
