from datetime import date

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestBillingUsage(BillingCommon):
    def usage_line(self, price=2.0, **values):
        return self.line("Messages", price, product=self.usage_product, recurrence="usage", **values)

    def metered(self, **values):
        return self.contract(self.line("Fee", 100.0), self.usage_line(), **values)

    def test_usage_is_billed_in_arrears_with_the_next_fee(self):
        contract = self.metered()
        self.use(contract, "2026-01-05", 3)
        self.use(contract, "2026-01-31", 4.5)
        self.use(contract, "2026-02-01", 100)
        first, second = self.bill(contract), self.bill(contract)
        self.assertEqual(self.amounts(first), [[100.0]])
        self.assertEqual(self.amounts(second), [[100.0, 15.0]])

    def test_late_usage_goes_on_the_next_invoice(self):
        contract = self.metered()
        self.bill(contract, times=2)
        late = self.use(contract, "2026-01-05", 3)
        self.assertEqual(self.amounts(self.bill(contract)), [[100.0, 6.0]])
        self.assertEqual((late.period_id.line_group, late.period_id.index), ("arrears", 1))

    def test_usage_keeps_the_price_of_its_day(self):
        contract = self.metered()
        self.bill(contract)
        with self.on("2026-01-20"):
            self.change(contract, "2026-02-01", contract.line_ids[1], price_unit=5.0)
        self.use(contract, "2026-01-31", 1)
        self.use(contract, "2026-02-01", 1)
        self.assertEqual(self.amounts(self.bill(contract)), [[100.0, 2.0]])
        self.use(contract, "2026-01-30", 10)
        self.assertEqual(self.amounts(self.bill(contract)), [[100.0, 20.0, 5.0]])

    def test_price_changed_back_in_time_settles_billed_usage(self):
        contract = self.metered()
        self.use(contract, "2026-01-05", 10)
        self.use(contract, "2026-01-25", 4)
        self.bill(contract, times=2)
        period = contract.period_ids.filtered("usage_ids")
        use = contract.line_ids[1]
        with self.on("2026-02-12"):
            adjustments = self.change(contract, "2026-01-20", use, price_unit=5.0)
            # Four readings at 2.00 become four at 5.00; those of before the day keep their price.
            self.assertEqual(adjustments.mapped("price_subtotal"), [-8.0, 20.0])
            self.assertEqual(adjustments.adjusted_period_id, period)
            again = self.change(contract, "2026-01-20", use.next_line_ids, price_unit=6.0)
            self.assertEqual(again.mapped("price_subtotal"), [-20.0, 24.0], "from what was settled before")
            self.assertFalse(contract._settle())
            contract._pause(date(2026, 3, 1), date(2026, 3, 31), "trip")
        self.assertEqual((sum(period._get_charged().values()), period.details["usage"]), (44, {f"{use.id}": "28.0"}))
        # The fee of March is paused: what was settled is left.
        self.assertEqual(sum(self.amounts(self.bill(contract))[0]), -8.0 + 20.0 - 20.0 + 24.0)

    def test_usage_item_ended_back_in_time_gives_billed_usage_back(self):
        contract = self.metered()
        self.use(contract, "2026-01-05", 10)
        self.use(contract, "2026-01-25", 4)
        self.bill(contract, times=2)
        with self.on("2026-02-12"):
            adjustments = self.change(contract, "2026-01-20", contract.line_ids[1])
        self.assertEqual(adjustments.mapped("price_subtotal"), [-8.0])

    def test_earlier_end_keeps_billed_usage(self):
        contract = self.metered()
        self.use(contract, "2026-01-25", 4)
        self.bill(contract, times=2)
        with self.on("2026-02-12"):
            adjustments = contract._end(date(2026, 1, 20), self.reason)
        self.assertNotIn(contract.line_ids[1].name, "".join(adjustments.mapped("name")), "what was used is owed")

    def test_same_item_twice_bills_a_reading_once(self):
        contract = self.contract(self.usage_line(), self.usage_line(price=7.0, sequence=20))
        self.use(contract, "2026-01-05", 3)
        self.assertEqual(self.amounts(self.bill(contract)), [[6.0]])
        self.assertEqual(contract._get_preview(1)[0]["amount"], 0.0)

    def test_usage_on_trial_or_billed_elsewhere_is_free(self):
        contract = self.metered(trial_days=10)
        self.use(contract, "2026-01-10", 50)
        self.use(contract, "2026-01-11", 1)
        self.assertEqual(self.amounts(self.bill(contract, times=2))[1], [100.0, 2.0])
        with self.subTest("fee in advance until March, usage in arrears until February"):
            moved = self.metered(billed_until="2026-03-31", arrears_billed_until="2026-02-28")
            self.use(moved, "2026-02-28", 50)
            self.use(moved, "2026-03-01", 1)
            self.use(moved, "2026-03-31", 1)
            self.use(moved, "2026-04-01", 9)
            self.assertEqual(self.amounts(self.bill(moved)), [[100.0, 4.0]])
            rows = [(row.line_group, f"{row.date_start}") for row in moved.period_ids.sorted("line_group")]
            self.assertEqual(rows, [("advance", "2026-04-01"), ("arrears", "2026-03-01")])
        old = self.metered(billed_until="2026-03-31")
        self.use(old, "2026-03-31", 50)
        self.use(old, "2026-04-01", 1)
        self.assertEqual(self.amounts(self.bill(old, times=2))[1], [100.0, 2.0])

    def test_same_key_is_counted_once(self):
        contract = self.metered()
        first = self.use(contract, "2026-01-05", 3, key="a")
        again = self.use(contract, "2026-01-05", 3, key="a")
        self.assertEqual(first, again)
        self.assertEqual(self.use(contract, "2026-01-05", "3.0", key="  a "), first)
        self.assertEqual(len(contract.usage_ids), 1)

    def test_same_key_in_one_import(self):
        contract = self.metered()
        values = {
            "contract_id": contract.id,
            "product_id": self.usage_product.id,
            "external_key": " k ",
            "date": "2026-01-02",
        }
        rows = self.env["cobranca.contract.usage"].create([{**values, "quantity": 3}, {**values, "quantity": 3.0}])
        self.assertEqual((len(rows), len(set(rows.ids)), rows[:1].external_key), (2, 1, "k"))

    def test_quantity_is_compared_as_it_is_kept(self):
        contract = self.metered()
        row = self.use(contract, "2026-01-05", 1.23456, key="a")
        self.assertEqual(self.use(contract, "2026-01-05", 1.23456, key="a"), row)

    def test_same_key_with_another_content_is_refused(self):
        contract = self.metered()
        self.use(contract, "2026-01-05", 3, key="a")
        for day, quantity in (("2026-01-06", 3), ("2026-01-05", 4)):
            with self.assertRaisesRegex(ValidationError, "brought in before"):
                self.use(contract, day, quantity, key="a")
        other = self.metered()
        self.assertNotIn(self.use(other, "2026-01-06", 3, key="a"), contract.usage_ids)

    def test_conflict_within_one_import_is_refused(self):
        contract = self.metered()
        values = {"contract_id": contract.id, "product_id": self.usage_product.id, "external_key": "k", "quantity": 1}
        with self.assertRaisesRegex(ValidationError, "brought in before"):
            self.env["cobranca.contract.usage"].create(
                [{**values, "date": "2026-01-02"}, {**values, "date": "2026-01-03"}]
            )

    def test_usage_from_the_screen_of_its_contract(self):
        contract = self.metered()
        Usage = self.env["cobranca.contract.usage"].with_context(
            default_contract_id=contract.id, default_product_id=self.usage_product.id
        )
        row = Usage.create({"date": "2026-01-05", "quantity": 1, "external_key": "a"})
        self.assertEqual(row.contract_id, contract)
        contract.usage_ids = [
            Command.create(
                {"product_id": self.usage_product.id, "date": "2026-01-05", "quantity": 1, "external_key": "a"}
            )
        ]
        self.assertEqual(contract.usage_ids, row)

    def test_usage_without_item_is_refused_with_what_to_do(self):
        contract = self.metered()
        with self.assertRaisesRegex(ValidationError, "no usage item"):
            self.use(contract, "2026-01-05", 3, product_id=self.product.id)
        with self.assertRaisesRegex(ValidationError, "no usage item"):
            self.use(self.contract(self.usage_line(date_start="2026-02-01")), "2026-01-31", 3)

    def test_billed_usage_stays(self):
        contract = self.metered()
        row = self.use(contract, "2026-01-05", 3)
        self.bill(contract, times=2)
        row = row.with_user(self.supervisor)
        for values in ({"quantity": 5}, {"date": "2026-02-01"}, {"period_id": False}):
            with self.assertRaises(UserError):
                row.write(values)
        with self.assertRaises(UserError):
            row.unlink()
        with self.assertRaises(UserError):
            row.create({**row.copy_data()[0], "external_key": "new", "period_id": row.period_id.id})

    def test_usage_survives_the_reopening_of_its_period(self):
        contract = self.metered()
        row = self.use(contract, "2026-01-05", 3)
        moves = self.bill(contract, times=2)
        self.cancel(moves[1])
        moves[1].cobranca_period_ids.with_user(self.supervisor).action_reopen()
        self.assertFalse(row.period_id)
        self.use(contract, "2026-02-02", 50)
        again = self.bill(contract)
        self.assertEqual(self.amounts(again), [[100.0, 6.0]])
        self.assertEqual((row.period_id.index, row.period_id.state), (0, "billed"))

    def test_usage_of_the_last_period(self):
        contract = self.metered(date_end="2026-01-31", renewal="none")
        self.use(contract, "2026-01-31", 3)
        self.assertEqual(self.amounts(self.bill(contract, "2026-02-05", times=3)), [[100.0], [6.0]])
        self.assertEqual(contract.state, "closed")

    def test_reading_that_no_invoice_would_bill_is_refused(self):
        contract = self.metered(date_end="2026-01-31", renewal="none")
        with self.assertRaisesRegex(ValidationError, "would never be billed"):
            self.use(contract, "2026-02-01", 3)
        known = self.use(contract, "2026-01-31", 3, key="a")
        self.bill(contract, "2026-01-05", times=2)
        with self.assertRaisesRegex(ValidationError, "would never be billed"):
            self.use(contract, "2026-01-30", 3)
        with self.on("2026-02-05"):
            contract._close_finished()
        self.assertEqual((contract.state, contract.next_issue_date), ("closed", False))
        with self.assertRaisesRegex(ValidationError, "is over"):
            self.use(contract, "2026-01-29", 3)
        self.assertEqual(self.use(contract, "2026-01-31", 3, key="a"), known, "a file that is sent again is no error")
        self.use(self.metered(date_end="2026-01-31", renewal="auto"), "2026-02-01", 3)

    def test_reading_left_behind_by_an_end_is_told(self):
        contract = self.metered()
        self.bill(contract, "2026-02-05", times=2)
        self.use(contract, "2026-01-30", 3)
        with self.on("2026-02-05"):
            contract._end(date(2026, 1, 31), self.reason, credit=False)
        self.assertEqual(contract.state, "closed")
        self.assertIn("1 readings", contract.activity_ids.summary)

    def test_quantity_is_charged_as_it_is_printed(self):
        contract = self.contract(self.usage_line(price=100.0, quantity=0.25))
        self.use(contract, "2026-01-05", 0.5)
        with self.on("2026-02-05"):
            (planned,) = contract._get_preview(1)
            move = self.billing._bill(contract)
        self.assertEqual(planned["amount"], move.amount_untaxed)
        self.assertEqual(contract.period_ids.amount, move.amount_untaxed)

    def test_preview_counts_each_reading_once(self):
        contract = self.metered()
        self.use(contract, "2026-01-05", 3)
        with self.on("2026-01-06"):
            self.assertEqual([charge["amount"] for charge in contract._get_preview(3)], [100.0, 106.0, 100.0])
        self.assertEqual(contract._get_preview(3)[1]["due"], date(2026, 2, 10))
