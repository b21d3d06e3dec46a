from datetime import datetime
from unittest.mock import patch

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-01-05 15:00:00")
class TestMailMail(DeliveryCommon):
    """Letters of contracts, and the answers to who asks to leave."""

    def write_to_customer(self, document):
        message = document.message_post(
            body="Protocol 1", partner_ids=self.customer.ids, subtype_xmlid="mail.mt_comment"
        )
        return self.env["mail.mail"].search([("mail_message_id", "=", message.id)])

    def send_without_server(self, mail):
        Server = type(self.env["ir.mail_server"])
        with patch.object(Server, "_connect__", side_effect=ConnectionRefusedError("refused")):
            mail.send()

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_ours_wait_while_there_is_no_server(self):
        mail = self.write_to_customer(self.make_contract())
        self.send_without_server(mail)
        self.assertEqual((mail.state, mail.scheduled_date), ("outgoing", datetime(2026, 1, 5, 16, 0)))
        self.assertIn("refused", mail.failure_reason)
        self.assertEqual(mail.notification_ids.notification_status, "ready")

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_others_are_odoo_s(self):
        mail = self.write_to_customer(self.customer)
        self.send_without_server(mail)
        self.assertEqual(mail.state, "exception")
