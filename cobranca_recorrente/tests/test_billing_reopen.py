from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestBillingReopen(BillingCommon):
    """Periods whose invoice is gone are billed anew, each day once, whatever was settled meanwhile."""

    def setUp(self):
        super().setUp()
        self.stay_on("2026-01-05")
        self.one = self.contract()
        self.january = self.billing._bill(self.one)

    def make_dearer(self):
        """From 22 January: 100.00 more for ten of its days."""
        return self.change(self.one, "2026-01-22", self.one.line_ids, price_unit=620.0)

    def reopen(self, move):
        move.cobranca_period_ids.with_user(self.supervisor).action_reopen()

    def valid_total(self):
        """What the customer owes by all good invoices and credit notes."""
        moves = self.one.period_ids.move_id | self.one.period_ids.move_id.reversal_move_ids
        return sum(moves.filtered(lambda move: move.state == "posted").mapped("amount_untaxed_signed"))

    def test_open_adjustments_are_dropped(self):
        self.make_dearer()
        self.cancel(self.january)
        self.reopen(self.january)
        self.assertFalse(self.one.line_ids.filtered(lambda line: line.recurrence == "once"))
        self.assertEqual(self.amounts(self.bill(self.one)), [[210.0, 200.0]])
        self.assertEqual(self.amounts(self.bill(self.one)), [[620.0]])

    def test_billed_adjustments_are_given_back(self):
        self.make_dearer()
        self.bill(self.one)
        self.cancel(self.january)
        self.reopen(self.january)
        self.bill(self.one, times=2)
        self.assertEqual(self.valid_total(), 410.0 + 2 * 620.0)
        self.assertFalse(self.one._settle())

    def test_credited_invoice(self):
        self.make_dearer()
        self.january._reverse_moves([{"invoice_date": self.january.invoice_date}], cancel=True)
        self.reopen(self.january)
        self.bill(self.one, times=2)
        self.assertEqual(self.valid_total(), 410.0 + 620.0)

    def test_change_while_the_invoice_is_gone_is_in_the_new_one(self):
        self.cancel(self.january)
        self.assertFalse(self.make_dearer(), "nothing good is there to be settled")
        self.reopen(self.january)
        self.assertEqual(self.amounts(self.bill(self.one)), [[210.0, 200.0]])

    def test_invoice_with_adjustments_and_a_period_is_billed_anew_as_a_whole(self):
        self.make_dearer()
        february = self.bill(self.one)
        self.assertEqual(february.amount_untaxed, 720.0)
        self.cancel(february)
        self.reopen(february)
        again = self.bill(self.one)
        self.assertEqual(again.amount_untaxed, 720.0)
        self.assertEqual(self.amounts(self.bill(self.one)), [[620.0]])

    def test_invoice_that_becomes_good_again_stops_the_second_one(self):
        """The credit note is cancelled after the period was reopened: its days would be billed twice."""
        credit = self.january._reverse_moves([{"invoice_date": self.january.invoice_date}], cancel=True)
        self.reopen(self.january)
        credit.button_draft()
        credit.button_cancel()
        self.assertNotEqual(self.january.payment_state, "reversed")
        self.run_cron()
        self.assertIn("is good again", self.one.park_reason)
        self.assertEqual(len(self.one.period_ids), 1)
        self.january._reverse_moves([{"invoice_date": self.january.invoice_date}], cancel=True)
        self.run_cron("maintenance")
        self.assertFalse(self.one.park_reason)
        self.run_cron()
        self.assertEqual(sorted(self.one.period_ids.mapped("state")), ["billed", "reopened"])

    def test_invoice_that_is_gone_after_it_was_billed_anew_stays_gone(self):
        self.cancel(self.january)
        self.reopen(self.january)
        self.bill(self.one)
        self.january.button_draft()
        with self.assertRaisesRegex(UserError, "was reopened and billed"):
            self.january.action_post()

    def test_ended_contract_gives_nothing_back_twice(self):
        self.cancel(self.january)
        self.one._end(date(2026, 1, 10), self.reason)
        self.reopen(self.january)
        self.assertEqual(self.amounts(self.bill(self.one, times=2)), [[100.0]])

    def test_pause_that_was_skipped_is_charged_when_it_is_taken_back(self):
        self.one._pause(date(2026, 2, 1), date(2026, 2, 28), "trip")
        self.bill(self.one)
        self.assertEqual(self.one.period_ids.sorted("index").mapped("state"), ["billed", "skipped"])
        adjustments = self.one._resume(date(2026, 2, 15))
        self.assertEqual(adjustments.mapped("price_unit"), [155.0])
        self.assertEqual(self.amounts(self.bill(self.one)), [[310.0, 155.0]])
