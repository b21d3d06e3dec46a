from odoo import api, models
from odoo.exceptions import MissingError
from odoo.tools.misc import format_date, format_datetime

from ..models.cobranca_report_figures import SNAPSHOT
from ..tools.aging import BANDS

MOST_SENTENCES = 6
# The longest bar, in percent of its column, and the highest one in pixels.
LONGEST, HIGHEST = 100, 80


class ReportCobrancaRelatoriosReportSummary(models.AbstractModel):
    """What the one-page summary says: plain texts and widths of bars."""

    _name = "report.cobranca_relatorios.report_summary"
    _description = "Page of the One-page Summary"
    _inherit = "cobranca.report.figures"

    # === BUSINESS METHODS === #

    @api.model
    def _get_report_values(self, docids, data=None):
        snapshots = self.env[SNAPSHOT].browse(docids).exists()
        if len(snapshots) < len(docids):
            raise MissingError(self.env._("This monthly position is not there any more."))
        snapshots.check_access("read")
        return {
            "docs": snapshots,
            "pages": [self.with_company(snapshot.company_id)._get_page(snapshot) for snapshot in snapshots],
        }

    @api.model
    def _get_page(self, snapshot):
        """:return: dict of texts and numbers"""
        company = snapshot.company_id
        until = [("company_id", "=", company.id), ("month", "<=", snapshot.month)]
        history = self.env[SNAPSHOT].search(until, order="month desc", limit=13).sorted("month")
        figures, (said_on, sentences) = self._get_figures(history), self._get_sentences(snapshot)
        day = format_date(self.env, snapshot.date, date_format="dd/MM/yyyy")
        now = self.env["cobranca.report.job"]._get_now()
        moment = format_datetime(self.env, now, tz=company.cobranca_tz, dt_format="dd/MM/yyyy HH:mm")
        return {
            "creditor": company._cobranca_get_creditor(),
            "month": snapshot.display_name,
            "day": self.env._("Figures of the end of %(day)s", day=day),
            "made": self.env._("Made by %(user)s on %(moment)s", user=self.env.user.name, moment=moment),
            "figures": [self._get_box(figure) for figure in figures],
            "bands": self._get_bars(snapshot),
            "months": self._get_months(history),
            "said_on": format_date(self.env, said_on, date_format="dd/MM/yyyy") if said_on else "",
            "sentences": sentences[:MOST_SENTENCES],
            "definitions": [(figure["label"], figure["definition"]) for figure in figures if figure["definition"]],
        }

    @api.model
    def _get_box(self, figure):
        """One figure with its trend and its goal."""
        trend, mood = self._get_trend(figure)
        goal, value = figure["goal"], figure["value"]
        is_met = (
            goal is not None and value is not None and (value >= goal if figure["better"] == "up" else value <= goal)
        )
        return {
            "label": figure["label"],
            "value": self._get_text(figure, value),
            "is_known": value is not None,
            "trend": trend,
            "mood": mood,
            "goal": self._get_text(figure, goal) if goal is not None else "",
            "is_met": is_met,
        }

    @api.model
    def _get_bars(self, snapshot):
        """What is open by band of delay, with the width of its bar."""
        bands = {band.band: band for band in snapshot.band_ids.filtered(lambda band: band.basis == "due")}
        labels = dict(self.env["cobranca.portfolio.band"]._fields["band"]._description_selection(self.env))
        most = max((band.amount for band in bands.values()), default=0)
        none = self.env["cobranca.portfolio.band"]
        bars = []
        for key, _name in BANDS:
            band = bands.get(key, none)
            bars.append(
                {
                    "label": labels[key],
                    "amount": snapshot.currency_id.format(band.amount),
                    "share": self._get_text({"kind": "percent"}, band.share),
                    "width": round(LONGEST * band.amount / most, 1) if most else 0,
                    "is_late": key != "0",
                }
            )
        return bars

    @api.model
    def _get_months(self, history):
        """Late over 30 days, month by month, with the height of its bar."""
        rates = [snapshot._get_figure("rate_30") for snapshot in history]
        most = max((rate for rate in rates if rate), default=0)
        return [
            {
                "label": format_date(self.env, snapshot.month, date_format="MM/yy"),
                "text": self._get_text({"kind": "percent"}, rate),
                "height": round(HIGHEST * (rate or 0) / most) if most else 0,
            }
            for snapshot, rate in zip(history, rates, strict=True)
        ]
