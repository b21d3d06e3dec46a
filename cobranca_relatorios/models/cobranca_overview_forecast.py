from odoo import models
from odoo.tools.misc import format_date


class CobrancaOverviewForecast(models.AbstractModel):
    """The weeks to come on the first page: what is expected, between what and what."""

    _name = "cobranca.overview.forecast"
    _inherit = ["cobranca.overview.blocks"]
    _description = "Cash Forecast on the Overview"

    # === BUSINESS METHODS === #

    def _get_blocks(self, snapshot):
        blocks = super()._get_blocks(snapshot)
        weeks = self.env["cobranca.cash.forecast"]._get_weeks(self.company_id)
        if not any(week["expected"] for week in weeks):
            return blocks
        return [*blocks, (70, "cobranca_relatorios.overview_forecast", self._get_forecast(weeks))]

    def _get_forecast(self, weeks):
        most = max(week["high"] for week in weeks)
        rows = [
            {
                "week": format_date(self.env, week["week"], date_format="dd/MM"),
                "width": self._get_width(week["expected"], most),
                "expected": self._get_number_text(week["expected"]),
                "low": self._get_number_text(week["low"]),
                "high": self._get_number_text(week["high"]),
            }
            for week in weeks
        ]
        total = self._get_amount_text(sum(week["expected"] for week in weeks), self.company_id.currency_id)
        return {
            "rows": rows,
            "total": self.env._("%(amount)s expected in %(count)s weeks", amount=total, count=len(weeks)),
        }
