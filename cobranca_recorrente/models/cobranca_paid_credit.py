from odoo import api, models
from odoo.tools import SQL

# Money that came so many days before the due date may be for it.
EARLY_DAYS = 30
# Identified money up to this much above the debt is taken for it, with its fine and interest.
MOST = 1.30
CENTS = 2
FLUSHED = (
    *("account.bank.statement.line", "account.move", "account.move.line", "account.payment", "account.account"),
    *("res.partner", "res.partner.bank", "account.journal"),
)
# A CPF or CNPJ in what a bank writes, with or without its points; since 2026 a CNPJ may hold letters.
DOCUMENTS = (
    r"(?<!\d)\d{3}\.?\d{3}\.?\d{3}-?\d{2}(?!\d)",
    r"(?<!\d)\d{2}\.?\d{3}\.?\d{3}/?\d{4}-?\d{2}(?!\d)",
    r"(?<![0-9A-Z])[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}/?[0-9A-Z]{4}-?\d{2}(?![0-9A-Z])",
)

# The open lines that unmatched money fits; see `_get_fits_query`.
FITS = """
WITH credit AS MATERIALIZED (%(credits)s),
-- Hashed by the amount, each with the cents around it.
unknown AS MATERIALIZED (
    SELECT credit.*, ROUND(amount * 100)::bigint + away AS cents
      FROM credit, GENERATE_SERIES(-%(cents)s, %(cents)s) away
     WHERE debtor IS NULL
),
owed AS MATERIALIZED (
    SELECT debt.id, debt.amount_residual AS residual, COALESCE(debt.date_maturity, debt.date) AS due,
           COALESCE(person.commercial_partner_id, person.id) AS debtor,
           ROUND(debt.amount_residual * 100)::bigint AS cents
      FROM account_move_line debt
      JOIN res_partner person ON person.id = debt.partner_id
     -- Asked once, before anything is read: most days no money is unmatched.
     WHERE EXISTS (SELECT 1 FROM credit) AND debt.id IN (
        %(open)s AND %(own)s AND (
            line.partner_id IN (
                SELECT debtor FROM credit WHERE debtor IS NOT NULL
                 UNION ALL
                SELECT people.id
                  FROM credit JOIN res_partner people ON people.commercial_partner_id = credit.debtor
            )
            OR ROUND(line.amount_residual * 100)::bigint IN (SELECT cents FROM unknown)
        )
     )
),
covered AS (
    SELECT owed.id, owed.debtor,
           SUM(owed.residual) OVER (PARTITION BY owed.debtor ORDER BY owed.due, owed.id) AS needed
      FROM owed
     WHERE owed.debtor IN (SELECT debtor FROM credit)
),
pool AS (SELECT debtor, SUM(amount) AS amount FROM credit WHERE debtor IS NOT NULL GROUP BY debtor)
SELECT owed.id AS line_id, credit.source, credit.id AS credit_id, credit.amount, credit.day,
       CASE WHEN ABS(credit.amount - owed.residual) < %(near)s THEN 1 ELSE 2 END AS rank
  FROM owed
  JOIN credit ON credit.debtor = owed.debtor AND credit.day >= owed.due - %(early)s
   AND (credit.is_named OR credit.amount BETWEEN owed.residual - %(near)s AND owed.residual * %(most)s)
 UNION ALL
SELECT owed.id, unknown.source, unknown.id, unknown.amount, unknown.day, 3
  FROM owed
  JOIN unknown ON unknown.cents = owed.cents AND unknown.day >= owed.due - %(early)s
 UNION ALL
SELECT covered.id, 'pool', NULL, pool.amount, NULL, 4
  FROM covered
  JOIN pool ON pool.debtor = covered.debtor AND covered.needed < pool.amount + %(near)s
"""


class CobrancaPaidCredit(models.AbstractModel):
    """Money that came in and is matched with nothing yet, and the open lines that it may be for.

    All of it is sub-selects that depend on nothing around them: PostgreSQL reads each once for a whole run.
    """

    _name = "cobranca.paid.credit"
    _description = "Unmatched Money of Customers"

    # === BUSINESS METHODS === #

    @api.model
    def _flush_credits(self):
        for model in FLUSHED:
            self.env[model].flush_model()

    @api.model
    def _get_fits_query(self, company, date, partners=None):
        """The open lines that unmatched money fits, each with all the money that does.

        - whose it is, is known (by customer, CPF or CNPJ, bank account): from the open amount to 30 % above it;
        - the bank's text names the customer's CPF or CNPJ: any amount;
        - nobody knows whose it is: exactly the open amount, up to two cents;
        - all that is in a customer's favour covers his lines, the oldest first.

        :param partners: res.partner, only the lines of these debtors; None = all
        :return: SQL of rows (line_id, source, credit_id, amount, day, rank), the best fit with the lowest rank
        """
        Line = self.env["account.move.line"]
        return SQL(
            FITS,
            credits=SQL(" UNION ALL ").join(self._get_credit_queries(company, date)),
            open=Line._cobranca_get_open_lines_query(company, date),
            own=self._get_own_condition(partners),
            cents=CENTS,
            # Amounts are in cents: less than two and a half of them is two at most, however a float is written.
            near=(CENTS + 0.5) / 100,
            early=EARLY_DAYS,
            most=MOST,
        )

    @api.model
    def _get_own_condition(self, partners):
        """The lines of some debtors and of their people.

        Their ids are looked up before: only so the lines are found by an index, and not read all.
        """
        if partners is None:
            return SQL("TRUE")
        # sudo: which contacts belong to these customers, no more
        people = self.env["res.partner"].sudo().with_context(active_test=False)
        found = people.search([("commercial_partner_id", "in", partners.ids)], order="id").ids
        return SQL("line.partner_id = ANY(%s)", found)

    @api.model
    def _get_credit_queries(self, company, date):
        """Where unmatched money may be: (source, id, debtor, amount, day, is_named), each as a query.

        Later addons add theirs, such as what a bank's return tells before it is booked.

        :return: list of SQL
        """
        return [
            self._get_statement_query(company),
            self._get_booked_query(company, date),
            self._get_unbooked_query(company),
        ]

    @api.model
    def _get_statement_query(self, company):
        """Lines of bank statements that are not reconciled, in the company's currency."""
        return SQL(
            """
            SELECT 'statement' AS source, st.id, who.id AS debtor, ABS(st.amount_residual)::numeric AS amount,
                   entry.date AS day, COALESCE(who.is_named, FALSE) AS is_named
              FROM account_bank_statement_line st
              JOIN account_move entry ON entry.id = st.move_id AND entry.state <> 'cancel'
              LEFT JOIN LATERAL (
                SELECT known.id, BOOL_OR(known.is_named) AS is_named
                  FROM (%(known)s) known
                 WHERE known.id <> %(own)s
                 GROUP BY known.id
              ) who ON TRUE
             WHERE st.company_id = %(company)s AND st.is_reconciled IS NOT TRUE
               AND st.amount > 0 AND st.amount_residual <> 0
               AND st.foreign_currency_id IS NULL AND st.currency_id = %(currency)s
               -- Somebody said that it is no customer's.
               AND st.cobranca_aside IS NULL
            """,
            company=company.id,
            own=company.sudo().partner_id.id,  # sudo: who the company is, whoever looks at a debt
            currency=company.currency_id.id,
            known=SQL(" UNION ALL ").join(self._get_known_queries()),
        )

    @api.model
    def _get_known_queries(self):
        """Whose the bank line `st` may be, each as a query of (id, is_named): by customer, account, CPF or CNPJ.

        :return: list of SQL
        """
        payer = SQL(
            "SELECT payer.commercial_partner_id AS id, FALSE AS is_named FROM res_partner payer"
            " WHERE payer.id = st.partner_id"
        )
        holder = SQL(
            """
            SELECT holder.commercial_partner_id, FALSE
              FROM res_partner_bank bank
              JOIN res_partner holder ON holder.id = bank.partner_id
             WHERE bank.active AND st.account_number <> ''
               AND bank.sanitized_acc_number = UPPER(REGEXP_REPLACE(st.account_number, '\\W', '', 'g'))
            """
        )
        return [payer, holder, self._get_named_query()]

    @api.model
    def _get_bank_text(self):
        """All that the bank says of the line `st`, entry `entry`, in capital letters."""
        return SQL(
            "UPPER(CONCAT_WS(' ', st.account_number, st.partner_name, st.payment_ref, entry.ref, entry.narration,"
            " st.transaction_details::text))"
        )

    @api.model
    def _get_named_query(self):
        """Customers whose CPF or CNPJ is in a text of the bank line `st`, entry `entry`.

        The number is kept with its points, or as somebody typed it elsewhere; banks fill a CPF up to 14 digits.
        """
        text = self._get_bank_text()
        found = SQL(" UNION ALL ").join(
            SQL("SELECT REGEXP_REPLACE(hit[1], '[^0-9A-Z]', '', 'g') FROM REGEXP_MATCHES(%s, %s, 'g') hit", text, like)
            for like in DOCUMENTS
        )
        return SQL(
            """
            SELECT owner.commercial_partner_id, TRUE
              FROM (%s) raw(digits)
              CROSS JOIN LATERAL (
                SELECT CASE WHEN digits ~ '^000\\d{11}$' THEN RIGHT(digits, 11) ELSE digits END
              ) document(d)
              JOIN res_partner owner ON owner.vat IN (
                d, 'BR' || d,
                CASE WHEN LENGTH(d) = 11
                     THEN CONCAT(LEFT(d, 3), '.', SUBSTR(d, 4, 3), '.', SUBSTR(d, 7, 3), '-', RIGHT(d, 2))
                     ELSE CONCAT(LEFT(d, 2), '.', SUBSTR(d, 3, 3), '.', SUBSTR(d, 6, 3), '/', SUBSTR(d, 9, 4), '-',
                                 RIGHT(d, 2)) END
              )
            """,
            found,
        )

    @api.model
    def _get_booked_query(self, company, date):
        """Payments and credit notes on customers' accounts that are not used yet."""
        Line = self.env["account.move.line"]
        return SQL(
            """
            SELECT 'booked', item.id, COALESCE(person.commercial_partner_id, person.id),
                   -item.amount_residual::numeric, item.date, FALSE
              FROM account_move_line item
              JOIN res_partner person ON person.id = item.partner_id
             WHERE item.id IN (%s AND line.amount_residual < 0)
            """,
            Line._cobranca_get_open_lines_query(company, date, asked=False),
        )

    @api.model
    def _get_unbooked_query(self, company):
        """Payments on their way that are neither booked nor for an invoice.

        Of one that is for an invoice Odoo says so on the invoice, which is then not asked for.
        """
        return SQL(
            """
            SELECT 'payment', payment.id, COALESCE(person.commercial_partner_id, person.id),
                   payment.amount::numeric, payment.date, FALSE
              FROM account_payment payment
              JOIN res_partner person ON person.id = payment.partner_id
             WHERE payment.company_id = %s AND payment.state = 'in_process' AND payment.move_id IS NULL
               AND payment.payment_type = 'inbound' AND payment.partner_type = 'customer'
               AND payment.currency_id = %s
               AND NOT EXISTS (SELECT 1 FROM account_move__account_payment rel WHERE rel.payment_id = payment.id)
            """,
            company.id,
            company.currency_id.id,
        )
