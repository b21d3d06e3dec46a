from datetime import date

from .common import CPF
from .paid_common import PaidCommon

# The bank's day: eight days after the debt of 318 fell due.
PAID = date(2026, 11, 18)
DIGITS = CPF.replace(".", "").replace("-", "")


class StatementCommon(PaidCommon):
    """Movements of the bank of 18 November 2026 for a debt of 318.00 that fell due on the 10th."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Line = cls.env["account.bank.statement.line"]
        cls.Import = cls.env["cobranca.statement.import"]
        cls.finder = cls.env["cobranca.statement.finder"]
        cls.desk = cls.env["cobranca.statement.desk"].with_user(cls.supervisor)
        # What Ana's debt costs on that day, whatever the terms of the company are.
        debt = cls.line._cobranca_read_debts(PAID)[cls.line]
        cls.cost = float(debt.charges.total)
        cls.charges = round(cls.cost - 318.0, 2)

    def load(self, content, name="a.csv", user=None, **values):
        """Import a file.

        :param content: bytes, or list of (text, amount) of one day
        """
        if isinstance(content, list):
            rows = [f"18/11/2026;{text};{amount:.2f}" for text, amount in content]
            content = "\n".join(["Data;Histórico;Valor", *rows]).encode()
        importer = self.Import.with_user(user or self.supervisor)
        return importer._import(self.bank, name, content, **values)

    def money(self, text, amount, **values):
        """A movement with its suggestions."""
        line = self.statement(amount, values.pop("day", PAID), payment_ref=text, **values)
        self.finder._refresh(self.company, line)
        return line

    def best(self, line):
        """(grade, reason, debts) of the first suggestion."""
        first = line.cobranca_suggestion_ids.sorted("rank")[:1]
        return first.grade, first.reason, first.line_ids

    def take(self, line, rank=1):
        """One click on a suggestion."""
        [chosen] = line.cobranca_suggestion_ids.filtered(lambda suggestion: suggestion.rank == rank)
        self.desk.desk_take(chosen.id)
        self.env.invalidate_all()
        return line

    def state(self, line):
        """All that matching changes, to be compared before and after: items, debts, charges, cases of pausing."""
        self.env.flush_all()
        debts = self.env["account.move.line"].search(
            [
                ("partner_id", "in", (self.customer | self.other).ids),
                ("account_id.account_type", "=", "asset_receivable"),
            ]
        )
        open_ones = debts.filtered(lambda item: item.amount_residual)
        items = line.move_id.line_ids.sorted("balance")
        return {
            "items": [(item.account_id.code, item.balance, item.partner_id.id) for item in items],
            "open": sorted((item.name, item.amount_residual) for item in open_ones),
            "partner": line.partner_id.id,
            "reconciled": line.is_reconciled,
            "waits": self.cases(),
            "open charges": self.env["cobranca.charge"].search_count([("state", "=", "open")]),
        }
