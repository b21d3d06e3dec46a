from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .agency_common import TODAY
from .test_placement_rule import PlacementCommon

CRON = "cobranca_negociacao.ir_cron_cobranca_placement_propose"


@tagged("post_install", "-at_install")
class TestPlacementBatch(PlacementCommon):
    """What was simulated is proposed, reviewed, approved by somebody else, and only then with the agencies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Batch = cls.env["cobranca.placement.batch"]
        cls.Wizard = cls.env["cobranca.placement.assign"].with_user(cls.supervisor)

    def propose_all(self, user=None):
        return self.Batch.with_user(user or self.supervisor)._propose(self.make_plan())

    def test_the_result_is_what_was_simulated(self):
        wizard = self.Wizard.create({})
        self.assertEqual(wizard.rule_ids, self.rule)
        wizard.action_simulate()
        self.assertIn("Pontefirme Assessoria", wizard.summary)
        plan = self.make_plan(seed=wizard.seed)
        batch = self.Batch.browse(wizard.action_propose()["res_id"])
        placements = batch.placement_ids
        self.assertEqual(
            {record.customer_name: (record.agency_id, set(record.line_ids.line_id.ids)) for record in placements},
            self.placed(plan),
        )
        self.assertEqual(batch.figures, self.Plan._get_figures(plan))
        self.assertEqual((batch.count, batch.proposed_by_id, batch.rule_ids), (2, self.supervisor, self.rule))
        self.assertAlmostEqual(batch.amount, batch.figures["amount"])
        self.assertRegex(batch.name, r"^LD/2026/\d{4}$")
        self.assertEqual(len(set(placements.mapped("name"))), 2)
        for record in placements:
            self.assertRegex(record.name, r"^D/2026/\d{6}$")
            self.assertEqual(record.document, record.partner_id.cobranca_masked_document)
            self.assertEqual((record.state, record.line_count), ("proposed", len(record.line_ids)))
            self.assertEqual(record.arm, "champion" if record.agency_id == self.agency else "challenger")
            self.assertAlmostEqual(record.amount, sum(record.line_ids.mapped("amount_placed")))
        self.assertFalse(self.env["cobranca.placement"].with_user(self.worker).search([]))
        self.assertEqual(batch.activity_ids.user_id & self.manager, self.manager)

    def test_a_change_is_shown_before_it_is_proposed(self):
        wizard = self.Wizard.create({"is_by_hand": True, "partner_ids": self.bakery.ids, "agency_id": self.agency.id})
        wizard.action_simulate()
        self.pay(self.lines[0], 100.0, TODAY)
        wizard.action_propose()
        self.assertTrue(wizard.has_changed)
        self.assertFalse(self.Batch.search([]))
        batch = self.Batch.browse(wizard.action_propose()["res_id"])
        self.assertEqual(batch.placement_ids.agency_id, self.agency)
        self.assertAlmostEqual(batch.placement_ids.amount_original, 3770.0)

    def test_marked_customers_are_taken_over(self):
        cases = self.env["cobranca.case"]._refresh(self.company, self.bakery)
        values = self.Wizard.with_context(active_model="cobranca.case", active_ids=cases.ids).default_get(
            ["partner_ids"]
        )
        self.assertEqual((values["is_by_hand"], values["partner_ids"]), (True, [Command.set(self.bakery.ids)]))
        with self.assertRaisesRegex(UserError, "Choose the customers and the agency"):
            self.Wizard.create({"is_by_hand": True}).action_simulate()
        with self.assertRaises(AccessError):
            self.Wizard.with_user(self.collector).create({})

    @mute_logger("odoo.sql_db")
    def test_two_who_saw_the_same_place_it_once(self):
        plan = self.make_plan()
        self.propose_all()
        self.assertEqual({reason for _name, reason in self.reasons(self.make_plan())}, {"placed"})
        with self.assertRaisesRegex(UserError, "simulate again"), self.env.cr.savepoint():
            self.Batch.with_user(self.supervisor)._propose(plan)
        with self.assertRaisesRegex(UserError, "nothing to place"):
            self.propose_all()
        with self.assertRaisesRegex(AccessError, "proposed by a supervisor"):
            self.propose_all(self.collector)

    def test_another_company_reads_nothing_of_it(self):
        other = self.env["res.company"].create({"name": "Other"})
        group = "cobranca_recorrente.cobranca_group_manager"
        stranger = new_test_user(self.env, "stranger", group, company_id=other.id, company_ids=[Command.set(other.ids)])
        batch = self.propose_all()
        for record in (batch, batch.rule_ids, batch.rule_ids.share_ids):
            self.assertFalse(record.with_user(stranger).search([]), record)
            with self.assertRaises(AccessError):
                record.with_user(stranger).check_access("read")
        with self.assertRaises(AccessError):
            batch.with_user(stranger).action_approve()

    def test_payments_of_the_moment_wait(self):
        batch, Line = self.propose_all(), type(self.lines)
        claim = Line._cobranca_claim
        with patch.object(Line, "_cobranca_claim", autospec=True, side_effect=claim) as claimed:
            batch.with_user(self.manager).action_approve()
        self.assertEqual(claimed.call_args.args[0], self.lines | self.foreign)

    def test_a_manager_approves_and_never_his_own(self):
        batch = self.propose_all(self.manager)
        self.env.ref("base.user_admin").group_ids += self.env.ref("cobranca_recorrente.cobranca_group_manager")
        for user in (self.supervisor, self.manager):
            with self.assertRaises(AccessError):
                batch.with_user(user).action_approve()
        self.assertEqual(batch.with_user(self.manager).can_decide, False)
        self.env.ref("cobranca_recorrente.cobranca_group_manager").user_ids = [Command.set(self.manager.ids)]
        batch.with_user(self.manager).action_approve()
        self.assertEqual((batch.state, batch.is_own_decision, batch.decided_by_id), ("approved", True, self.manager))
        self.assertEqual(set(batch.placement_ids.mapped("state")), {"active"})
        seen = self.env["cobranca.placement"].with_user(self.worker).search([])
        self.assertEqual(seen.sudo(), batch.placement_ids.filtered(lambda record: record.agency_id == self.agency))
        holds = self.env["cobranca.hold"].search([("reason", "=", "placement")])
        self.assertEqual(holds.line_id, self.lines | self.foreign)
        with self.assertRaisesRegex(UserError, "decided already"):
            batch.with_user(self.manager).action_refuse()

    def test_single_customers_are_left_out(self):
        batch = self.propose_all()
        caio = batch.placement_ids.filtered(lambda record: record.partner_id == self.stranger)
        for user in (self.collector, self.worker):
            with self.assertRaises(AccessError):
                caio.with_user(user).action_leave_out()
        caio.with_user(self.supervisor).action_leave_out()
        self.assertEqual((caio.state, caio.line_ids.is_live, batch.count), ("refused", False, 1))
        batch.with_user(self.manager).action_approve()
        self.assertEqual((batch.placement_ids - caio).mapped("state"), ["active"])
        self.assertEqual(caio.state, "refused")
        with self.assertRaisesRegex(UserError, "not to be approved any more"):
            batch.placement_ids.with_user(self.supervisor).action_leave_out()
        self.assertIn("Caio Nogal", self.placed(self.make_plan()))

    def test_refused_is_free_for_others(self):
        batch = self.propose_all()
        with self.assertRaises(AccessError):
            batch.with_user(self.collector)._refuse()
        batch.with_user(self.supervisor)._refuse("Wrong rule")
        self.assertEqual((batch.state, batch.note), ("refused", "Wrong rule"))
        self.assertEqual(set(batch.placement_ids.mapped("state")), {"refused"})
        self.assertEqual(len(self.make_plan().drafts), 2)

    def test_what_changed_until_the_approval(self):
        self.owe("Ending", "390.533.447-05", due="2026-08-24", amount=500.0)
        batch = self.propose_all()
        ending = batch.placement_ids.filtered(lambda record: record.customer_name == "Ending")
        self.assertEqual((ending.days_late, ending.line_ids.percent), (87, 15))
        bakery = batch.placement_ids.filtered(lambda record: record.partner_id == self.bakery)
        self.pay(self.foreign, 987.65, TODAY)
        self.pay(self.lines[0], 90.0, TODAY)
        self.env["cobranca.hold"]._start(self.company, self.bakery, "dispute", TODAY, False, lines=self.lines[1])
        with self.on("2026-11-23"):
            batch.with_user(self.manager).action_approve()
            charged = self.lines[0]._cobranca_get_debts(self.company._cobranca_today())
        self.assertEqual((ending.state, ending.days_late, ending.line_ids.percent), ("active", 91, 25))
        self.assertEqual((str(ending.placed_on), str(ending.ends_on)), ("2026-11-23", "2027-02-21"))
        live = bakery.line_ids.filtered("is_live")
        self.assertEqual((live.line_id, bakery.line_count), (self.lines[0] | self.lines[2], 2))
        self.assertAlmostEqual(bakery.amount_original, 2490.0)
        first = live.filtered(lambda item: item.line_id == self.lines[0])
        self.assertAlmostEqual(first.amount_placed, float(charged[self.lines[0]].total))
        self.assertAlmostEqual(bakery.amount_placed, sum(live.mapped("amount_placed")))
        caio = batch.placement_ids.filtered(lambda record: record.partner_id == self.stranger)
        self.assertEqual((caio.state, caio.line_ids.is_live), ("refused", False))

    def test_nothing_is_left_to_approve(self):
        batch = self.propose_all()
        for line in self.lines | self.foreign:
            self.pay(line, line.amount_residual, TODAY)
        with self.assertRaisesRegex(UserError, "Nothing of this can be placed"):
            batch.with_user(self.manager).action_approve()

    def test_at_night(self):
        cron = self.env.ref(CRON)
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
            self.assertFalse(self.Batch.search([]))
            self.rule.is_scheduled = True
            cron.method_direct_trigger()
            batch = self.Batch.search([])
            self.assertEqual((batch.state, batch.count, batch.is_unseen), ("proposed", 2, False))
            cron.method_direct_trigger()
            self.assertEqual(self.Batch.search([]), batch)
            batch.with_user(self.manager)._refuse()
            self.rule.is_automatic = True
            cron.method_direct_trigger()
            unseen = self.Batch.search([]) - batch
        self.assertEqual((unseen.state, unseen.is_unseen), ("approved", True))
        self.assertEqual(set(unseen.placement_ids.mapped("state")), {"active"})
