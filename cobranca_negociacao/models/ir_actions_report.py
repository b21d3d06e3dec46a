from odoo import models
from odoo.exceptions import AccessError

PAPERS = tuple(
    f"cobranca_negociacao.report_{name}" for name in ("acceptance", "agreement_term", "debt_dossier", "quittance")
)
# A client can send this key, but not that object.
PRINTING, ON = "cobranca_prints_paper", object()


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _get_rendering_context(self, report, docids, data):
        """Papers with legal effect say what our methods computed: the address of a report carries values of anybody.

        :raise AccessError: for values that do not come from `cobranca.paper`
        """
        if report.report_name in PAPERS and self.env.context.get(PRINTING) is not ON:
            raise AccessError(self.env._("This paper is printed from the record that it belongs to."))
        return super()._get_rendering_context(report, docids, data)
