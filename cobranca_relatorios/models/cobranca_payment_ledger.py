from odoo import api, fields, models
from odoo.tools import SQL

# A debt of a customer: a receivable line of an invoice. What till and taxes are owed is none.
TITLE = """
    line.parent_state = 'posted' AND line.display_type = 'payment_term' AND line.balance > 0
    AND line.account_id <> day.till_account_id AND line.account_id = ANY(ARRAY(
        SELECT id FROM account_account WHERE account_type = 'asset_receivable' AND non_trade IS NOT TRUE
    ))
    AND move.move_type IN ('out_invoice', 'out_receipt') AND move.commercial_partner_id IS NOT NULL
"""
# Money of a broken agreement paid its debts and not its installments, on the day on which it came.
# Payments and debts apart, and only then joined: what these conditions leave cannot be foreseen, and PostgreSQL would
# take few rows for granted and look the others up one by one.
PAYMENTS = """
    WITH day AS (%(days)s),
    paid AS MATERIALIZED (
        SELECT partial.id, partial.debit_move_id AS line_id, partial.amount,
               COALESCE(credit.cobranca_paid_on, partial.max_date) AS paid_on,
               credit.id AS credit_id, credit.move_id AS credit_move_id, credit.journal_id, credit.payment_id,
               credit.cobranca_paid_on IS NOT NULL AS is_broken
          FROM day
          JOIN account_partial_reconcile partial ON partial.company_id = day.company_id
          JOIN account_move_line credit ON credit.id = partial.credit_move_id
         WHERE partial.max_date >= %(since)s
           AND (credit.cobranca_paid_on IS NOT NULL OR credit.journal_id = ANY(ARRAY(
               SELECT id FROM account_journal WHERE type IN ('bank', 'cash', 'credit')
           )))
    ),
    title AS MATERIALIZED (
        SELECT line.id, line.company_id, company.currency_id, line.move_id, move.commercial_partner_id AS partner_id,
               COALESCE(line.date_maturity, line.date) AS due, line.balance AS amount, day.today
          FROM day
          JOIN res_company company ON company.id = day.company_id
          JOIN account_move_line line ON line.company_id = day.company_id
          JOIN account_move move ON move.id = line.move_id
         WHERE %(title)s
    )
    SELECT paid.id, paid.line_id, title.company_id, title.currency_id, title.move_id, title.partner_id, title.due,
           title.amount AS title_amount, paid.paid_on, paid.amount, paid.credit_id, paid.credit_move_id,
           paid.journal_id, paid.payment_id, paid.is_broken, journal.type AS journal_type, item.agreement_id
      FROM paid
      JOIN title ON title.id = paid.line_id
      LEFT JOIN account_journal journal ON journal.id = paid.journal_id
      LEFT JOIN cobranca_agreement_installment item ON item.line_id = paid.line_id
      LEFT JOIN cobranca_agreement agreement ON agreement.id = item.agreement_id
     WHERE paid.paid_on <= title.today
       AND (agreement.id IS NULL OR agreement.state NOT IN ('broken', 'cancelled'))
"""
# Agreements in force or paid cure no delay: their debts are open as far as their installments are. `weight` is what
# one paid of an installment pays of a debt; an installment that a later agreement took over goes on in that one.
# Apart and joined at last, as above; the fence (OFFSET) keeps a guess about days from making few debts of many.
SETTLED = """
    day AS (%(days)s),
    live AS (
        SELECT agreement.id, SUM(item.amount) AS total
          FROM cobranca_agreement agreement
          JOIN cobranca_agreement_installment item ON item.agreement_id = agreement.id
         WHERE agreement.state NOT IN ('broken', 'cancelled')
         GROUP BY agreement.id
    ),
    part AS (
        SELECT live.id AS agreement_id, origin.line_id, origin.transfer_line_id,
               origin.principal / NULLIF(live.total, 0) AS weight
          FROM live
          JOIN cobranca_agreement_origin origin ON origin.agreement_id = live.id
    ),
    root AS (
        SELECT part.agreement_id, part.line_id, part.weight FROM part
         UNION ALL
        SELECT root.agreement_id, part.line_id, root.weight * part.weight
          FROM root
          JOIN cobranca_agreement_installment item ON item.line_id = root.line_id
          JOIN part ON part.agreement_id = item.agreement_id
    ),
    title AS MATERIALIZED (
        SELECT line.*, DATE_TRUNC('month', line.due)::date AS month
          FROM (
            SELECT line.id, line.company_id, line.balance AS amount, line.date_maturity AS due, day.today
              FROM day
              JOIN account_move_line line ON line.company_id = day.company_id
              JOIN account_move move ON move.id = line.move_id
             WHERE %(title)s
               AND line.date_maturity BETWEEN %(since)s AND %(until)s
               AND move.cobranca_agreement_role IS DISTINCT FROM 'document'
            OFFSET 0
          ) line
         WHERE line.due <= line.today
    ),
    money AS MATERIALIZED (
        SELECT partial.debit_move_id AS line_id, partial.credit_move_id AS credit_id, partial.amount,
               COALESCE(credit.cobranca_paid_on, partial.max_date) AS day
          FROM account_partial_reconcile partial
          JOIN account_move_line credit ON credit.id = partial.credit_move_id
    ),
    pair AS (
        SELECT title.id AS line_id, title.company_id, title.month, title.due, title.id AS paid_id, 1 AS weight
          FROM title
         UNION ALL
        SELECT root.line_id, title.company_id, title.month, title.due, item.line_id, root.weight
          FROM root
          JOIN title ON title.id = root.line_id
          JOIN cobranca_agreement_installment item ON item.agreement_id = root.agreement_id
    ),
    settled AS (
        SELECT pair.line_id, pair.company_id, pair.month, pair.due, money.day, money.amount * pair.weight AS amount
          FROM pair
          JOIN money ON money.line_id = pair.paid_id
         WHERE money.credit_id NOT IN (SELECT part.transfer_line_id FROM part WHERE part.transfer_line_id IS NOT NULL)
    )
"""


class CobrancaPaymentLedger(models.AbstractModel):
    """What customers paid, when, and whether somebody had reminded them."""

    _name = "cobranca.payment.ledger"
    _description = "Payments of the Reports"

    # === BUSINESS METHODS === #

    @api.model
    def _get_title_condition(self):
        """What makes a line a debt of a customer.

        :return: SQL on `line` (account_move_line), `move` (account_move) and `day` (its company's row)
        """
        return SQL(TITLE)

    @api.model
    def _get_payments_query(self, companies=None, since=None):
        """Real money that paid debts of customers, one row for each part of a debt.

        Through journals of banks, tills and cards; credit notes, losses and transfers to agreements are no money.

        :param companies: res.company; those of the user when None
        :param date since: booked on this day or later; all when None
        :return: SQL of rows (id, line_id, company_id, currency_id, move_id, partner_id, due, title_amount, paid_on,
            amount, credit_id, credit_move_id, journal_id, payment_id, is_broken, journal_type, agreement_id)
        """
        return SQL(
            PAYMENTS,
            days=self.env["cobranca.report.ledger"]._get_days_query(companies),
            title=self._get_title_condition(),
            since=since or fields.Date.to_date("1900-01-01"),
        )

    @api.model
    def _get_settled_parts(self, since, until, companies=None):
        """Debts by their due date, and what settled them and when; documents of agreements are no new debts.

        :param date since: due date of the first ones
        :param date until: due date of the last ones; at most each company's today
        :return: SQL, the parts of a WITH RECURSIVE: title (id, company_id, amount, due, today, month) and
            settled (line_id, company_id, month, due, day, amount)
        """
        return SQL(
            SETTLED,
            days=self.env["cobranca.report.ledger"]._get_days_query(companies),
            title=self._get_title_condition(),
            since=since,
            until=until,
        )

    @api.model
    def _get_reminded_query(self, companies=None):
        """The debts of which a customer was reminded, and when first.

        :return: SQL of rows (line_id, reminded_on)
        """
        # sudo: whether somebody reminded, whoever reads the figures
        Figures = self.env["cobranca.behavior.figures"].sudo()
        companies = (companies or self.env.companies).sudo()  # sudo: the time zone of each
        return SQL(" UNION ALL ").join(Figures._get_reminded_query(company) for company in companies)
