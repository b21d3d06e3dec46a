from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import GROUP
from .record_common import TODAY, RecordCommon


@tagged("-at_install", "post_install")
class TestCaseDesk(RecordCommon):
    """A collector opens a customer, speaks with him, registers how it ended, and goes on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cobranca.case"].search([]).state = "closed"
        cls.customer.write({"phone": "(11) 98765-4321", "state_id": cls.env.ref("base.state_br_sp").id})
        cls.colleague = new_test_user(cls.env, "colleague", GROUP + "collector", lang="en_US")
        cls.case = cls.env["cobranca.case"]._refresh(cls.company, cls.customer).with_user(cls.collector)

    def register(self, case=None, **values):
        return (case or self.case).desk_register({"outcome": "informed", **values})

    # === LOCK === #

    def test_two_do_not_speak_with_one_customer(self):
        self.assertTrue(self.case.desk_take()["is_taken"])
        self.assertTrue(self.case.desk_take()["is_taken"], "Opening again what one has open is no conflict.")
        taken = self.case.with_user(self.colleague).desk_take()
        self.assertFalse(taken["is_taken"])
        self.assertIn("collector", taken["message"])
        self.assertIn("12:15", taken["message"])
        with self.assertRaises(UserError):
            self.register(self.case.with_user(self.colleague))
        self.assertEqual(self.case.with_user(self.colleague).attended_by, self.collector.name)

    def test_lock_ends_with_time_release_and_registration(self):
        theirs = self.case.with_user(self.colleague)
        self.case.desk_take()
        with self.on(TODAY, 16):
            self.assertTrue(theirs.desk_take()["is_taken"])
            theirs.desk_release()
        self.case.desk_take()
        self.case.desk_release()
        self.assertTrue(theirs.desk_take()["is_taken"])
        self.register(theirs)
        self.assertTrue(self.case.desk_take()["is_taken"])

    def test_nobody_releases_the_customer_of_a_colleague(self):
        self.case.desk_take()
        self.case.with_user(self.colleague).desk_release()
        self.assertEqual(self.case.sudo().attendant_id, self.collector)

    def test_one_customer_at_a_time(self):
        self.make_invoice(60.0, "2026-11-05", customer=self.stranger)
        other = self.env["cobranca.case"]._refresh(self.company, self.stranger).with_user(self.collector)
        self.case.desk_take()
        other.desk_take()
        self.assertFalse(self.case.sudo().attendant_id)

    def test_who_has_paid_meanwhile_is_not_called(self):
        self.pay(self.invoice, 500.0, "2026-11-19")
        self.pay(self.later, 300.0, "2026-11-19")
        taken = self.case.desk_take()
        self.assertEqual((taken["is_taken"], taken["is_open"]), (False, False))
        self.assertEqual(self.case.state, "closed")

    # === REGISTER === #

    def test_promise_in_one_click(self):
        self.case.desk_take()
        prefill = self.case.prefill
        done = self.register(
            outcome="promised", promise_date=prefill["promise_date"], promise_amount=prefill["promise_amount"]
        )
        record = self.env["cobranca.interaction"].browse(done["interaction"])
        promise = self.env["cobranca.promise"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((promise.amount, str(promise.date), promise.state), (800.0, "2026-11-25", "open"))
        self.assertEqual((record.outcome, record.channel, record.user_id), ("promised", "call", self.collector))
        self.assertEqual(record.line_ids, self.line | self.later_line)
        self.assertEqual((self.case.why, str(self.case.queue_date)), ("promise_due", "2026-11-25"))
        self.assertFalse(self.case.sudo().attendant_id)
        self.assertIn("25/11", done["message"])

    def test_every_button_of_the_bar(self):
        turns = {
            "no_answer": "2026-11-23",
            "says_paid": "2026-11-24",
            "informed": "2026-11-25",
            "refused": "2026-11-27",
        }
        for outcome, day in turns.items():
            with self.subTest(outcome):
                done = self.register(outcome=outcome)
                self.assertEqual(str(self.case.queue_date), day)
                self.env["cobranca.hold"].search([("partner_id", "=", self.customer.id)])._end()
                self.assertTrue(done["interaction"])

    def test_reminders_wait_while_a_payment_is_looked_for(self):
        self.register(outcome="says_paid")
        hold = self.env["cobranca.hold"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(set(hold.mapped("reason")), {"already_paid"})
        self.assertEqual(str(hold[0].date_to), "2026-11-24")

    def test_dispute_opens_its_dialog(self):
        done = self.register(outcome="disputed")
        self.assertEqual(done["action"]["res_model"], "cobranca.dispute.register")

    def test_callback_at_an_hour(self):
        self.register(outcome="call_later", next_date="2026-11-19 18:30:00")
        self.assertEqual((self.case.why, self.case.rank), ("callback", 60))
        self.assertEqual(self.case.callback_at, datetime(2026, 11, 19, 18, 30))
        with self.on(TODAY, 19):
            self.env["cobranca.case"]._refresh(self.company, self.customer)
            self.assertEqual(self.case.rank, 10)

    def test_hour_of_a_callback_starts_a_look_at_the_case(self):
        self.register(outcome="call_later", next_date="2026-11-19 18:30:00")
        touches = self.env["cobranca.case.touch"].search([("partner_id", "=", self.customer.id)])
        self.assertIn(datetime(2026, 11, 19, 18, 30), touches.mapped("due_at"))

    def test_what_cannot_be_registered_is_told(self):
        wrong = [
            {"outcome": ""},
            {"outcome": "kept"},
            {"outcome": "promised", "promise_date": "2026-11-25", "promise_amount": 900.0},
            {"outcome": "promised", "promise_date": "2026-11-01", "promise_amount": 800.0},
            {"outcome": "promised", "promise_date": "tomorrow", "promise_amount": 800.0},
            {"outcome": "promised", "promise_date": "2026-11-25", "promise_amount": "much"},
            {"outcome": "call_later", "next_date": "2026-11-01 12:00:00"},
            {"outcome": "informed", "channel": "system"},
            {"outcome": "informed", "contact_id": self.stranger.id},
        ]
        before = self.env["cobranca.interaction"].search_count([])
        for values in wrong:
            with self.subTest(values), self.assertRaises(UserError), self.env.cr.savepoint():
                self.register(**values)
        self.assertEqual(self.env["cobranca.interaction"].search_count([]), before)

    def test_screen_cannot_send_other_fields(self):
        done = self.register(
            user_id=self.manager.id, date="2020-01-01", partner_id=self.stranger.id, company_id=0, direction="in"
        )
        record = self.env["cobranca.interaction"].browse(done["interaction"])
        self.assertEqual((record.user_id, record.partner_id), (self.collector, self.customer))
        self.assertEqual(record.date.date(), TODAY)
        self.assertEqual(record.direction, "out")

    def test_undo_takes_promise_and_pause_back(self):
        done = self.register(outcome="promised", promise_date="2026-11-25", promise_amount=800.0)
        self.case.desk_undo(done["interaction"])
        promise = self.env["cobranca.promise"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(promise.state, "cancelled")
        self.assertEqual((self.case.why, self.case.queue_date), ("first", TODAY))

    def test_undo_of_another_customer_is_refused(self):
        record = self.Interaction._record(self.company, self.stranger, "call", "informed")
        with self.assertRaises(UserError):
            self.case.desk_undo(record.id)

    def test_who_speaks_has_done_what_was_to_be_done(self):
        """Calls agreed, and promises that were broken, wait for nobody any more."""
        kinds = ("callback", "promise")
        self.register(outcome="call_later", next_date="2026-11-19 18:30:00")
        promise = self.promise(day="2026-11-23")
        with self.on("2026-11-26"):
            promise._decide()
            self.assertTrue(all(self.activities(self.customer, kind) for kind in kinds))
            self.register()
            self.assertFalse(any(self.activities(self.customer, kind) for kind in kinds))

    # === SUMMARY === #

    def test_summary_of_the_day(self):
        self.make_invoice(60.0, "2026-11-05", customer=self.stranger)
        self.env["cobranca.case"]._refresh(self.company, self.stranger)
        Case = self.env["cobranca.case"].with_user(self.collector)
        domain = [("state", "=", "open")]
        before = Case.desk_summary(domain)
        self.assertEqual((before["done"], before["total"]), (0, 2))
        self.assertIn("860.00", before["amount"])
        self.register(outcome="call_later", next_date="2026-11-23 14:00:00")
        after = Case.desk_summary(domain)
        self.assertEqual((after["done"], after["total"]), (1, 2))
        self.assertIn("60.00", after["amount"])
        self.assertEqual(after["next_callback"], "23/11 11:00")

    # === SCREEN === #

    def test_screen_shows_debts_contacts_and_words(self):
        self.Interaction._record(self.company, self.customer, "call", "no_answer", note="Rang out")
        case = self.env["cobranca.case"].browse(self.case.id).with_user(self.collector)
        self.assertIn(self.invoice.name, case.debts_html)
        self.assertIn("Rang out", case.contacts_html)
        self.assertIn("Ana Lindoso", case.head_html)
        self.assertIn("tel:+5511987654321", case.head_html)
        self.assertNotIn("529.982.247-25", case.head_html)
        self.assertTrue(case.behavior_html)

    def channels(self, at=15):
        with self.on(TODAY, at):
            return self.case._get_channels(self.customer)

    def test_closed_ways_say_why(self):
        self.assertEqual(
            {kind: way["reason"] for kind, way in self.ways().items()}, {"phone": "", "whatsapp": "", "email": ""}
        )
        self.assertIn("outside", self.channels(at=1)["phone"]["reason"])
        self.assertFalse(self.channels(at=1)["email"]["reason"])
        self.customer.phone = "(11) 3555-0142"
        self.assertIn("no mobile", self.ways()["whatsapp"]["reason"])
        self.env["cobranca.opt.out"]._set_refused(self.customer, ["call", "email"])
        self.assertEqual(self.ways()["phone"]["reason"], self.ways()["email"]["reason"])
        self.customer.write({"phone": "123", "email": False})
        self.assertIn("no valid phone", self.ways()["phone"]["reason"])
        self.assertIn("no e-mail", self.ways()["email"]["reason"])

    def ways(self):
        return {kind: way for kind, way in self.channels().items() if kind in ("phone", "whatsapp", "email")}

    def test_whatsapp_link_has_the_words_ready(self):
        link = self.case._get_whatsapp_link("5511987654321", "Olá, Ana & cia")
        self.assertEqual(link, "https://wa.me/5511987654321?text=Ol%C3%A1%2C%20Ana%20%26%20cia")

    def test_email_has_words_and_recipient(self):
        context = self.case.action_write_email()["context"]
        self.assertEqual(context["default_partner_ids"], self.customer.ids)
        self.assertNotIn("800", context["default_body"] + context["default_subject"])

    def test_email_shows_a_name_as_text(self):
        self.customer.name = "<img/src=x> Ana"
        body = self.case.action_write_email()["context"]["default_body"]
        self.assertNotIn("<img", body)
        self.assertIn("&lt;img/src=x&gt;", body)

    def test_no_email_to_who_does_not_want_it_or_has_no_address(self):
        self.env["cobranca.opt.out"]._set_refused(self.customer, ["email"])
        with self.assertRaisesRegex(UserError, "does not want it"):
            self.case.action_write_email()
        self.env["cobranca.opt.out"]._set_refused(self.customer, [])
        self.customer.email = False
        with self.assertRaisesRegex(UserError, "no e-mail"):
            self.case.action_write_email()

    def test_bars_of_the_last_invoices(self):
        self.pay(self.invoice, 500.0, "2026-11-09")
        bars = self.customer.with_user(self.collector)._cobranca_get_bars()
        # The 10th of October was a Saturday, the Monday after it a holiday: counted from the 13th.
        self.assertEqual([(bar["days"], bar["is_open"]) for bar in bars], [(27, False), (9, True)])

    # === TRAINING === #

    def test_training_writes_nothing(self):
        before = self.env["cobranca.interaction"].search_count([])
        case = self.env["cobranca.case"].browse(self.case.with_user(self.collector).action_train()["res_id"])
        mine = case.with_user(self.collector)
        self.assertTrue(mine.desk_take()["is_taken"])
        self.assertIn("EXAMPLE/1", mine.debts_html)
        first = mine.why
        done = mine.desk_register({"outcome": "promised", "promise_date": "2026-11-25", "promise_amount": 100.0})
        self.assertIn("nothing was written", done["message"])
        self.assertNotEqual(mine.why, first)
        with self.assertRaises(UserError):
            mine.desk_register({"outcome": "promised", "promise_date": "2026-11-01", "promise_amount": 100.0})
        self.assertEqual(self.env["cobranca.interaction"].search_count([]), before)
        self.assertEqual(self.case.with_user(self.collector).action_train()["res_id"], case.id)
        with self.assertRaises(AccessError):
            case.with_user(self.colleague).read(["why"])
        self.assertNotIn(case, self.env["cobranca.case"]._refresh(self.company, case.partner_id))

    def test_locked_row_is_left_alone(self):
        with patch.object(type(self.case), "try_lock_for_update", lambda records, **_options: records.browse()):
            taken = self.case.desk_take()
        self.assertFalse(taken["is_taken"])
        self.assertTrue(taken["message"])
