from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .hold_common import FEB, HoldCommon


@tagged("post_install", "-at_install")
class TestContractHold(HoldCommon):
    """Which charges wait for a supervisor."""

    @freeze_time("2026-02-05 15:00:00")
    def test_unexplained_amount_is_held_and_the_others_billed(self):
        good, odd = self.make_billed(), self.make_billed()
        self.raise_silently(odd, 150)
        self.run_cron()
        self.assertEqual((len(good.period_ids), len(odd.period_ids)), (2, 1))
        self.assertFalse(odd.park_reason, "held is not parked")
        self.assertIn("150.00", odd.hold_reason)
        self.assertIn("+50.0 %", odd.hold_reason)
        self.assertEqual((odd.hold_amount, odd.hold_deviation), (150, 50))
        self.assertEqual(odd.status_note, "Held for checking", "the list of contracts says so")
        self.run_cron()
        self.assertEqual(len(odd.period_ids), 1)
        with self.assertRaisesRegex(UserError, r"instead of.*100\.00"):
            odd.with_user(self.supervisor).with_context(lang="en_US").action_bill()

    @freeze_time("2026-02-05 15:00:00")
    def test_up_to_the_percentage_nothing_is_held(self):
        contracts = [self.make_billed() for _number in range(4)]
        for contract, price in zip(contracts, (130, 130.01, 70, 69.99), strict=True):
            self.raise_silently(contract, price)
        self.run_cron()
        self.assertEqual([bool(contract.hold_reason) for contract in contracts], [False, True, False, True])

    @freeze_time("2026-02-05 15:00:00")
    def test_zero_percent_holds_nothing(self):
        self.company.cobranca_outlier_percent = 0
        contract = self.make_billed()
        self.raise_silently(contract, 900)
        self.run_cron()
        self.assertEqual(len(contract.period_ids), 2)

    @freeze_time("2026-02-05 15:00:00")
    def test_registered_change_by_a_person_explains(self):
        contract = self.make_billed()
        change = [(contract.line_ids, {"price_unit": 200})]
        contract.with_user(self.supervisor)._change_items(FEB, change)
        self.run_cron()
        self.assertEqual(len(contract.period_ids), 2)
        self.assertFalse(contract.hold_reason)

    @freeze_time("2026-02-05 15:00:00")
    def test_readjustment_by_a_person_explains(self):
        contract = self.make_billed()
        contract.with_user(self.supervisor)._change_items(
            FEB, [(contract.line_ids, {"price_unit": 141})], kind="readjust"
        )
        self.run_cron()
        self.assertEqual(len(contract.period_ids), 2)

    @freeze_time("2026-02-05 15:00:00")
    def test_change_by_the_system_alone_does_not_explain(self):
        contract = self.make_billed()
        contract._change_items(FEB, [(contract.line_ids, {"price_unit": 200})])
        self.assertEqual(contract.change_ids[:1].create_uid, self.env.ref("base.user_root"))
        self.run_cron()
        self.assertIn("+100.0 %", contract.hold_reason)

    @freeze_time("2026-02-05 15:00:00")
    def test_change_that_does_not_come_to_the_amount_does_not_explain(self):
        contract = self.make_billed()
        contract.with_user(self.supervisor)._change_items(FEB, [(contract.line_ids, {"price_unit": 140})])
        contract.line_ids.sorted("id")[-1:].sudo().price_unit = 1400
        self.run_cron()
        self.assertTrue(contract.hold_reason)

    @freeze_time("2026-02-05 15:00:00")
    def test_item_that_begins_by_itself_is_not_explained(self):
        lines = [
            {"product_id": self.product.id, "price_unit": 100},
            {"product_id": self.product.id, "price_unit": 100, "date_start": "2026-02-01"},
        ]
        contract = self.make_billed(line_ids=[Command.create(line) for line in lines])
        self.run_cron()
        self.assertTrue(contract.hold_reason)

    def test_days_are_no_deviation(self):
        """A first period cut short, a pause: the price of a whole period is the same."""
        line = [Command.create({"product_id": self.product.id, "price_unit": 100})]
        with freeze_time("2026-01-25 15:00:00"):
            contract = self.make_contract(date_start="2026-01-25", billing_day=1, line_ids=line)
            self.billing._bill(contract)
            contract._pause(date(2026, 2, 10), date(2026, 2, 27), "away")
        with freeze_time("2026-03-05 15:00:00"):
            self.run_cron()
        self.assertEqual(contract.period_ids.sorted("index").mapped("amount"), [22.58, 35.71, 100.0])

    @freeze_time("2026-02-05 15:00:00")
    def test_one_off_items_are_no_deviation(self):
        contract = self.make_billed()
        once = {"product_id": self.product.id, "recurrence": "once", "date_start": FEB, "price_unit": 5000}
        contract.line_ids = [Command.create(once)]
        self.run_cron()
        self.assertEqual(sum(contract.period_ids.mapped("amount")), 5200)

    @freeze_time("2026-03-05 15:00:00")
    def test_usage_that_leaps_is_held(self):
        steady, leaping = self.make_metered([50, 60]), self.make_metered([50, 200])
        self.run_cron()
        self.assertEqual((len(steady.period_ids), bool(steady.hold_reason)), (5, False))
        self.assertEqual(len(leaping.period_ids), 3, "January, and February with the usage of January")
        self.assertTrue(leaping.hold_reason)

    @freeze_time("2026-03-05 15:00:00")
    def test_usage_of_a_short_period_is_compared_by_days(self):
        """Ten days of January used 100; all of February 280: as much a day."""
        lines = [
            {"product_id": self.product.id, "price_unit": 1},
            {"product_id": self.product.id, "price_unit": 1, "recurrence": "usage"},
        ]
        contract = self.make_contract(
            date_start="2026-01-22", billing_day=1, line_ids=[Command.create(line) for line in lines]
        )
        self.add_usage(contract, "2026-01-25", 100)
        self.add_usage(contract, "2026-02-25", 280)
        self.run_cron()
        self.assertFalse(contract.hold_reason)

    @freeze_time("2026-02-05 15:00:00")
    def test_first_charge_is_held_only_above_its_limit(self):
        first = self.make_contract(date_start="2026-02-01")
        self.run_cron()
        self.assertEqual(len(first.period_ids), 1)
        self.company.cobranca_first_charge_limit = 349.99
        second = self.make_contract(date_start="2026-02-01")
        self.company.flush_recordset()
        self.run_cron()
        self.assertFalse(second.period_ids)
        self.assertIn("for the first time", second.hold_reason)

    @freeze_time("2026-02-05 15:00:00")
    def test_limit_of_first_charges_is_in_the_company_s_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].search([("currency_id", "=", dollar.id)]).unlink()
        self.env["res.currency.rate"].create({"currency_id": dollar.id, "name": "2026-01-01", "rate": 0.2})
        self.company.cobranca_first_charge_limit = 300
        line = {"product_id": self.product.id}
        below, above = (
            self.make_contract(
                date_start="2026-02-01",
                currency_id=dollar.id,
                line_ids=[Command.create({**line, "price_unit": price})],
            )
            for price in (59, 61)
        )
        self.company.flush_recordset()
        self.run_cron()
        self.assertFalse(below.hold_reason)
        self.assertTrue(below.period_ids)
        self.assertFalse(above.period_ids)
        self.assertIn("for the first time", above.hold_reason)
