from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo.tools import SQL

from .agreement_common import (
    DISCOUNT,
    FINANCING,
    FINE,
    INTEREST,
    OUTSTANDING,
    RECEIVABLE,
    UNEARNED,
    AgreementCommon,
)
from .books_oracle import ZERO

OTHER_RECEIVABLE, TAXES = "1.01.02.02.01.01", "2.01.01.09.99"
CODES = {
    "customers": RECEIVABLE,
    "others": OTHER_RECEIVABLE,
    "bank": OUTSTANDING,
    "interest": INTEREST,
    "fine": FINE,
    "financing": FINANCING,
    "discount": DISCOUNT,
    "unearned": UNEARNED,
    "tax": TAXES,
}
# What was open on days of the past, by due dates: partials count from the day of the later item on.
AS_OF = """
    SELECT past.day, item.date_maturity, SUM(item.balance
             - COALESCE((SELECT SUM(paid.amount) FROM account_partial_reconcile paid
                          WHERE paid.debit_move_id = item.id AND paid.max_date <= past.day), 0)
             + COALESCE((SELECT SUM(used.amount) FROM account_partial_reconcile used
                          WHERE used.credit_move_id = item.id AND used.max_date <= past.day), 0))
      FROM account_move_line item
      JOIN account_account account ON account.id = item.account_id AND account.account_type = 'asset_receivable'
      JOIN unnest(%s) past(day) ON item.date <= past.day
     WHERE item.partner_id = %s AND item.parent_state = 'posted'
     GROUP BY past.day, item.date_maturity
"""
# Entries that do not balance, and results that name a partner.
WRONG = """
    SELECT item.move_id
      FROM account_move_line item
      JOIN account_account account ON account.id = item.account_id
      JOIN account_move move ON move.id = item.move_id
     WHERE item.id > %s AND item.company_id = %s
     GROUP BY item.move_id
    HAVING SUM(item.balance) != 0
        OR bool_or(
            move.move_type = 'entry' AND item.partner_id IS NOT NULL AND account.account_type ~ '^(income|expense)'
        )
"""


class LifeChecks(AgreementCommon):
    """That Odoo's books say what the second set of books says."""

    def check(self):
        self.env.flush_all()
        self.oracle.follow()
        self.check_accounts()
        self.check_open_items()
        self.check_charges()
        self.check_agreements()
        self.check_past()

    def check_accounts(self):
        """Each account to the cent, and nothing lost: received + open + conceded = original + charges."""
        codes = {**CODES, "revenue": self.company.cobranca_service_account_id.code}
        totals = {codes[name]: amount for name, amount in self.oracle.totals().items()}
        books = {code: cents(balance) for code, balance in self.books().items()}
        self.assertEqual(books, totals)
        self.env.cr.execute(WRONG, [self.before, self.company.id])
        self.assertEqual(self.env.cr.fetchall(), [], "entries that are not right")
        transit = self.env["account.move.line"].search(
            [("account_id", "=", self.company.cobranca_transit_account_id.id), ("id", ">", self.before)]
        )
        self.assertTrue(all(transit.mapped("reconciled")), "something stays on the transit account")
        opened = sum(amount for _account, _due, amount in self.odoo_items())
        original = -books.get(codes["revenue"], ZERO) - books.get(TAXES, ZERO)
        charges = -sum(books.get(CODES[name], ZERO) for name in ("interest", "fine", "financing", "unearned"))
        received, conceded = books.get(OUTSTANDING, ZERO), books.get(DISCOUNT, ZERO)
        self.assertEqual(received + opened + conceded, original + charges)

    def odoo_items(self):
        items = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.customer.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
        return sorted((item.account_id.code, item.date_maturity, cents(item.amount_residual)) for item in items)

    def check_open_items(self):
        wanted = [(CODES[account], due, amount) for account, due, amount in self.oracle.open_items()]
        self.assertEqual(self.odoo_items(), sorted(wanted))
        for debt, line in self.lines.items():
            self.assertEqual(cents(line.amount_residual), debt.open, line.display_name)
            self.assertEqual(line.reconciled, not debt.open, line.display_name)

    def check_charges(self):
        """What open debts cost today, and in a month; what stayed of the charges of those that are paid."""
        lines = self.env["account.move.line"].union(*self.lines.values())
        for day in (self.day, self.day + timedelta(days=31)):
            found = lines._cobranca_read_debts(day)
            for debt, line in self.lines.items():
                if debt.open:
                    self.assertEqual(found[line].charges._asdict(), debt.owes(day), f"{line.display_name} on {day}")
        memos = defaultdict(dict)
        for memo in self.env["cobranca.charge"].search([("line_id", "in", lines.ids), ("state", "=", "open")]):
            memos[memo.line_id][memo.kind] = cents(memo.amount)
        wanted = {line: debt.memos for debt, line in self.lines.items() if debt.memos}
        self.assertEqual(dict(memos), wanted, "charges of debts that are paid")

    def check_agreements(self):
        for agreed, record in self.records.items():
            self.assertEqual(record.state, agreed.state, record.name)
            self.assertEqual(cents(record.amount_open), self.open_of(agreed), record.name)
            self.assertEqual(cents(record._get_unearned()), self.oracle.unearned(agreed), record.name)
            live = agreed.state not in ("broken", "cancelled")
            self.assertEqual(set(record.origin_ids.mapped("is_live")), {live}, record.name)
        self.check_holds()

    def check_holds(self):
        """What is replaced by installments is not collected; what is open again is."""
        replaced = may_be = self.env["account.move.line"]
        for agreed, record in self.records.items():
            # Not what is collected again, since money from before the agreement went back.
            closed = record.origin_ids.line_id.filtered("reconciled")
            may_be |= closed if agreed.state in ("active", "renegotiated") else may_be.browse()
            again = self.aml([debt for one, debt in self.again if one is agreed])
            replaced |= closed - again if agreed.state == "active" else replaced.browse()
        held = self.env["cobranca.hold"].search(
            [("partner_id", "=", self.customer.id), ("reason", "=", "agreement"), ("state", "=", "active")]
        )
        self.assertLessEqual(replaced, held.line_id)
        self.assertLessEqual(held.line_id, may_be)

    def open_of(self, agreed):
        return sum((item.open for item in agreed.items), ZERO)

    # --- the past ---

    def check_past(self):
        """What was open on an earlier day does not change when the books go on."""
        now = defaultdict(lambda: ZERO)
        for _account, due, amount in self.oracle.open_items():
            now[due] += amount
        self.history[self.day] = dict(now), sum(now.values())
        found = {day: defaultdict(lambda: ZERO) for day in self.history}
        for day, due, amount in self.env.execute_query(SQL(AS_OF, list(self.history), self.customer.id)):
            if amount:
                found[day][due] += cents(amount)
        for day, (dues, total) in self.history.items():
            self.assertEqual(sum(found[day].values()), total, f"what was open on {day}")
            if dues is not None:
                self.assertEqual({due: amount for due, amount in found[day].items() if amount}, nonzero(dues), day)

    def remember_since(self, issued, amount):
        """What is due today was open on the days since it was issued, also on those that were looked at."""
        for day in [day for day in self.history if day >= issued]:
            dues, total = self.history[day]
            due = None if dues is None else {**dues, self.day: dues.get(self.day, ZERO) + amount}
            self.history[day] = due, total + amount

    def forget_dues(self):
        """What is opened again is shown as if it had never been closed, beside its credit: only the sums stay."""
        self.history = {day: (None, total) for day, (_dues, total) in self.history.items()}

    # --- pairs of both sets of books ---

    def open_debts(self, with_memos=False):
        debts = [debt for debt in self.oracle.debts if debt.open or (with_memos and debt.memos)]
        return sorted(debts, key=lambda debt: debt.due)

    def aml(self, debts):
        return self.env["account.move.line"].union(*(self.lines[debt] for debt in debts))

    def last(self):
        """The agreement in force, or the last one."""
        agreed = next((each for each in self.oracle.agreements[::-1] if each.state == "active"), None)
        agreed = agreed or self.oracle.agreements[-1]
        return agreed, self.records[agreed]


def cents(amount):
    return Decimal(str(amount)).quantize(Decimal("0.01"))


def nonzero(amounts):
    return {key: amount for key, amount in amounts.items() if amount}
