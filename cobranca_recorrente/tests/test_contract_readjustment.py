from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .readjustment_common import ReadjustmentCommon


@tagged("post_install", "-at_install")
class TestContractReadjustment(ReadjustmentCommon):
    @freeze_time("2026-01-05 15:00:00")
    def test_known_figure(self):
        """200.00 by 20.92 % is 241.84 (a published example says 241.82, by a slip)."""
        self.index.kind = "fixed"
        self.index.fixed_percent = 20.92
        contract = self.make_old_contract(
            line_ids=[Command.create({"product_id": self.product.id, "price_unit": 200.0})]
        )
        proposal = self.propose(contract)
        self.assertEqual((proposal.date, proposal.date_effective), (date(2026, 2, 1), date(2026, 2, 1)))
        self.assertEqual((proposal.amount_before, proposal.amount_after), (200.0, 241.84))
        proposal.with_user(self.supervisor).action_approve()
        old, new = contract.line_ids.sorted("id")
        self.assertEqual((old.price_unit, old.date_end), (200.0, date(2026, 1, 31)))
        self.assertEqual((new.price_unit, new.date_start, new.previous_line_id), (241.84, date(2026, 2, 1), old))
        self.assertEqual((proposal.state, proposal.decided_by_id), ("approved", self.supervisor))
        change = contract.change_ids[:1]
        self.assertEqual((change.kind, change.amount_before, change.amount_after), ("readjust", 200.0, 241.84))

    def test_compound_of_the_last_twelve_months(self):
        proposal = self.propose(self.make_old_contract())
        self.assertEqual((proposal.first_month, proposal.last_month), (date(2025, 1, 1), date(2025, 12, 1)))
        self.assertAlmostEqual(proposal.percent_index, (1.0159**12 - 1) * 100, places=3)

    def test_not_before_twelve_months(self):
        young = self.make_contract(date_start="2025-06-01", billed_until="2025-12-31", index_id=self.index.id)
        self.assertFalse(self.propose(young))
        readjusted = self.make_old_contract(date_start="2020-02-01", last_readjusted="2025-09-01")
        self.assertFalse(self.propose(readjusted))
        proposal = self.propose(self.make_old_contract())
        with self.assertRaisesRegex(UserError, "twelve months"):
            proposal.with_user(self.supervisor).date_effective = "2026-01-15"

    def test_anniversaries_of_the_earlier_system_are_not_made_up_for(self):
        contract = self.make_old_contract(date_start="2022-06-01")
        self.assertFalse(self.propose(contract))
        self.assertEqual(self.propose(contract, "2026-05-01").date, date(2026, 6, 1))

    def test_cap_floor_and_no_negative(self):
        falling = self.make_index("NEG", "-0.5")
        cases = (
            (self.index, {"readjust_cap": 10.0}, 10.0),
            (self.index, {}, (1.0159**12 - 1) * 100),
            (falling, {}, 0.0),
            (falling, {"readjust_allow_negative": True}, (0.995**12 - 1) * 100),
            (falling, {"readjust_floor": 3.0}, 3.0),
        )
        for index, limits, percent in cases:
            with self.subTest(limits=limits):
                proposal = self.propose(self.make_old_contract(index_id=index.id, **limits))
                self.assertAlmostEqual(proposal.percent_applied, percent, places=3)

    def test_missing_month_is_told_and_computed_when_it_comes(self):
        index = self.make_index("GAP", "1", months=6, last=date(2025, 12, 1))
        contract = self.make_old_contract(index_id=index.id)
        proposal = self.propose(contract)
        self.assertIn("01/2025", proposal.problem)
        with self.assertRaisesRegex(UserError, "01/2025"):
            proposal.with_user(self.supervisor).action_approve()
        self.env["cobranca.price.index.value"].create(
            [{"index_id": index.id, "month": date(2025, month, 1), "percent": 1.0} for month in range(1, 7)]
        )
        self.assertEqual(self.propose(contract), proposal)
        self.assertFalse(proposal.problem)
        self.assertAlmostEqual(proposal.percent_applied, (1.01**12 - 1) * 100, places=3)

    def test_price_counts_from_the_first_period_after_the_anniversary(self):
        contract = self.make_contract(
            date_start="2025-01-20", billing_day=1, billed_until="2025-12-31", index_id=self.index.id
        )
        proposal = self.propose(contract)
        self.assertEqual((proposal.date, proposal.date_effective), (date(2026, 1, 20), date(2026, 2, 1)))

    def test_approved_late_settles_what_is_billed(self):
        contract = self.make_old_contract(
            line_ids=[Command.create({"product_id": self.product.id, "price_unit": 100.0})], readjust_cap=10.0
        )
        proposal = self.propose(contract)
        with freeze_time("2026-02-15 15:00:00"):
            for _period in range(2):
                self.env["cobranca.contract.billing"]._bill(contract)
            proposal.with_user(self.supervisor).action_approve()
        adjustments = contract.line_ids.filtered("adjusted_period_id")
        self.assertEqual(sum(adjustments.mapped("price_unit")), 10.0)
        self.assertEqual(set(adjustments.adjusted_period_id.mapped("date_start")), {date(2026, 2, 1)})

    def test_refused_leaves_the_price_and_does_not_come_back(self):
        contract = self.make_old_contract()
        proposal = self.propose(contract)
        proposal.with_user(self.supervisor).action_refuse()
        self.assertFalse(self.propose(contract))
        self.assertEqual(contract.line_ids.mapped("price_unit"), [350.0])
        with self.assertRaisesRegex(UserError, "decided already"):
            proposal.with_user(self.supervisor).action_approve()

    def test_amounts_of_a_paused_contract(self):
        """What is agreed is readjusted, though nothing is billed on the day before."""
        contract = self.make_old_contract(readjust_cap=10.0)
        with freeze_time("2026-01-05 15:00:00"):
            contract._pause(date(2026, 1, 10), None, "Holidays")
        proposal = self.propose(contract, "2026-01-12")
        self.assertEqual((proposal.amount_before, proposal.amount_after), (350.0, 385.0))
        self.assertIn("Price until now", proposal.details_html)

    def test_applied_once(self):
        contract = self.make_old_contract()
        proposal = self.propose(contract)
        proposal.action_approve()
        self.assertFalse(self.propose(contract), "the next anniversary is a year away")
        self.assertEqual(contract.last_readjusted, date(2026, 2, 1))
        self.assertEqual(len(contract.readjustment_ids), 1)

    def test_cron_proposes(self):
        contract = self.make_old_contract()
        with freeze_time("2026-01-05 15:00:00"), self.enter_registry_test_mode():
            self.env.ref("cobranca_recorrente.ir_cron_cobranca_contract_maintenance").method_direct_trigger()
        self.assertEqual(contract.readjustment_ids.state, "proposed")

    def test_rights(self):
        proposal = self.propose(self.make_old_contract())
        with self.assertRaises(AccessError):
            proposal.with_user(self.collector).action_approve()
        for values in ({"state": "approved"}, {"details": []}, {"percent_applied": 99}):
            with self.assertRaises(UserError):
                proposal.with_user(self.supervisor).write(values)
        with self.assertRaises(AccessError):
            proposal.with_user(self.manager).unlink()

    def test_usage_price_keeps_its_decimals(self):
        contract = self.make_old_contract(
            readjust_cap=10.0,
            line_ids=[
                Command.create({"product_id": self.product.id, "price_unit": 100.0}),
                Command.create({"product_id": self.product.id, "price_unit": 0.125, "recurrence": "usage"}),
            ],
        )
        proposal = self.propose(contract)
        self.assertEqual(sorted(detail["new"] for detail in proposal.details), [0.138, 110.0])

    # --- what happens between the anniversary and the approval ---

    def make_priced(self, price=100.0, **values):
        lines = [Command.create({"product_id": self.product.id, "name": "Fee", "price_unit": price})]
        return self.make_old_contract(line_ids=lines, readjust_cap=10.0, **values)

    def approve(self, proposal, day):
        with freeze_time(f"{day} 15:00:00"):
            proposal.with_user(self.supervisor).action_approve()

    def prices(self, contract):
        lines = contract.line_ids.filtered(lambda line: line.recurrence == "recurring")
        lines = lines.sorted(lambda line: line.date_start or date.min)
        return [(line.date_start and f"{line.date_start:%m-%d}", line.price_unit) for line in lines]

    def change(self, contract, day, **values):
        with freeze_time("2026-01-10 15:00:00"):
            line = contract.line_ids.sorted("id")[-1]
            contract._change_items(date.fromisoformat(day), [(line, values)])

    def test_versions_that_begin_later_are_readjusted_too(self):
        """Another quantity from a later day must not bring the old price back."""
        contract = self.make_priced()
        proposal = self.propose(contract)
        self.change(contract, "2026-02-10", quantity=2)
        self.approve(proposal, "2026-02-20")
        self.assertEqual(self.prices(contract), [(False, 100.0), ("02-01", 110.0), ("02-10", 110.0)])
        following = self.propose(contract, "2027-01-20")
        self.assertEqual((following.date, following.date_effective), (date(2027, 2, 1),) * 2)

    def test_price_that_was_agreed_anew_starts_its_twelve_months(self):
        contract = self.make_priced()
        self.change(contract, "2026-01-15", price_unit=120.0)
        self.assertFalse(self.propose(contract, "2026-01-20"), "the anniversary was 2026-02-01")
        proposal = self.propose(contract, "2027-01-10")
        self.assertEqual((proposal.date, proposal.date_effective), (date(2027, 1, 15), date(2027, 2, 1)))

    def test_only_items_whose_price_is_a_year_old(self):
        contract = self.make_priced()
        with freeze_time("2026-01-10 15:00:00"):
            gym = {"product_id": self.product.id, "name": "Gym", "price_unit": 50.0}
            contract._change_items(date(2026, 1, 1), [(None, gym)])
        proposal = self.propose(contract, "2026-01-20")
        self.assertEqual([detail["old"] for detail in proposal.details], [100.0])
        self.assertEqual((proposal.amount_before, proposal.amount_after), (150.0, 160.0))

    def test_price_agreed_before_the_approval_is_not_readjusted(self):
        contract = self.make_priced()
        proposal = self.propose(contract)
        self.change(contract, "2026-01-15", price_unit=120.0)
        with freeze_time("2026-01-20 15:00:00"), self.assertRaisesRegex(UserError, "twelve months"):
            proposal.with_user(self.supervisor).action_approve()

    def test_proposal_of_an_earlier_year_is_not_applied_after_a_later_one(self):
        index = self.make_index("OLD", "1", months=40)
        contract = self.make_priced(date_start="2024-02-01", billed_until="2024-12-31", index_id=index.id)
        old = self.propose(contract, "2025-01-10")
        new = self.propose(contract)
        self.assertEqual((old.date, new.date), (date(2025, 2, 1), date(2026, 2, 1)))
        self.approve(new, "2026-01-10")
        with freeze_time("2026-01-11 15:00:00"), self.assertRaisesRegex(UserError, "twelve months"):
            old.with_user(self.supervisor).action_approve()
        self.assertEqual(contract.last_readjusted, date(2026, 2, 1))

    def test_day_chosen_by_hand_outlives_the_night(self):
        contract = self.make_priced()
        proposal = self.propose(contract)
        proposal.with_user(self.supervisor).date_effective = "2026-04-01"
        self.assertEqual(self.propose(contract, "2026-01-06").date_effective, date(2026, 4, 1))
        self.change(contract, "2026-03-10", quantity=2)
        self.approve(proposal, "2026-01-20")
        self.assertEqual(self.prices(contract), [(False, 100.0), ("03-10", 100.0), ("04-01", 110.0)])
        self.assertEqual(contract.last_readjusted, date(2026, 4, 1))

    def test_weeks_never_come_to_less_than_twelve_months(self):
        index = self.make_index("WEEK", "1", months=60, last=date(2026, 11, 1))
        contract = self.make_priced(
            date_start="2025-02-03", billed_until="2026-01-04", interval_unit="week", index_id=index.id
        )
        days = []
        for day in ("2026-01-20", "2027-01-20"):
            proposal = self.propose(contract, day)
            self.approve(proposal, day)
            days.append(proposal.date_effective)
        self.assertEqual([f"{day}" for day in days], ["2026-02-09", "2027-02-15"])

    def test_contract_that_ends_before_is_not_readjusted(self):
        """It was ended after the proposal: approving says which contract it is, and why."""
        contract = self.make_old_contract()
        proposal = self.propose(contract)
        reason = self.env["cobranca.close.reason"].search([], limit=1)
        contract.write({"close_reason_id": reason.id, "date_end": "2026-01-20"})
        with self.assertRaisesRegex(UserError, f"{contract.name}.*ends on 01/20/2026"):
            proposal.with_user(self.supervisor).action_approve()
        contract.write({"close_reason_id": False, "date_end": False})
        proposal.with_user(self.supervisor).action_approve()
        self.assertEqual(proposal.state, "approved")

    def test_contract_that_renews_itself_is_told_of_in_time(self):
        self.company.cobranca_readjust_notice_days = 45
        contract = self.make_priced(date_end="2026-01-31", renewal="auto")
        proposal = self.propose(contract, "2025-12-31")
        self.assertEqual(proposal.date_effective, date(2026, 2, 1))
        self.assertEqual((proposal.amount_before, proposal.amount_after), (100.0, 110.0))
        self.approve(proposal, "2026-01-02")
        contract._renew()
        self.assertEqual(self.prices(contract), [(False, 100.0), ("02-01", 110.0)])
        self.assertFalse(self.propose(self.make_priced(date_end="2026-01-31", renewal="none"), "2025-12-31"))
