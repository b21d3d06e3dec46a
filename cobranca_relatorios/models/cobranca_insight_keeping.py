from odoo import api, models


class CobrancaInsightKeeping(models.AbstractModel):
    """Sentences are written with the position that they speak of, in one transaction."""

    _name = "cobranca.insight.keeping"
    _inherit = ["cobranca.current.company"]
    _description = "Sentences of a Position"

    # === BUSINESS METHODS === #

    @api.model
    def _take(self, company, day):
        snapshot = super()._take(company, day)
        if snapshot.date == company._cobranca_today():
            self.env["cobranca.insight"]._refresh(snapshot)
        return snapshot
