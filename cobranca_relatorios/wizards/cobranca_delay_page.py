from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import formatLang

from ..report.cobranca_delay_report import LEAST

YEARS = 2
# From which correlation of ranks on one may speak of a relation at all.
NOTICEABLE = 0.2


class CobrancaDelayPage(models.TransientModel):
    """Bands of amounts against bands of delay, and what that says in one sentence."""

    _name = "cobranca.delay.page"
    _inherit = ["cobranca.glance.page"]
    _description = "Amount and Delay, at a Glance"

    bands_html = fields.Html(string="Amount and delay", compute="_compute_bands_html")

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_bands_html(self):
        for page in self:
            values = page._get_values()
            page.bands_html = self.env["ir.qweb"]._render("cobranca_relatorios.delay_bands", values)

    # === BUSINESS METHODS === #

    @api.model
    def _get_title(self):
        return self.env._("Amount and Delay")

    def _get_values(self):
        """What the template shows.

        :return: dict: bands (labels of the columns), rows, relation_text
        """
        self.ensure_one()
        company = self.company_id
        since = fields.Date.start_of(company._cobranca_today(), "month") - relativedelta(years=YEARS)
        Report = self.env["cobranca.delay.report"]
        labels = {name: Report._fields[name]._description_selection(self.env) for name in ("band", "amount_band")}
        cells, totals, relation = Report._get_glance(company, since)
        return {
            "bands": [label for _key, label in labels["band"]],
            "rows": [
                {
                    "label": label,
                    "counts": [cells.get((amount, key), 0) for key, _label in labels["band"]],
                    "count": totals[amount][0],
                    "median": formatLang(self.env, totals[amount][1], digits=1),
                }
                for amount, label in labels["amount_band"]
                if amount in totals
            ],
            "relation_text": self._get_relation_text(relation),
        }

    def _get_relation_text(self, relation):
        """The correlation in words; it is not shown where the debts are too few.

        :param relation: Relation
        :return: str
        """
        if relation.count < LEAST:
            return self.env._(
                "Paid debts: %(count)s. At least %(least)s are needed to say whether large ones come later.",
                count=relation.count,
                least=LEAST,
            )
        if relation.pearson is None or relation.spearman is None:
            return self.env._("All amounts or all delays are the same: nothing to compare.")
        figures = {
            "pearson": formatLang(self.env, relation.pearson, digits=2),
            "spearman": formatLang(self.env, relation.spearman, digits=2),
            "count": relation.count,
        }
        if relation.spearman >= NOTICEABLE:
            return self.env._(
                "Larger debts tend to come later (r = %(pearson)s, ρ = %(spearman)s, n = %(count)s).", **figures
            )
        if relation.spearman <= -NOTICEABLE:
            return self.env._(
                "Larger debts tend to come sooner (r = %(pearson)s, ρ = %(spearman)s, n = %(count)s).", **figures
            )
        return self.env._(
            "Amount and delay hardly go together (r = %(pearson)s, ρ = %(spearman)s, n = %(count)s).", **figures
        )
