from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .record_common import RecordCommon


@tagged("post_install", "-at_install")
class TestInteractionRegistration(RecordCommon):
    def register(self, outcome="no_answer", partner=None, **values):
        return self.Interaction._register_contact(
            self.company, (partner or self.customer).with_user(self.collector), {"outcome": outcome, **values}
        )

    def test_an_outcome_is_enough(self):
        talk = self.register()
        self.assertEqual((talk.channel, talk.direction, talk.reached), ("call", "out", "nobody"))
        self.assertEqual((talk.user_id, talk.partner_id), (self.collector, self.customer))
        self.assertFalse(talk.promise_id or talk.activity_id or talk.line_ids or talk.note)

    def test_promise_is_found_again(self):
        lines = (self.line + self.later_line).with_user(self.collector)
        talk = self.register("promised", lines=lines, promise_date=date(2026, 11, 24), promise_amount=650.0)
        self.assertEqual((talk.promise_id.amount, talk.promise_id.state), (650.0, "open"))
        self.assertEqual((talk.line_ids, talk.reached), (lines, "right"))
        self.assertIn("650.00", talk.note)

    def test_promise_of_nothing(self):
        with self.assertRaisesRegex(UserError, "open invoices"):
            self.register("promised", promise_date=date(2026, 11, 24), promise_amount=650.0)
        with self.assertRaisesRegex(UserError, "day from today on"):
            self.register("promised", lines=self.line.with_user(self.collector))
        with self.assertRaisesRegex(UserError, "how much"):
            self.register("promised", lines=self.line.with_user(self.collector), promise_date=date(2026, 11, 24))

    def test_callback_with_and_without_a_pause(self):
        moment = datetime(2026, 11, 23, 13, 30)
        talk = self.register("call_later", next_date=moment)
        self.assertEqual(talk.activity_id.sudo().date_deadline, date(2026, 11, 23))
        self.assertFalse(self.holds(talk))
        talk = self.register("call_later", next_date=moment, is_paused=True)
        self.assertEqual(self.holds(talk).mapped("date_to"), [date(2026, 11, 23)])

    def test_promise_pauses_its_lines_only(self):
        talk = self.register(
            "promised",
            lines=self.line.with_user(self.collector),
            promise_date=date(2026, 11, 24),
            promise_amount=500.0,
            next_date=datetime(2026, 11, 25, 13),
            is_paused=True,
        )
        self.assertEqual(self.customer.cobranca_hold_ids.mapped("reason"), ["promise"])
        self.assertTrue(talk.activity_id)

    def test_longer_pauses_are_for_supervisors(self):
        with self.assertRaises(AccessError):
            self.register("call_later", next_date=datetime(2027, 3, 1, 13), is_paused=True)

    def test_what_cannot_have_been(self):
        cases = (
            ({"outcome": False}, "how the contact ended"),
            ({"outcome": "kept"}, "how the contact ended"),
            ({"channel": "system"}, "how you contacted"),
            ({"contact_id": self.stranger.id}, "Caio Nogal is nobody of Ana Lindoso"),
            ({"lines": self.receivable(self.make_invoice(10.0, "2026-10-01", self.stranger))}, "another customer"),
        )
        for values, message in cases:
            with self.subTest(values=values), self.assertRaisesRegex(UserError, message):
                self.register(**values)
        self.assertFalse(self.customer.cobranca_interaction_ids)

    def test_sensitive_reasons_are_registered_by_supervisors(self):
        illness = self.env.ref("cobranca_recorrente.cobranca_delinquency_reason_illness")
        with self.assertRaises(AccessError):
            self.register(reason_id=illness.id)

    def test_dialogs_register_the_same_way(self):
        values = {"partner_id": self.customer.id}
        wizard = self.env["cobranca.promise.register"].with_user(self.collector).create(values)
        wizard.action_register()
        talk = self.customer.cobranca_interaction_ids
        self.assertEqual((talk.outcome, talk.promise_id), ("promised", self.customer.cobranca_promise_ids))
