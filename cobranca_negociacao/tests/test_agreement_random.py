import random
from datetime import timedelta
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .agreement_common import (
    DISCOUNT,
    FINANCING,
    OUTSTANDING,
    RECEIVABLE,
    SIGNED,
    TODAY,
    UNEARNED,
    AgreementCommon,
)

HISTORIES, STEPS = 8, 6
METHODS = (("none", "0"), ("simple", "1.5"), ("price", "2"), ("sac", "1"))


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAgreementRandom(AgreementCommon):
    """Whatever happens to an agreement, and in which order: nothing is lost and nothing is made."""

    def test_histories(self):
        for seed in range(HISTORIES):
            with self.subTest(seed=seed):
                self.live(random.Random(seed))

    def live(self, dice):
        self.company.sudo().cobranca_agreement_imputation = dice.choice(("charges", "principal"))
        self.customer = self.env["res.partner"].create({"name": "Somebody", "lang": "en_US"})
        lines = self.env["account.move.line"]
        for _number in range(dice.randint(1, 3)):
            due = SIGNED - timedelta(days=dice.randint(0, 200))
            lines |= self.invoice(dice.randint(5000, 200000) / 100, due, invoice_date=due - timedelta(days=10))
        self.start()
        self.owed, self.received = round(sum(lines.mapped("balance")), 2), 0.0
        percents = {name: Decimal(dice.choice((0, 25, 50, 100))) for name in ("fine", "interest")}
        percents["principal"] = Decimal(dice.choice((0, 5, 12)))
        method, rate = dice.choice(METHODS)
        down = dice.choice((None, "20"))
        self.chain = [
            self.sign(lines, percents=percents, down=down, count=dice.randint(1, 6), method=method, rate=rate)
        ]
        self.day = SIGNED
        self.assert_nothing_lost(lines)
        for _step in range(STEPS):
            self.day += timedelta(days=dice.randint(1, 25))
            step = dice.choice((self.pay_some, self.pay_some, self.pay_some, self.break_it, self.restore_it, self.earn))
            if len(self.chain) == 1 and dice.random() < 0.15:
                step = self.agree_again
            with freeze_time(f"{self.day} 15:00:00"):
                step(dice)
                self.assert_nothing_lost(lines)
        with freeze_time(f"{self.day} 15:00:00"):
            self.finish(dice)
            self.assert_nothing_lost(lines)

    # --- steps ---

    def pay_some(self, dice):
        """Money for the oldest of what is open, of whatever amount, but no more than that."""
        found = self.env["account.move.line"]._cobranca_search_open_lines(self.company, self.day)
        found = found.filtered(lambda line: line.partner_id == self.customer)
        if found:
            total = float(sum(debt.charges.total for debt in found._cobranca_read_debts(self.day).values()))
            amount = round(max(total * dice.choice((0.05, 0.2, 0.35)), 0.5), 2)
            self.pay(found, min(amount, total), self.day)
            self.received = round(self.received + min(amount, total), 2)

    def break_it(self, dice):
        agreement = self.chain[-1]
        if agreement.state == "active":
            agreement.with_user(self.supervisor)._break(self.day, "Not paid")
            if len(self.chain) == 2:
                self.chain.pop()

    def restore_it(self, dice):
        agreement = self.chain[-1]
        if agreement.state == "broken":
            try:
                with self.env.cr.savepoint():
                    agreement.with_user(self.supervisor)._restore("By mistake")
            except UserError:
                # Paid since, or too late: it stays as it is.
                self.env.invalidate_all()

    def earn(self, dice):
        for agreement in self.chain:
            if agreement.state in ("active", "paid", "renegotiated"):
                agreement._recognize(self.company, self.day)

    def agree_again(self, dice):
        parent = self.chain[0]
        lines = parent.installment_ids._get_open().sorted("due").line_id
        if parent.state == "active" and lines:
            percents = {"fine": Decimal(100), "principal": Decimal(dice.choice((0, 3)))}
            plan = self.plan(lines, self.day, percents, down=None, count=3, method="simple", rate="1")
            self.chain.append(parent.with_user(self.collector)._renegotiate(plan, self.day).with_env(self.env))

    def finish(self, dice):
        """All that is left is paid at once, with the rebate."""
        agreement = self.chain[-1]
        if agreement.state == "active":
            total = float(agreement._pay_off_quote(self.day).total)
            agreement.with_user(self.collector)._pay_off(self.money(total, self.day), self.day)
            self.received = round(self.received + total, 2)
            self.assertEqual(agreement.state, "paid")

    # --- what always holds ---

    def assert_nothing_lost(self, lines):
        books, last = self.books(), self.chain[-1]
        # Received is in the bank; what is open is all that is on the customer's account.
        self.assertEqual(books.get(OUTSTANDING, 0.0), self.received)
        opened = round(sum(residual for _due, residual in self.open_lines()), 2)
        self.assertEqual(self.ledger(), opened)
        self.assertEqual(round(self.owed + books.get(RECEIVABLE, 0.0), 2), opened)
        self.assert_clean_transit()
        # Received + open + conceded = original + charges (with the interest that is still to be earned).
        results = -sum(amount for code, amount in books.items() if code.startswith("3.01.01.05"))
        conceded = books.get(DISCOUNT, 0.0)
        unearned = -books.get(UNEARNED, 0.0)
        self.assertEqual(round(self.received + opened + conceded, 2), round(self.owed + results + unearned, 2))
        self.assertGreaterEqual(unearned, 0.0)
        if last.state == "broken":
            self.assertEqual((conceded, unearned, books.get(FINANCING, 0.0)), (0.0, 0.0, 0.0))
            for line in lines:
                self.assertGreaterEqual(line.amount_residual, 0.0)
            self.assertFalse(self.env["cobranca.agreement.origin"]._get_of_lines(lines))
        else:
            self.assertEqual(set(lines.mapped("reconciled")), {True})
            self.assertEqual(self.env["cobranca.agreement.origin"]._get_of_lines(lines).line_id, lines)
            self.assertEqual(round(sum(last.installment_ids.mapped("amount_open")), 2), last.amount_open)
        for line in self.env["account.move.line"].search([("partner_id", "=", self.customer.id)]):
            charges = line._cobranca_read_debts(self.day)[line].charges
            self.assertGreaterEqual(min(charges), 0)
