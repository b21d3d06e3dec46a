from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestBillingCharges(BillingCommon):
    """What is on which invoice: advance and arrears, one-off items, trial, zero and negative."""

    def test_advance_and_arrears_on_one_invoice(self):
        contract = self.contract(self.line("Fee", 100.0), self.line("Support", 50.0, billing_timing="arrears"))
        first, second = self.bill(contract), self.bill(contract)
        self.assertEqual(self.amounts(first), [[100.0]])
        self.assertEqual(self.amounts(second), [[100.0, 50.0]])
        self.assertEqual(self.names(second), ["Fee\n02/01/2026 to 02/28/2026", "Support\n01/01/2026 to 01/31/2026"])
        self.assertEqual(second.invoice_date_due, date(2026, 2, 10))
        rows = second.cobranca_period_ids.sorted("line_group")
        self.assertEqual(
            rows.mapped(lambda p: (p.line_group, p.index, p.amount)), [("advance", 1, 100.0), ("arrears", 0, 50.0)]
        )

    def test_last_arrears_come_after_the_end(self):
        contract = self.contract(
            self.line("Fee", 100.0),
            self.line("Support", 50.0, billing_timing="arrears"),
            date_end="2026-02-28",
            renewal="none",
        )
        self.assertEqual(self.amounts(self.bill(contract, times=5)), [[100.0], [100.0, 50.0], [50.0]])
        self.assertEqual(contract.state, "closed")

    def test_arrears_are_not_issued_before_their_period_is_over(self):
        contract = self.contract(self.line(billing_timing="arrears"), issue_lead_days=30, due_day=1)
        self.assertEqual((contract.next_issue_date, contract.next_due_date), (date(2026, 2, 1),) * 2)

    def test_one_off_joins_the_invoice_whose_due_date_it_comes_before(self):
        contract = self.contract(self.line(), self.line("Book", 40.0, recurrence="once", date_start="2026-02-03"))
        self.assertEqual(self.amounts(self.bill(contract, times=3)), [[310.0], [310.0, 40.0], [310.0]])

    def test_one_off_with_an_invoice_of_its_own(self):
        contract = self.contract(
            self.line(), self.line("Book", 40.0, recurrence="once", date_start="2026-02-03", invoice_apart=True)
        )
        moves = self.bill(contract, times=3)
        self.assertEqual(self.amounts(moves), [[310.0], [40.0], [310.0]])
        self.assertEqual(moves[1].invoice_date, date(2026, 2, 3))

    def test_one_off_after_the_last_period(self):
        contract = self.contract(
            self.line(),
            self.line("Certificate", 40.0, recurrence="once", date_start="2026-05-20"),
            self.line("Robe", 60.0, recurrence="once", date_start="2026-05-21"),
            date_end="2026-01-31",
            renewal="none",
        )
        moves = self.bill(contract, times=3)
        self.assertEqual(self.amounts(moves), [[310.0], [40.0, 60.0]])
        self.assertEqual(moves[1].invoice_date_due, date(2026, 6, 10))

    def test_one_off_is_billed_once(self):
        contract = self.contract(self.line(), self.line("Book", 40.0, recurrence="once", date_start="2026-01-03"))
        self.assertEqual(sum(self.bill(contract, times=6).mapped("amount_untaxed")), 6 * 310 + 40)

    def test_first_and_last_period_by_days(self):
        contract = self.contract(self.line(price=100.0), start="2026-01-31", date_end="2026-03-01", renewal="none")
        moves = self.bill(contract, times=4)
        self.assertEqual(self.amounts(moves), [[3.23], [100.0], [3.23]])
        self.assertIn("1 of 31 days", self.names(moves)[0])
        self.assertNotIn("days", self.names(moves)[1])

    def test_prorated_lines_with_quantity_and_discount_come_to_the_cent(self):
        contract = self.contract(
            self.line(price=99.99, quantity=3, discount=33.33), self.line(price=0.07, quantity=7), start="2026-01-15"
        )
        [charge] = contract._get_preview(1)
        move = self.bill(contract)
        self.assertEqual(self.amounts(move), [[line["amount"] for line in charge["lines"]]])
        # 199.99 × 17/31 = 109.67; 0.49 × 17/31 = 0.27
        self.assertEqual(self.amounts(move), [[109.67, 0.27]])

    def test_trial_costs_nothing_and_periods_follow_it(self):
        contract = self.contract(self.line(price=100.0), billing_day=0, trial_days=15)
        self.assertEqual(
            self.plan(contract, 2), [("2026-01-16", "2026-02-15", 100.0), ("2026-02-16", "2026-03-15", 100.0)]
        )

    def test_trial_within_a_period(self):
        contract = self.contract(self.line(price=310.0), trial_days=15)
        self.assertEqual(
            self.plan(contract, 2), [("2026-01-16", "2026-01-31", 160.0), ("2026-02-01", "2026-02-28", 310.0)]
        )

    def test_whole_pause_is_kept_without_invoice(self):
        contract = self.contract()
        with self.on("2026-01-20"):
            self.bill(contract, "2026-01-20")
            contract._pause(date(2026, 2, 1), date(2026, 2, 28), "holidays")
        moves = self.bill(contract, times=2)
        self.assertEqual([f"{move.invoice_date_due}" for move in moves], ["2026-03-10"])
        self.assertEqual(contract.period_ids.sorted("index").mapped("state"), ["billed", "skipped", "billed"])

    def test_zero_is_kept_without_invoice(self):
        contract = self.contract(self.line(price=0.0))
        self.assertFalse(self.bill(contract, times=2))
        self.assertEqual(contract.period_ids.mapped("state"), ["skipped"] * 2)

    def test_charges_that_cancel_out_leave_no_invoice(self):
        contract = self.contract(
            self.line(price=100.0), self.line("Grant", -100.0, recurrence="once", date_start="2026-01-01")
        )
        self.assertFalse(self.bill(contract))
        self.assertEqual(self.amounts(self.bill(contract)), [[100.0]])

    def test_negative_charge_waits_and_becomes_a_credit_note_by_the_button(self):
        contract = self.contract(
            self.line(price=100.0), self.line("Grant", -150.0, recurrence="once", date_start="2026-01-01")
        )
        with self.on("2026-01-05"):
            self.assertFalse(self.billing._bill(contract))
            self.assertRegex(contract.park_reason, r"exceed its charges by .*50\.00")
            self.assertFalse(contract.period_ids)
            contract.with_user(self.supervisor).action_settle()
            credit = contract.period_ids.move_id
            self.assertRecordValues(credit, [{"move_type": "out_refund", "state": "posted", "amount_total": 150.0}])
            contract.action_unpark()
            self.assertEqual(self.amounts(self.billing._bill(contract)), [[100.0]])

    def test_settling_leaves_what_is_planned_for_later(self):
        contract = self.contract(
            self.line(),
            self.line("Robe", 60.0, recurrence="once", date_start="2026-12-01"),
            self.line("Book", 40.0, recurrence="once", date_start="2026-01-02"),
        )
        with self.on("2026-01-05"):
            contract._postpone_next(date(2026, 1, 20))
            contract.action_settle()
            self.assertEqual(self.amounts(contract.period_ids.move_id), [[40.0]])
            self.assertEqual(contract.next_due_date, date(2026, 1, 20), "another charge was postponed")
            with self.assertRaisesRegex(UserError, "is settled"):
                contract.action_settle()

    def test_draft_is_not_settled(self):
        contract = self.contract(self.line("Book", 40.0, recurrence="once", date_start="2026-01-02"), activate=False)
        with self.on("2026-01-05"), self.assertRaisesRegex(UserError, "not active"):
            contract.action_settle()

    def test_item_that_comes_later_has_no_periods_before(self):
        """Usage added to an old contract must not make years of empty periods wait."""
        contract = self.contract()
        self.company.cobranca_max_catch_up = 2
        for month in range(1, 9):
            self.bill(contract, f"2026-{month:02}-05")
        with self.on("2026-08-05"):
            contract._change_items(
                date(2026, 8, 5),
                [(None, {"product_id": self.usage_product.id, "recurrence": "usage", "price_unit": 2.0})],
            )
            self.use(contract, "2026-08-20", 10)
            self.assertEqual(contract.next_due_date, date(2026, 9, 10))
        self.assertEqual(self.amounts(self.bill(contract, "2026-09-05")), [[310.0, 20.0]])
        self.assertEqual(contract.period_ids.filtered(lambda p: p.line_group == "arrears").mapped("index"), [7])

    def test_ledger_is_written_before_the_invoice(self):
        """A second run is stopped by the ledger before it makes anything."""
        contract = self.contract()
        Move = type(self.env["account.move"])
        create = Move.create
        seen = []

        def looking(moves, values):
            moves.env.cr.execute("SELECT count(*) FROM cobranca_contract_period WHERE contract_id = %s", [contract.id])
            seen.append(moves.env.cr.fetchone()[0])
            return create(moves, values)

        self.patch(Move, "create", looking)
        self.bill(contract)
        self.assertEqual(seen[:1], [1])

    def test_sections_stay_where_they_are(self):
        contract = self.contract(
            self.line("Fee", 100.0, sequence=2),
            self.line("Book", 40.0, recurrence="once", date_start="2026-01-02", sequence=3),
        )
        contract.line_ids = [(0, 0, {"display_type": "line_section", "name": "January {ano}", "sequence": 1})]
        move = self.bill(contract)
        self.assertEqual(move.invoice_line_ids.mapped("display_type"), ["line_section", "product", "product"])
        self.assertEqual(self.names(move)[0], "January 2026")
