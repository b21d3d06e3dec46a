from odoo import api, models

REPORT = "cobranca_relatorios.action_report_summary"


class CobrancaWorkbookSummary(models.AbstractModel):
    """The one-page summary of a month, as a PDF."""

    _name = "cobranca.workbook.summary"
    _description = "One-page Summary"
    _inherit = ["cobranca.workbook", "cobranca.report.figures"]

    _place = 70
    _extension = "pdf"

    # === BUSINESS METHODS === #

    @api.model
    def _get_title(self):
        return self.env._("One-page summary")

    @api.model
    def _make(self, choice, on_rows=None):
        """The PDF of the month that the day is in.

        :raise UserError: where the server has nothing that makes PDFs
        """
        choice.ensure_one()
        maker = self._in(choice)
        maker._check_reader(choice.with_env(maker.env))
        snapshots = maker._get_snapshots(choice.with_env(maker.env).company_id, choice._get_day())
        # sudo: who may read the position gets its paper; layouts are read by who may print nothing else
        Report = maker.env["ir.actions.report"].sudo()
        return Report._render_qweb_pdf(REPORT, snapshots[-1:].ids)[0]
