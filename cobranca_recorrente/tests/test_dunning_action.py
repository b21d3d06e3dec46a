from datetime import date

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common import GROUP
from .dunning_common import DunningCommon

LOGGER = "odoo.addons.cobranca_recorrente.models.cobranca_dunning_action"
SHIPPED = ("block_credit", "ask_for_call", "tell_salesperson", "post_note", "call_webhooks", "put_on_bureau_list")


@tagged("post_install", "-at_install")
class TestDunningAction(DunningCommon):
    """What a step does besides its message."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Run = cls.env["cobranca.dunning.action.run"]
        cls.Server = cls.env["ir.actions.server"]
        cls.step = cls.level(30)
        cls.owe(300, "2026-01-12")
        cls.line = cls.env["account.move.line"].search(
            [("partner_id", "=", cls.customer.id), ("account_id", "=", cls.receivable.id)], limit=1
        )

    @classmethod
    def make_action(cls, code, **values):
        return cls.Server.create(
            {
                "name": "Own",
                "model_id": cls.env["ir.model"]._get_id("cobranca.case"),
                "state": "code",
                "code": code,
                "cobranca_is_dunning": True,
                **values,
            }
        )

    def shipped(self, name):
        return self.env.ref(f"cobranca_recorrente.ir_actions_server_{name}")

    def choose(self, *actions):
        self.step.with_user(self.manager).action_ids = [Command.set([action.id for action in actions])]

    def reach(self, day="2026-02-12"):
        """The ladder runs on the day on which the line is late for 31 days."""
        made = self.run_day(day)
        self.assertTrue(made)
        return made

    def case(self, partner=None):
        return self.env["cobranca.case"].search(
            [("partner_id", "=", (partner or self.customer).id), ("state", "=", "open")]
        )

    # --- once ---

    def test_a_step_runs_its_actions_once(self):
        self.choose(self.make_action("records.partner_id.write({'ref': (records.partner_id.ref or '') + 'x'})"))
        self.reach()
        self.assertEqual(self.customer.ref, "x")
        run = self.Run.search([])
        self.assertEqual((run.level_id, run.case_id, run.state), (self.step, self.case(), "done"))
        with freeze_time("2026-02-12 15:00:00"):
            self.step._run_actions(self.case())
            self.env["cobranca.dunning.level"]._run_actions_of(self.Message.search([]))
        self.assertEqual(self.customer.ref, "x")
        with freeze_time("2026-02-12 15:00:00"):
            self.owe(200, "2026-01-05", day="2026-01-02")
        self.reach("2026-02-18")
        self.assertEqual(self.customer.ref, "xx", "another invoice reached the step")

    def test_unique_guard(self):
        self.choose(self.make_action("records"))
        self.reach()
        run = self.Run.search([])
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            run.copy()

    def test_only_who_reached_the_step(self):
        self.owe(100, "2026-02-05", partner=self.business)
        self.choose(self.make_action("records.partner_id.write({'ref': 'x'})"))
        self.reach()
        self.assertEqual((self.customer.ref, self.business.ref), ("x", False))
        with freeze_time("2026-02-12 15:00:00"):
            self.step._run_actions(self.case(self.business))
        self.assertFalse(self.business.ref)

    def test_control_group_gets_no_action(self):
        self.step.control_percent = 50
        drawn = next(seed for seed in map(str, range(100)) if self.draws(seed))
        self.step.sudo().control_seed = drawn
        self.choose(self.make_action("records.partner_id.write({'ref': 'x'})"))
        self.assertFalse(self.run_day("2026-02-12"))
        self.assertTrue(self.Notice.search([]).is_control)
        with freeze_time("2026-02-12 15:00:00"):
            self.env["cobranca.case"]._refresh(self.company, self.customer)
            self.step._run_actions(self.case())
        self.assertFalse(self.customer.ref)

    def draws(self, seed):
        self.step.sudo().control_seed = seed
        with freeze_time("2026-02-12 13:00:00"):
            return bool(self.select("2026-02-12").control)

    # --- failures ---

    @mute_logger(LOGGER)
    def test_one_that_fails_stops_no_other(self):
        bad = self.make_action("records.partner_id.write({'ref': 'half'})\nraise UserError('Broken thing')", sequence=1)
        good = self.make_action("records.partner_id.write({'function': 'done'})", sequence=2)
        self.choose(bad, good)
        message = self.reach()
        self.assertTrue(message.exists())
        self.assertEqual((self.customer.ref, self.customer.function), (False, "done"))
        failed = self.Run.search([("state", "=", "failed")])
        self.assertEqual((failed.action_id, failed.error), (bad, "Broken thing"))
        self.assertEqual(self.step.failed_run_count, 1)
        task = self.customer.activity_ids.filtered(lambda activity: "Own" in (activity.summary or ""))
        self.assertEqual(len(task), 1)
        self.assertTrue(task.user_id.has_group(GROUP + "manager"))
        self.assertIn("Broken thing", task.note)
        bad.code = "records.partner_id.write({'ref': 'whole'})"
        with self.assertRaises(AccessError):
            failed.with_user(self.supervisor).action_retry()
        failed.with_user(self.manager).action_retry()
        self.assertEqual((failed.state, failed.error, self.customer.ref), ("done", False, "whole"))

    @mute_logger(LOGGER)
    def test_one_case_that_fails_stops_no_other(self):
        self.owe(100, "2026-01-12", partner=self.business)
        self.choose(
            self.make_action(
                f"for case in records:\n    case.partner_id.write({{'ref': 'x'}})\n"
                f"    if case.partner_id.id == {self.customer.id}:\n        raise UserError('Not he')"
            )
        )
        self.reach()
        self.assertEqual((self.customer.ref, self.business.ref), (False, "x"))
        self.assertEqual(self.Run.search([("state", "=", "failed")]).partner_id, self.customer)

    @mute_logger(LOGGER, "odoo.sql_db")
    def test_broken_transaction_is_mended(self):
        self.choose(self.make_action("env.cr.execute('SELECT 1/0')"))
        self.assertTrue(self.reach().exists())
        self.assertIn("DivisionByZero", self.Run.search([]).error)

    @mute_logger(LOGGER)
    def test_action_that_is_no_longer_meant_for_steps(self):
        action = self.make_action("records.partner_id.write({'ref': 'x'})")
        self.choose(action)
        action.cobranca_is_dunning = False
        self.reach()
        self.assertFalse(self.customer.ref)
        self.assertIn("not meant for steps", self.Run.search([]).error)

    # --- rights ---

    def test_managers_choose_and_write_none(self):
        mine = self.Server.with_user(self.manager)
        other = self.Server.create(
            {"name": "Other", "model_id": self.env["ir.model"]._get_id("cobranca.case"), "state": "code", "code": "1"}
        )
        seen = mine.search([])
        self.assertIn(self.shipped("block_credit"), seen)
        self.assertNotIn(other, seen)
        self.assertFalse(seen.filtered(lambda action: not action.sudo().cobranca_is_dunning))
        self.assertTrue(seen[0].display_name)
        with self.assertRaises(AccessError):
            other.with_user(self.manager).read(["name"])
        with self.assertRaises(AccessError):
            seen.read(["code"])
        with self.assertRaises(AccessError):
            mine.create({"name": "x", "model_id": other.model_id.id, "state": "code", "code": "records"})
        for values in ({"code": "raise"}, {"name": "x"}, {"cobranca_is_dunning": False}):
            with self.assertRaises(AccessError):
                self.shipped("post_note").with_user(self.manager).write(values)
        with self.assertRaises(AccessError):
            self.shipped("post_note").with_user(self.manager).unlink()
        with self.assertRaises(ValidationError):
            self.choose(other)
        self.choose(self.shipped("post_note"))
        self.assertEqual(self.step.action_ids, self.shipped("post_note"))

    def test_others_do_not_choose(self):
        for user in (self.collector, self.supervisor):
            with self.assertRaises(AccessError):
                self.step.with_user(user).action_ids = [Command.set(self.shipped("post_note").ids)]
            with self.assertRaises(AccessError):
                self.Server.with_user(user).search([])
            self.assertFalse(self.Run.with_user(user).has_access("read"))
        for operation in ("write", "create", "unlink"):
            self.assertFalse(self.Run.with_user(self.manager).has_access(operation))

    def test_nobody_runs_them_on_cases_by_hand(self):
        with freeze_time("2026-02-12 15:00:00"):
            self.env["cobranca.case"]._refresh(self.company, self.customer)
        for user in (self.collector, self.manager):
            action = self.shipped("block_credit").with_user(user)
            context = {"active_model": "cobranca.case", "active_ids": self.case().ids, "active_id": self.case().id}
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_actions"):
                action.with_context(**context).run()
        self.assertFalse(self.env["cobranca.credit.block"].search([]))

    def test_administrators_see_all_and_write_more(self):
        admin = new_test_user(self.env, "admin_too", f"base.group_system,{GROUP}manager")
        own = self.Server.with_user(admin)
        self.assertTrue(own.search([("cobranca_is_dunning", "=", False)], limit=1))
        model = self.env["ir.model"]._get_id("cobranca.case")
        action = own.create(
            {"name": "New", "model_id": model, "state": "code", "code": "records", "cobranca_is_dunning": True}
        )
        self.choose(action)
        with self.assertRaises(ValidationError):
            action.model_id = self.env["ir.model"]._get("res.partner")

    def test_companies_are_apart(self):
        self.choose(self.make_action("records"))
        self.reach()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env, "stranger", GROUP + "manager", company_id=elsewhere.id, company_ids=[elsewhere.id]
        )
        self.assertFalse(self.Run.with_user(stranger).search([]))

    # --- the shipped ones ---

    def test_all_that_are_shipped_run(self):
        seller = new_test_user(self.env, "seller", "base.group_user", notification_type="inbox", lang="en_US")
        self.customer.user_id = seller
        self.customer.message_ids.unlink()
        self.company.cobranca_bureau_min_amount = 10
        self.choose(*map(self.shipped, SHIPPED))
        self.reach()
        self.assertEqual(set(self.Run.search([]).mapped("state")), {"done"})
        self.assertEqual(len(self.Run.search([])), len(SHIPPED))
        block = self.env["cobranca.credit.block"].search([])
        self.assertEqual((block.partner_id, block.reason), (self.customer, "Step 30"))
        call = self.customer.activity_ids
        self.assertEqual(call.activity_type_id, self.env.ref("cobranca_recorrente.mail_activity_callback"))
        self.assertIn("Step 30", call.summary)
        about = [("model", "=", "res.partner"), ("res_id", "=", self.customer.id)]
        to_seller = [*about, ("message_type", "=", "user_notification"), ("partner_ids", "in", seller.partner_id.ids)]
        told = self.env["mail.message"].search([*to_seller, ("subject", "ilike", "In collection")])
        self.assertIn("late for 31 days", told.body)
        self.assertEqual(told.notified_partner_ids, seller.partner_id)
        note = self.customer.message_ids.filtered(lambda message: "step “Step 30”" in message.body)
        self.assertTrue(note.subtype_id.internal)
        self.assertFalse(note.notified_partner_ids)
        listing = self.env["cobranca.bureau.listing"].search([])
        self.assertEqual((listing.line_id, listing.state), (self.line, "to_notify"))
        self.assertEqual(listing.event_ids.note, "Step 30")

    def test_unknown_salesperson_is_no_failure(self):
        self.choose(self.shipped("tell_salesperson"))
        self.reach()
        self.assertEqual(self.Run.search([]).state, "done")

    # --- the notice of a listing ---

    def test_delivered_notification_is_the_notice(self):
        self.step.tone = "formal"
        self.choose(self.shipped("put_on_bureau_list"))
        message = self.reach()
        listing = self.env["cobranca.bureau.listing"].search([])
        self.assertEqual((message.kind, message.state, listing.state), ("notification", "sent", "to_notify"))
        with freeze_time("2026-02-13 02:30:00"):  # still the 12th where the company is
            message._update_state("delivered", delivered_at="2026-02-13 02:30:00")
        self.assertEqual((listing.state, listing.notified_on), ("notified", date(2026, 2, 12)))

    def test_posted_letter_is_the_notice(self):
        self.customer.write({"street": "Rua A, 1", "city": "Recife", "zip": "50000-000"})
        self.step.write(
            {
                "tone": "formal",
                "channel_ids": [Command.clear(), Command.create({"channel": "letter", **self.prepare_words("letter")})],
            }
        )
        self.choose(self.shipped("put_on_bureau_list"))
        message = self.reach()
        listing = self.env["cobranca.bureau.listing"].search([])
        self.assertEqual((message.state, listing.state), ("todo", "to_notify"))
        message._update_state("sent", sent_at="2026-02-13 15:00:00")
        self.assertEqual((listing.state, listing.notified_on), ("notified", date(2026, 2, 13)))

    def test_ordinary_reminder_is_no_notice(self):
        self.choose(self.shipped("put_on_bureau_list"))
        message = self.reach()
        message._update_state("delivered", delivered_at="2026-02-13 02:30:00")
        self.assertEqual(self.env["cobranca.bureau.listing"].search([]).state, "to_notify")
        with self.assertRaises(UserError):
            message._update_state("sent")
