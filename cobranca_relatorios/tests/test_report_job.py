from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from ..models import workbook_writer
from ..models.cobranca_report_job_run import LOCK
from ..wizards import cobranca_report_export
from .workbook_common import WorkbookCommon

CRON = "cobranca_relatorios.ir_cron_cobranca_report_job"
RUN = "odoo.addons.cobranca_relatorios.models.cobranca_report_job_run"


@freeze_time("2026-06-30 15:00:00")
class TestReportJob(WorkbookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.write_ledger(cls)
        cls.Job = cls.env["cobranca.report.job"]

    def ask(self, user=None, **values):
        """A file that waits."""
        action = self.choose("aging", user, is_background=True, **values).action_export()
        self.assertEqual(action["tag"], "display_notification")
        return self.Job.search([], limit=1)

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()

    # --- at once ---

    def test_small_ones_are_downloaded(self):
        action = self.choose("aging", late_only=True).action_export()
        job = self.Job.search([], limit=1)
        self.assertEqual(action["url"], f"/web/content/{job.attachment_id.id}?download=true")
        self.assertEqual((job.state, job.user_id, job.progress), ("done", self.supervisor, 100))
        self.assertEqual((job.filter_text, job.day), ("late only", fields.Date.to_date("2026-06-30")))
        self.assertRegex(job.name, r"^Receivables by delay - .+ - 2026-06-30\.xlsx$")
        self.assertEqual(len(self.rows(self.open(job.attachment_id.raw)["Titles"])), 3)

    def test_a_day_to_come(self):
        with self.assertRaises(UserError):
            self.choose("aging", day="2026-07-01").action_export()

    def test_collectors_ask_for_nothing(self):
        with self.assertRaises(AccessError):
            self.choose("aging", self.collector)
        with self.assertRaises(AccessError):
            self.Job.with_user(self.collector)._request(self.choose("aging"))

    # --- who may read it ---

    def test_files_are_for_who_asked_and_for_managers(self):
        self.choose("aging").action_export()
        job = self.Job.search([], limit=1)
        colleague = self.supervisor.copy({"login": "colleague"})
        self.assertTrue(job.attachment_id.with_user(self.supervisor).raw)
        self.assertTrue(job.attachment_id.with_user(self.manager).raw)
        for other in (colleague, self.collector):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                job.attachment_id.with_user(other).read(["raw"])
            self.assertFalse(
                self.Job.with_user(other).sudo(False).has_access("read") and self.Job.with_user(other).search([])
            )

    def test_managers_of_another_company_do_not(self):
        self.choose("aging").action_export()
        job = self.Job.search([], limit=1)
        company = self.env["res.company"].create({"name": "Outra Empresa"})
        stranger = self.manager.copy({"login": "stranger", "company_id": company.id, "company_ids": [company.id]})
        with self.assertRaises(AccessError):
            job.attachment_id.with_user(stranger).read(["raw"])

    def test_the_register_is_not_written_by_hand(self):
        self.choose("aging").action_export()
        job = self.Job.search([], limit=1)
        for user in (self.supervisor, self.manager):
            with self.assertRaises(AccessError):
                job.with_user(user).write({"user_id": user.id})
            with self.assertRaises(AccessError):
                self.Job.with_user(user).create({"kind": "aging", "user_id": user.id})

    # --- in the background ---

    def test_big_ones_wait(self):
        with patch.object(cobranca_report_export, "MOST_NOW", 3):
            action = self.choose("aging").action_export()
        job = self.Job.search([], limit=1)
        self.assertEqual((action["tag"], job.state, job.expected_count), ("display_notification", "queued", 5))
        self.assertFalse(job.attachment_id)

    def test_they_are_made_and_told(self):
        job = self.ask()
        with patch.object(workbook_writer, "REPORTED", 10):
            self.run_cron()
        self.assertEqual((job.state, job.attempts, job.error), ("done", 1, False))
        self.assertGreaterEqual(job.row_count, 10, "it was shown how far it was")
        self.assertEqual(len(self.rows(self.open(job.attachment_id.raw)["Titles"])), 5)
        message = self.env["mail.message"].search([("partner_ids", "in", self.supervisor.partner_id.ids)], limit=1)
        self.assertEqual(message.subject, "Your file is ready")
        self.assertIn(f"/odoo/cobranca.report.job/{job.id}", message.body)
        self.run_cron()
        self.assertEqual(job.attempts, 1)

    @mute_logger(RUN)
    def test_what_fails_is_said_in_words(self):
        first, second = self.ask(), self.ask()
        Aging = self.env.registry["cobranca.workbook.aging"]
        made = Aging._fill

        def fill(maker, book, choice):
            if choice.id == first.id:
                raise ZeroDivisionError("secret")
            return made(maker, book, choice)

        with patch.object(Aging, "_fill", fill):
            self.run_cron()
        self.assertEqual((first.state, first.error), ("failed", "Something went wrong: see the log of the server."))
        self.assertEqual(second.state, "done")
        self.assertTrue(self.env["mail.message"].search_count([("subject", "=", "Your file could not be made")]))
        with self.assertRaises(UserError):
            first.with_user(self.manager).action_retry()
        first.with_user(self.supervisor).action_retry()
        self.run_cron()
        self.assertEqual((first.state, first.error), ("done", False))

    @mute_logger(RUN)
    def test_who_lost_the_right_meanwhile_gets_nothing(self):
        job = self.ask()
        self.supervisor.group_ids -= self.env.ref("cobranca_recorrente.cobranca_group_supervisor")
        self.run_cron()
        self.assertEqual(job.state, "failed")
        self.assertIn("may not see these figures any more", job.error)

    def test_a_stopped_server_is_noticed(self):
        job = self.ask()
        begun = self.Job._get_now() - timedelta(minutes=30)
        job.write({"state": "running", "attempts": 1, "started_at": begun})
        with self.registry.cursor() as other:
            other.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, job.id])
            self.run_cron()
            self.assertEqual(job.state, "running", "another process is at it")
        self.run_cron()
        self.assertEqual((job.state, job.attempts), ("done", 2))

    def test_three_times_is_enough(self):
        job = self.ask()
        job.write({"state": "running", "attempts": 3, "started_at": self.Job._get_now() - timedelta(minutes=30)})
        self.run_cron()
        self.assertEqual((job.state, job.error), ("failed", "The server was stopped while it was being made."))

    # --- afterwards ---

    def test_files_are_deleted_after_some_days(self):
        self.choose("aging").action_export()
        job = self.Job.search([], limit=1)
        attachment = job.attachment_id
        with freeze_time("2026-07-07 14:00:00"):
            self.Job._gc_files()
            self.assertTrue(attachment.exists())
        with freeze_time("2026-07-07 16:00:00"):
            self.Job._gc_files()
        self.assertFalse(attachment.exists())
        self.assertEqual((job.state, job.name[-5:]), ("expired", ".xlsx"))
        with self.assertRaises(UserError):
            job.action_download()
