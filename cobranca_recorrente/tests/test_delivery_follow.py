from datetime import datetime
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from .common import FOLLOW, DeliveryCommon

REFUSED = "SMTPRecipientsRefused: {'ana@example.com': (550, b'5.1.1 no such user here')}"
GREYLISTED = "SMTPRecipientsRefused: {'ana@example.com': (451, b'4.7.1 try again later')}"


@tagged("post_install", "-at_install")
@freeze_time("2026-01-05 15:00:00")
class TestDeliveryFollow(DeliveryCommon):
    def setUp(self):
        super().setUp()
        self.move = self.bill()
        self.run_cron()
        self.mail = self.mails_of(self.move)
        self.notification = self.move.cobranca_delivery_message_id.notification_ids

    def fail(self, failure_type, reason):
        """What the mail queue writes when the server does not take a mail."""
        self.mail.write({"state": "exception", "failure_type": failure_type, "failure_reason": reason})
        self.notification.write(
            {"notification_status": "exception", "failure_type": failure_type, "failure_reason": reason}
        )
        self.run_cron(FOLLOW)

    def test_what_arrived_stays_sent(self):
        self.mail.write({"state": "sent"})
        self.notification.write({"notification_status": "sent"})
        self.mail.unlink()
        self.run_cron(FOLLOW)
        self.assert_delivery(self.move, "sent")

    def test_still_in_the_queue_stays_sent(self):
        self.run_cron(FOLLOW)
        self.assert_delivery(self.move, "sent")

    def test_bounce(self):
        """As Odoo handles a bounce that comes in by e-mail."""
        message = self.move.cobranca_delivery_message_id
        self.env["mail.thread"]._routing_handle_bounce(
            None,
            {
                "email_from": "MAILER-DAEMON@example.com",
                "to": "bounce@example.com",
                "message_id": "<b@example.com>",
                "bounced_email": "ana@example.com",
                "bounced_partner": self.customer,
                "bounced_msg_ids": [message.message_id],
                "bounced_message": message,
                "body": "<p>mailbox full for ever</p>",
            },
        )
        self.run_cron(FOLLOW)
        self.assert_delivery(self.move, "undelivered", "bounced")
        self.assertIn("mailbox full", self.move.cobranca_delivery_detail)
        self.assertIn("mailbox full", self.move.message_ids[0].body)
        log = len(self.move.message_ids)
        self.run_cron(FOLLOW)
        self.assertEqual(len(self.move.message_ids), log, "told once")

    def test_refused_for_good(self):
        self.assertTrue(self.move.is_move_sent)
        self.fail("unknown", REFUSED)
        self.assertFalse(self.move.is_move_sent)
        self.assert_delivery(self.move, "undelivered", "failed")
        self.assertIn("no such user", self.move.cobranca_delivery_detail)

    def test_invalid_address(self):
        self.fail("mail_email_invalid", "invalid")
        self.assert_delivery(self.move, "undelivered", "no_address")

    def test_busy_server_is_tried_again_with_the_same_mail(self):
        self.fail("unknown", GREYLISTED)
        self.assert_delivery(self.move, "to_send", "retry")
        self.assertEqual(self.move.cobranca_delivery_retry_at, datetime(2026, 1, 5, 15, 15))
        self.assertIn("Next attempt", self.move.cobranca_delivery_status)
        self.run_cron()
        self.assert_delivery(self.move, "to_send", "retry")
        with freeze_time("2026-01-05 15:16:00"):
            self.run_cron()
        self.assert_delivery(self.move, "sent")
        self.assertEqual(self.mails_of(self.move), self.mail, "no second mail")
        self.assertEqual((self.mail.state, self.notification.notification_status), ("outgoing", "ready"))
        self.assertEqual(self.move.cobranca_delivery_attempts, 2)

    def test_server_down_is_nobody_s_address(self):
        self.fail("mail_smtp", "Connection refused")
        self.assert_delivery(self.move, "to_send", "retry")

    def test_tried_often_enough(self):
        self.move.cobranca_delivery_attempts = 6
        self.fail("unknown", GREYLISTED)
        self.assert_delivery(self.move, "undelivered", "failed")

    def test_a_server_that_is_down_for_days_fails_no_invoice(self):
        self.move.cobranca_delivery_attempts = 60
        self.fail("mail_smtp", "Connection refused")
        self.assert_delivery(self.move, "to_send", "retry")
        self.assertEqual(self.move.cobranca_delivery_retry_at, datetime(2026, 1, 5, 19, 0))
        with freeze_time("2026-01-05 19:01:00"):
            self.run_cron()
        self.assert_delivery(self.move, "sent")
        self.assertEqual(self.mails_of(self.move), self.mail)

    def test_another_recipient_meanwhile(self):
        """The mail that waits for its next try is not for the first one any more."""
        self.fail("unknown", GREYLISTED)
        mother = self.env["res.partner"].create({"name": "Bia Lindoso", "email": "bia@example.com"})
        self.move.cobranca_period_ids.contract_id.responsible_id = mother
        with freeze_time("2026-01-05 15:16:00"):
            self.run_cron()
        self.assert_delivery(self.move, "sent")
        new = self.mails_of(self.move) - self.mail
        self.assertEqual((self.mail.state, new.recipient_ids), ("cancel", mother))

    def test_retry_of_a_paid_invoice_is_given_up(self):
        self.fail("mail_smtp", "Connection refused")
        self.env["account.payment.register"].with_context(active_model="account.move", active_ids=self.move.ids).create(
            {}
        )._create_payments()
        self.run_cron()
        self.assert_delivery(self.move, "none", "paid")
        self.assertEqual(self.mail.state, "exception")

    def test_mail_deleted_before_it_was_sent(self):
        self.mail.unlink()
        self.run_cron(FOLLOW)
        self.assert_delivery(self.move, "undelivered", "failed")
        self.assertIn("deleted", self.move.cobranca_delivery_detail)

    def test_mail_cancelled_before_it_was_sent(self):
        self.mail.cancel()
        self.run_cron(FOLLOW)
        self.assert_delivery(self.move, "undelivered", "failed")

    def test_an_invoice_that_is_held_does_not_stop_the_others(self):
        other = self.bill(reference="other")
        self.run_cron()
        self.notification.write({"notification_status": "bounce"})
        other.cobranca_delivery_message_id.notification_ids.write({"notification_status": "bounce"})
        Move = type(self.move)
        lock = Move.try_lock_for_update

        def held(moves, **options):
            return lock(moves, **options) - self.move

        with patch.object(Move, "try_lock_for_update", held):
            self.run_cron(FOLLOW)
        self.assert_delivery(self.move, "sent")
        self.assert_delivery(other, "undelivered", "bounced")
