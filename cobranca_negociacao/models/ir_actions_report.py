from odoo import api, models

PAPERS = tuple(
    f"cobranca_negociacao.report_{name}" for name in ("acceptance", "agreement_term", "debt_dossier", "quittance")
)


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    # === BUSINESS METHODS === #

    @api.model
    def _cobranca_get_papers(self):
        """Also those with legal effect, which `cobranca.paper` makes."""
        return (*super()._cobranca_get_papers(), *PAPERS)
