from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Date
from odoo.tests import tagged

from .dunning_common import DunningCommon


@tagged("post_install", "-at_install")
class TestDunningDelivery(DunningCommon):
    """From the claim to the mail server, and back."""

    def make(self, day="2026-03-13", hour="13:00", **values):
        """A message that waits: 100 due on Tuesday 2026-03-10 at its step D+3 (Friday, 10:00 in São Paulo)."""
        self.line = self.owe(100, "2026-03-10", **values)
        self.startPatcher_time(day, hour)
        return self.engine._run(self.company, Date.to_date(day))

    def startPatcher_time(self, day, hour="13:00"):
        clock = freeze_time(f"{day} {hour}:00")
        clock.start()
        self.addCleanup(clock.stop)

    def assert_message(self, message, state, reason=False):
        self.assertEqual((message.state, message.reason), (state, reason))

    def test_mail_of_a_message(self):
        message = self.make()
        with self.mail_server() as taken:
            self.engine._deliver(message)
        self.assert_message(message, "sent")
        [mail] = taken
        self.assertEqual(mail["Message-Id"], message.email_message_id)
        self.assertEqual(mail["To"], '"Ana Lindoso" <ana@example.com>')
        self.assertIn("cobranca@example.com", mail["From"])
        chatter = self.customer.message_ids.filtered(lambda m: m.message_id == message.email_message_id)
        self.assertEqual(len(chatter), 1)

    def test_amounts_are_those_of_the_day_it_leaves(self):
        message = self.make()
        first = message.amount
        self.assertEqual(message.amount_original, 100)
        self.startPatcher_time("2026-03-16")
        self.deliver()
        self.assert_message(message, "sent")
        self.assertEqual(message.amount_on, Date.to_date("2026-03-16"))
        self.assertAlmostEqual(message.amount - first, 0.1)  # three days of 1 % a month

    def test_paid_before_it_is_written(self):
        message = self.make()
        self.pay(self.line, 100, "2026-03-13")
        with self.mail_server() as taken:
            self.engine._deliver(message)
        self.assertFalse(taken)
        self.assert_message(message, "cancelled", "paid")

    def test_paid_between_text_and_mail_server(self):
        message = self.make()
        domain = self.engine._get_due_domain()
        [ready] = self.engine._write_batch(message.ids, domain)
        self.pay(self.line, 100, "2026-03-13")
        with self.mail_server() as taken:
            self.assertEqual(self.engine._send_one(ready), 0)
            self.assertFalse(taken)
            self.deliver()
        self.assertFalse(taken)
        self.assert_message(message, "cancelled", "paid")

    def test_part_paid_between_text_and_mail_server(self):
        message = self.make()
        domain = self.engine._get_due_domain()
        [ready] = self.engine._write_batch(message.ids, domain)
        self.pay(self.line, 60, "2026-03-13")
        self.assertEqual(self.engine._send_one(ready), 0)
        self.deliver()
        self.assert_message(message, "sent")
        self.assertEqual(message.line_ids.residual, 40)

    def test_queue_of_odoo_does_not_send_what_is_paid(self):
        message = self.make()
        self.engine._write_batch(message.ids, self.engine._get_due_domain())
        self.assertEqual(message.mail_id.state, "outgoing")
        self.pay(self.line, 100, "2026-03-13")
        with self.mail_server() as taken:
            message.mail_id.send()
        self.assertFalse(taken)
        self.assertEqual(message.mail_id.state, "cancel")

    def test_queue_of_odoo_leaves_reminders_alone(self):
        message = self.make()
        self.engine._write_batch(message.ids, self.engine._get_due_domain())
        with self.mail_server() as taken:
            self.env["mail.mail"].process_email_queue()
        self.assertFalse(taken)
        self.assert_message(message, "queued")

    def test_held_meanwhile_takes_the_step_again(self):
        message = self.make()
        hold = self.env["cobranca.hold"]._start(
            self.company, self.customer, "other", Date.to_date("2026-03-13"), Date.to_date("2026-03-15")
        )
        self.deliver()
        self.assert_message(message, "cancelled", "held")
        self.assertTrue(hold)
        self.startPatcher_time("2026-03-16")
        again = self.engine._run(self.company, Date.to_date("2026-03-16"))
        self.assertEqual(again.level_id, self.level(3))

    def test_server_is_down_and_comes_back(self):
        message = self.make()
        with self.mail_server(answer=ConnectionRefusedError("down")):
            self.engine._deliver(message)
        self.assert_message(message, "queued", "retry")
        first = message.email_message_id
        self.startPatcher_time("2026-03-13", "13:20")
        self.deliver()
        self.assert_message(message, "sent")
        self.assertEqual(message.email_message_id, first)
        self.assertEqual(len(self.customer.message_ids.filtered(lambda m: m.message_id == first)), 1)

    def test_without_mail_server_it_waits(self):
        self.env["ir.mail_server"].search([]).active = False
        message = self.make()
        self.deliver()
        self.assert_message(message, "queued", "no_server")
        self.assertIn("no outgoing mail server", message.detail)

    def test_outside_hours_it_waits_for_the_morning(self):
        message = self.make()
        self.startPatcher_time("2026-03-13", "23:30")
        self.deliver()
        self.assert_message(message, "queued", "outside_hours")
        # Saturday, 9:00 in São Paulo
        self.assertEqual(str(message.send_at), "2026-03-14 12:00:00")

    def test_too_old_is_given_back(self):
        message = self.make()
        self.startPatcher_time("2026-03-20")
        self.engine._run(self.company, Date.to_date("2026-03-20"))
        self.assert_message(message, "cancelled", "expired")
        again = self.Message.search([("partner_id", "=", self.customer.id), ("state", "=", "queued")])
        self.assertEqual(again.level_id, self.level(7))

    def test_refused_address_goes_on_by_sms(self):
        self.ladder.level_ids.unlink()
        self.ladder.write({"level_ids": [(0, 0, self.prepare_level(3, ("email", "sms")))]})
        self.customer.phone = "(11) 98765-4321"
        message = self.make()
        with self.mail_server(answer=Exception("SMTPRecipientsRefused: (550, b'5.1.1 no such user')")):
            self.engine._deliver(message)
        self.assert_message(message, "undelivered", "failed")
        follower = self.Message.search([("previous_id", "=", message.id)])
        self.assertEqual((follower.channel, follower.state, follower.address), ("sms", "queued", "+5511987654321"))
        self.assertEqual(self.Notice.search([("line_id", "=", self.line.id)]).message_id, follower)

    def test_nothing_left_is_a_task_and_no_harsher_step(self):
        message = self.make()
        with self.mail_server(answer=Exception("SMTPRecipientsRefused: (550, b'5.1.1 no such user')")):
            self.engine._deliver(message)
        self.assert_message(message, "undelivered", "failed")
        task = self.customer.activity_ids
        self.assertEqual(task.summary, "No valid channel")
        for day in ("2026-03-17", "2026-04-10", "2026-05-22"):
            self.assertFalse(self.run_day(day))
        self.assertEqual(self.left_out("2026-05-22"), {"Ana Lindoso": "undelivered"})
        self.assertEqual(len(self.customer.activity_ids), 1)

    def test_corrected_address_tries_the_same_step_again(self):
        message = self.make()
        with self.mail_server(answer=Exception("SMTPRecipientsRefused: (550, b'5.1.1 no such user')")):
            self.engine._deliver(message)
        self.customer.email = "ana.lindoso@example.com"
        self.run_day("2026-03-16")
        follower = self.Message.search([("previous_id", "=", message.id)])
        self.assert_message(follower, "sent")
        self.assertEqual((follower.level_id, follower.address), (self.level(3), "ana.lindoso@example.com"))

    def test_bounce_is_no_reminder(self):
        message = self.make()
        self.deliver()
        self.Message._note_bounces([message.email_message_id], "5.2.2 mailbox full")
        self.assert_message(message, "undelivered", "bounced")
        self.assertTrue(self.customer.activity_ids)

    def test_bounce_comes_in_by_the_mail_gateway(self):
        message = self.make()
        self.deliver()
        text = (
            "From: MAILER-DAEMON@example.com\nTo: bounce@example.com\nSubject: failure\nMessage-Id: <b@x>\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n'
            "Content-Type: text/plain\n\nno such user\n\n--b\nContent-Type: message/delivery-status\n\n"
            "Final-Recipient: rfc822; ana@example.com\nAction: failed\nStatus: 5.1.1\n\n--b\n"
            f"Content-Type: text/rfc822-headers\n\nMessage-Id: {message.email_message_id}\n"
            "To: ana@example.com\n\n--b--\n"
        )
        self.env["mail.thread"].message_process("res.partner", text)
        self.assert_message(message, "undelivered", "bounced")

    def test_one_bad_record_never_stops_the_rest(self):
        message = self.make()
        others = self.env["res.partner"].create(
            [{"name": f"Customer {number}", "email": f"c{number}@example.com"} for number in range(6)]
        )
        for partner in others:
            self.owe(50, "2026-03-10", partner=partner)
        made = self.engine._run(self.company, Date.to_date("2026-03-13"))
        self.assertEqual(len(made), 6)
        render = type(self.Message)._render_texts

        def fail_for_one(messages, *arguments, **options):
            if message in messages:
                raise ZeroDivisionError("poison")
            return render(messages, *arguments, **options)

        with patch.object(type(self.Message), "_render_texts", fail_for_one):
            self.deliver()
        self.assert_message(message, "undelivered", "failed")
        self.assertIn("poison", message.detail)
        self.assertEqual(set(made.mapped("state")), {"sent"})

    def test_review_waits_for_a_supervisor(self):
        self.level(3).is_reviewed = True
        message = self.make()
        self.deliver()
        self.assert_message(message, "review")
        with self.assertRaises(UserError):
            message.with_user(self.collector).action_approve()
        message.with_user(self.supervisor).action_approve()
        self.deliver()
        self.assert_message(message, "sent")
        with self.assertRaises(UserError):
            message.with_user(self.supervisor).action_withdraw()

    def test_paused_ladder_keeps_what_waits(self):
        message = self.make()
        self.ladder.with_user(self.manager).action_pause()
        self.deliver()
        self.assert_message(message, "queued")

    def test_messages_are_never_removed(self):
        with self.assertRaises(UserError):
            self.make().unlink()

    def test_line_paused_meanwhile_takes_its_step_again(self):
        other = self.owe(60, "2026-03-10")
        message = self.make()
        self.assertEqual(len(message.line_ids), 2)
        self.env["cobranca.hold"]._start(
            self.company, self.customer, "other", Date.to_date("2026-03-13"), Date.to_date("2026-03-15"), other
        )
        self.deliver()
        self.assert_message(message, "sent")
        self.assertEqual(message.line_ids.line_id, self.line)
        self.startPatcher_time("2026-03-16")
        again = self.engine._run(self.company, Date.to_date("2026-03-16"))
        self.assertEqual((again.level_id, again.line_ids.filtered("level_id").line_id), (self.level(3), other))

    def test_channel_that_was_refused_can_be_used_again(self):
        message = self.make()
        self.env["cobranca.opt.out"]._set_refused(self.customer, {"email"})
        self.deliver()
        self.assert_message(message, "undelivered", "no_channel")
        self.env["cobranca.opt.out"]._set_refused(self.customer, set())
        self.run_day("2026-03-16")
        self.assert_message(self.Message.search([("previous_id", "=", message.id)]), "sent")

    def test_without_its_index_nobody_is_reminded(self):
        self.env.cr.execute("DROP INDEX cobranca_dunning_notice_uniq_claim")
        with self.assertLogs("odoo.addons.cobranca_recorrente", "CRITICAL"):
            self.assertFalse(self.make())

    def make_call(self):
        self.ladder.level_ids.unlink()
        self.ladder.write({"level_ids": [(0, 0, self.prepare_level(3, ("call",)))]})
        self.customer.phone = "(11) 98765-4321"
        message = self.make()
        self.deliver()
        self.assert_message(message, "todo")
        self.assertEqual(self.customer.activity_ids.summary, "Call: Step 3")
        return message

    def test_call_of_who_has_paid_is_taken_off_the_list(self):
        message = self.make_call()
        self.pay(self.line, 100, "2026-03-13")
        self.env["cobranca.case"]._refresh(self.company, self.customer)
        self.assert_message(message, "cancelled", "paid")
        self.assertFalse(self.customer.activity_ids)

    def test_call_that_was_made_is_sent(self):
        message = self.make_call()
        contact = (
            self.env["cobranca.interaction"]
            .with_user(self.collector)
            ._record(self.company, self.customer, "call", "informed")
        )
        self.Message._done_by_contact(contact)
        self.assert_message(message, "sent")
        self.assertEqual(message.interaction_id, contact)
        # One call is one contact.
        contacts = self.engine._get_contacts(self.company, Date.to_date("2026-03-13"), {self.customer.id: None})
        self.assertEqual(contacts[self.customer.id].week, 1)

    def test_pause_that_is_over_before_the_message_leaves(self):
        """A line that was paused and is free again is sent once, with its claim."""
        other = self.owe(60, "2026-03-10")
        message = self.make()
        hold = self.env["cobranca.hold"]._start(
            self.company, self.customer, "other", Date.to_date("2026-03-13"), Date.to_date("2026-03-15"), other
        )
        self.env["cobranca.case"]._refresh(self.company, self.customer)
        hold._end()
        self.deliver()
        self.assert_message(message, "sent")
        self.assertEqual(message.line_ids.line_id, self.line | other)
        self.startPatcher_time("2026-03-16")
        self.assertFalse(self.engine._run(self.company, Date.to_date("2026-03-16")))
