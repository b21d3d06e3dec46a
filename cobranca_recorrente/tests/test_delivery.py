from datetime import datetime
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import config, mute_logger

from .common import OTHER_CPF, DeliveryCommon

LOGGER = "odoo.addons.cobranca_recorrente.models.cobranca_invoice_delivery"


@tagged("post_install", "-at_install")
@freeze_time("2026-01-05 15:00:00")
class TestDelivery(DeliveryCommon):
    def test_billing_queues_and_the_cron_sends_once(self):
        move = self.bill()
        self.assert_delivery(move, "to_send")
        self.assertFalse(self.mails_of(move), "billing itself sends nothing")
        self.run_cron()
        self.assert_delivery(move, "sent")
        mail = self.mails_of(move)
        self.assertRecordValues(mail, [{"state": "outgoing", "recipient_ids": self.customer.ids}])
        self.assertIn(move.name, mail.subject)
        self.assertIn("cobranca@example.com", mail.email_from)
        self.assertTrue(move.invoice_pdf_report_id)
        self.assertEqual(len(mail.attachment_ids), 1)
        self.assertRecordValues(
            move,
            [
                {
                    "cobranca_delivery_channel": "email",
                    "cobranca_delivery_email": "ana@example.com",
                    "cobranca_delivery_attempts": 1,
                    "cobranca_delivery_date": datetime(2026, 1, 5, 15, 0),
                    "cobranca_delivery_message_id": mail.mail_message_id.id,
                }
            ],
        )
        self.run_cron()
        self.assertEqual(self.mails_of(move), mail, "a second run sends nothing")

    def test_sending_wakes_the_mail_queue(self):
        self.bill()
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", queue.id)])
        self.run_cron()
        self.assertEqual(self.env["ir.cron.trigger"].search_count([("cron_id", "=", queue.id)]), before + 1)

    def test_contract_that_does_not_send(self):
        move = self.bill(send_invoices=False)
        self.assertFalse(move.cobranca_delivery_state)
        self.run_cron()
        self.assertFalse(self.mails_of(move))

    def test_default_of_new_contracts_is_the_company_s(self):
        self.assertTrue(self.make_contract().send_invoices)
        self.company.cobranca_send_invoices = False
        self.assertFalse(self.make_contract().send_invoices)

    def test_responsible_receives_and_customer_owes(self):
        mother = self.env["res.partner"].create({"name": "Bia Lindoso", "email": "bia@example.com", "lang": "en_US"})
        move = self.bill(responsible_id=mother.id)
        self.assertEqual(move.partner_id, self.customer)
        move.message_subscribe(self.customer.ids)
        self.run_cron()
        self.assertEqual(self.mails_of(move).recipient_ids, mother, "nobody who follows the invoice")
        self.assertIn("Hello, Bia Lindoso", self.mails_of(move).body_html)
        self.assertIn("Ana Lindoso", self.mails_of(move).body_html)

    def test_recipient_of_a_contract(self):
        contract = self.make_contract()
        self.assertEqual(contract._get_invoice_recipient(), self.customer)
        contract.responsible_id = self.env["res.partner"].create({"name": "Bia"})
        self.assertEqual(contract._get_invoice_recipient(), contract.responsible_id)

    def test_no_address_is_undelivered_at_once(self):
        for email in (False, "ana at example"):
            self.customer.email = email
            move = self.bill()
            self.run_cron()
            self.assert_delivery(move, "undelivered", "no_address")
            self.assertFalse(self.mails_of(move))

    def test_archived_recipient_is_undelivered(self):
        mother = self.env["res.partner"].create({"name": "Bia", "email": "bia@example.com"})
        move = self.bill(responsible_id=mother.id)
        mother.active = False
        self.run_cron()
        self.assert_delivery(move, "undelivered", "no_address")

    def test_what_is_over_is_not_sent(self):
        paid, cancelled, reversed_ = self.bill(), self.bill(reference="2"), self.bill(reference="3")
        self.env["account.payment.register"].with_context(active_model="account.move", active_ids=paid.ids).create(
            {}
        )._create_payments()
        self.assertIn(paid.payment_state, ("paid", "in_payment"))
        cancelled.button_draft()
        cancelled.button_cancel()
        reversed_._reverse_moves(cancel=True)
        self.assertEqual(reversed_.payment_state, "reversed")
        self.run_cron()
        self.assert_delivery(paid, "none", "paid")
        self.assert_delivery(cancelled, "none", "cancelled")
        self.assert_delivery(reversed_, "none", "reversed")
        self.assertFalse(self.mails_of(paid | cancelled | reversed_))

    def test_draft_waits(self):
        move = self.bill()
        move.button_draft()
        self.run_cron()
        self.assert_delivery(move, "to_send")
        self.assertIn("draft", move.cobranca_delivery_status)
        move.action_post()
        self.run_cron()
        self.assert_delivery(move, "sent")

    def test_without_mail_server_invoices_wait_and_say_so(self):
        move = self.bill()
        self.server.active = False
        self.run_cron()
        self.assert_delivery(move, "to_send")
        self.assertIn("no outgoing mail server", move.cobranca_delivery_status)
        self.server.active = True
        self.run_cron()
        self.assert_delivery(move, "sent")

    def test_what_counts_as_a_mail_server(self):
        Delivery = self.env["cobranca.invoice.delivery"]
        self.server.active = False
        with patch.dict(config.options, {"smtp_server": "mail.example.com"}):
            self.assertTrue(Delivery._has_mail_server())
        with patch.dict(config.options, {"smtp_server": "localhost"}):
            self.assertFalse(Delivery._has_mail_server())
            with patch.object(type(Delivery), "_listens", lambda *_arguments: True):
                self.assertTrue(Delivery._has_mail_server())
        self.server.write({"active": True, "owner_user_id": self.env.uid})
        self.assertFalse(Delivery._has_mail_server(), "a person's own server is not the company's")

    def test_company_without_address_waits(self):
        move = self.bill()
        self.company.email = False
        self.company.alias_domain_id = False
        self.run_cron()
        self.assert_delivery(move, "to_send")
        self.assertIn("no e-mail address to send from", move.cobranca_delivery_status)

    def test_without_wkhtmltopdf_invoices_wait(self):
        move = self.bill()
        Report = type(self.env["ir.actions.report"])
        with patch.object(Report, "get_wkhtmltopdf_state", lambda *_arguments: "install"):
            self.run_cron()
            self.assert_delivery(move, "to_send")
            self.assertIn("wkhtmltopdf", move.cobranca_delivery_status)

    def test_one_that_fails_does_not_stop_the_others(self):
        bad, good = self.bill(), self.bill(reference="good")
        Delivery = type(self.env["cobranca.invoice.delivery"])
        prepare = Delivery._prepare_sending

        def fail(delivery, move):
            if move == bad:
                raise ZeroDivisionError("boom")
            return prepare(delivery, move)

        with patch.object(Delivery, "_prepare_sending", fail), mute_logger(LOGGER):
            self.run_cron()
        self.assert_delivery(bad, "undelivered", "failed")
        self.assertIn("ZeroDivisionError", bad.cobranca_delivery_detail)
        self.assertEqual(bad.cobranca_delivery_attempts, 1)
        self.assert_delivery(good, "sent")

    def test_failure_after_the_mail_was_made_leaves_no_mail(self):
        move = self.bill()
        Send = type(self.env["cobranca.invoice.delivery"])
        send = Send._send

        def fail_afterwards(delivery, invoice):
            send(delivery, invoice)
            raise ValueError("afterwards")

        with patch.object(Send, "_send", fail_afterwards), mute_logger(LOGGER):
            self.run_cron()
        self.assert_delivery(move, "undelivered", "failed")
        self.assertIn("afterwards", move.cobranca_delivery_detail)
        self.assertFalse(self.mails_of(move))

    def test_lost_race_is_tried_again_and_lost_connection_is_not_swallowed(self):
        move = self.bill()
        Delivery = type(self.env["cobranca.invoice.delivery"])
        with (
            patch.object(Delivery, "_send", side_effect=psycopg2.OperationalError("connection lost")),
            self.assertRaises(psycopg2.OperationalError),
            self.env.cr.savepoint(),
        ):
            self.env["cobranca.invoice.delivery"]._send_one(
                move.id, self.env["cobranca.invoice.delivery"]._get_invoices_to_send_domain()
            )
        self.assert_delivery(move, "to_send")

    def test_recheck_after_the_lock(self):
        """What another run sent meanwhile no longer fulfils the domain."""
        move = self.bill()
        Delivery = self.env["cobranca.invoice.delivery"]
        domain = Delivery._get_invoices_to_send_domain()
        self.run_cron()
        self.assertEqual(Delivery._send_one(move.id, domain), 0)
        self.assertEqual(len(self.mails_of(move)), 1)

    def test_recipient_who_reads_inside_of_odoo_is_no_silent_success(self):
        self.customer.email = "inbox@example.com"
        user = self.env["res.users"].create(
            {"name": "Inbox", "login": "inbox", "partner_id": self.customer.id, "notification_type": "inbox"}
        )
        self.assertEqual(user.notification_type, "inbox")
        move = self.bill()
        with mute_logger(LOGGER):
            self.run_cron()
        self.assert_delivery(move, "undelivered", "failed")
        self.assertIn("Odoo made no e-mail", move.cobranca_delivery_detail)

    def test_no_mail_server_is_called_while_the_invoice_is_locked(self):
        move = self.bill()
        move.journal_id.incoming_einvoice_notification_email = "contador@example.com"
        calls = []
        Mail = type(self.env["mail.mail"])
        with patch.object(Mail, "_send", lambda mails, *_args, **_kwargs: calls.append(mails)):
            self.run_cron()
        self.assertEqual(calls, [])
        self.assertEqual(len(self.mails_of(move)), 2, "the invoice, and the copy for the accountant")

    def test_reason_is_in_the_company_s_language(self):
        self.company.partner_id.lang = "pt_BR"
        self.customer.email = False
        move = self.bill()
        with patch.object(type(self.env), "_", lambda env, source, **values: f"{env.lang}: {source}"):
            self.run_cron()
        self.assertIn("pt_BR: This invoice was not delivered", move.message_ids[0].body)

    def test_state_is_written_by_methods_only(self):
        move = self.bill()
        for user in (self.supervisor, self.manager):
            for field, value in (
                ("cobranca_delivery_state", "sent"),
                ("cobranca_delivery_attempts", 0),
                ("cobranca_nfse_number", "1"),
            ):
                with self.assertRaises(AccessError):
                    move.with_user(user).write({field: value})
        with self.assertRaises(AccessError):
            self.env["account.move"].with_user(self.manager).create(
                {"move_type": "out_invoice", "cobranca_delivery_state": "to_send"}
            )
        hostile = {
            "default_cobranca_delivery_state": "sent",
            "default_cobranca_nfse_state": "issued",
            "default_cobranca_nfse_number": "7",
        }
        born = self.env["account.move"].with_user(self.manager).with_context(**hostile).create({"move_type": "entry"})
        born = born.sudo()
        self.assertEqual(
            (born.cobranca_delivery_state, born.cobranca_nfse_state, born.cobranca_nfse_number), (False, False, False)
        )
        self.assert_delivery(move, "to_send")

    def test_copy_starts_without_delivery(self):
        move = self.bill()
        self.run_cron()
        copy = move.copy()
        self.assertFalse(copy.cobranca_delivery_state or copy.cobranca_delivery_message_id)

    def test_other_company_s_gap_does_not_stop_this_one(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.assertFalse(other.email)
        move = self.bill(partner_id=self.make_customer("Caio", OTHER_CPF, email="caio@example.com").id)
        self.run_cron()
        self.assert_delivery(move, "sent")
