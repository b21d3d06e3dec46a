from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common import CobrancaCommon

JAN, FEB, MAR = (date(2026, month, 1) for month in (1, 2, 3))


@tagged("post_install", "-at_install")
class TestContractHold(CobrancaCommon):
    """Charges that wait for a supervisor, and months that do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cobranca.contract"].search([("state", "=", "active")]).state = "draft"
        cls.company.write({"cobranca_outlier_percent": 30, "cobranca_conference_mode": "automatic"})
        cls.billing = cls.env["cobranca.contract.billing"]
        cls.Conference = cls.env["cobranca.billing.conference"]
        cls.held_type = cls.env.ref("cobranca_recorrente.mail_activity_conference")

    def run_cron(self, name="contract_billing"):
        with self.enter_registry_test_mode():
            self.env.ref(f"cobranca_recorrente.ir_cron_cobranca_{name}").method_direct_trigger()

    def make_billed(self, price=100.0, **values):
        """A contract whose January is billed."""
        line = {"product_id": self.product.id, "price_unit": price}
        with freeze_time("2026-01-05 15:00:00"):
            contract = self.make_contract(**{"billing_day": 1, "line_ids": [Command.create(line)], **values})
            self.billing._bill(contract)
        self.assertEqual(len(contract.period_ids), 1)
        return contract

    def make_metered(self, quantities):
        """A fee of 100 and usage at 1, its usage of January on; the periods billed up to the last but one."""
        lines = [
            {"product_id": self.product.id, "price_unit": 100},
            {"product_id": self.product.id, "price_unit": 1, "recurrence": "usage"},
        ]
        contract = self.make_contract(billing_day=1, line_ids=[Command.create(line) for line in lines])
        for month, quantity in enumerate(quantities, start=1):
            self.add_usage(contract, f"2026-{month:02}-10", quantity)
        return contract

    def add_usage(self, contract, day, quantity, key=None):
        self.env["cobranca.contract.usage"].create(
            {
                "contract_id": contract.id,
                "product_id": self.product.id,
                "date": day,
                "quantity": quantity,
                "external_key": key or day,
            }
        )

    def raise_silently(self, contract, price):
        """As by an addon or a script: no button, so nothing in the register."""
        contract.line_ids[:1].sudo().price_unit = price

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

    # --- release ---

    @freeze_time("2026-02-05 15:00:00")
    def test_release_by_a_supervisor_once(self):
        contract = self.make_billed()
        self.raise_silently(contract, 150)
        self.run_cron()
        for any_contract in (contract, self.make_billed()):
            with self.assertRaises(AccessError):
                any_contract.with_user(self.collector).action_release_hold()
        with self.assertRaises(AccessError):
            contract.with_user(self.supervisor).hold_reason = False
        contract.with_user(self.supervisor).action_release_hold()
        self.assertEqual((contract.hold_reason, contract.hold_released_by_id), (False, self.supervisor))
        self.run_cron()
        self.assertEqual(contract.period_ids.mapped("amount"), [150, 100])
        self.assertIn(self.supervisor.name, "".join(contract.message_ids.mapped("body")))

    @freeze_time("2026-02-05 15:00:00")
    def test_other_amount_after_the_release_is_held_again(self):
        contract = self.make_billed()
        self.raise_silently(contract, 150)
        self.run_cron()
        contract.with_user(self.supervisor).action_release_hold()
        self.raise_silently(contract, 1500)
        self.run_cron()
        self.assertEqual(len(contract.period_ids), 1)
        self.assertIn("1,500.00", contract.hold_reason)

    @freeze_time("2026-02-05 15:00:00")
    def test_what_is_put_right_is_let_go(self):
        contract = self.make_billed()
        self.raise_silently(contract, 150)
        self.run_cron()
        self.raise_silently(contract, 100)
        self.run_cron("billing_conference")
        self.assertFalse(contract.hold_reason)
        self.run_cron()
        self.assertEqual(len(contract.period_ids), 2)

    @freeze_time("2026-02-05 15:00:00")
    def test_conference_shows_and_releases_what_is_held(self):
        odd, other = self.make_billed(), self.make_billed()
        self.raise_silently(odd, 150)
        self.raise_silently(other, 160)
        conference = self.Conference.create({"month": FEB})
        self.assertEqual((conference.held_count, conference.line_ids.filtered("is_held").contract_id), (2, odd | other))
        line = conference.line_ids.filtered(lambda line: line.contract_id == odd)
        self.assertEqual((line.price, line.deviation), (50, 50))
        # Before the run even came to it.
        line.with_user(self.supervisor).action_release()
        self.assertEqual((line.released_by_id, conference.held_count), (self.supervisor, 1))
        self.run_cron()
        self.assertEqual((len(odd.period_ids), len(other.period_ids)), (2, 1))
        conference.with_user(self.supervisor).action_refresh()
        kept = conference.line_ids.filtered("released_by_id")
        self.assertEqual((kept.contract_id, kept.released_by_id), (odd, self.supervisor))
        conference.with_user(self.supervisor).action_release_held()
        self.assertEqual((conference.held_count, other.hold_reason), (0, False))
        self.run_cron()
        self.assertEqual(len(other.period_ids), 2)

    @freeze_time("2026-02-05 15:00:00")
    def test_one_activity_for_all_that_is_held(self):
        for _number in range(3):
            self.raise_silently(self.make_billed(), 150)
        self.run_cron()
        self.run_cron("billing_conference")
        self.run_cron("billing_conference")
        conference = self.Conference.search([("month", "=", FEB), ("company_id", "=", self.company.id)])
        activities = self.env["mail.activity"].search([("activity_type_id", "=", self.held_type.id)])
        people = self.billing._get_people_to_ask(self.company)
        self.assertEqual(activities.mapped("res_id"), [conference.id] * len(people))
        self.assertEqual(activities.user_id, people)
        conference.with_user(self.supervisor).action_release_held()
        self.assertFalse(activities.exists())

    # --- months released by hand ---

    @freeze_time("2026-02-05 15:00:00")
    def test_by_hand_nothing_is_billed_before_the_release(self):
        contract, other_month = self.make_billed(), self.make_billed(due_day=31, issue_lead_days=60)
        self.company.cobranca_conference_mode = "manual"
        self.run_cron()
        self.assertEqual(len(contract.period_ids), 1)
        with self.assertRaisesRegex(UserError, "2026-02 is not released"):
            contract.with_user(self.supervisor).with_context(lang="en_US").action_bill()
        self.run_cron("billing_conference")
        conference = self.Conference.search([("month", "=", FEB), ("company_id", "=", self.company.id)])
        self.assertTrue(conference.activity_ids)
        conference.with_user(self.supervisor).action_release()
        self.assertFalse(conference.activity_ids)
        self.run_cron()
        self.assertEqual(len(contract.period_ids), 2)
        self.assertEqual(len(other_month.period_ids), 2, "its March waits for its own release")
        self.assertEqual(other_month.next_due_date, date(2026, 3, 31))
        self.Conference.create({"month": MAR}).action_release()
        self.run_cron()
        self.assertEqual(len(other_month.period_ids), 3)

    @freeze_time("2026-02-05 15:00:00")
    def test_release_of_the_month_leaves_outliers_held(self):
        good, odd = self.make_billed(), self.make_billed()
        self.raise_silently(odd, 150)
        self.company.cobranca_conference_mode = "manual"
        self.Conference.create({"month": FEB}).with_user(self.supervisor).action_release()
        self.run_cron()
        self.assertEqual((len(good.period_ids), len(odd.period_ids)), (2, 1))
        self.assertTrue(odd.hold_reason)

    @freeze_time("2026-02-05 15:00:00")
    def test_release_of_another_company_releases_nothing(self):
        contract = self.make_billed()
        self.company.cobranca_conference_mode = "manual"
        other = self.env["res.company"].create({"name": "Other", "cobranca_conference_mode": "manual"})
        self.Conference.create({"month": FEB, "company_id": other.id}).action_release()
        self.run_cron()
        self.assertEqual(len(contract.period_ids), 1)

    # --- the queue ---

    @freeze_time("2026-02-05 15:00:00")
    def test_queue_of_what_is_due_is_read_from_its_index(self):
        contract = self.make_billed()
        self.raise_silently(contract, 150)
        self.run_cron()
        self.env.flush_all()
        self.assertFalse(self.billing._may_have_work(), "what is held is not work to do")
        self.env.cr.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'cobranca_contract_due_idx'")
        self.assertIn("hold_reason IS NULL", self.env.cr.fetchone()[0])
