from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, models
from odoo.tools.misc import format_date

# Below this many customers a percentage says nothing.
LEAST = 10
AGENCY_MONTHS = 6


class CobrancaOverviewBlocks(models.AbstractModel):
    """What stands on the first page, block by block: later subjects add theirs in `_get_blocks`."""

    _name = "cobranca.overview.blocks"
    _inherit = ["cobranca.figure.words"]
    _description = "Blocks of the Overview"

    # === BUSINESS METHODS === #

    def _render_page(self):
        """The page of a company as HTML."""
        self.ensure_one()
        page = self.with_company(self.company_id)
        snapshot = page._find_latest(page.company_id)
        render = page.env["ir.qweb"]._render
        if not snapshot:
            return render("cobranca_relatorios.overview_empty", {})
        blocks = sorted(page._get_blocks(snapshot), key=lambda block: block[0])
        shown = [render(template, {**values, "link": page._get_link}) for _at, template, values in blocks]
        values = {"blocks": Markup("").join(shown), "lines": page._get_head(snapshot)}
        return render("cobranca_relatorios.overview_page", values)

    @api.model
    def _get_head(self, snapshot):
        """Of when the figures are: never an unfinished month without its mark.

        :return: list of texts
        """
        lines = [self.env._("Figures of %(day)s", day=format_date(self.env, snapshot.date))]
        local = snapshot.company_id._cobranca_local(snapshot.computed_at)
        lines.append(
            self.env._("computed on %(day)s at %(hour)s", day=local.strftime("%d/%m"), hour=local.strftime("%H:%M"))
        )
        if not snapshot.is_final:
            month = format_date(self.env, snapshot.month, date_format="MMMM")
            lines.append(self.env._("* counted in %(month)s so far: the month is not over yet", month=month))
        return lines

    def _get_blocks(self, snapshot):
        """The blocks of the page.

        :param snapshot: cobranca.portfolio.snapshot, the latest of the company
        :return: list of (place, template, values of it)
        """
        blocks = [
            (10, "cobranca_relatorios.overview_cards", self._get_cards()),
            (20, "cobranca_relatorios.overview_words", self._get_words(snapshot)),
            (30, "cobranca_relatorios.overview_aging", self._get_aging(snapshot)),
            (90, "cobranca_relatorios.overview_advanced", {}),
        ]
        agencies = self._get_agencies(snapshot)
        return [*blocks, (60, "cobranca_relatorios.overview_agencies", agencies)] if agencies["rows"] else blocks

    @api.model
    def _get_link(self, action, record_id=None):
        """Where a figure leads: the page opens it in place, a new tab by its address.

        :param str action: xmlid without the addon, or with it
        """
        action = action if "." in action else f"cobranca_relatorios.{action}"
        return f"/odoo/{record_id}/action-{action}" if record_id else f"/odoo/action-{action}"

    def _get_cards(self):
        domain = [("company_id", "=", self.company_id.id), ("is_main", "=", True)]
        return {"figures": self.env["cobranca.kpi.report"].search(domain)}

    def _get_words(self, snapshot):
        """The sentences of the same computation as the figures, no older ones."""
        domain = [("snapshot_id", "=", snapshot.id), ("computed_at", "=", snapshot.computed_at)]
        return {"sentences": self.env["cobranca.insight"].search(domain)}

    def _get_aging(self, snapshot):
        bands = self.env["cobranca.overview.band"].search([("company_id", "=", self.company_id.id)])
        labels = dict(bands._fields["band"]._description_selection(self.env))
        most = max([*bands.mapped("amount"), *bands.mapped("original_amount"), 0.01])
        rows = [
            {
                "band": band,
                "label": labels[band.band],
                "width": self._get_width(band.amount, most),
                "amount": self._get_number_text(band.amount),
                "share": self._get_percent_text(band.share),
                "original": self._get_number_text(band.original_amount),
            }
            for band in bands
        ]
        currency = self.company_id.currency_id
        return {
            "rows": rows,
            "total": self.env._("%(amount)s open", amount=currency.format(sum(bands.mapped("amount")))),
            "symbol": currency.symbol,
            "has_agreements": any(currency.compare_amounts(band.amount, band.original_amount) for band in bands),
        }

    @api.model
    def _get_width(self, amount, most):
        """The length of a bar in percent; what is there can be seen."""
        return max(1, round(100 * amount / most)) if amount > 0 else 0

    def _get_agencies(self, snapshot):
        """What agencies made of the customers given to them in half a year, net of commission."""
        domain = [
            ("company_id", "=", self.company_id.id),
            ("month", ">", snapshot.month - relativedelta(months=AGENCY_MONTHS)),
            ("month", "<=", snapshot.month),
        ]
        measures = ["placement_count:sum", "amount_placed:sum", "amount_recovered:sum", "amount_net:sum"]
        rows = [
            {
                "agency": agency,
                "count": int(count),
                "placed": self._get_number_text(placed),
                "recovered": self._get_number_text(recovered),
                "net": self._get_number_text(net),
                "rate": self._get_percent_text(100 * net / placed) if placed and count >= LEAST else "·",
                "width": self._get_width(net, placed),
            }
            for agency, count, placed, recovered, net in self.env["cobranca.agency.performance"]._read_group(
                domain, ["agency_id"], measures
            )
        ]
        return {
            "rows": rows,
            "symbol": self.company_id.currency_id.symbol,
            "since": self.env._("customers placed in the last %(count)s months", count=AGENCY_MONTHS),
            "note": self.env._(
                'Net: what was recovered less the commission. "·": fewer than %(count)s customers.', count=LEAST
            ),
        }
