from datetime import date
from decimal import Decimal

from odoo.tests import freeze_time, tagged

from .agreement_common import SIGNED, TODAY, AgreementCommon

BROKEN = date(2026, 6, 10)


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestAgreementQuote(AgreementCommon):
    """A Pix that was asked for before pays what became of its debts."""

    def quote(self, lines, amount=None):
        return self.env["cobranca.payment.quote"]._make(
            self.company, self.customer, lines, amount and Decimal(amount), "page"
        )

    def pay_quote(self, quote, amount, day=SIGNED):
        credit = self.money(amount, day)
        quote._receive(credit, day)
        self.assertEqual(quote.state, "paid")
        return credit

    def test_asked_for_before_the_agreement(self):
        lines = self.debts()
        part, whole = self.quote(lines, "300"), self.quote(lines)
        agreement = self.worked(lines)
        self.pay_quote(part, 300.0)
        items = agreement.installment_ids.sorted("due")
        self.assertEqual(items.mapped("amount_open"), [0.0, 227.51, 238.33, 238.33, 238.33, 238.33])
        # More than the installments: a credit that everybody sees.
        credit = self.pay_quote(whole, 1655.48)
        self.assertEqual((agreement.state, credit.amount_residual, self.ledger()), ("paid", -474.65, -474.65))
        # Nothing is left to be paid.
        again = self.money(10.0)
        whole._receive(again, SIGNED)
        self.assertEqual(again.amount_residual, -10.0)

    def suggested(self, quote):
        """(grade, reason, debts) of the best suggestion for the money of a Pix in the bank statement."""
        line = self.env["account.bank.statement.line"].create(
            {"journal_id": self.bank.id, "amount": quote.amount, "date": SIGNED, "payment_ref": f"PIX {quote.txid}"}
        )
        self.env["cobranca.statement.finder"]._refresh(self.company, line)
        first = line.cobranca_suggestion_ids.sorted("rank")[:1]
        found = first.grade, first.reason, first.line_ids
        line.unlink()  # two for the same debts are not certain
        return found

    def test_bank_screen_knows_what_became_of_its_debts(self):
        lines = self.debts()
        before = self.quote(lines, "300")
        agreement = self.worked(lines)
        items = agreement.installment_ids.line_id
        second = self.quote(items[:1])
        self.assertEqual(self.suggested(before), ("1", "txid", items))
        self.assertEqual(self.suggested(second), ("1", "txid", items[:1]))
        agreement.with_user(self.supervisor)._break(SIGNED, "Not paid")
        self.assertEqual(self.suggested(second), ("1", "txid", lines))

    def test_asked_for_before_the_break(self):
        lines = self.debts()
        before = self.quote(lines)
        agreement = self.worked(lines)
        first, second = (self.quote(self.installment(agreement, number).line_id) for number in (1, 2))
        with freeze_time(f"{BROKEN} 15:00:00"):
            agreement.with_user(self.supervisor)._break(BROKEN, "Installments were not paid")
            # 155 days late: 20.00 of fine and 51.67 of interest come first.
            self.pay_quote(first, 238.33, BROKEN)
            self.assertEqual(lines.mapped("amount_residual"), [833.34, 585.0])
            # In another agreement by now, and that in a third one.
            again = self.sign(lines, BROKEN, down=None, count=3, method="none", rate="0")
            self.pay_quote(second, 100.0, BROKEN)
            item = again.installment_ids.sorted("due")[0]
            self.assertEqual(item.amount - item.amount_open, 100.0)
            left = again.installment_ids._get_open().sorted("due").line_id
            child = again.with_user(self.collector)._renegotiate(
                self.plan(left, BROKEN, down=None, count=2, method="none", rate="0"), BROKEN
            )
            self.pay_quote(before, 100.0, BROKEN)
        self.assertEqual(child.amount_settled, 100.0)
