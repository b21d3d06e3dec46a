from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.cobranca_report_job import CRON
from ..models.cobranca_report_ledger import AS_OF

# More rows than these are made in the background: a request must not take that long.
MOST_NOW = 5000


class CobrancaReportExport(models.TransientModel):
    """Ask for a workbook or a summary: small ones are downloaded at once, big ones are told when they are ready."""

    _name = "cobranca.report.export"
    _description = "Export of a Report"
    _inherit = "cobranca.report.choice"

    kind = fields.Selection(default="aging")
    # The day that the report behind this window is of.
    day = fields.Date(default=lambda self: self.env.context.get(AS_OF))
    is_background = fields.Boolean(
        string="Make it in the background", help="You are told when it is ready. Big ones always are made so."
    )

    # === ACTIONS === #

    def action_export(self):
        """Make the file now, or have it made.

        :raise UserError: for a day to come
        """
        self.ensure_one()
        if self.day and self.day > self.company_id._cobranca_today():
            raise UserError(self.env._("The day of the figures is today or earlier."))
        expected = self._get_maker()._count(self)
        job = self.env["cobranca.report.job"]._request(self, expected)
        if self.is_background or expected > MOST_NOW:
            self.env.ref(CRON).sudo()._trigger()  # sudo: only starts it
            return self._tell_to_wait(job)
        job._make_now()
        return job.action_download()

    # === BUSINESS METHODS === #

    @api.model
    def _tell_to_wait(self, job):
        text = self.env._("%(file)s is being made. You are told when it is ready.", file=job.name)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": text,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
