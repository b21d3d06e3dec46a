from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from odoo.addons.cobranca_recorrente.tools.sample import fair_sample

from .common import GROUP
from .record_common import RecordCommon


@tagged("post_install", "-at_install")
class TestInteractionReview(RecordCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = new_test_user(cls.env, "colleague", GROUP + "collector", lang="en_US")
        (cls.collector + cls.colleague).notification_type = "inbox"
        cls.talk = cls.make_talk(cls.collector)

    @classmethod
    def make_talk(cls, user, **values):
        return (
            cls.env["cobranca.interaction"]
            .with_user(user)
            ._record(cls.company, cls.customer, "call", "informed", **values)
        )

    def told(self, user):
        return self.env["mail.message"].search(
            [("model", "=", "cobranca.interaction"), ("partner_ids", "in", user.partner_id.ids)]
        )

    # --- feedback ---

    def test_who_made_the_contact_reads_the_feedback(self):
        self.talk.with_user(self.supervisor).write({"review": "improve", "review_note": "Ask for a day"})
        for user, seen in ((self.collector, True), (self.supervisor, True), (self.colleague, False)):
            with self.subTest(user=user.login):
                talk = self.talk.with_user(user)
                [values] = talk.read(["has_feedback", "feedback", "feedback_grade"])
                self.assertEqual(values["has_feedback"], seen)
                self.assertEqual(values["feedback"], "Ask for a day" if seen else False)
                self.assertEqual(values["feedback_grade"], "improve" if seen else False)
        for field in ("review", "review_note", "reviewed_by_id", "reviewed_on"):
            for user in (self.collector, self.colleague):
                with self.assertRaises(AccessError):
                    self.talk.with_user(user).read([field])

    def test_feedback_is_found(self):
        other = self.make_talk(self.colleague)
        (self.talk + other).with_user(self.supervisor).action_review_good()
        silent = self.make_talk(self.collector)
        for user, found in (
            (self.collector, self.talk),
            (self.colleague, other),
            (self.supervisor, self.talk + other),
        ):
            with self.subTest(user=user.login):
                Interaction = self.env["cobranca.interaction"].with_user(user)
                own = [("partner_id", "=", self.customer.id)]
                self.assertEqual(Interaction.search([("has_feedback", "=", True), *own]), found.sorted())
                self.assertIn(silent, Interaction.search([("has_feedback", "=", False), *own]))
                self.assertFalse(found & Interaction.search([("has_feedback", "=", False), *own]))

    def test_it_is_told_once_in_his_language_with_a_link(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        self.collector.lang = "pt_BR"
        talk = self.talk.with_user(self.supervisor)
        talk.write({"review_note": "<b>Ask</b> for a day"})
        self.assertFalse(self.told(self.collector))  # words without an assessment are a draft
        talk.action_review_improve()
        message = self.told(self.collector)
        self.assertEqual(len(message), 1)
        self.assertIn(f"/odoo/cobranca.interaction/{talk.id}", message.body)
        self.assertIn("&lt;b&gt;Ask&lt;/b&gt; for a day", message.body)
        self.assertEqual(message.author_id, self.supervisor.partner_id)
        translated = talk.with_context(lang="pt_BR")
        label = dict(translated._fields["review"]._description_selection(translated.env))["improve"]
        self.assertIn(label, message.body)
        talk.action_review_improve()
        self.assertEqual(len(self.told(self.collector)), 1)
        talk.write({"review_note": "Ask for a day, kindly"})
        self.assertEqual(len(self.told(self.collector)), 2)
        self.assertFalse(self.told(self.colleague))

    def test_it_is_told_by_email_to_who_reads_email(self):
        self.collector.notification_type = "email"
        self.talk.with_user(self.supervisor).action_review_good()
        notification = self.told(self.collector).notification_ids
        self.assertEqual(notification.res_partner_id, self.collector.partner_id)
        self.assertEqual(notification.notification_type, "email")

    def test_review_taken_away(self):
        talk = self.talk.with_user(self.supervisor)
        talk.action_review_good()
        self.assertEqual((talk.reviewed_by_id, talk.reviewed_on), (self.supervisor, datetime(2026, 11, 19, 15)))
        talk.write({"review": False})
        self.assertFalse(talk.reviewed_by_id or talk.reviewed_on or talk.has_feedback)
        self.assertEqual(len(self.told(self.collector)), 1)

    def test_who_left_is_not_told(self):
        self.collector.active = False
        self.talk.with_user(self.supervisor).action_review_good()
        self.assertFalse(self.told(self.collector))

    # --- who reviews what ---

    def test_collectors_review_nothing(self):
        for action in ("action_review_good", "action_review_improve", "action_review_sample"):
            for user in (self.collector, self.colleague):
                with self.subTest(action=action), self.assertRaises(AccessError):
                    getattr(self.talk.with_user(user), action)()
        self.assertFalse(self.talk.may_review)

    def test_nobody_reviews_himself(self):
        own = self.make_talk(self.supervisor)
        with self.assertRaisesRegex(UserError, "of your own"):
            own.action_review_good()
        self.assertFalse(own.may_review)
        own.with_user(self.manager).action_review_good()
        self.assertEqual(own.feedback_grade, "good")

    def test_only_contacts_of_people_that_count(self):
        event = self.Interaction.sudo()._record(self.company, self.customer, "system", "kept", user_id=False)
        with self.assertRaisesRegex(UserError, "a person made"):
            event.with_user(self.supervisor).action_review_good()
        self.talk._retract()
        with self.assertRaisesRegex(UserError, "struck out"):
            self.talk.with_user(self.supervisor).action_review_good()

    # --- the sample ---

    def test_sample_is_fair_and_the_same_all_day(self):
        before = datetime(2026, 11, 19, 15) - timedelta(days=8)
        old = self.make_talk(self.collector, date=before)
        many = self.talk
        for _number in range(8):
            many += self.make_talk(self.collector)
        few = self.make_talk(self.colleague) + self.make_talk(self.colleague)
        own = self.make_talk(self.supervisor)
        event = self.Interaction.sudo()._record(self.company, self.customer, "system", "kept", user_id=False)
        Interaction = self.env["cobranca.interaction"].with_user(self.supervisor)
        found = Interaction._get_review_sample() & (many + few + own + old + event)
        self.assertEqual(len(found & many), 5)
        self.assertEqual(found - many, few)
        found.action_review_good()
        self.assertEqual(Interaction._get_review_sample() & (many + few), found)
        action = Interaction.action_review_sample()
        self.assertEqual(set(found.ids) - set(action["domain"][0][2]), set())
        others = []
        for day in range(20, 26):
            with self.on(f"2026-11-{day}"):
                others.append(Interaction._get_review_sample() & many)
        self.assertTrue(any(other != found & many for other in others), "the same five on two days may be chance")

    def test_every_contact_has_the_same_chance(self):
        owners = {item: item % 3 for item in range(60)}
        drawn = dict.fromkeys(owners, 0)
        for day in range(400):
            for item in fair_sample(owners, 5, str(day)):
                drawn[item] += 1
        self.assertEqual(sum(drawn.values()), 400 * 15)
        self.assertTrue(all(60 <= times <= 140 for times in drawn.values()), drawn)  # 100 are expected

    def test_review_action_lists_what_may_be_reviewed(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_recorrente.cobranca_interaction_action_review")
        self.make_talk(self.supervisor)
        self.Interaction.sudo()._record(self.company, self.customer, "email", "replied", user_id=False)
        domain = safe_eval(action["domain"], {"uid": self.supervisor.id})
        found = self.env["cobranca.interaction"].with_user(self.supervisor).search([*domain, ("review", "=", False)])
        self.assertEqual(found.filtered(lambda talk: talk.partner_id == self.customer), self.talk)
