from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .dunning_common import DunningCommon

TODAY = "2026-03-13"


@tagged("post_install", "-at_install")
@freeze_time(f"{TODAY} 13:00:00")
class TestDunningPreview(DunningCommon):
    """What a customer would read, without anything that remains of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.move.line"].search([("account_type", "=", "asset_receivable")]).no_followup = True
        cls.ladder.sudo().write({"state": "observing"})
        cls.env.ref("cobranca_recorrente.cobranca_group_manager")
        cls.manager.email = "gerente@example.com"

    def preview(self, days=3, channel="email", user=None, **values):
        return self.level(days).with_user(user or self.collector).ladder_preview(channel, **values)

    def test_real_customer_and_amounts(self):
        self.owe(100, "2026-03-10")
        found = self.preview()
        self.assertEqual((found["count"], found["place"]), (1, 0))
        self.assertEqual(found["customer"]["name"], "Ana Lindoso")
        self.assertEqual(found["address"], "ana@example.com")
        self.assertEqual(found["sender"], f"{self.company.name} <cobranca@example.com>")
        self.assertTrue(found["html"].startswith("<!DOCTYPE html>"))
        self.assertTrue(found["subject"])

    def test_arrows_go_through_who_stands_there(self):
        self.owe(100, "2026-03-10")
        self.owe(300, "2026-03-10", partner=self.business)
        names = [self.preview(place=place)["customer"]["name"] for place in (0, 1, 2)]
        self.assertEqual(names[:2], ["Agulha Ltda", "Ana Lindoso"])
        self.assertEqual(self.preview(place=1)["count"], 2)
        # Somebody has paid meanwhile: the first one again, not an error.
        self.assertEqual(names[2], "Agulha Ltda")

    def test_nobody_at_this_step(self):
        self.owe(100, "2026-03-10")
        found = self.preview(days=30)
        self.assertEqual(found["count"], 0)
        self.assertIn("Nobody at this step", found["note"])
        self.assertEqual(found["customer"]["name"], "Ana Lindoso")

    def test_nobody_owes_anything(self):
        found = self.preview()
        self.assertNotIn("html", found)
        self.assertIn("no invoice", found["note"])
        with self.assertRaisesRegex(UserError, "no invoice"):
            self.level(3).with_user(self.manager).ladder_test("email")

    def test_held_invoices_are_not_in_it(self):
        kept, held = self.owe(100, "2026-03-10"), self.owe(50, "2026-03-09")
        today = self.company._cobranca_today()
        self.env["cobranca.hold"]._start(self.company, self.customer, "other", today, today, lines=held)
        standing = self.env["cobranca.dunning.standing"]
        currency = self.company.currency_id.id
        self.assertEqual(standing._find_lines(self.level(3), self.customer.id, currency), kept)

    def test_nothing_is_written(self):
        """Not even by a text that tries to: the database refuses it."""
        self.owe(100, "2026-03-10")
        before = self.Message.search_count([]), self.env["mail.mail"].search_count([])
        self.preview()
        self.assertEqual((self.Message.search_count([]), self.env["mail.mail"].search_count([])), before)

        def write(message, **_options):
            message.env["res.partner"].sudo().create({"name": "Written"})
            return {message: {"subject": "", "body": "", "text": ""}}

        with (
            patch.object(type(self.Message), "_render_texts", write),
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.ReadOnlySqlTransaction),
        ):
            self.preview()
        self.assertFalse(self.env["res.partner"].search_count([("name", "=", "Written")]))
        self.customer.name = "Still written afterwards"
        self.env.flush_all()

    def test_links_lead_nowhere(self):
        self.owe(100, "2026-03-10")
        body = '<p>Hi <a href="https://example.com/pay?token=1">Pay</a><script>alert(1)</script></p>'
        texts = {"subject": "S", "body": body, "text": ""}
        with patch.object(type(self.Message), "_render_texts", lambda message, **_o: {message: texts}):
            found = self.preview()
        self.assertNotIn("token=1", found["html"])
        self.assertIn(">Pay</a>", found["html"])
        self.assertNotIn("alert(1)", found["html"])

    def test_a_text_that_cannot_be_read_is_told(self):
        self.owe(100, "2026-03-10")

        wrong = "Line 3 is wrong."

        def fail(_message, *_arguments, **_options):
            raise UserError(wrong)

        with patch.object(type(self.Message), "_render_texts", fail):
            self.assertEqual(self.preview()["note"], "Line 3 is wrong.")

    def test_test_goes_to_oneself_only(self):
        self.owe(100, "2026-03-10")
        messages = self.Message.search_count([])
        with self.mail_server() as taken:
            said = self.level(3).with_user(self.manager).ladder_test("email")
        self.assertIn("gerente@example.com", said)
        self.assertEqual([mail["To"] for mail in taken], ["gerente@example.com"])
        self.assertIn("[Test]", taken[0]["Subject"])
        self.assertEqual(self.Message.search_count([]), messages)
        self.assertFalse(self.Notice.search_count([("level_id", "=", self.level(3).id)]))

    def test_test_without_address_or_server(self):
        self.owe(100, "2026-03-10")
        level = self.level(3).with_user(self.manager)
        self.manager.email = False
        with self.assertRaisesRegex(UserError, "your own e-mail"):
            level.ladder_test("email")
        self.manager.email = "gerente@example.com"
        self.env["ir.mail_server"].search([]).active = False
        with self.assertRaisesRegex(UserError, "mail server"):
            level.ladder_test("email")

    def test_who_may(self):
        self.owe(100, "2026-03-10")
        with self.assertRaises(AccessError):
            self.level(3).with_user(self.collector).ladder_test("email")
        portal = self.env["res.users"].create(
            {"name": "P", "login": "p", "group_ids": [self.env.ref("base.group_portal").id]}
        )
        with self.assertRaises(AccessError):
            self.preview(user=portal)

    def test_short_texts_and_calls(self):
        self.ladder.level_ids = [
            (0, 0, self.prepare_level(60, ("sms", "call"))),
        ]
        self.owe(100, "2026-01-02", day="2026-01-02")
        self.assertTrue(self.preview(60, "sms")["text"])
        self.assertIn("playbook", self.preview(60, "call")["text"])

    def test_call_is_read_with_the_facts_of_the_customer(self):
        self.ladder.level_ids = [(0, 0, self.prepare_level(60, ("call",)))]
        level = self.level(60)
        level.playbook_id = self.env["cobranca.playbook"].create(
            {"name": "Late", "opening": "{contact}, this is {me}: {total} since {oldest_due}.", "steps": "{days} days"}
        )
        self.owe(100, "2026-01-02", day="2026-01-02")
        text = self.preview(60, "call", user=self.manager)["text"]
        name, opening, steps = text.split("\n\n")
        # 100.00 of 70 days: fine of 2 %, interest of 1 % a month, 2.33
        self.assertEqual(name, "Late")
        self.assertIn(f"this is {self.manager.name.split()[0]}: R$\xa0104.33", opening)
        self.assertIn("since 02/01.", opening)
        self.assertRegex(steps, r"^\d+ days$")
        self.assertNotIn("{", text)
