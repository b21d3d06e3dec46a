from collections import defaultdict
from datetime import date as Date
from datetime import timedelta
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..tools import calendar, identification
from ..tools.debt import MIXED, NOTHING, Book, Debt, Owed
from ..tools.late_charges import Event

# Discounts and losses are in the books, as credits on the line itself.
CHARGES = ("fine", "interest", "correction")
BEGINNING = Date.min


class CobrancaDebtReader(models.AbstractModel):
    """What customer lines amount to on any day, many at a time and without a change of anything.

    The books say what is open of the invoice: each payment and credit by its own date. Fine, interest
    and correction are computed from that, less what of them was paid or waived.
    """

    _name = "cobranca.debt.reader"
    _inherit = ["cobranca.debt.rows"]
    _description = "Reader of Debts"

    # === BUSINESS METHODS === #

    def _cobranca_get_debts(self, date):
        """What each line amounts to on a day.

        :param date date: in the past or in the future; payments of later days play no part
        :return: {line: tools.late_charges.Charges}, in the company's currency; zeros for credits and
            for lines that were booked later
        """
        return {line: debt.charges for line, debt in self._cobranca_read_debts(date).items()}

    def _cobranca_read_terms(self):
        """What does not depend on a day, for who reads these lines for several: see `_cobranca_read_debts`.

        :return: (list of DebtRow, ids of cobranca.charge.policy.version), in the order of the lines
        """
        rows = self._cobranca_get_debt_rows()
        return rows, self._cobranca_get_versions(rows)

    def _cobranca_read_debts(self, date, terms=None):
        """The same with what explains it.

        :param date date: of all figures
        :param terms: of these lines, where they were just read
        :return: {line: tools.debt.Debt}
        """
        rows, versions = terms or self._cobranca_read_terms()
        events = self._cobranca_get_debt_events(date)
        book = self._cobranca_get_book(rows, versions, date)
        customers = {(row.document, row.is_company) for row in rows}
        consumers = {customer: identification.is_consumer(*customer) for customer in customers}
        debts = {}
        for line, row, version in zip(self, rows, versions, strict=True):
            principal = Decimal(row.balance)
            if row.date > date or principal <= 0:
                debts[line] = Debt(NOTHING, row.due)
                continue
            is_consumer = consumers[row.document, row.is_company]
            owed = Owed(principal, row.due, version, row.company_id, is_consumer, row.is_home)
            debt = debts[line] = book.debt(owed, events.get(line.id, ()))
            if row.is_mixed and (debt.charges.charges or debt.discount):
                debts[line] = debt._replace(remarks=(*debt.remarks, (MIXED, "")))
        return debts

    @api.model
    def _cobranca_get_settled_charges(self, lines, date):
        """Charges of lines that were paid or waived until a day; overridden where they are booked.

        :param lines: account.move.line
        :param date date: later ones do not count
        :return: {line: [(date, "fine" | "interest" | "correction", amount)]}
        """
        return {}

    def _cobranca_get_policies(self, date=None):
        """The terms by which each line is charged: of the customer, else of the contract, else of the company.

        Always the policy that they had, and its terms, on the day of the invoice: what was said does not
        change. Contracts on one invoice with different policies leave it to the company's.

        :param date date: not needed for that; here for addons whose policies end
        :return: {line: cobranca.charge.policy.version}, an empty one where there is no policy
        """
        Version = self.env["cobranca.charge.policy.version"]
        versions = self._cobranca_get_versions(self._cobranca_get_debt_rows())
        return {line: Version.browse(version) for line, version in zip(self, versions, strict=True)}

    # --- events ---

    def _cobranca_get_debt_events(self, date):
        """Payments, credits and settled charges until a day.

        :return: {id of the line: list of tools.late_charges.Event}
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT paid.line_id, paid.day, SUM(paid.amount)::text
                  FROM (%s) paid
                 WHERE paid.day <= %s
                 GROUP BY paid.line_id, paid.day
                """,
                self._cobranca_get_paid_query(),
                date,
            )
        )
        events = defaultdict(list)
        for line_id, day, amount in rows:
            events[line_id].append(Event(day, Decimal(amount), "principal"))
        for line, settled in self._cobranca_get_settled_charges(self, date).items():
            for day, kind, amount in settled:
                if kind in CHARGES:
                    events[line.id].append(Event(day, Decimal(str(amount)), kind))
        return events

    def _cobranca_get_paid_query(self):
        """What was paid and credited of these lines, and when; overridden where money was there before its entry.

        :return: SQL of rows (line_id, credit_id, day, amount)
        """
        return SQL(
            """
            SELECT debit_move_id AS line_id, credit_move_id AS credit_id, max_date AS day, amount
              FROM account_partial_reconcile
             WHERE debit_move_id = ANY(%s)
            """,
            list(self.ids),
        )

    # --- terms ---

    @api.model
    def _cobranca_get_versions(self, rows):
        """The id of the terms of each row; False where there are none.

        :param rows: list of DebtRow
        """
        wanted = {row.policy_id for row in rows if row.policy_id}
        # sudo: who may see an invoice may know what it costs; the terms themselves do not go out
        policies = self.env["cobranca.charge.policy"].sudo().browse(wanted).exists()
        starts = {
            policy.id: sorted((version.date_from or BEGINNING, version.id) for version in policy.version_ids)[::-1]
            for policy in policies
        }
        return [
            next((version for start, version in starts.get(row.policy_id, ()) if start <= row.invoice_date), False)
            for row in rows
        ]

    @api.model
    def _cobranca_get_book(self, rows, versions, date):
        """The terms of all these rows.

        :return: tools.debt.Book
        """
        # sudo: as above, and the published figures of the indices with them
        used = self.env["cobranca.charge.policy.version"].sudo().browse(filter(None, set(versions)))
        first = min((row.due for row in rows), default=date)
        # A due date is moved to a later day, which may be one of the next year.
        last = max((row.due for row in rows), default=date) + timedelta(days=calendar.LONGEST_CLOSURE)
        Holiday = self.env["cobranca.holiday"]
        companies = self.env["res.company"].browse({row.company_id for row in rows})
        return Book(
            day=date,
            agreed={version.id: version._get_terms() for version in used},
            holidays={company.id: Holiday._get_holidays(company, first, last) for company in companies},
        )
