from odoo import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .receipt_common import FINE, INTEREST, PAID, RECEIVABLE, ReceiptCommon

CHARGES = {"interest": 5.90, "fine": 2.00}


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 15:00:00")
class TestReceiptPayment(ReceiptCommon):
    """Odoo's own ways of receiving money go through the same receipt."""

    def register(self, lines, user=None, **values):
        """The payments of the dialog "Register payment"."""
        wizard = (
            self.env["account.payment.register"]
            .with_user(user or self.env.user)
            .with_context(active_model="account.move.line", active_ids=lines.ids)
            .create({"payment_date": PAID, "journal_id": self.bank.id, **values})
        )
        return wizard._create_payments()

    def charge_entry(self, line):
        return self.env["cobranca.charge"].search([("line_id", "=", line.id), ("state", "=", "paid")]).entry_id

    def test_register_payment(self):
        """By someone of the accounting who has no part in Cobrança."""
        biller = new_test_user(self.env, "biller", "account.group_account_invoice")
        line = self.invoice(100.0)
        with self.owing({line: CHARGES}):
            payment = self.register(line, biller, amount=107.90)
        self.assertEqual((line.move_id.payment_state, payment.state), ("paid", "paid"))
        self.assertEqual(self.items(self.charge_entry(line))[("ENCAR", RECEIVABLE)], 7.90)
        self.assertEqual(line.move_id.matched_payment_ids, payment)
        self.assertEqual(self.ledger(), 0.0)

    def test_register_less(self):
        line = self.invoice(100.0)
        with self.owing({line: CHARGES}):
            self.register(line, amount=99.0)
        self.assertEqual((line.amount_residual, line.move_id.payment_state), (8.90, "partial"))

    def test_register_exactly_the_principal(self):
        """The invoice is paid, what it cost stays to be asked for or waived."""
        line = self.invoice(100.0)
        with self.owing({line: CHARGES}):
            self.register(line, cobranca_choice="principal")
        self.assertEqual((line.amount_residual, line.move_id.payment_state), (0.0, "paid"))
        self.assertEqual((self.memos(line, "open"), self.memos(line, "paid")), (CHARGES, {}))

    def test_register_several_invoices_each_its_payment(self):
        lines = self.invoice(100.0) | self.invoice(50.0)
        with self.owing({lines[0]: {"fine": 2.0}}):
            payments = self.register(lines, group_payment=False, cobranca_choice="principal")
        self.assertEqual(len(payments), 2)
        self.assertEqual(lines.mapped("amount_residual"), [0.0, 0.0])
        self.assertEqual(self.memos(lines[0], "open"), {"fine": 2.0})

    def test_register_in_another_currency_is_odoo_s(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        line = self.invoice(100.0, currency_id=dollar.id)
        self.register(line)
        self.assertEqual(line.move_id.payment_state, "paid")
        self.assertFalse(self.charge_entry(line))

    def test_payment_that_names_its_invoice(self):
        line = self.invoice(100.0)
        with self.owing({line: CHARGES}):
            payment = self.payment(107.90, invoice_ids=[Command.set(line.move_id.ids)])
        self.assertEqual(line.move_id.payment_state, "paid")
        entry = self.charge_entry(line)
        self.assertEqual(
            self.items(entry), {("ENCAR", RECEIVABLE): 7.90, ("ENCAR", INTEREST): -5.90, ("ENCAR", FINE): -2.00}
        )
        # Back to draft and posted again, with another amount.
        payment.action_draft()
        self.assertEqual(line.amount_residual, 100.0)
        payment.amount = 57.90
        with self.owing({line: CHARGES}):
            payment.action_post()
        self.assertEqual((line.amount_residual, self.memos(line, "paid")), (50.0, CHARGES))

    def test_outstanding_credit_is_added(self):
        credit = self.money(150.0)
        line = self.invoice(100.0)
        with self.owing({line: CHARGES}):
            line.move_id.js_assign_outstanding_line(credit.id)
        self.assertEqual((line.move_id.payment_state, credit.amount_residual), ("paid", -42.10))
        self.assertEqual(self.charge_entry(line).date, PAID)

    def test_credit_note_is_no_money(self):
        """It takes back a part of the invoice: no charge is paid by it."""
        line = self.invoice(100.0)
        credit = self.invoice(100.0, "2026-02-01", move_type="out_refund")
        with self.owing({line: CHARGES}):
            line.move_id.js_assign_outstanding_line(credit.id)
        self.assertTrue(line.reconciled)
        self.assertFalse(self.charge_entry(line))

    def test_next_invoice_of_the_customer_keeps_its_account(self):
        """No result names the customer: Odoo proposes the account of his most frequent results."""
        for _time in range(3):
            line = self.invoice(100.0)
            self.receive(self.money(107.90), line, charges={line: CHARGES})
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "journal_id": self.company.cobranca_contract_journal_id.id,
                "invoice_line_ids": [Command.create({"name": "By hand", "price_unit": 1.0})],
            }
        )
        self.assertNotIn(move.invoice_line_ids.account_id.code, (INTEREST, FINE))
