from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

STATES = [
    ("queued", "Waiting"),
    ("running", "Being made"),
    ("done", "Ready"),
    ("failed", "Failed"),
    ("expired", "File deleted"),
]
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
CRON = "cobranca_relatorios.ir_cron_cobranca_report_job"
SUPERVISOR = "cobranca_recorrente.cobranca_group_supervisor"
# After these days a file is deleted; that it was made stays in the register.
KEPT_DAYS = 7


class CobrancaReportJob(models.Model):
    """The register of files that were made: of what, for whom; the file is for who asked and for managers."""

    _name = "cobranca.report.job"
    _description = "File of a Report"
    _inherit = ["cobranca.report.choice", "cobranca.report.job.run"]
    _order = "id desc"

    name = fields.Char(string="File", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Asked by", required=True, readonly=True, index=True)
    lang = fields.Char(string="Language", readonly=True)
    state = fields.Selection(selection=STATES, default="queued", required=True, readonly=True, index=True)
    attachment_id = fields.Many2one(comodel_name="ir.attachment", string="Content", readonly=True, copy=False)
    row_count = fields.Integer(string="Rows written", readonly=True, aggregator=None)
    expected_count = fields.Integer(string="Rows expected", readonly=True, aggregator=None)
    progress = fields.Float(string="Progress (%)", compute="_compute_progress")
    filter_text = fields.Char(string="Filters", readonly=True)
    error = fields.Char(string="Why it failed", readonly=True)
    attempts = fields.Integer(string="Times begun", readonly=True, aggregator=None)
    started_at = fields.Datetime(string="Begun", readonly=True)
    done_at = fields.Datetime(string="Ready since", readonly=True)

    # === COMPUTE METHODS === #

    @api.depends("state", "row_count", "expected_count")
    def _compute_progress(self):
        for job in self:
            if job.state in ("done", "expired"):
                job.progress = 100
            else:
                job.progress = min(99, 100 * job.row_count / job.expected_count) if job.expected_count else 0

    @api.depends("name", "kind")
    def _compute_display_name(self):
        kinds = dict(self._selection_kind())
        for job in self:
            job.display_name = job.name or kinds.get(job.kind, "")

    # === ACTIONS === #

    def action_download(self):
        """Download the file.

        :raise UserError: where there is none, not yet or no more
        """
        self.ensure_one()
        if not self.attachment_id:
            raise UserError(self.env._("This file is not there: it is still being made, or was deleted."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "download",
        }

    def action_retry(self):
        """Make a file again that failed or was deleted, with the figures of the same day.

        :raise UserError: for somebody else's
        """
        self.ensure_one()
        if self.user_id != self.env.user:
            raise UserError(self.env._("Files are made again by who asked for them."))
        own = self.sudo()  # sudo: the register is written by its own methods, after the checks
        own.lock_for_update()
        own.invalidate_recordset(["state"])
        if own.state in ("failed", "expired"):
            own.write({"state": "queued", "error": False, "attempts": 0, "row_count": 0})
            self.env.ref(CRON).sudo()._trigger()  # sudo: only starts it

    # === BUSINESS METHODS === #

    @api.model
    def _request(self, choice, expected=0, day=None):
        """Register that somebody wants a file.

        :param choice: record with the fields of cobranca.report.choice
        :param int expected: about how many rows it will have
        :param date day: of the figures, when it is not that of the choice
        :return: cobranca.report.job, waiting
        :raise AccessError: for who may not read its figures
        """
        choice = choice.with_env(self.env)
        maker = choice._get_maker()._in(choice)
        maker._check_reader(choice.with_env(maker.env))
        values = {
            **choice._prepare_choice(),
            # What is asked today is answered of today, whenever it is made.
            "day": day or choice._get_day(),
            "name": choice._get_file_name(day),
            "filter_text": choice._get_filter_words(),
            "user_id": self.env.uid,
            "lang": self.env.lang or self.env.user.lang,
            "expected_count": expected,
        }
        # sudo: the register is written by its own methods only, after the check above
        return self.sudo().create(values).with_env(self.env)

    def _make_now(self):
        """Make the file in this request: there are few rows."""
        self.ensure_one()
        self._keep(self._produce())

    def _produce(self, on_rows=None):
        """The content, with the rights and in the language of who asked.

        :return: bytes
        :raise AccessError: when that person may not see it any more
        """
        self.ensure_one()
        user = self.user_id.sudo()  # sudo: is who asked still somebody here?
        if not user.active or self.company_id not in user.company_ids or not user.has_group(SUPERVISOR):
            raise AccessError(self.env._("%(user)s may not see these figures any more.", user=user.name))
        own = self.with_user(user).with_context(lang=self.lang, tz=user.tz)
        return own._get_maker()._make(own, on_rows)

    def _keep(self, content):
        """Write down the content.

        :param bytes content: of the file
        """
        own = self.sudo()  # sudo: the register is written by its own methods only
        attachment = own.env["ir.attachment"].create(
            {
                "name": own.name,
                "raw": content,
                "mimetype": TYPES[own._get_maker()._extension],
                "res_model": own._name,
                "res_id": own.id,
            }
        )
        own.write({"state": "done", "attachment_id": attachment.id, "done_at": self._get_now(), "error": False})

    @api.model
    def _get_now(self):
        """Moment at which a file was begun or made; no business date hangs on it."""
        return fields.Datetime.now()

    @api.autovacuum
    def _gc_files(self):
        """Delete files that are some days old."""
        before = fields.Datetime.subtract(self._get_now(), days=KEPT_DAYS)
        old = self.search(Domain("state", "=", "done") & Domain("done_at", "<", before), limit=100)
        old.attachment_id.unlink()
        old.write({"state": "expired"})
        return len(old), self.search_count(Domain("state", "=", "done") & Domain("done_at", "<", before))

    def _note_rows(self, count):
        """Show how far it is, while its transaction is still open."""
        with self.env.registry.cursor() as cursor:
            self.with_env(self.env(cr=cursor)).filtered(lambda job: job.state == "running").row_count = count
