import logging

import psycopg2
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.cobranca_recorrente.models.cobranca_contract_billing import is_passing

_logger = logging.getLogger(__name__)

QUEUED = [("state", "=", "queued")]
MOST_ATTEMPTS = 3
# A process that makes a file holds a lock of the database with this number and that of the job.
LOCK = 1_634_100_427
# So long it may take from the claim to that lock.
GRACE_MINUTES = 5
QUEUE_ONLY = {"mail_notify_force_send": False, "cobranca_queue_mails": True}


class CobrancaReportJobRun(models.AbstractModel):
    """How files are made in the background: claimed, made without keeping anybody waiting, written down, told.

    Who claims commits it. A process that dies lets go of its lock, and another one begins anew.
    """

    _name = "cobranca.report.job.run"
    _description = "Making of Files of Reports"

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_run(self):
        """Make the files that wait, one by one; any number of these run at once."""
        progress = self.env["ir.cron"]._commit_progress
        self._revive()
        ids = self.search(QUEUED, order="id").ids
        progress(remaining=len(ids))
        for job_id in ids:
            try:
                self.browse(job_id)._cron_run_one()
            except Exception as error:
                _logger.exception("The file of job %s could not be made.", job_id)
                self.env.cr.rollback()
                self.browse(job_id)._park(error)
            if not progress(1):
                break

    def _cron_run_one(self):
        """Claim a job, make its file, write it down: three transactions, so that nobody waits for the second one."""
        commit = self.env["ir.cron"].with_context(ir_cron_progress_id=False)._commit_progress
        job = self.try_lock_for_update().filtered_domain(QUEUED)
        if not job:
            return
        attempt = job.attempts + 1
        job.write({"state": "running", "attempts": attempt, "started_at": self._get_now(), "row_count": 0})
        commit()
        self.env.execute_query(SQL("SELECT pg_advisory_xact_lock(%s, %s)", LOCK, job.id))
        content = job._produce(job._note_rows)
        commit()
        # Waits: another process may just be looking whether this job waits, and what is made must not be thrown away.
        self.env.execute_query(SQL("SELECT id FROM cobranca_report_job WHERE id = %s FOR NO KEY UPDATE", job.id))
        job.invalidate_recordset()
        if job.filtered_domain([("state", "=", "running"), ("attempts", "=", attempt)]):
            job._keep(content)
            job._tell()
            commit()

    # === BUSINESS METHODS === #

    @api.model
    def _revive(self):
        """Let jobs wait again whose process is gone."""
        before = fields.Datetime.subtract(self._get_now(), minutes=GRACE_MINUTES)
        running = [("state", "=", "running"), ("started_at", "<", before)]
        for job in self.search(running).try_lock_for_update().filtered_domain(running):
            [(is_free,)] = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK, job.id))
            if is_free:
                job._begin_anew(self.env._("The server was stopped while it was being made."))

    def _park(self, error):
        """Write down what went wrong with a job, after a rollback."""
        job = self.exists().try_lock_for_update().filtered_domain([("state", "in", ("queued", "running"))])
        if not job:
            return
        localized = job.with_context(lang=job.lang)
        if is_passing(error):
            localized._begin_anew(localized.env._("Others were at work on the same; it is tried again."))
            return
        known = isinstance(error, UserError) and not isinstance(error, psycopg2.Error)
        reason = str(error) if known else localized.env._("Something went wrong: see the log of the server.")
        localized.write({"state": "failed", "error": reason})
        localized._tell()

    def _begin_anew(self, reason):
        """Wait again, some times; then it failed."""
        is_last = self.attempts >= MOST_ATTEMPTS
        self.write({"state": "failed" if is_last else "queued", "error": reason if is_last else False})
        if is_last:
            self._tell()

    def _tell(self):
        """Tell who asked what became of it: at once where they are at their desk, and in their inbox."""
        self.ensure_one()
        own = self.with_context(lang=self.lang, **QUEUE_ONLY)
        if self.state == "done":
            title, text = own.env._("Your file is ready"), own.name
        else:
            title, text = own.env._("Your file could not be made"), f"{own.name}: {own.error}"
        self.user_id._bus_send("simple_notification", {"title": title, "message": text, "type": "info"})
        link = Markup("<p>%s</p><p><a href='%s'>%s</a></p>") % (
            text,
            f"/odoo/{self._name}/{self.id}",
            own.env._("Open the file"),
        )
        own.env["mail.thread"].message_notify(
            partner_ids=self.user_id.partner_id.ids, subject=title, body=link, author_id=self.env.user.partner_id.id
        )
