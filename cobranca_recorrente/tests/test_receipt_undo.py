from datetime import date

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .receipt_common import ADVANCE, DISCOUNT, FINE, INTEREST, PAID, RECEIVABLE, ReceiptCommon

CHARGES = {"interest": 5.90, "fine": 2.00}
TODAY = date(2026, 3, 31)


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 15:00:00")
class TestReceiptUndo(ReceiptCommon):
    """Money that goes back takes with it what it had booked; what others paid stays."""

    def setUp(self):
        super().setUp()
        self.line = self.invoice(100.0)
        self.pay = self.payment(107.90)
        self.credit = self.pay.move_id._cobranca_get_credits()

    def charge_entries(self):
        return self.env["cobranca.charge"].search([("line_id", "=", self.line.id)]).entry_id

    def mirrors(self):
        """The entries of charges that are no originals any more."""
        items = self.env["account.move.line"].search(
            [("journal_id.code", "=", "ENCAR"), ("partner_id", "=", self.customer.id), ("balance", "<", 0)]
        )
        return items.move_id

    def assert_open_again(self):
        self.assertEqual((self.line.amount_residual, self.line.move_id.payment_state), (100.0, "not_paid"))
        self.assertEqual(self.memos(self.line, "paid"), {})
        encar = self.env["account.move.line"].search(
            [("journal_id.code", "=", "ENCAR"), ("account_id", "=", self.receivable.id)]
        )
        self.assertEqual(set(encar.mapped("amount_residual")), {0.0})

    def test_reset_to_draft(self):
        self.receive(self.credit, self.line, charges={self.line: CHARGES})
        self.pay.action_draft()
        self.assertEqual(
            self.items(self.mirrors()),
            {("ENCAR", RECEIVABLE): -7.90, ("ENCAR", INTEREST): 5.90, ("ENCAR", FINE): 2.00},
        )
        self.assertEqual(self.mirrors().date, PAID)
        self.assert_open_again()
        self.assertEqual(self.memos(self.line, "undone"), CHARGES)
        # Corrected and posted again, the money pays again.
        self.pay.action_post()
        self.receive(self.pay.move_id._cobranca_get_credits(), self.line, charges={self.line: CHARGES})
        self.assertEqual((self.line.amount_residual, self.memos(self.line, "paid")), (0.0, CHARGES))

    def test_cancel(self):
        self.receive(self.credit, self.line, charges={self.line: CHARGES})
        self.pay.action_cancel()
        self.assert_open_again()
        self.assertEqual((self.pay.state, self.ledger()), ("canceled", 100.0))

    def test_mirror_of_closed_period_is_of_today(self):
        self.receive(self.credit, self.line, charges={self.line: CHARGES})
        self.company.fiscalyear_lock_date = fields.Date.to_date("2026-02-28")
        mirror = self.receipt._undo(self.credit)
        self.assertEqual(mirror.date, TODAY)
        self.assert_open_again()

    def test_part_of_a_batch(self):
        """One of two payments of a common entry goes back: the other one stays as it is."""
        line, credit = self.invoice(200.0), self.money(204.0)
        self.receive(self.credit | credit, self.line | line, charges={self.line: CHARGES, line: {"fine": 4.0}})
        self.pay.action_draft()
        self.assert_open_again()
        self.assertEqual((line.move_id.payment_state, self.memos(line, "paid")), ("paid", {"fine": 4.0}))

    def test_entry_of_charges_is_not_reset_alone(self):
        self.receive(self.credit, self.line, charges={self.line: CHARGES})
        with self.assertRaisesRegex(UserError, "Take back the payment instead"):
            self.charge_entries().button_draft()

    def test_discount_goes_back_too(self):
        pay = self.payment(90.0)
        self.receive(pay.move_id._cobranca_get_credits(), self.line, concessions={self.line: {"discount": 10.0}})
        pay.action_draft()
        self.assertEqual((self.line.amount_residual, self.memos(self.line, "paid")), (100.0, {}))
        discounts = self.env["account.move.line"].search([("account_id.code", "=", DISCOUNT)])
        self.assertEqual(sum(discounts.mapped("balance")), 0.0)
        self.assert_open_again()

    def test_advance_goes_back_too(self):
        pay = self.payment(150.0)
        self.receive(pay.move_id._cobranca_get_credits(), self.line, charges={}, leftover="advance")
        pay.action_cancel()
        advances = self.env["account.move.line"].search([("account_id.code", "=", ADVANCE)])
        self.assertEqual(sum(advances.mapped("balance")), 0.0)
        self.assert_open_again()

    def test_bridge_goes_back_too(self):
        account = self.receivable.copy({"code": "1.01.02.02.01.01", "name": "Clientes"})
        self.customer.property_account_receivable_id = account
        pay = self.payment(107.90)
        self.receive(pay.move_id._cobranca_get_credits(), self.line, charges={self.line: CHARGES})
        self.assertTrue(self.line.reconciled)
        pay.action_cancel()
        self.assert_open_again()
        # The payment of the set-up has not paid anything.
        self.assertAlmostEqual(self.ledger(), 100.0 - 107.90)

    def test_charge_paid_apart_is_open_again(self):
        self.receive(self.money(100.0), self.line, order="principal", charges={self.line: CHARGES})
        self.receive(self.credit, self.line, charges=None)
        self.assertEqual(self.credit.amount_residual, -100.0)
        self.pay.action_draft()
        self.assertEqual((self.line.amount_residual, self.memos(self.line, "open")), (0.0, CHARGES))

    def test_open_charges_run_again_with_their_debt(self):
        pay = self.payment(102.0)
        self.receive(pay.move_id._cobranca_get_credits(), self.line, order="principal", charges={self.line: CHARGES})
        self.assertEqual(self.memos(self.line, "open"), {"interest": 3.90, "fine": 2.0})
        pay.action_draft()
        self.assert_open_again()
        self.assertEqual(self.memos(self.line, "open"), {})

    def test_charge_back(self):
        """The bank takes the money back weeks later, the month of the payment is closed."""
        self.receive(self.credit, self.line, charges={self.line: CHARGES})
        self.company.fiscalyear_lock_date = fields.Date.to_date("2026-02-28")
        with self.assertRaisesRegex(UserError, "Write why"):
            self.receipt._charge_back(self.credit, TODAY, " ")
        mirrors = self.receipt._charge_back(self.credit, TODAY, "Disputed by the holder")
        self.assertEqual(set(mirrors.mapped("date")), {TODAY})
        self.assertEqual(set(mirrors.mapped("state")), {"posted"})
        by_journal = {move.journal_id.type: move for move in mirrors}
        self.assertEqual(
            self.items(by_journal["general"]),
            {("ENCAR", RECEIVABLE): -7.90, ("ENCAR", INTEREST): 5.90, ("ENCAR", FINE): 2.00},
        )
        opposite = by_journal["bank"].line_ids
        self.assertEqual(sorted(opposite.mapped("balance")), [-107.90, 107.90])
        self.assertEqual(set(opposite.mapped("reconciled")), {True})
        self.assert_open_again()
        self.assertEqual(self.ledger(), 100.0)
        self.assertIn("Disputed by the holder", self.line.move_id.message_ids[0].body)
        self.assertEqual(self.pay.state, "paid")

    def charge_back(self, payment, user=None, reason="Disputed by the holder"):
        payment = payment.with_user(user or self.supervisor)
        action = payment.action_cobranca_charge_back()
        wizard = self.env[action["res_model"]].with_user(user or self.supervisor).with_context(**action["context"])
        return wizard.create({"reason": reason}).action_charge_back()

    def test_charge_back_by_the_button(self):
        self.receive(self.credit, self.line, charges={self.line: CHARGES})
        with self.assertRaises(AccessError):
            self.charge_back(self.pay, self.collector)
        with self.assertRaisesRegex(AccessError, "Only a supervisor"):
            self.pay.with_user(self.collector)._cobranca_charge_back(TODAY, "Mine")
        self.charge_back(self.pay)
        self.assert_open_again()
        self.assertEqual(self.pay.cobranca_charged_back_on, TODAY)
        self.assertEqual((self.pay.cobranca_charge_back_reason, self.ledger()), ("Disputed by the holder", 100.0))
        for attempt, words in (
            (lambda: self.charge_back(self.pay), "taken back already"),
            (self.pay.action_draft, "reversed already"),
            (self.pay.action_cancel, "reversed already"),
        ):
            with self.assertRaisesRegex(UserError, words):
                attempt()
        with self.assertRaisesRegex(UserError, "Only the received payment"):
            draft = self.pay.copy()
            self.charge_back(draft)

    def test_charge_back_of_settled_money(self):
        """What the bank has settled stays reconciled: the mirror waits for the debit on the statement."""
        self.receive(self.credit, self.line, charges={self.line: CHARGES})
        pending = self.pay.move_id.line_ids - self.credit
        statement = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": PAID,
                "payment_ref": "Pix",
                "amount": 107.90,
                "counterpart_account_id": pending.account_id.id,
            }
        )
        (statement.move_id.line_ids.filtered(lambda item: item.account_id == pending.account_id) | pending).reconcile()
        self.assertTrue(pending.reconciled)
        mirrors = self.receipt._charge_back(self.credit, TODAY, "Disputed")
        waiting = mirrors.line_ids.filtered(lambda item: item.account_id == pending.account_id)
        self.assertEqual((pending.reconciled, waiting.amount_residual), (True, -107.90))
        self.assert_open_again()
