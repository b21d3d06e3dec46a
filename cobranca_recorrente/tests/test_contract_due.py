from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestContractDue(BillingCommon):
    """Due dates moved for good or once; ends that are renewed."""

    def setUp(self):
        super().setUp()
        self.stay_on("2026-01-05")

    def get_dues(self, contract, count=3):
        return [f"{charge['due']:%m-%d}" for charge in contract._get_preview(count)]

    # --- once ---

    def test_postponed_no_further_than_the_invoice_that_follows(self):
        """Behind it, that one would wait and then be issued with a due date of the past."""
        contract = self.contract()
        with self.assertRaisesRegex(UserError, "02/10/2026"):
            contract._postpone_next(date(2026, 2, 11))
        contract._postpone_next(date(2026, 2, 10))
        self.assertEqual(self.get_dues(contract), ["02-10", "02-10", "03-10"])

    def test_postponement_can_be_shortened_and_taken_back(self):
        contract = self.contract()
        contract._postpone_next(date(2026, 1, 30))
        contract._postpone_next(date(2026, 1, 20))
        self.assertEqual(contract.next_due_date, date(2026, 1, 20))
        contract._postpone_next(date(2026, 1, 10))
        self.assertEqual((contract.next_due_date, contract.postponed_due_date), (date(2026, 1, 10), False))
        with self.assertRaisesRegex(UserError, "choose a later one"):
            contract._postpone_next(date(2026, 1, 10))

    def test_item_with_its_own_invoice_does_not_take_the_postponed_date(self):
        contract = self.contract()
        self.bill(contract, "2026-01-05")
        contract._postpone_next(date(2026, 2, 25))
        values = {"product_id": self.product.id, "name": "Book", "price_unit": 40.0, "recurrence": "once"}
        contract._change_items(date(2026, 1, 6), [(None, {**values, "invoice_apart": True})])
        dues = [(charge["amount"], f"{charge['due']:%m-%d}") for charge in contract._get_preview(3)]
        self.assertEqual(dues, [(40.0, "01-10"), (310.0, "02-25"), (310.0, "03-10")])
        self.bill(contract, "2026-02-20", times=3)
        billed = contract.period_ids.move_id.sorted("id")[1:]
        self.assertEqual([f"{move.invoice_date_due:%m-%d}" for move in billed], ["01-10", "02-25", "03-10"])

    def test_settling_on_the_postponed_day_leaves_the_postponement(self):
        contract = self.contract(self.line(), self.line("Book", 40.0, recurrence="once", date_start="2026-01-02"))
        contract._postpone_next(date(2026, 2, 10))
        with self.on("2026-01-12"):
            contract.action_settle()
        self.assertEqual(contract.period_ids.move_id.invoice_date_due, date(2026, 2, 10))
        self.assertEqual(contract.next_due_date, date(2026, 2, 10))

    # --- for good ---

    def test_new_due_day_is_never_one_that_is_past(self):
        contract = self.contract(due_day=25, issue_lead_days=5)
        with self.on("2026-01-15"):
            contract._change_due_day(10)
            self.assertEqual(self.get_dues(contract), ["01-25", "02-10", "03-10"])
            contract._change_due_day(20)
            self.assertEqual(self.get_dues(contract)[1:], ["02-20", "03-20"])
            self.assertGreaterEqual(self.get_dues(contract)[0], "01-20")

    def test_new_due_day_of_a_contract_that_begins_in_the_month(self):
        contract = self.contract(start="2026-01-15", billing_day=15)
        self.bill(contract, "2026-02-05")
        self.assertEqual(contract.next_due_date, date(2026, 3, 10))
        with self.on("2026-02-25"):
            contract._change_due_day(20)
            self.assertEqual(self.get_dues(contract), ["03-10", "03-20", "04-20"])

    def test_weeks_have_no_due_day(self):
        contract = self.contract(interval_unit="week")
        with self.assertRaisesRegex(UserError, "no due day"):
            contract._change_due_day(20)

    # --- ends ---

    def test_renewal_keeps_the_day_of_the_anchor(self):
        contract = self.contract(start="2026-01-31", billing_day=0, date_end="2026-02-27", renewal_months=1)
        ends = []
        for _renewal in range(3):
            contract._renew()
            ends.append(f"{contract.date_end:%m-%d}")
        self.assertEqual(ends, ["03-30", "04-29", "05-30"])

    def test_change_in_the_term_that_an_automatic_renewal_brings(self):
        contract = self.contract(date_end="2026-01-31", renewal="auto")
        self.bill(contract, "2026-01-05")
        day = contract._get_next_effective_date()
        self.assertEqual(day, date(2026, 2, 1))
        contract._change_items(day, [(contract.line_ids, {"price_unit": 620.0})])
        self.assertEqual((contract.change_ids[0].amount_before, contract.change_ids[0].amount_after), (310.0, 620.0))
        contract._renew()
        self.assertEqual(self.amounts(self.bill(contract, "2026-02-05")), [[620.0]])
        ending = self.contract(date_end="2026-01-31", renewal="notice")
        with self.assertRaisesRegex(UserError, "between the start and the end"):
            ending._change_items(day, [(ending.line_ids, {"price_unit": 620.0})])
