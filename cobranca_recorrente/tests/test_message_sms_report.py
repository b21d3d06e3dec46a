import json
from unittest.mock import patch

from odoo.fields import Date
from odoo.tests import HttpCase, freeze_time, tagged

from odoo.addons.sms.tools.sms_api import SmsApi

from .dunning_common import DunningCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-13 13:00:00")
class TestMessageSmsReport(DunningCommon, HttpCase):
    """What the operator reports of an SMS that left: it arrived, or the next channel is tried."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ladder.level_ids.unlink()
        cls.ladder.write({"level_ids": [(0, 0, cls.prepare_level(3, ("sms", "email")))]})
        cls.customer.phone = "(11) 98765-4321"

    def send(self):
        """A message that Odoo's SMS provider took; and the uuid that it knows it by."""
        self.owe(100, "2026-03-10")
        message = self.engine._run(self.company, Date.to_date("2026-03-13"))
        told = []

        def take(_api, batches, delivery_reports_url=False):
            told.extend(number["uuid"] for batch in batches for number in batch["numbers"])
            return [{"uuid": uuid, "state": "success"} for uuid in told]

        with patch.object(SmsApi, "_send_sms_batch", take):
            self.engine._deliver(message)
        self.assertEqual((message.channel, message.state), ("sms", "sent"))
        [uuid] = told
        return message, uuid

    def report(self, uuid, status):
        """The request that Odoo's SMS service makes."""
        params = {"message_statuses": [{"sms_status": status, "uuids": [uuid]}]}
        answer = self.url_open(
            "/sms/status",
            data=json.dumps({"jsonrpc": "2.0", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        self.assertEqual(answer.json().get("result"), "OK")
        self.env.invalidate_all()

    def test_it_arrived(self):
        message, uuid = self.send()
        self.report(uuid, "sent")
        self.assertEqual((message.state, message.delivered_at), ("sent", False))
        self.report(uuid, "delivered")
        self.assertEqual(message.state, "delivered")
        at = message.delivered_at
        self.assertTrue(at)
        self.report(uuid, "delivered")
        self.assertEqual((message.state, message.delivered_at), ("delivered", at))

    def test_it_never_arrived(self):
        message, uuid = self.send()
        self.report(uuid, "not_delivered")
        self.assertEqual((message.state, message.reason), ("undelivered", "failed"))
        self.assertTrue(message.detail)
        follower = self.Message.search([("previous_id", "=", message.id)])
        self.assertEqual((follower.channel, follower.state), ("email", "queued"))
        self.report(uuid, "not_delivered")
        self.assertEqual(self.Message.search_count([("previous_id", "=", message.id)]), 1)

    def test_of_somebody_else(self):
        message, _uuid = self.send()
        self.report("0" * 32, "delivered")
        self.assertEqual(message.state, "sent")
