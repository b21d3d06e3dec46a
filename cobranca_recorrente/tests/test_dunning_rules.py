from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Date
from odoo.tests import tagged

from ..tools.ladder import is_control
from .dunning_common import DunningCommon

ANA = "Ana Lindoso"


@tagged("post_install", "-at_install")
class TestDunningRules(DunningCommon):
    """Why a customer gets a message on a day, or none."""

    def hold(self, reason, first, last, lines=None):
        return self.env["cobranca.hold"]._start(
            self.company, self.customer, reason, Date.to_date(first), Date.to_date(last), lines
        )

    def assert_step(self, day, step, name=ANA):
        self.assertEqual(self.plan_of(day).get(name, (None,))[0], step)

    # --- entry ---

    def test_old_debt_enters_at_the_step_of_its_delay(self):
        self.owe(100, "2026-01-12")
        self.assert_step("2026-03-13", 30)

    def test_old_debt_enters_at_the_first_step(self):
        self.ladder.entry_rule = "first"
        self.owe(100, "2026-01-12")
        self.assert_step("2026-03-13", 3)

    def test_old_debt_enters_at_a_chosen_step(self):
        self.ladder.write({"entry_rule": "chosen", "entry_level_id": self.level(7).id})
        self.owe(100, "2026-01-12")
        self.assert_step("2026-03-13", 7)
        self.assertEqual(self.plan_of("2026-01-15"), {ANA: (3, 1, 1)})

    def test_old_debt_stays_out(self):
        self.ladder.sudo().write({"entry_rule": "none", "date_from": "2026-03-01"})
        self.owe(100, "2026-01-12")
        self.assert_step("2026-03-13", None)
        self.owe(100, "2026-03-02")
        self.assert_step("2026-03-13", 7)

    def test_nothing_before_the_day_of_the_start(self):
        self.ladder.sudo().date_from = "2026-03-14"
        self.owe(100, "2026-03-10")
        self.assertEqual(self.left_out("2026-03-13"), {ANA: "observing"})

    def test_no_step_is_skipped_after_a_pause(self):
        self.owe(100, "2026-03-10")
        self.run_day("2026-03-13")
        self.hold("vacation", "2026-03-14", "2026-04-20")
        self.assertEqual(self.left_out("2026-04-17"), {ANA: "held"})
        self.assert_step("2026-04-22", 7)

    def test_part_payment_skips_nothing(self):
        line = self.owe(100, "2026-03-10")
        self.run_day("2026-03-13")
        self.pay(line, 60, "2026-03-16")
        [message] = self.run_day("2026-03-17")
        self.assertEqual((message.level_id, message.amount_original), (self.level(7), 40))

    # --- limits ---

    def test_same_day_and_next_days_are_too_soon(self):
        self.owe(100, "2026-03-10")
        self.run_day("2026-03-13")
        # Reaches D+3 on Monday 16; the last contact was on Friday.
        self.owe(50, "2026-03-12")
        self.assertEqual(self.left_out("2026-03-16"), {})
        self.assert_step("2026-03-16", 3)
        self.ladder.min_days_between = 5
        self.assertEqual(self.left_out("2026-03-16"), {ANA: "too_soon"})

    def test_call_of_a_collector_is_a_contact(self):
        self.owe(100, "2026-03-10")
        with freeze_time("2026-03-12 15:00:00"):
            contact = (
                self.env["cobranca.interaction"]
                .with_user(self.collector)
                ._record(self.company, self.customer, "call", "informed")
            )
        self.assertEqual(self.left_out("2026-03-13"), {ANA: "too_soon"})
        with freeze_time("2026-03-12 15:05:00"):
            contact.with_user(self.collector)._retract()
        self.assert_step("2026-03-13", 3)

    def test_answer_of_the_customer_is_no_contact_of_ours(self):
        self.owe(100, "2026-03-10")
        with freeze_time("2026-03-12 15:00:00"):
            self.env["cobranca.interaction"]._record(
                self.company, self.customer, "email", "replied", direction="in", user_id=False
            )
        self.assert_step("2026-03-13", 3)

    def test_two_in_a_week_are_enough(self):
        self.ladder.write({"min_days_between": 1, "max_per_week": 2})
        for due, day in (("2026-03-06", "2026-03-09"), ("2026-03-09", "2026-03-12")):
            self.owe(100, due)
            self.assertTrue(self.run_day(day))
        self.owe(100, "2026-03-10")
        self.assertEqual(self.left_out("2026-03-13"), {ANA: "too_many"})
        self.ladder.max_per_week = 3
        self.assert_step("2026-03-13", 7)

    def test_reminding_one_invoice_never_hides_the_others(self):
        self.owe(100, "2026-03-10")
        self.run_day("2026-03-13")
        self.owe(70, "2026-03-17")
        self.run_day("2026-03-17")
        [message] = self.run_day("2026-03-20")
        self.assertEqual(message.level_id, self.level(3))
        self.assertEqual(sorted(message.line_ids.mapped("residual")), [70, 100])

    def test_three_invoices_at_three_steps_are_one_message(self):
        for due in ("2026-02-26", "2026-03-06", "2026-03-10"):
            self.owe(100, due)
        [message] = self.run_day("2026-03-13")
        self.assertEqual((message.level_id, len(message.line_ids)), (self.level(15), 3))
        self.assertEqual(len(self.Notice.search([("message_id", "=", message.id)])), 3)

    def test_what_waits_to_be_sent_is_enough(self):
        self.level(3).is_reviewed = True
        self.owe(100, "2026-03-10")
        self.run_day("2026-03-13")
        self.assertEqual(self.left_out("2026-03-17"), {ANA: "in_progress"})

    # --- left out ---

    def test_promise_pauses_and_broken_has_its_own_step(self):
        self.ladder.write({"level_ids": [Command.create(self.prepare_level("broken_promise"))]})
        line = self.owe(100, "2026-03-10")
        with freeze_time("2026-03-12 15:00:00"):
            self.env["cobranca.promise"]._record(line, Date.to_date("2026-03-19"), 100)
        for day in ("2026-03-13", "2026-03-16", "2026-03-17", "2026-03-18", "2026-03-19", "2026-03-20"):
            self.assertFalse(self.run_day(day))
        self.assertEqual(self.left_out("2026-03-17"), {ANA: "held"})
        with freeze_time("2026-03-23 11:00:00"):
            self.env["cobranca.promise"].search([("partner_id", "=", self.customer.id)])._decide()
        [message] = self.run_day("2026-03-23")
        self.assertEqual(message.level_id.trigger, "broken_promise")
        self.assertFalse(self.run_day("2026-03-24"))

    def test_disputed_invoice_is_left_out_and_the_rest_is_not(self):
        disputed, other = self.owe(100, "2026-03-10"), self.owe(30, "2026-03-10")
        self.hold("vacation", "2026-03-01", "2026-03-30", disputed)
        [message] = self.run_day("2026-03-13")
        self.assertEqual(message.line_ids.line_id, other)

    def test_blocked_and_prescribed(self):
        line = self.owe(100, "2026-03-10")
        line.no_followup = True
        self.assertEqual(self.left_out("2026-03-13"), {ANA: "blocked"})
        old = self.owe(100, "2021-01-11", day="2021-01-02")
        self.assertEqual(self.left_out("2026-03-13"), {ANA: "blocked"})
        line.no_followup = False
        self.assertEqual(self.select("2026-03-13").messages[0].claims[0].key, line.id)
        self.assertNotIn(old.id, [one.key for one in self.select("2026-03-13").messages[0].lines])
        self.pay(line, 100, "2026-03-11")
        self.assertEqual(self.left_out("2026-03-13"), {ANA: "prescribed"})

    def test_refused_channel_and_blacklist(self):
        self.owe(100, "2026-03-10")
        self.env["cobranca.opt.out"]._set_refused(self.customer, {"email"})
        self.assertEqual(self.left_out("2026-03-13"), {ANA: "no_channel"})
        self.env["cobranca.opt.out"]._set_refused(self.customer, set())
        self.assert_step("2026-03-13", 3)
        self.env["mail.blacklist"]._add("ana@example.com")
        self.assertEqual(self.left_out("2026-03-13"), {ANA: "no_channel"})

    def test_person_who_pays_receives(self):
        payer = self.env["res.partner"].create(
            {"name": "Bia", "parent_id": self.business.id, "cobranca_role": "pays", "email": "bia@example.com"}
        )
        self.owe(100, "2026-03-10", partner=self.business)
        [message] = self.run_day("2026-03-13")
        self.assertEqual((message.recipient_id, message.address), (payer, "bia@example.com"))
        self.assertEqual(message.partner_id, self.business)

    def test_minimum_amount_of_a_step(self):
        self.level(3).min_amount = 150
        self.owe(100, "2026-03-10")
        self.assertEqual(self.left_out("2026-03-13"), {ANA: "below_minimum"})
        self.owe(60, "2026-03-10")
        self.assert_step("2026-03-13", 3)

    def test_sundays_and_holidays(self):
        self.owe(100, "2026-03-10")
        self.ladder.business_day_rule = "same"
        self.assertEqual(self.left_out("2026-03-15"), {ANA: "hours"})
        self.ladder.business_day_rule = "next"
        self.assertEqual(self.left_out("2026-03-15"), {ANA: "not_business_day"})

    def test_business_day_before(self):
        self.ladder.business_day_rule = "previous"
        # D+7 of Saturday 7 is Saturday 14: goes out on Friday 13.
        self.owe(100, "2026-03-07")
        self.assert_step("2026-03-13", 7)

    def test_foreign_currency_has_a_message_of_its_own(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        line = self.owe(100, "2026-03-10")
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2026-03-01",
                "journal_id": self.journal.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.receivable.id,
                            "partner_id": self.customer.id,
                            "currency_id": dollar.id,
                            "amount_currency": 20,
                            "balance": 100,
                            "date_maturity": "2026-03-10",
                        }
                    ),
                    Command.create({"account_id": self.income.id, "balance": -100}),
                ],
            }
        )
        move.action_post()
        move.line_ids.no_followup = False
        made = self.run_day("2026-03-13")
        self.assertEqual(made.currency_id, line.currency_id | dollar)
        foreign = made.filtered(lambda message: message.currency_id == dollar)
        self.assertEqual((foreign.amount, foreign.amount_original), (20, 20))

    # --- control group ---

    def test_control_group_is_drawn_once_and_gets_nothing(self):
        level = self.level(3)
        level.write({"control_percent": 50, "control_seed": "seed"})
        partners = self.env["res.partner"].create(
            [{"name": f"C{number}", "email": f"c{number}@example.com"} for number in range(40)]
        )
        for partner in partners:
            self.owe(100, "2026-03-10", partner=partner)
        drawn = partners.filtered(lambda partner: is_control(level._get_step(), partner.id))
        self.assertTrue(1 < len(drawn) < 39)
        plan = self.select("2026-03-13")
        self.assertEqual({item.debtor for item in plan.control}, set(drawn.ids))
        made = self.run_day("2026-03-13")
        self.assertEqual(made.partner_id, partners - drawn)
        kept = self.Notice.search([("is_control", "=", True)])
        self.assertEqual((kept.partner_id, kept.level_id), (drawn, level))
        self.assertFalse(self.run_day("2026-03-16"))
        [message] = self.run_day("2026-03-17").filtered(lambda one: one.partner_id == drawn[0])
        self.assertEqual(message.level_id, self.level(7))

    def test_control_group_has_no_reminder_of_it_before_due(self):
        self.level(-3).control_percent = 50
        partners = self.env["res.partner"].create(
            [{"name": f"C{number}", "email": f"c{number}@example.com"} for number in range(10)]
        )
        for partner in partners:
            self.owe(100, "2026-03-20", partner=partner)
        self.assertEqual(self.run_day("2026-03-17").partner_id, partners)

    # --- choice ---

    def test_most_specific_ladder_wins(self):
        self.owe(100, "2026-03-10")
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        tagged_one = self.make_ladder(steps=(2,), category_ids=tag.ids)
        own = self.make_ladder(steps=(1,), partner_ids=self.customer.ids)
        persons = self.make_ladder(steps=(0, 3), audience="person", sequence=1)
        self.assertEqual(self.select("2026-03-13").messages[0].ladder.key, own.id)
        own.active = False
        self.assertEqual(self.select("2026-03-13").messages[0].ladder.key, persons.id)
        self.customer.category_id = tag
        self.assertEqual(self.select("2026-03-13").messages[0].ladder.key, tagged_one.id)
        tagged_one.write({"min_amount": 101})
        self.assertEqual(self.select("2026-03-13").messages[0].ladder.key, persons.id)
        persons.payment = "automatic"
        self.assertEqual(self.select("2026-03-13").messages[0].ladder.key, self.ladder.id)
        self.customer.cobranca_is_automatic = True
        self.assertEqual(self.select("2026-03-13").messages[0].ladder.key, persons.id)

    def test_companies_and_persons(self):
        companies = self.make_ladder(audience="company")
        self.owe(100, "2026-03-10")
        self.owe(100, "2026-03-10", partner=self.business)
        found = {item.debtor: item.ladder.key for item in self.select("2026-03-13").messages}
        self.assertEqual(found, {self.customer.id: self.ladder.id, self.business.id: companies.id})

    # --- rights and states ---

    def test_ladder_begins_under_observation_and_sends_nothing(self):
        self.ladder.active = False
        self.make_ladder().sudo().state = "observing"
        self.owe(100, "2026-03-10")
        self.assertFalse(self.run_day("2026-03-13"))
        self.assertEqual(self.left_out("2026-03-13"), {ANA: "observing"})

    def test_only_managers_start_and_pause(self):
        ladder = self.make_ladder()
        with self.assertRaises(AccessError):
            ladder.with_user(self.supervisor).action_pause()
        ladder.with_user(self.manager).action_pause()
        self.assertEqual(ladder.state, "paused")
        with self.assertRaises(UserError):
            ladder.with_user(self.manager).action_pause()
        with self.assertRaises(AccessError):
            ladder.with_user(self.manager).write({"state": "active"})
        with self.assertRaises(AccessError):
            self.env["cobranca.message"].with_user(self.manager).create({})

    @freeze_time("2026-03-13 13:00:00")
    def test_start(self):
        ladder = self.make_ladder()
        ladder.sudo().state = "observing"
        with self.assertRaises(UserError):
            ladder.with_user(self.manager)._start(Date.to_date("2026-03-12"), "current")
        ladder.with_user(self.manager)._start(Date.to_date("2026-03-16"), "chosen", self.level(7, ladder))
        self.assertEqual((ladder.state, str(ladder.date_from)), ("active", "2026-03-16"))
        self.assertEqual(ladder.entry_level_id, self.level(7, ladder))

    def test_step_needs_a_channel_and_its_text(self):
        with self.assertRaises(ValidationError):
            self.ladder.write({"level_ids": [Command.create({"name": "x", "days": 5})]})
        with self.assertRaises(ValidationError):
            self.level(7).channel_ids.mail_template_id = False

    def test_used_steps_and_ladders_stay(self):
        self.owe(100, "2026-03-10")
        self.run_day("2026-03-13")
        with self.assertRaises(UserError):
            self.level(3).unlink()
        with self.assertRaises(UserError):
            self.ladder.unlink()

    def test_prescribed_debt_is_not_listed_with_others(self):
        old = self.owe(100, "2021-03-15", day="2021-03-02")
        self.run_day("2026-03-10")
        self.assertEqual(self.Notice.search([("line_id", "=", old.id)]).level_id, self.level(30))
        self.owe(70, "2026-03-13")
        [message] = self.run_day("2026-03-17")
        self.assertNotIn(old, message.line_ids.line_id)
