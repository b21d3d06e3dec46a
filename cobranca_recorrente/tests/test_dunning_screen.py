from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Date
from odoo.tests import Form, tagged

from .dunning_common import DunningCommon

# A Friday; 2026-03-10 is a Tuesday.
TODAY = "2026-03-13"


@tagged("post_install", "-at_install")
@freeze_time(f"{TODAY} 13:00:00")
class TestDunningScreen(DunningCommon):
    """What the screen of a ladder says, and the start of one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What the demo or another test owes plays no part.
        cls.env["account.move.line"].search([("account_type", "=", "asset_receivable")]).no_followup = True
        cls.third = cls.make_customer("Bia Torres", "168.995.350-09", email="bia@example.com")

    @classmethod
    def observe(cls, **values):
        cls.ladder.sudo().write({"state": "observing", "date_from": False, **values})

    def standing(self, user=None):
        """{days of the step: (customers, amount)}"""
        self.env.invalidate_all()
        ladder = self.ladder.with_user(user or self.collector)
        levels = {str(level.id): level.days for level in ladder.level_ids}
        return {levels[key]: (item["count"], item["amount"]) for key, item in (ladder.standing or {}).items()}

    # --- who stands where ---

    def test_standing_before_the_start_is_where_they_would_enter(self):
        self.observe()
        self.owe(100, "2026-03-16")  # D-3
        self.owe(250, "2026-03-10", partner=self.business)
        self.owe(40, "2026-02-10", partner=self.third)
        found = self.standing()
        self.assertEqual({days: count for days, (count, _amount) in found.items()}, {-3: 1, 3: 1, 30: 1})
        self.assertIn("250.00", found[3][1])
        self.assertEqual(self.ladder.customer_count, 3)

    def test_standing_of_who_got_notices_is_the_last_one(self):
        self.owe(100, "2026-03-10")
        self.run_day(TODAY)
        with freeze_time("2026-03-16 13:00:00"):
            self.assertEqual(list(self.standing()), [3])
        self.assertTrue(self.Notice.search_count([("level_id", "=", self.level(3).id)]))

    def test_a_customer_counts_once_at_his_highest_step(self):
        self.observe()
        self.owe(100, "2026-03-10")
        self.owe(60, "2026-02-26")
        self.assertEqual({days: count for days, (count, _a) in self.standing().items()}, {15: 1})
        self.assertIn("160.00", self.standing()[15][1])

    def test_paid_ones_stand_nowhere(self):
        self.observe()
        line = self.owe(100, "2026-03-10")
        self.pay(line, 100, "2026-03-12")
        self.assertEqual(self.standing(), {})

    def test_events_count_who_got_them(self):
        self.ladder.level_ids = [Command.create(self.prepare_level("broken_promise"))]
        event = self.ladder.level_ids.filtered("is_event")
        line = self.owe(100, "2026-03-10")
        self.Notice.create(
            {
                "line_id": line.id,
                "level_id": event.id,
                "source": 7,
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date": TODAY,
            }
        )
        self.env.invalidate_all()
        self.assertEqual(self.ladder.standing[str(event.id)]["count"], 1)
        self.assertEqual(self.ladder.customer_count, 1)

    def test_today_says_who_would_be_written_to_and_who_is_left_out(self):
        self.observe()
        self.owe(100, "2026-03-10")
        self.owe(100, "2026-03-10", partner=self.business)
        self.business.email = False
        self.env.invalidate_all()
        ladder = self.ladder.with_user(self.collector)
        self.assertEqual((ladder.today_count, ladder.left_count), (1, 1))
        self.assertEqual(ladder._get_today(), (self.customer.ids, self.business.ids))
        self.assertEqual(ladder.action_open_simulation()["params"], {"policy_id": ladder.id})
        self.assertEqual(
            sorted(ladder.action_open_customers()["domain"][0][2]), sorted((self.customer + self.business).ids)
        )

    def test_today_counts_what_was_made_already(self):
        self.owe(100, "2026-03-10")
        self.run_day(TODAY)
        self.env.invalidate_all()
        self.assertEqual((self.ladder.today_count, self.ladder.left_count), (1, 0))

    def test_words(self):
        self.assertEqual(self.ladder.for_words, "all customers")
        self.ladder.payment = "manual"
        self.assertEqual(self.ladder.for_words, "all customers, except automatic debit and card")
        self.ladder.payment = "automatic"
        self.assertEqual(self.ladder.for_words, "only who pays by automatic debit or card")
        self.ladder.payment = "any"
        self.ladder.write(
            {
                "audience": "company",
                "category_ids": [Command.create({"name": "VIP"})],
                "partner_ids": [Command.link(partner.id) for partner in (self.customer, self.business)],
                "min_amount": 50,
                "max_per_week": 0,
            }
        )
        words = self.ladder.for_words
        self.assertTrue(words.startswith("companies, tag VIP, only Ana Lindoso or Agulha Ltda, owing "), words)
        self.assertIn("<b>3 days</b> between contacts", self.ladder.summary_html)
        self.assertNotIn("a week", self.ladder.summary_html)
        self.customer.name = "<img src=x onerror=alert(1)>"
        self.env.invalidate_all()
        self.assertNotIn("<img", self.ladder.summary_html)

    def test_new_ladder_on_the_screen(self):
        with Form(self.env["cobranca.dunning.policy"].with_user(self.manager)) as form:
            form.name = "New"
            self.assertIn("all customers", form.summary_html)
        self.assertEqual(form.record.state, "observing")

    # --- start ---

    def start_wizard(self, user=None, **values):
        Start = self.env["cobranca.dunning.start"].with_user(user or self.manager)
        defaults = Start.with_context(default_policy_id=self.ladder.id).default_get(list(Start._fields))
        return Start.create({**defaults, **values})

    def test_wizard_says_who_is_written_to_and_starts(self):
        self.observe()
        self.owe(100, "2026-03-10")
        self.owe(100, "2026-02-10", partner=self.third)
        wizard = self.start_wizard()
        self.assertEqual(wizard.first_count, 2)
        self.assertIn("D+30 · Step 30", wizard.preview_html)
        wizard.entry_rule = "first"
        self.assertNotIn("D+30", wizard.preview_html)
        self.assertEqual(wizard.first_count, 2)
        wizard.entry_rule = "none"
        self.assertEqual(wizard.first_count, 0)
        wizard.write({"entry_rule": "chosen", "entry_level_id": self.level(7).id})
        self.assertIn("D+7", wizard.preview_html)
        self.assertFalse(self.engine._run(self.company, Date.to_date(TODAY)))
        wizard.action_start()
        self.assertEqual(
            (self.ladder.state, self.ladder.entry_rule, self.ladder.entry_level_id), ("active", "chosen", self.level(7))
        )
        made = self.engine._run(self.company, Date.to_date(TODAY))
        self.assertEqual(
            {message.partner_id: message.level_id for message in made},
            {self.customer: self.level(3), self.third: self.level(7)},
        )

    def test_first_day_is_the_next_business_day(self):
        self.observe()
        self.owe(100, "2026-03-11")  # D+3 on Saturday, the 14th
        wizard = self.start_wizard(date="2026-03-14")
        self.assertEqual(wizard.first_count, 1)
        self.assertIn("Monday, 16 Mar", wizard.preview_html)

    def test_nothing_leaves_before_the_day_of_the_start(self):
        self.observe()
        self.owe(100, "2026-03-10")
        self.ladder.with_user(self.manager)._start(Date.to_date("2026-03-16"), "current")
        self.assertTrue(self.ladder.is_ahead)
        self.assertEqual(self.left_out(TODAY), {"Ana Lindoso": "observing"})
        self.assertFalse(self.engine._run(self.company, Date.to_date(TODAY)))
        self.assertEqual(self.plan_of("2026-03-16"), {"Ana Lindoso": (3, 1, 1)})

    def test_no_start_without_the_data_of_the_creditor(self):
        self.observe()
        Contact = type(self.company)
        with patch.object(Contact, "_cobranca_get_creditor_gap", lambda _self: "Fill in the CNPJ."):
            wizard = self.start_wizard()
            self.assertTrue(wizard.is_blocked)
            self.assertIn("Fill in the CNPJ.", wizard.warning_html)
            with self.assertRaisesRegex(UserError, "Fill in the CNPJ"):
                wizard.action_start()
        self.assertEqual(self.ladder.state, "observing")

    def test_without_a_mail_server_it_warns_only(self):
        self.observe()
        self.env["ir.mail_server"].search([]).active = False
        wizard = self.start_wizard()
        self.assertFalse(wizard.is_blocked)
        self.assertIn("E-mails will wait", wizard.warning_html)
        wizard.action_start()
        self.assertEqual(self.ladder.state, "active")

    def test_no_start_in_the_past_nor_without_steps(self):
        self.observe()
        with self.assertRaisesRegex(UserError, "today or later"):
            self.start_wizard(date="2026-03-12").action_start()
        empty = self.env["cobranca.dunning.policy"].create({"name": "Empty"})
        with self.assertRaisesRegex(UserError, "no steps"):
            empty._start(Date.to_date(TODAY), "current")

    def test_chosen_step_is_one_after_the_due_date(self):
        self.observe()
        with self.assertRaises(ValidationError):
            self.ladder._start(Date.to_date(TODAY), "chosen", self.level(-3))

    def test_who_may(self):
        self.observe()
        self.owe(100, "2026-03-10")
        for user in (self.collector, self.supervisor):
            ladder = self.ladder.with_user(user)
            self.assertTrue(ladder.standing)
            with self.assertRaises(AccessError):
                self.start_wizard(user=user)
            with self.assertRaises(AccessError):
                ladder._start(Date.to_date(TODAY), "current")
            with self.assertRaises(AccessError):
                ladder.level_ids[0].tone = "firm"
        self.ladder.sudo().state = "active"
        with self.assertRaises(AccessError):
            self.ladder.with_user(self.supervisor).action_pause()
        self.ladder.with_user(self.manager).action_pause()
        self.assertEqual(self.ladder.state, "paused")
        self.assertFalse(self.engine._run(self.company, Date.to_date(TODAY)))

    # --- safe arrival ---

    def test_a_new_ladder_sends_nothing(self):
        """Open invoices, a ladder that was just put there, the run of a day: nothing leaves, and it says what would."""
        self.ladder.active = False
        ladder = self.env["cobranca.dunning.policy"].create(
            {"name": "Arrived", "state": "active", "level_ids": [Command.create(self.prepare_level(3))]}
        )
        self.assertEqual(ladder.state, "observing")
        self.owe(100, "2026-03-10")
        self.assertFalse(self.engine._run(self.company, Date.to_date(TODAY)))
        self.assertEqual(ladder.today_count, 1)
        self.assertFalse(self.Message.search_count([("policy_id", "=", ladder.id)]))

    def test_managers_are_told_that_it_waits(self):
        Case = self.env["cobranca.case"]
        self.observe()
        self.assertTrue(Case.with_user(self.manager).desk_summary([])["waiting_ladder"])
        self.assertFalse(Case.with_user(self.collector).desk_summary([])["waiting_ladder"])
        self.ladder.sudo().state = "active"
        self.assertFalse(Case.with_user(self.manager).desk_summary([])["waiting_ladder"])
