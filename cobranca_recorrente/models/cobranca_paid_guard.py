from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import paid
from ..tools.calendar import LONGEST_CLOSURE

# Statements of so many days back tell that a company imports them.
STATEMENT_DAYS = 60
# A transfer that was announced online and did not come by then holds nothing up any more.
PENDING_DAYS = 10
DRAFT_HOURS = 1
# What marks a line as imported, where the addon that imports has such a field.
IMPORT_MARKS = ("unique_import_id", "online_transaction_identifier")
# Of an open amount, in a query over account_move_line: its id, its move, its due date.
OF_LINE = ("line.id", "line.move_id", "COALESCE(line.date_maturity, line.date)")


class CobrancaPaidGuard(models.AbstractModel):
    """Who may have paid is not asked: which late lines wait, and why.

    The expression holds sub-selects without a tie to the row, which PostgreSQL reads once and hashes; no
    joins are needed beside it.
    """

    _name = "cobranca.paid.guard"
    _inherit = ["cobranca.paid.credit", "cobranca.paid.words"]
    _description = "Never Ask Who Has Paid"

    # === BUSINESS METHODS === #

    @api.model
    def _get_wait_case(self, company, date, partners=None, of=OF_LINE):
        """Why a line waits on a day, as an expression for the query of open lines.

        It changes nothing. Lines that are not late on that day have no reason to wait.

        :param company: res.company
        :param date date: of the run
        :param partners: res.partner, when all lines of the query are of these debtors: a few are looked at faster
        :param of: columns of the query that hold a line's id, its move and its due date
        :return: SQL that is NULL, 'probably_paid', 'stale_statement' or 'pending_payment', the first that applies
        """
        self._flush_credits()
        self.env["payment.transaction"].flush_model()
        line, move, due = map(SQL, of)
        covered = self._get_newest_covered_due(company, date)
        return SQL(
            """
            CASE WHEN %(due)s > %(late)s THEN NULL
                 WHEN %(line)s IN (SELECT fit.line_id FROM (%(fits)s) fit) THEN 'probably_paid'
                 WHEN %(stale)s THEN 'stale_statement'
                 WHEN %(move)s IN (%(pending)s) OR %(line)s IN (%(quoted)s) THEN 'pending_payment'
            END
            """,
            line=line,
            move=move,
            due=due,
            late=self._get_newest_late_due(company, date),
            fits=self._get_fits_query(company, date, partners),
            stale=SQL("FALSE") if covered is None else SQL("%s > %s", due, covered),
            pending=self._get_pending_query(),
            quoted=self._get_quoted_query(),
        )

    # --- days ---

    @api.model
    def _get_newest_late_due(self, company, date):
        """The newest due date that is late on a day.

        :return: date
        """
        return paid.newest_late_due(date, self._get_days_off(company, date))

    @api.model
    def _get_newest_covered_due(self, company, date):
        """Up to which due date the statements tell whether it was paid.

        :return: date; None where no statement is waited for
        """
        rules = company.sudo()  # sudo: a setting of the company, whoever looks at a debt
        if rules.cobranca_statement_guard == "never":
            return None
        last = self._get_last_imported_day(company, date)
        if not last:
            return fields.Date.to_date("1900-01-01") if rules.cobranca_statement_guard == "always" else None
        return paid.newest_covered_due(last, rules.cobranca_statement_days, self._get_days_off(company, last))

    @api.model
    def _get_days_off(self, company, day):
        """Holidays before a day, as far back as these rules look."""
        return self.env["cobranca.holiday"]._get_holidays(company, day - timedelta(days=3 * LONGEST_CLOSURE), day)

    @api.model
    def _get_last_imported_day(self, company, date):
        """Up to which day the statements of the accounts on which customers pay are imported.

        Where no account shows a customer, all that receive money count. Overridden where bank returns come.

        :return: date, or None when nothing was imported within 60 days of the run
        """
        Line = self.env["account.bank.statement.line"]
        Line.flush_model()
        marks = [SQL("st.statement_id IS NOT NULL")]
        marks += [SQL("%s IS NOT NULL", SQL.identifier("st", name)) for name in IMPORT_MARKS if name in Line._fields]
        [[of_customers, of_all]] = self.env.execute_query(
            SQL(
                """
                SELECT MAX(last) FILTER (WHERE has_customers), MAX(last)
                  FROM (
                    SELECT MAX(entry.date) AS last, BOOL_OR(st.amount > 0) AS has_money,
                           BOOL_OR(st.amount > 0 AND payer.customer_rank > 0) AS has_customers
                      FROM account_bank_statement_line st
                      JOIN account_move entry ON entry.id = st.move_id AND entry.state <> 'cancel'
                      JOIN account_journal journal ON journal.id = st.journal_id AND journal.type = 'bank'
                      LEFT JOIN res_partner payer ON payer.id = st.partner_id
                     WHERE st.company_id = %s AND st.internal_index >= %s AND (%s)
                     GROUP BY st.journal_id
                  ) account
                 WHERE has_money
                """,
                company.id,
                (date - timedelta(days=STATEMENT_DAYS)).strftime("%Y%m%d"),
                SQL(" OR ").join(marks),
            )
        )
        return of_customers or of_all

    # --- payments online ---

    @api.model
    def _get_pending_query(self):
        """Invoices that somebody pays online at this moment, or paid and nobody booked it yet.

        :return: SQL of their ids
        """
        return SQL("SELECT paying.invoice_id FROM (%s) paying", self._get_paying_query())

    @api.model
    def _get_quoted_query(self):
        """Open amounts that are being paid online at this moment, those on no invoice among them.

        :return: SQL of their ids
        """
        return SQL("SELECT quoted.line_id FROM (%s) quoted", self._get_paying_lines_query())

    @api.model
    def _get_paying_lines_query(self):
        return SQL(
            """
            SELECT chosen.line_id, tx.id AS transaction_id, tx.state, tx.last_state_change, tx.create_date
              FROM payment_transaction tx
              JOIN cobranca_payment_quote_line chosen ON chosen.quote_id = tx.cobranca_quote_id
             WHERE %s
            """,
            self._get_paying_condition(),
        )

    @api.model
    def _get_paying_query(self):
        return SQL(
            """
            SELECT rel.invoice_id, tx.id AS transaction_id, tx.state, tx.last_state_change, tx.create_date
              FROM account_invoice_transaction_rel rel
              JOIN payment_transaction tx ON tx.id = rel.transaction_id
             WHERE %s
            """,
            self._get_paying_condition(),
        )

    @api.model
    def _get_paying_condition(self):
        """Which rows `tx` of payment_transaction are payments under way, or paid and not booked yet."""
        now = fields.Datetime.now()
        return SQL(
            """
            tx.operation IS DISTINCT FROM 'refund' AND tx.operation IS DISTINCT FROM 'validation'
            AND tx.amount > 0
            AND (tx.state = 'authorized'
                 OR tx.state = 'pending' AND COALESCE(tx.last_state_change, tx.create_date) >= %(pending)s
                 OR tx.state = 'done' AND tx.is_post_processed IS NOT TRUE
                 OR tx.state = 'draft' AND tx.create_date >= %(draft)s)
            """,
            pending=now - timedelta(days=PENDING_DAYS),
            draft=now - timedelta(hours=DRAFT_HOURS),
        )
