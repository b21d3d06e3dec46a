from datetime import date

from odoo import Command
from odoo.tests import freeze_time, tagged

from .receipt_common import DISCOUNT, FINE, INTEREST, PAID, RECEIVABLE, ReceiptCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-31 15:00:00")
class TestReceiptPolicy(ReceiptCommon):
    """Receipts by the conditions of the debts: 2 % of fine, 1 % of interest a month, from 5 January on."""

    def give(self, **terms):
        policy = self.env["cobranca.charge.policy"].create(
            {
                "name": "Terms",
                "version_ids": [Command.clear(), Command.create({"fine_percent": 2, "interest_percent": 1, **terms})],
            }
        )
        self.customer.cobranca_charge_policy_id = policy

    def pay_by_dialog(self, line, amount, day):
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move.line", active_ids=line.ids)
            .create({"payment_date": day, "journal_id": self.bank.id, "amount": amount})
        )
        return wizard._create_payments()

    def test_partial_payments_by_the_dialog(self):
        """PP01, from the invoice to the last cent."""
        self.give()
        line = self.invoice(1000.0)
        self.pay_by_dialog(line, 300.0, PAID)
        self.assertEqual((line.amount_residual, self.memos(line)), (735.0, {"interest": 15.0, "fine": 20.0}))
        later = date(2026, 3, 6)
        self.assertEqual(f"{line._cobranca_get_debts(later)[line].total}", "738.68")
        self.pay_by_dialog(line, 738.68, later)
        self.assertEqual((line.move_id.payment_state, self.ledger()), ("paid", 0.0))
        self.assertEqual(self.memos(line), {"interest": 18.68, "fine": 20.0})
        entries = self.env["cobranca.charge"].search([("line_id", "=", line.id)]).entry_id
        self.assertEqual(
            self.items(entries), {("ENCAR", RECEIVABLE): 38.68, ("ENCAR", INTEREST): -18.68, ("ENCAR", FINE): -20.0}
        )
        self.assertIn("2", self.env["cobranca.charge"].search([("line_id", "=", line.id)], limit=1).terms)
        self.assertEqual(line._cobranca_get_debts(date(2026, 3, 31))[line].total, 0)

    def test_promise_of_a_part_is_kept_though_charges_come_first(self):
        """Of the 300 that were promised 35 pay fine and interest: it was paid all the same."""
        self.give()
        line = self.invoice(1000.0)
        with freeze_time("2026-02-10 15:00:00"):
            promised = self.env["cobranca.promise"]._record(line.with_user(self.collector), PAID, 300.0).sudo()
        with freeze_time(f"{PAID} 15:00:00"):
            self.pay_by_dialog(line, 300.0, PAID)
        self.assertEqual((promised.state, promised.amount_paid), ("kept", 300.0))

    def test_principal_first_by_the_conditions(self):
        self.give(imputation_order="principal")
        line = self.invoice(1000.0)
        self.receive(self.money(1000.0), line, charges=None)
        self.assertEqual(
            (line.move_id.payment_state, self.memos(line, "open")), ("paid", {"interest": 15.0, "fine": 20.0})
        )
        # What was left open grows no more, and is paid as it is.
        self.receive(self.money(35.0), line, charges=None)
        self.assertEqual((self.memos(line, "open"), self.ledger()), ({}, 0.0))

    def test_fine_is_charged_once(self):
        self.give()
        line = self.invoice(1000.0)
        self.receive(self.money(35.0), line, charges=None)
        self.assertEqual(line.amount_residual, 1000.0)
        same_day = self.money(1000.0)
        self.receive(same_day, line, charges=None)
        self.assertEqual((line.amount_residual, self.memos(line)), (0.0, {"interest": 15.0, "fine": 20.0}))

    def test_waived_part_is_owed_no_more(self):
        self.give()
        line = self.invoice(1000.0)
        charges = self.env["cobranca.charge"].with_user(self.supervisor)
        charges._waive_accrued(line, PAID, "Agreed", ["fine"])
        credit = self.money(1015.0)
        self.receive(credit, line, charges=None)
        self.assertEqual((line.amount_residual, credit.amount_residual), (0.0, 0.0))
        self.assertEqual((self.memos(line, "paid"), self.memos(line, "waived")), ({"interest": 15.0}, {"fine": 20.0}))

    def test_money_taken_back_owes_all_again(self):
        self.give()
        line = self.invoice(1000.0)
        payment = self.pay_by_dialog(line, 1035.0, PAID)
        self.assertTrue(line.reconciled)
        payment.action_cancel()
        self.assertEqual(f"{line._cobranca_get_debts(PAID)[line].total}", "1035.00")

    def test_punctuality_discount(self):
        self.give(discount_ids=[Command.create({"days_before": 0, "percent": 10})])
        on_time, late = self.invoice(100.0), self.invoice(100.0)
        due = date(2026, 1, 5)
        moves = self.receive(self.money(90.0, due), on_time, due, charges=None)
        self.assertEqual(self.items(moves), {("ENCAR", DISCOUNT): 10.0, ("ENCAR", RECEIVABLE): -10.0})
        self.assertEqual((on_time.move_id.payment_state, self.ledger()), ("paid", 100.0))
        self.receive(self.money(90.0, PAID), late, PAID, charges=None)
        self.assertEqual(late.amount_residual, 13.5)
        # Who pays all of it keeps the difference as he wants it: nothing is given unasked.
        whole = self.invoice(100.0)
        self.assertFalse(self.receive(self.money(100.0, due), whole, due, charges=None))
        self.assertTrue(whole.reconciled)

    def test_credit_of_before_pays_without_charges(self):
        """The money was there on time, whenever someone lets it pay."""
        self.give()
        credit = self.money(100.0, date(2026, 1, 3))
        line = self.invoice(100.0)
        line.move_id.js_assign_outstanding_line(credit.id)
        self.assertEqual((line.move_id.payment_state, self.memos(line)), ("paid", {}))

    def test_entry_of_a_charge_is_not_asked_for(self):
        self.give()
        line = self.invoice(100.0)
        self.receive(self.money(50.0), line, charges=None)
        item = self.env["cobranca.charge"].search([("line_id", "=", line.id)]).item_id
        item.remove_move_reconcile()
        today = self.company._cobranca_today()
        asked = line._cobranca_search_open_lines(self.company, today)
        self.assertIn(line, asked)
        self.assertNotIn(item, asked)
