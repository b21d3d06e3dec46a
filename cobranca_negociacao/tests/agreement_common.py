from datetime import date
from decimal import Decimal

from odoo.addons.cobranca_recorrente.tests.common import MoneyCommon

from ..tools.plan import Terms, make_plan

# Signed 90 days after the first due date and 45 days after the second; all are business days.
SIGNED, FIRST_DUE, SECOND_DUE = date(2026, 4, 6), date(2026, 1, 6), date(2026, 2, 20)
TODAY = "2026-04-06 15:00:00"
RECEIVABLE, OUTSTANDING, TRANSIT = "1.01.01.04.01", "1.01.01.02.04", "1.01.02.09.10.01"
UNEARNED, FINANCING = "1.01.02.02.50.01", "3.01.01.05.01.05.03"
INTEREST, FINE, DISCOUNT = "3.01.01.05.01.05.01", "3.01.01.05.01.24", "3.01.01.09.01.08.01"
ESTIMATE, RECOVERY, LOSS = "1.01.02.02.52", "3.01.01.05.01.99.01", "3.01.01.07.01.25"
HALF = {"fine": Decimal(100), "interest": Decimal(50), "principal": Decimal(10)}


class AgreementCommon(MoneyCommon):
    """The worked case: 1,000 open of 1,170 and 585; 31.70 of fine and 38.78 of interest on the day of signing."""

    issued, first_due, paid_on = date(2026, 1, 2), FIRST_DUE, SIGNED

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Agreement = cls.env["cobranca.agreement"]
        # Journal items up to this one were there before.
        cls.before = 0

    # --- debts and money ---

    def pay(self, lines, amount, day=SIGNED):
        """Money that pays debts on a day.

        :return: the credit
        """
        credit = self.money(amount, day)
        self.receipt._receive(credit, lines, day)
        return credit

    def debts(self):
        """Both debts of the worked case; 170 of the first one was paid on its due date."""
        first, second = self.invoice(1170.0), self.invoice(585.0, SECOND_DUE)
        self.pay(first, 170.0, FIRST_DUE)
        self.start()
        return first | second

    # --- agreements ---

    def plan(self, lines, day=SIGNED, percents=None, down="289.18", count=5, method="price", rate="1", **terms):
        return make_plan(
            self.Agreement._get_parts(lines, day),
            Terms(
                percents or {}, down and Decimal(down), count, method, Decimal(rate), terms.pop("first", day), **terms
            ),
        )

    def sign(self, lines, day=SIGNED, user=None, **terms):
        plan = self.plan(lines, day, **terms)
        Agreement = self.Agreement.with_user(user or self.collector)
        return Agreement._sign(self.company, lines.partner_id, plan, lines.with_env(Agreement.env), day).with_env(
            self.env
        )

    def worked(self, lines=None):
        """The agreement of the worked case: 289.18 and five times 238.33."""
        return self.sign(lines or self.debts(), percents=HALF)

    def installment(self, agreement, number):
        return agreement.installment_ids.filtered(lambda item: item.number == number)

    # --- books ---

    def start(self):
        """From here on the books are looked at."""
        self.before = max(self.env["account.move.line"].search([], order="id desc", limit=1).ids, default=0)

    def books(self):
        """{account: balance} of all that was posted since `start`; what is zero is left out."""
        rows = self.env["account.move.line"]._read_group(
            [("id", ">", self.before), ("parent_state", "=", "posted"), ("company_id", "=", self.company.id)],
            ["account_id"],
            ["balance:sum"],
        )
        found = {account.code: self.company.currency_id.round(balance) for account, balance in rows}
        self.assertEqual(self.company.currency_id.round(sum(found.values())), 0.0)
        return {code: balance for code, balance in found.items() if balance}

    def items(self, move):
        """[(account, balance, due)] of an entry, in its order; no result names a partner."""
        self.assertEqual(move.state, "posted")
        for item in move.line_ids:
            is_balance = item.account_id.internal_group in ("asset", "liability")
            if move.move_type == "entry":
                self.assertEqual(bool(item.partner_id), is_balance, item.account_id.code)
        return [(item.account_id.code, item.balance, item.date_maturity) for item in move.line_ids.sorted("id")]

    def memos(self, lines, state):
        """{kind: amount} of the charges of debts in a state."""
        rows = self.env["cobranca.charge"]._read_group(
            [("line_id", "in", lines.ids), ("state", "=", state)], ["kind"], ["amount:sum"]
        )
        return {kind: self.company.currency_id.round(amount) for kind, amount in rows}

    def ledger(self, partner=None):
        """What a customer owes by the books."""
        [[total]] = self.env["account.move.line"]._read_group(
            [
                ("partner_id", "=", (partner or self.customer).id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ],
            [],
            ["balance:sum"],
        )
        return self.company.currency_id.round(total or 0.0)

    def open_lines(self, partner=None):
        """[(due, residual)] of all open items of a customer."""
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", (partner or self.customer).id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
        return sorted((line.date_maturity, line.amount_residual) for line in lines)

    def assert_clean_transit(self):
        items = self.env["account.move.line"].search([("account_id", "=", self.company.cobranca_transit_account_id.id)])
        self.assertEqual(self.company.currency_id.round(sum(items.mapped("balance"))), 0.0)
        self.assertTrue(all(items.mapped("reconciled")))
