from unittest.mock import patch

import psycopg2
from freezegun import freeze_time
from lxml import html

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..models import cobranca_report_subscription_run
from ..models.cobranca_report_subscription_run import LEAVE
from .workbook_common import WorkbookCommon

CRON = "cobranca_relatorios.ir_cron_cobranca_report_subscription"
RUN = "odoo.addons.cobranca_relatorios.models.cobranca_report_subscription_run"


class SubscriptionCommon(WorkbookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.mail_server"].search([]).active = False
        cls.server = cls.env["ir.mail_server"].create({"name": "Test", "smtp_host": "mail.example.com"})
        cls.company.email = "cobranca@example.com"
        cls.supervisor.email, cls.manager.email = "supervisor@example.com", "manager@example.com"
        Delivery = type(cls.env["cobranca.invoice.delivery"])
        # Whether something listens on this machine must not decide a test.
        cls.startClassPatcher(patch.object(Delivery, "_listens", lambda *_arguments: False))
        cls.Subscription = cls.env["cobranca.report.subscription"].with_user(cls.manager)
        cls.env["cobranca.report.subscription"].search([]).active = False

    def subscribe(self, **values):
        """Every month on the 5th, the workbook of what is open."""
        return self.Subscription.create(
            {
                "kind": "aging",
                "company_id": self.company.id,
                "month_day": 5,
                "lang": "en_US",
                "user_ids": [Command.set(self.supervisor.ids)],
                **values,
            }
        )

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()

    def mails(self):
        return self.env["mail.mail"].search([("model", "=", "cobranca.report.sending")], order="id")


@freeze_time("2026-07-05 15:00:00")
class TestReportSubscription(SubscriptionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.write_ledger(cls)

    def test_it_goes_out_once_in_its_period(self):
        subscription = self.subscribe()
        self.assertEqual(subscription.next_date, fields.Date.to_date("2026-07-05"))
        self.run_cron()
        self.run_cron()
        [mail] = self.mails()
        self.assertEqual((mail.state, mail.email_to), ("outgoing", self.supervisor.email_formatted))
        self.assertIn(self.company.name, mail.subject)
        [file] = mail.attachment_ids
        self.assertIn("30/06/2026", self.open(file.raw)["Titles"]["A3"].value)
        self.assertEqual(subscription.next_date, fields.Date.to_date("2026-08-05"))
        [sending] = subscription.sending_ids
        self.assertEqual((str(sending.period), sending.reader_count, sending.state), ("2026-07-01", 1, "sent"))
        self.assertEqual(sending.job_id.user_id, self.manager)

    def test_a_new_day_does_not_send_it_again(self):
        subscription = self.subscribe()
        self.run_cron()
        subscription.month_day = 10
        with freeze_time("2026-07-10 15:00:00"):
            self.assertEqual(subscription.next_date, fields.Date.to_date("2026-07-10"))
            self.run_cron()
        self.assertEqual(len(self.mails()), 1)
        self.assertEqual(subscription.next_date, fields.Date.to_date("2026-08-10"))

    def test_a_period_has_one_row(self):
        subscription = self.subscribe()
        self.run_cron()
        values = {"subscription_id": subscription.id, "period": "2026-07-01", "state": "sent"}
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"):
            self.env["cobranca.report.sending"].create(values)

    def test_every_week(self):
        subscription = self.subscribe(frequency="weekly", weekday="6")
        self.run_cron()
        self.assertEqual(subscription.next_date, fields.Date.to_date("2026-07-12"))
        self.assertEqual(str(subscription.sending_ids.day), "2026-07-04")

    def test_in_its_language(self):
        self.env["res.lang"]._activate_lang("pt_BR")
        template = self.env.ref("cobranca_relatorios.mail_template_report")
        template.with_context(lang="pt_BR").subject = "Relatório: {{ object.company_id.name }}"
        self.subscribe(lang="pt_BR")
        self.run_cron()
        self.assertTrue(self.mails().subject.startswith("Relatório: "))

    def test_big_files_stay(self):
        self.subscribe()
        with patch.object(cobranca_report_subscription_run, "LARGEST_FILE", 10):
            self.run_cron()
        [mail] = self.mails()
        self.assertFalse(mail.attachment_ids)
        self.assertIn("too big for an e-mail", mail.body_html)

    # --- who gets it ---

    def test_readers_see_the_figures(self):
        with self.assertRaises(ValidationError):
            self.subscribe(user_ids=[Command.set(self.collector.ids)])

    def test_who_lost_the_right_does_not_get_it(self):
        colleague = self.supervisor.copy({"login": "colleague", "email": "colleague@example.com"})
        self.subscribe(user_ids=[Command.set((self.supervisor | colleague).ids)])
        colleague.group_ids -= self.env.ref("cobranca_recorrente.cobranca_group_supervisor")
        self.run_cron()
        self.assertEqual(self.mails().mapped("email_to"), [self.supervisor.email_formatted])

    def test_without_its_owner_it_waits(self):
        subscription = self.subscribe()
        self.manager.active = False
        self.run_cron()
        self.assertFalse(self.mails())
        self.assertIn("does not see these figures any more", subscription.sudo().waits_for)

    def test_addresses_outside_are_answered_for(self):
        with self.assertRaises(ValidationError):
            self.subscribe(outside_emails="accountant@example.com")
        with self.assertRaises(ValidationError):
            self.subscribe(outside_emails="accountant", is_outside_allowed=True)
        self.subscribe(outside_emails="accountant@example.com, board@example.com", is_outside_allowed=True)
        self.run_cron()
        self.assertEqual(len(self.mails()), 3)
        self.assertEqual(len({mail.headers for mail in self.mails()}), 3, "each has a link of its own")

    def test_supervisors_do_not_set_it_up(self):
        subscription = self.subscribe(outside_emails="board@example.com", is_outside_allowed=True)
        own = subscription.with_user(self.supervisor)
        self.assertTrue(own.display_name)
        with self.assertRaises(AccessError):
            own.user_ids = [Command.link(self.manager.id)]
        with self.assertRaises(AccessError):
            own.read(["outside_emails"])
        with self.assertRaises(AccessError):
            subscription.with_user(self.collector).read(["kind"])

    def test_each_reader_leaves_by_himself(self):
        subscription = self.subscribe(user_ids=[Command.set((self.supervisor | self.manager).ids)])
        subscription.with_user(self.supervisor).action_leave()
        self.assertEqual(subscription.user_ids, self.manager)
        self.assertIn("does not want it any more", subscription.message_ids[0].body)
        with self.assertRaises(AccessError):
            subscription.with_user(self.collector).action_leave()

    # --- what keeps it ---

    def test_without_a_mail_server_it_waits(self):
        subscription = self.subscribe()
        self.server.active = False
        self.run_cron()
        self.assertFalse(self.mails())
        self.assertIn("no outgoing mail server", subscription.waits_for)
        self.assertEqual(subscription.next_date, fields.Date.to_date("2026-07-05"))
        self.server.active = True
        self.run_cron()
        self.assertEqual((len(self.mails()), subscription.waits_for), (1, False))

    @mute_logger(RUN)
    def test_what_fails_leaves_nothing_and_is_tried_again(self):
        subscription, other = self.subscribe(), self.subscribe()
        Run = self.env.registry["cobranca.report.subscription"]
        queue = Run._queue_mails

        def fail(own, sending):
            queue(own, sending)
            if own.id == subscription.id:
                raise ZeroDivisionError("secret")
            return [1]

        with patch.object(Run, "_queue_mails", fail):
            self.run_cron()
        self.assertEqual(len(self.mails()), 1, "that of the other one")
        self.assertTrue(other.sending_ids)
        self.assertFalse(subscription.sending_ids)
        self.assertEqual((subscription.failures, subscription.waits_for[:20]), (1, "Something went wrong"))
        self.run_cron()
        self.assertEqual((len(self.mails()), subscription.failures, subscription.waits_for), (2, 0, False))

    @mute_logger(RUN)
    def test_after_three_times_the_period_is_left_out(self):
        subscription = self.subscribe()
        Run = self.env.registry["cobranca.report.subscription"]
        with patch.object(Run, "_make_file", side_effect=ZeroDivisionError):
            for _time in range(3):
                self.run_cron()
        self.assertEqual((subscription.sending_ids.state, self.mails().ids), ("failed", []))
        self.assertEqual(subscription.next_date, fields.Date.to_date("2026-08-05"))


@tagged("-at_install", "post_install")
class TestReportLeaving(HttpCase, SubscriptionCommon):
    """The page behind the link of a mail."""

    def test_a_reader_outside_leaves(self):
        subscription = self.subscribe(outside_emails="a@example.com, b@example.com", is_outside_allowed=True)
        none = self.env["res.users"]
        link = subscription._get_leave_link(none, "a@example.com").partition(LEAVE)[2]
        page = self.url_open(LEAVE + link)
        self.assertEqual((page.status_code, page.headers["Cache-Control"]), (200, "no-store"))
        self.assertEqual(subscription.outside_emails, "a@example.com, b@example.com", "looking is not leaving")
        [token] = html.fromstring(page.text).xpath("//input[@name='csrf_token']/@value")
        page = self.url_open(LEAVE + link, data={"csrf_token": token})
        self.assertIn("You will not get this report any more.", page.text)
        self.env.invalidate_all()
        self.assertEqual(subscription.outside_emails, "b@example.com")
        self.assertEqual(self.url_open(LEAVE + link).status_code, 404)

    def test_a_link_is_good_for_its_reader_only(self):
        first, second = self.subscribe(), self.subscribe()
        token = first._get_leave_token(f"u{self.supervisor.id}")
        self.assertEqual(self.url_open(f"{LEAVE}/{first.id}/{token}").status_code, 200)
        for path in (f"{second.id}/{token}", f"{first.id}/{token[:-1]}x", f"999999/{token}"):
            page = self.url_open(f"{LEAVE}/{path}")
            self.assertEqual(page.status_code, 404)
            self.assertNotIn(self.company.name, html.fromstring(page.text).xpath("string(//main)"))
