import hashlib
import hmac
import json
import re
import socket
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Datetime
from odoo.tests import BaseCase, freeze_time, new_test_user, tagged
from odoo.tools import file_open, mute_logger

from ..tools import webhook
from .common import GROUP
from .debt_common import DebtCommon

NOW = "2026-03-16 15:00:00"
LOGGER = "odoo.addons.cobranca_recorrente.models.cobranca_webhook_event"


@tagged("post_install", "-at_install")
class TestWebhookKernel(BaseCase):
    def test_addresses_that_are_not_called(self):
        for url, reason in (
            ("http://example.com", "scheme"),
            ("ftp://example.com", "scheme"),
            ("example.com", "scheme"),
            ("https://user:word@example.com", "user"),
            ("https://", "shape"),
            ("https://exa mple.com", "shape"),
            ("https://example.com/\r\nHost: other", "shape"),
            ("https://example.com\\@10.0.0.1/", "user"),
            ("https://example.com:notaport/", "shape"),
            ("https://exämple.com", "shape"),
            ("https://example.com/" + "a" * 2000, "shape"),
            ("", "scheme"),
        ):
            with self.assertRaises(webhook.Refused, msg=url) as caught:
                webhook.parse(url)
            self.assertEqual(caught.exception.reason, reason, url)

    def test_private_networks_are_not_called(self):
        for address in (
            *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
            *("::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1"),
        ):
            self.assertFalse(webhook.is_public(address), address)

    def test_one_private_address_is_enough_to_refuse(self):
        def both(_host, port, **_options):
            return [(socket.AF_INET, 1, 6, "", (address, port)) for address in ("8.8.8.8", "10.0.0.1")]

        with patch.object(socket, "getaddrinfo", both):
            with self.assertRaises(webhook.Refused) as caught:
                webhook.resolve("example.com", 443)
            self.assertEqual(caught.exception.reason, "private")
            self.assertEqual(len(webhook.resolve("example.com", 443, allow_private=True)), 2)

    def test_it_is_connected_to_what_was_looked_at(self):
        """A name that means another address a moment later is of no use."""
        answers = iter(["8.8.8.8", "127.0.0.1", "127.0.0.1"])
        called = []

        def changing(_host, port, **_options):
            return [(socket.AF_INET, 1, 6, "", (next(answers), port))]

        def connect(address, _timeout):
            called.append(address)
            raise ConnectionRefusedError

        with (
            patch.object(socket, "getaddrinfo", changing),
            patch.object(socket, "create_connection", connect),
            self.assertRaises(OSError),
        ):
            webhook.post("https://example.com/", b"{}", {})
        self.assertEqual(called, [("8.8.8.8", 443)])

    def test_waits_grow_and_end(self):
        waits = [webhook.wait_after(attempts) for attempts in range(1, webhook.ATTEMPTS + 1)]
        self.assertEqual(waits[-1], None)
        self.assertEqual(waits[:-1], sorted(set(waits[:-1])))
        self.assertTrue(timedelta(days=1) < sum(waits[:-1], timedelta()) < timedelta(days=3))


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestWebhook(DebtCommon):
    """Calls are written with what happened and sent after it, until they are taken or given up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Event = cls.env["cobranca.webhook.event"]
        cls.Endpoint = cls.env["cobranca.webhook.endpoint"].with_user(cls.manager)
        cls.endpoint = cls.Endpoint.create({"name": "ERP", "url": "https://erp.example.com/hook"})
        cls.customer.write({"email": "ana@example.com", "phone": "(81) 98765-4321", "street": "Rua do Amparo"})
        cls.line = cls.owe(300, "2026-01-12")

    def queue(self):
        cases = self.env["cobranca.case"]._refresh(self.company, self.customer)
        cases.sudo()._dunning_call_webhooks()
        return self.Event.search([])

    def send(self, answer=200, now=NOW):
        """The queue runs; the address answers so.

        :return: list of (url, body, headers) of the calls
        """
        calls = []

        def post(url, body, headers, allow_private=False):
            calls.append((url, body, headers))
            if isinstance(answer, Exception):
                raise answer
            return answer

        with (
            freeze_time(now),
            patch.object(webhook, "post", post),
            mute_logger(LOGGER),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("cobranca_recorrente.ir_cron_cobranca_webhook").method_direct_trigger()
        self.env.invalidate_all()
        return calls

    # --- what is sent ---

    def test_signed_call(self):
        event = self.queue()
        self.assertEqual(event.state, "waiting")
        [(url, body, headers)] = self.send()
        self.assertEqual(url, "https://erp.example.com/hook")
        self.assertEqual(headers["X-Cobranca-Event"], event.uid)
        found = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", headers["X-Cobranca-Signature"])
        seconds, digest = found.groups()
        self.assertEqual(int(seconds), int(datetime.fromisoformat(NOW + "+00:00").timestamp()))
        secret = self.endpoint.sudo().secret.encode()
        self.assertEqual(digest, hmac.new(secret, seconds.encode() + b"." + body, hashlib.sha256).hexdigest())
        self.assertEqual((event.state, event.status, event.attempts), ("sent", 200, 1))
        self.assertFalse(self.send(), "it is sent once")

    def test_nothing_personal_is_sent(self):
        self.queue()
        [(_url, body, _headers)] = self.send()
        data = json.loads(body)
        self.assertEqual(
            set(data),
            {
                *("id", "created_at", "company", "event", "case", "customer", "step", "currency", "amount"),
                *("amount_original", "days_late", "invoices"),
            },
        )
        self.assertEqual((data["customer"], data["amount_original"]), (self.customer.id, "300.00"))
        self.assertEqual(data["invoices"][0]["reference"], self.line.move_id.name)
        for secret in ("Ana", "529.982", "52998224725", "@", "98765-", "Amparo"):
            self.assertNotIn(secret, body.decode().replace(data["id"], ""))

    def test_every_address_of_the_company(self):
        second = self.Endpoint.create({"name": "CRM", "url": "https://crm.example.com/"})
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["cobranca.webhook.endpoint"].create(
            {"name": "Other", "url": "https://other.example.com/", "company_id": elsewhere.id}
        )
        self.Endpoint.create({"name": "Off", "url": "https://off.example.com/", "active": False})
        self.assertEqual(self.queue().endpoint_id, self.endpoint + second)

    # --- what goes wrong ---

    def test_tried_again_with_growing_waits_then_given_up(self):
        event = self.queue()
        now, waits = Datetime.to_datetime(NOW), []
        for _attempt in range(webhook.ATTEMPTS):
            self.assertEqual(len(self.send(503, now)), 1)
            self.assertFalse(self.send(503, now), "not before its time")
            if event.next_try_at:
                waits.append(event.next_try_at - now)
                now = event.next_try_at
        self.assertEqual((event.state, event.attempts), ("failed", webhook.ATTEMPTS))
        self.assertEqual(waits, list(webhook.WAITS))
        self.assertIn("503", event.error)
        self.assertEqual(self.endpoint.failed_count, 1)
        self.assertFalse(self.send(200, now + timedelta(days=9)))
        event.with_user(self.manager).action_retry()
        self.assertEqual(len(self.send(200, now)), 1)
        self.assertEqual((event.state, event.error), ("sent", False))

    def test_one_address_that_is_down_stops_no_other(self):
        self.queue()
        first = self.Event.search([])
        self.Endpoint.create({"name": "CRM", "url": "https://crm.example.com/"})
        self.Event._queue(self.Endpoint.search([("name", "=", "CRM")]), [{"event": "test"}])

        def post(url, *_arguments):
            if "erp" in url:
                raise TimeoutError("slow")
            return 204

        with patch.object(webhook, "post", post), self.enter_registry_test_mode():
            self.env.ref("cobranca_recorrente.ir_cron_cobranca_webhook").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((first.state, first.attempts), ("waiting", 1))
        self.assertIn("TimeoutError", first.error)
        self.assertEqual((self.Event.search([]) - first).state, "sent")

    def test_final_answers(self):
        for answer, words in ((410, "410"), (webhook.Refused("private"), "private network")):
            event = self.queue()[:1]
            self.send(answer)
            self.assertEqual((event.state, event.attempts), ("failed", 1))
            self.assertIn(words, event.error)

    def test_redirection_is_an_error(self):
        event = self.queue()
        self.send(302)
        self.assertEqual((event.state, event.attempts), ("waiting", 1))

    def test_private_network_only_where_allowed(self):
        self.assertFalse(self.Endpoint._allows_private())
        for value, allowed in (("1", True), ("True", True), ("0", False), ("", False)):
            self.env["ir.config_parameter"].sudo().set_param("cobranca_recorrente.webhook_allow_private", value)
            self.assertEqual(self.Endpoint._allows_private(), allowed)

    def test_archived_address_waits(self):
        event = self.queue()
        self.endpoint.active = False
        self.assertFalse(self.send())
        self.endpoint.active = True
        self.assertEqual(len(self.send()), 1)
        self.assertEqual(event.state, "sent")

    def test_old_calls_are_removed(self):
        event = self.queue()
        with freeze_time("2030-08-01 15:00:00"):
            self.Event._gc_sent()
            self.assertTrue(event.exists(), "it was not sent")
            event.state = "sent"
            self.Event._gc_sent()
        self.assertFalse(event.exists())

    def test_copy_of_the_database_calls_nobody(self):
        with file_open("cobranca_recorrente/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        self.assertFalse(self.endpoint.active)
        self.queue()
        self.assertFalse(self.send())

    # --- rights and secrets ---

    def test_secret_is_shown_once(self):
        self.assertGreater(len(self.endpoint.sudo().secret), 40)
        for user in (self.manager, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                self.endpoint.with_user(user).read(["secret"])
            with self.assertRaises(AccessError):
                self.endpoint.with_user(user).write({"secret": "mine"})
        before = self.endpoint.sudo().secret
        action = self.endpoint.action_new_secret()
        secret = action["context"]["default_secret"]
        self.assertEqual(self.endpoint.sudo().secret, secret)
        self.assertNotEqual(secret, before)
        self.env.cr.execute(
            "SELECT count(*) FROM information_schema.columns WHERE table_name = %s AND column_name = 'secret'",
            ["cobranca_webhook_secret"],
        )
        self.assertEqual(self.env.cr.fetchone(), (0,))
        self.assertNotEqual(self.endpoint.copy().sudo().secret, secret)

    def test_addresses_are_checked(self):
        for url in ("http://example.com", "https://me:word@example.com/", "javascript:alert(1)"):
            with self.assertRaises(ValidationError):
                self.endpoint.url = url

    def test_rights(self):
        for user in (self.collector, self.supervisor):
            self.assertFalse(self.Endpoint.with_user(user).has_access("read"))
            self.assertFalse(self.Event.with_user(user).has_access("read"))
        for operation in ("write", "create", "unlink"):
            self.assertFalse(self.Event.with_user(self.manager).has_access(operation))
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env, "stranger", GROUP + "manager", company_id=elsewhere.id, company_ids=[elsewhere.id]
        )
        self.queue()
        self.assertFalse(self.Endpoint.with_user(stranger).search([]))
        self.assertFalse(self.Event.with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            self.endpoint.with_user(stranger).action_new_secret()

    def test_button_for_a_test(self):
        self.endpoint.action_test()
        [(_url, body, _headers)] = self.send()
        self.assertEqual(json.loads(body)["event"], "test")
