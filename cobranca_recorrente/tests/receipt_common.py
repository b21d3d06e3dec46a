from datetime import date
from decimal import Decimal
from unittest.mock import patch

from ..tools.debt import Debt
from ..tools.late_charges import ZERO, Charges
from .common import MoneyCommon

PAID = date(2026, 2, 19)
INTEREST, FINE, CORRECTION = "3.01.01.05.01.05.01", "3.01.01.05.01.24", "3.01.01.05.01.05.02"
DISCOUNT, LOSS, ESTIMATE = "3.01.01.09.01.08.01", "3.01.01.07.01.25", "1.01.02.02.52"
RECOVERY, ADVANCE, RECEIVABLE = "3.01.01.05.01.99.01", "2.01.01.05.01", "1.01.01.04.01"


class ReceiptCommon(MoneyCommon):
    """Posted invoices, money that came in, and the entries that bring them together."""

    paid_on = PAID

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.receivable = cls.customer.property_account_receivable_id

    def receive(self, credits, lines, day=PAID, **values):
        values.setdefault("charges", {})
        moves = self.receipt._receive(credits, lines, day, **values)
        for move in moves:
            self.assertEqual(move.state, "posted")
            self.assertEqual(self.company.currency_id.round(sum(move.line_ids.mapped("balance"))), 0.0)
        return moves

    def items(self, moves):
        """{(journal, account): balance} of entries; no result may name a partner."""
        found = {}
        for item in moves.line_ids:
            is_balance = item.account_id.internal_group in ("asset", "liability")
            self.assertEqual(bool(item.partner_id), is_balance, item.account_id.code)
            key = (item.journal_id.code, item.account_id.code)
            found[key] = self.company.currency_id.round(found.get(key, 0.0) + item.balance)
        return found

    def memos(self, lines, state=None):
        """{kind: amount} of the charges of debts in a state."""
        domain = [("line_id", "in", lines.ids), *([("state", "=", state)] if state else [])]
        rows = self.env["cobranca.charge"]._read_group(domain, ["kind"], ["amount:sum"])
        return dict(rows)

    def owing(self, charges):
        """Context in which debts cost what a test says: {line: {kind: amount}}."""

        def read(lines, date):
            nothing = dict.fromkeys(("correction", "fine", "interest"), ZERO)
            return {
                line: Debt(
                    Charges(
                        Decimal(str(line.amount_residual)),
                        **{kind: Decimal(str(value)) for kind, value in {**nothing, **charges.get(line, {})}.items()},
                    ),
                    due=date,
                )
                for line in lines
            }

        return patch.object(type(self.env["account.move.line"]), "_cobranca_read_debts", read)

    def ledger(self, partner=None):
        """What a customer owes by the books."""
        domain = [
            ("partner_id", "=", (partner or self.customer).id),
            ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
        ]
        [[total]] = self.env["account.move.line"]._read_group(domain, [], ["balance:sum"])
        return self.company.currency_id.round(total or 0.0)
