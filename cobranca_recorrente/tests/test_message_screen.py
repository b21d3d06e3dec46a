from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .dunning_common import DunningCommon

MORNING = "2026-03-13 13:00:00"
FRIDAY = date(2026, 3, 13)
MOBILE = "(11) 98765-4321"


@tagged("post_install", "-at_install")
class TestMessageScreen(DunningCommon):
    """What people do with messages, and where they see them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"phone": MOBILE, "street": "Rua A, 1", "city": "São Paulo", "zip": "01000-000"})
        cls.business.write({"phone": MOBILE, "street": "Rua B, 2", "city": "São Paulo", "zip": "01000-000"})
        cls.line = cls.owe(100, "2026-03-10")

    def use(self, *channels, **values):
        """The step of three days is taken by these channels."""
        level = self.level(3)
        level.channel_ids.unlink()
        level.write(
            {
                "channel_ids": [
                    Command.create({"channel": channel, "sequence": number, **self.prepare_words(channel)})
                    for number, channel in enumerate(channels)
                ],
                **values,
            }
        )

    def claim(self):
        return self.engine._run(self.company, FRIDAY)

    # === REVIEW === #

    @freeze_time(MORNING)
    def test_many_are_approved_at_once(self):
        self.use("email", is_reviewed=True)
        self.owe(50, "2026-03-10", partner=self.business)
        messages = self.claim()
        self.assertEqual(set(messages.mapped("state")), {"review"})
        with self.assertRaisesRegex(UserError, "supervisor"):
            messages.with_user(self.collector).action_approve()
        first = messages[0].with_user(self.supervisor)
        self.assertIn("13/03/2026", first.action_approve()["params"]["message"])
        # Who selects all of the list may have one that was approved a moment ago.
        messages.with_user(self.supervisor).action_approve()
        self.assertEqual(set(messages.mapped("state")), {"queued"})
        self.assertEqual(messages.approved_by_id, self.supervisor)
        with self.assertRaisesRegex(UserError, "None of these"):
            messages.with_user(self.supervisor).action_approve()
        self.deliver()
        self.assertEqual(set(messages.mapped("state")), {"sent"})

    @freeze_time(MORNING)
    def test_taken_out(self):
        self.use("email", is_reviewed=True)
        message = self.claim().with_user(self.supervisor)
        message.action_withdraw()
        self.assertEqual((message.state, message.reason), ("cancelled", "withdrawn"))
        with self.assertRaisesRegex(UserError, "left already"):
            message.action_withdraw()

    @freeze_time(MORNING)
    def test_what_is_reviewed_can_be_read(self):
        self.use("email", is_reviewed=True)
        message = self.claim().with_user(self.supervisor)
        self.assertTrue(message.is_preview)
        self.assertTrue(message.shown_body)
        self.assertFalse(message.body)
        message.action_approve()
        self.deliver()
        self.assertFalse(message.is_preview)
        self.assertEqual(message.shown_body, message.body)

    # === BY HAND === #

    def todo(self, *channels):
        self.use(*channels)
        message = self.claim()
        self.deliver()
        self.assertEqual(message.state, "todo")
        return message.with_user(self.collector)

    @freeze_time(MORNING)
    def test_whatsapp(self):
        message = self.todo("whatsapp")
        action = message.action_open_whatsapp()
        self.assertTrue(action["url"].startswith("https://wa.me/5511987654321?text="), action["url"])
        self.assertEqual(message.state, "todo", "nothing is sent before somebody says so")
        message.action_done()
        self.assertEqual(message.state, "sent")
        with self.assertRaisesRegex(UserError, "by hand"):
            message.action_open_whatsapp()

    def test_whatsapp_on_another_day_asks_for_the_amount_of_that_day(self):
        self.give(self.customer, self.make_policy("all", fine_percent=2.0), is_first=True)
        with freeze_time(MORNING):
            message = self.todo("whatsapp")
            before = message.amount
        with freeze_time("2026-03-16 13:00:00"):
            message.action_open_whatsapp()
            self.assertEqual(message.amount_on, date(2026, 3, 16))
            self.assertGreater(message.amount, before)

    def test_whatsapp_to_who_has_paid_or_at_night(self):
        with freeze_time(MORNING):
            message = self.todo("whatsapp")
        with freeze_time("2026-03-13 23:30:00"), self.assertRaisesRegex(UserError, "Contact hours"):
            message.action_open_whatsapp()
        with freeze_time("2026-03-16 13:00:00"):
            self.pay(self.line, 100, "2026-03-16")
            self.assertEqual(message.action_open_whatsapp()["tag"], "display_notification")
            self.assertEqual((message.state, message.reason), ("cancelled", "paid"))

    @freeze_time(MORNING)
    def test_letters(self):
        messages = self.todo("letter")
        action = messages.action_confirm_posting()
        self.assertEqual(messages.state, "todo")
        wizard = (
            self.env["cobranca.message.post"].with_user(self.collector).with_context(**action["context"]).create({})
        )
        wizard.note = "AA123456789BR"
        wizard.action_confirm()
        self.assertEqual((messages.state, messages.detail), ("sent", "AA123456789BR"))
        with self.assertRaisesRegex(UserError, "not to be posted"):
            wizard.action_confirm()
        with self.assertRaisesRegex(UserError, "still to be posted"):
            messages.action_print_letters()

    @freeze_time(MORNING)
    def test_letters_in_one_file(self):
        if not self.env.ref("cobranca_recorrente.action_report_message_letter", raise_if_not_found=False):
            self.skipTest("the layout of letters is not there yet")
        self.owe(50, "2026-03-10", partner=self.business)
        self.use("letter")
        letters = self.claim()
        self.deliver()
        action = letters.with_user(self.collector).action_print_letters()
        self.assertEqual((action["report_type"], action["context"]["active_ids"]), ("qweb-pdf", letters.ids))
        self.assertEqual(set(letters.mapped("state")), {"todo"}, "printed is not posted")

    @freeze_time(MORNING)
    def test_call_is_done_by_its_register(self):
        message = self.todo("call")
        action = message.action_register_call()
        self.assertEqual(action["context"]["default_channel"], "call")
        Interaction = self.env["cobranca.interaction"].with_user(self.collector)
        partner = self.customer.with_user(self.collector)
        for values in ({"channel": "whatsapp"}, {"channel": "call", "direction": "in"}):
            Interaction._register_contact(self.company, partner, {"outcome": "other", **values})
            self.assertEqual(message.state, "todo", values)
        Interaction._register_contact(self.company, partner, {"outcome": "call_later", "channel": "call"})
        self.assertEqual(message.state, "sent")

    # === WORDS === #

    @freeze_time(MORNING)
    def test_attempts_and_words(self):
        self.use("email", "sms")
        message = self.claim().with_user(self.collector)
        self.assertIn("13/03/2026", message.situation)
        self.deliver()
        self.assertEqual(message._get_outcome_text(), "D+3 · Step 3, by E-mail on 13/03: sent")
        message.sudo()._fail("bounced", "mailbox unknown")
        self.assertIn("Came back: mailbox unknown.", message.situation)
        follower = self.Message.search([("previous_id", "=", message.id)])
        self.assertEqual(follower.channel, "sms")
        for each in (message, follower):
            self.assertEqual((each.attempt_ids, each.attempt_count), (message + follower, 2))

    # === WHERE THEY ARE SEEN === #

    @freeze_time(MORNING)
    def test_customer_invoice_and_desk(self):
        message = self.claim()
        self.deliver()
        partner, move = self.customer.with_user(self.collector), self.line.move_id.with_user(self.collector)
        self.assertEqual((partner.cobranca_message_ids, partner.cobranca_message_count), (message, 1))
        self.assertEqual((move.cobranca_message_line_ids, move.cobranca_message_count), (message.line_ids, 1))
        for record in (partner, move):
            domain = record.action_cobranca_messages()["domain"]
            self.assertEqual(self.Message.search(domain), message)
        case = self.env["cobranca.case"]._refresh(self.company, self.customer)
        self.assertEqual(case.level_id, self.level(3))
        self.assertIn("Step 3, by E-mail on 13/03: sent", case.with_user(self.collector).contacts_html)

    def test_step_of_a_case_is_the_highest(self):
        self.run_day("2026-03-13")
        self.run_day("2026-03-17")
        late = self.owe(40, "2026-03-16")
        with freeze_time("2026-03-19 13:00:00"):
            case = self.env["cobranca.case"]._refresh(self.company, self.customer)
            self.assertEqual(case.level_id, self.level(7))
            self.pay(self.line, 100, "2026-03-19")
            case = self.env["cobranca.case"]._refresh(self.company, self.customer)
            self.assertFalse(case.level_id, "what is paid counts no more")
            self.assertTrue(late)

    # === BEHAVIOR === #

    def test_notices_remind(self):
        """Sent about what is late: neither before it, nor what came back."""

        def told():
            rows = self.env.execute_query(self.env["cobranca.behavior"]._get_reminded_query(self.company))
            return dict(rows)

        self.env.flush_all()
        self.assertNotIn(self.line.id, told())
        message = self.run_day("2026-03-13")
        self.env.flush_all()
        self.assertEqual(told()[self.line.id], FRIDAY)
        message.sudo().state = "undelivered"
        self.env.flush_all()
        self.assertNotIn(self.line.id, told())
        early = self.owe(10, "2026-04-10", partner=self.business)
        self.assertEqual(self.run_day("2026-04-07").line_ids.line_id, early)
        self.env.flush_all()
        self.assertNotIn(early.id, told())

    # === PERSONAL DATA === #

    def test_export_and_wipe(self):
        self.make_contract()
        message = self.run_day("2026-03-13")
        data = self.customer.with_user(self.supervisor)._cobranca_get_person_data()
        self.assertEqual(
            [(row["channel"], row["address"], row["state"]) for row in data["reminders"]],
            [("email", "ana@example.com", "sent")],
        )
        self.customer.with_user(self.supervisor)._cobranca_get_person_workbook(data)
        self.customer._cobranca_wipe_texts(self.customer)
        message.invalidate_recordset()
        self.assertFalse(message.subject or message.body or message.text or message.address or message.detail)
        self.assertEqual(message.line_ids.residual, 100)
