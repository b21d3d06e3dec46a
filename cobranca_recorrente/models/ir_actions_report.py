from odoo import api, models
from odoo.exceptions import AccessError

RECEIPT = "cobranca_recorrente.report_payment_receipt"
# A client can send this key, but not that object.
PRINTING, ON = "cobranca_prints_paper", object()


class IrActionsReport(models.Model):
    """Papers that prove something say what our methods computed: the address of a report carries values of anybody."""

    _inherit = "ir.actions.report"

    # === BUSINESS METHODS === #

    @api.model
    def _cobranca_get_papers(self):
        """Names of the reports that are made of values, not of records; addons add theirs.

        :return: tuple
        """
        return (RECEIPT,)

    @api.model
    def _cobranca_render_paper(self, report, ids, values):
        """Make the file of such a paper.

        :param str report: xmlid or name of its ir.actions.report
        :param list ids: of the records that it belongs to
        :param dict values: of its template, chosen by the caller for who may see them
        :return: (bytes, `pdf` or `html`)
        :raise UserError: where the server has nothing that makes PDFs
        """
        # sudo: rendered of values that the caller chose, for who may see the paper
        reports = self.sudo().with_context(**{PRINTING: ON})
        return reports._render_qweb_pdf(report, ids, data=values)

    def _get_rendering_context(self, report, docids, data):
        """:raise AccessError: for values of a paper that do not come from `_cobranca_render_paper`"""
        if report.report_name in self._cobranca_get_papers() and self.env.context.get(PRINTING) is not ON:
            raise AccessError(self.env._("This paper is printed from the record that it belongs to."))
        return super()._get_rendering_context(report, docids, data)
