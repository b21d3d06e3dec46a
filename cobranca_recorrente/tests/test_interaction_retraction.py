import json
from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import GROUP
from .record_common import RecordCommon


@tagged("post_install", "-at_install")
class TestInteractionRetraction(RecordCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = new_test_user(cls.env, "colleague", GROUP + "collector", lang="en_US")

    def register(self, outcome="informed", **values):
        return self.Interaction._register_contact(self.company, self.customer, {"outcome": outcome, **values})

    def promise_by_contact(self):
        return self.register(
            "promised",
            lines=self.line.with_user(self.collector),
            promise_date=date(2026, 11, 24),
            promise_amount=500.0,
        )

    def callback(self):
        return self.register("call_later", next_date=datetime(2026, 11, 23, 13, 30), is_paused=True)

    def sentence(self):
        partner = self.customer.with_user(self.collector)
        partner.invalidate_recordset()
        return " ".join(partner.cobranca_sentence.striptags().split())

    # --- who, and until when ---

    def test_nothing_is_deleted(self):
        talk = self.register(note="Said so")
        talk.action_retract()
        self.assertEqual((talk.retracted_on, talk.retracted_by_id), (datetime(2026, 11, 19, 15), self.collector))
        self.assertEqual((talk.note, talk.outcome), ("Said so", "informed"))

    def test_collector_has_ten_minutes(self):
        talk, other = self.register(), self.register()
        registered = datetime(2026, 11, 19, 15)
        with freeze_time(registered + timedelta(minutes=10)):
            self.assertTrue(talk.may_retract)
            talk._retract()
        with freeze_time(registered + timedelta(minutes=10, seconds=1)):
            other.invalidate_recordset(["may_retract"])
            self.assertFalse(other.may_retract)
            with self.assertRaisesRegex(AccessError, "more than 10 minutes ago"):
                other._retract()
            other.with_user(self.supervisor)._retract()
        self.assertTrue(talk.retracted_on and other.retracted_on)

    def test_contacts_of_others_are_for_supervisors(self):
        talk = self.register()
        with self.assertRaisesRegex(AccessError, "somebody else"):
            talk.with_user(self.colleague)._retract()
        self.assertFalse(talk.with_user(self.colleague).may_retract)
        self.assertTrue(talk.with_user(self.supervisor).may_retract)
        internal = new_test_user(self.env, "internal", "base.group_user")
        with self.assertRaises(AccessError):
            talk.with_user(internal).action_retract()

    def test_other_company(self):
        talk = self.register()
        other = self.env["res.company"].create({"name": "Other"})
        foreign = new_test_user(
            self.env, "foreign", GROUP + "supervisor", company_id=other.id, company_ids=[(6, 0, other.ids)]
        )
        with self.assertRaises(AccessError):
            talk.with_user(foreign)._retract()

    def test_once(self):
        talk = self.register()
        talk._retract()
        with self.assertRaisesRegex(UserError, "struck out already"):
            talk._retract()
        self.assertFalse(talk.may_retract)

    def test_what_came_by_itself_stays(self):
        reply = self.Interaction.sudo()._record(self.company, self.customer, "email", "replied", user_id=False)
        event = self.Interaction.sudo()._record(self.company, self.customer, "system", "kept", user_id=False)
        for record in (reply, event):
            with self.assertRaisesRegex(UserError, "came by itself"):
                record.with_user(self.supervisor)._retract()

    def test_fields_of_it_are_not_written_by_hand(self):
        talk = self.register()
        for user in (self.collector, self.supervisor, self.manager):
            with self.assertRaises(UserError):
                talk.with_user(user).write({"retracted_on": datetime(2026, 11, 19, 15)})

    # --- what came with it ---

    def test_promise_is_cancelled_with_its_pause(self):
        talk = self.promise_by_contact()
        promise = talk.promise_id
        talk._retract()
        self.assertEqual(promise.state, "cancelled")
        self.assertEqual(self.holds(promise).mapped("state"), ["ended"])
        again = self.promise_by_contact()  # the lines are free for another promise
        self.assertEqual(again.promise_id.state, "open")

    def test_decided_promise_keeps_its_contact(self):
        talk = self.promise_by_contact()
        self.pay(self.invoice, 500.0, "2026-11-19")
        self.assertEqual(talk.promise_id.state, "kept")
        with self.assertRaisesRegex(UserError, "payments have decided"):
            talk._retract()
        self.assertFalse(talk.retracted_on)

    def test_cancelled_promise_is_no_obstacle(self):
        talk = self.promise_by_contact()
        talk.promise_id.action_cancel()
        talk._retract()
        self.assertTrue(talk.retracted_on)

    def test_pause_and_activity_go(self):
        talk = self.callback()
        hold = self.holds(talk)
        self.assertEqual(hold.state, "active")
        self.assertTrue(self.activities(self.customer, "callback"))
        talk._retract()
        self.assertEqual((hold.state, hold.ended_by_id), ("ended", self.collector))
        self.assertFalse(self.activities(self.customer, "callback"))
        self.assertFalse(talk.activity_id)

    def test_other_pauses_and_activities_stay(self):
        other = self.callback()
        talk = self.callback()
        talk._retract()
        self.assertEqual(self.activities(self.customer, "callback"), other.activity_id.sudo())
        self.assertEqual(self.holds(other).state, "active")

    def test_activity_that_is_done_stays(self):
        talk = self.callback()
        activity = talk.activity_id.sudo()
        activity.action_feedback("Called")
        talk._retract()
        self.assertTrue(activity.exists())

    # --- it counts nowhere ---

    def test_it_counts_nowhere(self):
        self.register("no_answer")
        talk = self.callback()
        self.assertIn("Call later", self.sentence())
        self.assertIn("Next contact on 23/11", self.sentence())
        self.assertEqual(self.customer.with_user(self.collector).cobranca_interaction_count, 2)
        talk._retract()
        self.assertIn("No answer", self.sentence())
        self.assertNotIn("Next contact", self.sentence())
        self.assertEqual(self.customer.with_user(self.collector).cobranca_interaction_count, 1)

    def test_export_tells_it(self):
        self.register()._retract()
        data = self.customer.with_user(self.supervisor)._cobranca_get_person_data()
        [contact] = json.loads(json.dumps(data))["contacts_made"]
        self.assertEqual(contact["retracted_on"], "2026-11-19 15:00:00")
