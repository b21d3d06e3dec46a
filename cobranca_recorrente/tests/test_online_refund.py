from decimal import Decimal

from odoo.tests import tagged

from .online_common import OnlineCommon
from .record_common import TODAY


@tagged("post_install", "-at_install")
class TestOnlineRefund(OnlineCommon):
    """Money that a provider gives back opens what it had paid, or takes what was too much; nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.charges = round(cls.total - 800, 2)

    def refund(self, payment, amount=None, day=TODAY):
        """What a user does with the button of the payment, and what the provider answers."""
        source = payment.payment_transaction_id
        with self.on(day), self.assertBalanced():
            back = source._create_child_transaction(amount or source.amount, is_refund=True)
            back._set_done()
            back._post_process()
        self.assertEqual((back.payment_id.payment_type, back.payment_id.amount), ("outbound", -back.amount))
        return back

    def test_all_of_it(self):
        payment = self.pay_quote()
        self.refund(payment)
        self.assertEqual(self.open_items(), {self.invoice.name: 500.0, self.later.name: 300.0})
        self.assertEqual(self.income(), 0)
        self.assertEqual((self.invoice | self.later).mapped("payment_state"), ["not_paid", "not_paid"])
        self.assertIsNone(self.reminders())
        debts = self.both._cobranca_read_debts(TODAY)
        self.assertEqual(sum(debt.charges.total for debt in debts.values()), Decimal(f"{self.total:.2f}"))

    def test_no_charges_for_the_time_while_paid(self):
        payment = self.pay_quote()
        self.refund(payment, day="2026-12-19")
        day = self.day("2026-12-19")
        debts = self.both._cobranca_read_debts(day)
        self.assertEqual(sum(debt.charges.total for debt in debts.values()), Decimal(f"{self.total:.2f}"))
        after = self.both._cobranca_read_debts(self.day("2027-01-19"))
        self.assertGreater(sum(debt.charges.total for debt in after.values()), Decimal(f"{self.total:.2f}"))
        waived = self.env["cobranca.charge"].search([("state", "=", "waived"), ("line_id", "in", self.both.ids)])
        self.assertEqual(set(waived.mapped("kind")), {"interest"})

    def test_paid_in_time_and_refunded_late(self):
        """Neither the fine, nor interest until the day of the refund."""
        future = self.make_invoice(200.0, "2026-12-01", invoice_date="2026-11-01")
        line = self.receivable(future)
        payment = self.pay_quote(self.quote(line))
        self.refund(payment, day="2026-12-21")
        [debt] = line._cobranca_read_debts(self.day("2026-12-21")).values()
        self.assertEqual((debt.charges.principal, debt.charges.charges), (Decimal(200), Decimal(0)))

    def test_a_part_of_it(self):
        """What was kept pays the oldest first, as of the day on which it came."""
        payment = self.pay_quote()
        self.refund(payment, 300.0, day="2026-11-24")
        self.assertEqual(self.open_items(), {self.later.name: 300.0})
        self.assertEqual(self.income(), self.charges)

    def test_what_was_too_much(self):
        quote = self.quote(self.line)
        transaction = self.begin(quote)
        self.pay(self.invoice, 450.0, TODAY)
        payment = self.confirm(transaction)
        too_much = -self.open_items()["bank"]
        self.assertGreater(too_much, 100)
        self.refund(payment, too_much)
        self.assertEqual(self.open_items(), {self.later.name: 300.0})
        self.assertEqual(self.invoice.payment_state, "paid")

    def test_more_than_what_was_too_much(self):
        transaction = self.begin(self.quote(self.line))
        self.pay(self.invoice, 450.0, TODAY)
        payment = self.confirm(transaction)
        self.refund(payment)
        self.assertEqual(self.open_items(), {self.invoice.name: 50.0, self.later.name: 300.0})

    def test_twice_in_parts(self):
        payment = self.pay_quote()
        self.refund(payment, 100.0)
        self.refund(payment, round(self.total - 100, 2))
        self.assertEqual(self.open_items(), {self.invoice.name: 500.0, self.later.name: 300.0})
        self.assertEqual(self.income(), 0)

    def test_after_the_books_were_closed(self):
        payment = self.pay_quote()
        self.company.fiscalyear_lock_date = "2026-11-30"
        self.refund(payment, 300.0, day="2026-12-02")
        self.assertEqual(list(self.open_items()), [self.later.name])
        self.assertEqual(self.income(), self.charges)

    def test_of_an_invoice_paid_by_odoo_s_own_page(self):
        transaction = self.begin(self.quote(), cobranca_quote_id=False)
        payment = self.confirm(transaction)
        self.assertEqual(self.open_items(), {})
        self.refund(payment)
        self.assertEqual(self.open_items(), {self.invoice.name: 500.0, self.later.name: 300.0})

    def test_paid_again_after_a_refund(self):
        self.refund(self.pay_quote())
        quote = self.quote()
        self.assertEqual(self.env["cobranca.online.payment"]._get_notice(quote), {}, "it may be paid again")
        with self.assertBalanced():
            self.pay_quote(quote)
        self.assertEqual(self.open_items(), {})
        self.assertEqual(self.env["cobranca.online.payment"]._get_notice(quote)["kind"], "done")

    def test_told_again(self):
        back = self.refund(self.pay_quote())
        with self.assertBalanced():
            back._set_done()
            back._post_process()
        self.assertEqual(self.open_items(), {self.invoice.name: 500.0, self.later.name: 300.0})
