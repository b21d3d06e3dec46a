from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .record_common import RecordCommon


@tagged("post_install", "-at_install")
class TestInteraction(RecordCommon):
    def register(self, **values):
        values = {"partner_id": self.customer.id, **values}
        return self.env["cobranca.interaction.register"].with_user(self.collector).create(values)

    def talk(self, **values):
        return self.Interaction._record(self.company, self.customer, "call", "informed", **values)

    def test_nothing_in_it_is_changed_or_removed(self):
        talk = self.talk(note="Said so")
        for user in (self.collector, self.supervisor, self.manager, self.env.ref("base.user_root")):
            with self.subTest(user=user.login):
                with self.assertRaises(UserError):
                    talk.with_user(user).write({"note": "Never said"})
                with self.assertRaises(UserError):
                    talk.with_user(user).unlink()
        with self.assertRaises(AccessError):
            self.Interaction.create({"partner_id": self.customer.id, "outcome": "promised"})
        self.assertEqual(talk.note, "Said so")

    def test_supervisor_reviews(self):
        talk = self.talk()
        with self.assertRaises(AccessError):
            talk.write({"review": "good"})
        talk.with_user(self.supervisor).write({"review": "improve", "review_note": "Ask for a day"})
        self.assertEqual(talk.sudo().reviewed_by_id, self.supervisor)
        with self.assertRaises(UserError):
            talk.with_user(self.supervisor).write({"review": "good", "outcome": "promised"})

    def test_three_clicks(self):
        wizard = self.register()
        self.assertEqual((wizard.channel, wizard.direction, wizard.contact_id), ("call", "out", self.customer))
        with self.assertRaisesRegex(UserError, "how the contact ended"):
            wizard.action_register()
        wizard.outcome = "no_answer"
        wizard.action_register()
        talk = self.customer.cobranca_interaction_ids
        self.assertEqual((talk.outcome, talk.reached, talk.user_id), ("no_answer", "nobody", self.collector))
        self.assertEqual(talk.line_ids, self.line + self.later_line)
        self.assertEqual(talk.date, datetime(2026, 11, 19, 15))

    def test_from_an_invoice_it_is_about_that_invoice(self):
        action = self.later.with_user(self.collector).action_cobranca_register()
        wizard = self.env["cobranca.interaction.register"].with_user(self.collector).with_context(**action["context"])
        self.assertEqual(wizard.create({}).line_ids, self.later_line)

    def test_who_pays_is_spoken_to(self):
        person = self.env["res.partner"].create(
            {"name": "Doralice", "parent_id": self.customer.id, "cobranca_role": "pays"}
        )
        self.assertEqual(self.register().contact_id, person)

    def test_promise_is_registered_with_it(self):
        wizard = self.register(outcome="promised")
        self.assertEqual((wizard.promise_date, wizard.promise_amount), (date(2026, 11, 25), 800.0))
        wizard.promise_date = "2026-11-24"
        wizard.action_register()
        promise = self.customer.cobranca_promise_ids
        self.assertEqual((promise.date, promise.amount, promise.state), (date(2026, 11, 24), 800.0, "open"))
        self.assertIn("800.00", self.customer.cobranca_interaction_ids.note)

    def test_next_contact_is_an_activity_with_its_hour_and_a_pause(self):
        self.collector.tz = "America/Sao_Paulo"
        self.register(outcome="call_later", next_date="2026-11-23 13:30:00", note="PRIVATE-WORDS").action_register()
        [activity] = self.activities(self.customer, "callback")
        self.assertEqual((activity.date_deadline, activity.user_id), (date(2026, 11, 23), self.collector))
        self.assertIn("10:30", activity.summary)
        self.assertNotIn("PRIVATE", f"{activity.summary}{activity.note}")
        hold = self.customer.cobranca_hold_ids
        self.assertEqual((hold.reason, hold.date_to, hold.line_id.id), ("callback", date(2026, 11, 23), False))

    def test_impossible_moments(self):
        with self.assertRaisesRegex(UserError, "in the past"):
            self.talk(next_date=datetime(2026, 11, 19, 14))
        with self.assertRaisesRegex(UserError, "after it happened"):
            self.talk(date=datetime(2026, 11, 19, 16))

    def test_sensitive_reason_is_for_supervisors(self):
        illness = self.env.ref("cobranca_recorrente.cobranca_delinquency_reason_illness")
        plain = self.env.ref("cobranca_recorrente.cobranca_delinquency_reason_cash_flow")
        Reason = self.env["cobranca.delinquency.reason"]
        self.assertNotIn(illness, Reason.with_user(self.collector).search([]))
        self.assertIn(illness, Reason.with_user(self.supervisor).search([]))
        talk = (
            self.env["cobranca.interaction"]
            .with_user(self.supervisor)
            ._record(
                self.company, self.customer, "call", "informed", reason_id=illness.id, private_note="PRIVATE-WORDS"
            )
        )
        self.assertEqual(talk.reason_text, "Illness")
        seen = talk.with_user(self.collector)
        self.assertEqual(seen.reason_text, "Personal (supervisor)")
        text = str(seen.web_read({"display_name": {}, "reason_text": {}, "note": {}, "outcome": {}}))
        self.assertNotIn("Illness", text + str(seen.read()))
        self.assertNotIn("PRIVATE", str(seen.read()))
        for field in ("reason_id", "private_note"):
            with self.assertRaises(AccessError):
                seen.search([(field, "!=", False)])
        self.assertEqual(self.talk(reason_id=plain.id).reason_text, "Short of cash")

    # --- what customers write ---

    def post(self, record, author, text="<p>I pay tomorrow</p>", **values):
        values = {"message_type": "email", "subtype_xmlid": "mail.mt_comment", **values}
        return record.message_post(body=text, author_id=author.id, body_is_html=True, **values)

    def test_reply_on_an_invoice_lands_here(self):
        message = self.post(self.invoice, self.customer, email_from="ana@example.com")
        talk = self.customer.cobranca_interaction_ids
        self.assertEqual((talk.outcome, talk.direction, talk.channel), ("replied", "in", "email"))
        self.assertEqual((talk.note, talk.message_id, talk.line_ids), ("I pay tomorrow", message, self.line))
        self.assertFalse(talk.user_id)

    def test_mail_gateway_routes_an_answer(self):
        sent = self.invoice.message_post(body="Your invoice", message_type="comment", partner_ids=self.customer.ids)
        mail = f"""From: Ana Lindoso <ana@example.com>
To: anyone@example.com
Subject: Re: invoice
Message-Id: <answer-1@example.com>
In-Reply-To: {sent.message_id}
References: {sent.message_id}
Content-Type: text/plain; charset=utf-8

Pago na sexta.
"""
        self.env["mail.thread"].message_process(None, mail)
        talk = self.customer.cobranca_interaction_ids
        self.assertEqual((talk.outcome, talk.note), ("replied", "Pago na sexta."))

    def test_person_of_the_customer_and_unknown_address_of_him(self):
        person = self.env["res.partner"].create(
            {"name": "Doralice", "parent_id": self.customer.id, "email": "doralice@example.com"}
        )
        self.post(self.invoice, person)
        self.assertEqual(self.customer.cobranca_interaction_ids.contact_id, person)
        message = self.invoice.with_context(mail_create_nosubscribe=True).message_post(
            body="Again", message_type="email", author_id=False, email_from="Doralice <doralice@example.com>"
        )
        self.assertIn(message, self.customer.cobranca_interaction_ids.message_id)

    def test_what_is_no_answer_of_the_customer_stays_out(self):
        self.post(self.invoice, self.stranger)
        self.post(self.invoice, self.supervisor.partner_id)
        self.post(self.invoice, self.customer, message_type="notification")
        vendor = self.env["account.move"].create({"move_type": "in_invoice", "partner_id": self.customer.id})
        self.post(vendor, self.customer)
        self.assertFalse(self.env["cobranca.interaction"].search([("partner_id", "=", self.customer.id)]))

    def test_customer_writes_in_the_portal(self):
        user = new_test_user(self.env, "portal_ana", "base.group_portal")
        user.partner_id = self.customer
        self.invoice.with_user(user).sudo().message_post(
            body="Boleto please", message_type="comment", author_id=self.customer.id
        )
        self.assertEqual(self.customer.cobranca_interaction_ids.channel, "portal")

    def test_reply_on_a_contract_and_on_the_customer(self):
        contract = self.make_contract()
        self.post(contract, self.customer)
        self.post(self.customer, self.customer)
        self.assertEqual(self.customer.cobranca_interaction_ids.mapped("outcome"), ["replied"] * 2)
