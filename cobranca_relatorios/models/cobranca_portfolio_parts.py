from odoo import api, models

PARTS = (
    "cobranca.portfolio.cohort",
    "cobranca.portfolio.step",
    "cobranca.portfolio.cause",
    "cobranca.portfolio.week",
)


class CobrancaPortfolioParts(models.AbstractModel):
    """What dashboards show is written with the position that it goes with, in one transaction."""

    _name = "cobranca.portfolio.parts"
    _description = "Parts of a Position"

    # === BUSINESS METHODS === #

    @api.model
    def _take(self, company, day):
        snapshot = super()._take(company, day)
        if snapshot.date == company._cobranca_today():
            self.env.flush_all()
            for name in PARTS:
                self.env[name]._refresh(snapshot)
        return snapshot
