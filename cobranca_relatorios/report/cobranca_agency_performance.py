from odoo import fields, models


class CobrancaAgencyPerformance(models.Model):
    """What agencies recover, before and after their commission."""

    _name = "cobranca.agency.performance"
    _inherit = ["cobranca.agency.performance", "cobranca.current.company", "cobranca.report.ratio"]

    _ratios = {
        "gross_rate": ("amount_recovered", "amount_placed"),
        "net_rate": ("amount_net", "amount_placed"),
        "cost_rate": ("amount_commission", "amount_recovered"),
    }

    gross_rate = fields.Float(
        string="Recovered (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Recovered ÷ placed. Of several rows: the sums are divided.",
    )
    net_rate = fields.Float(
        string="Recovered net (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="(Recovered − commission) ÷ placed. Of several rows: the sums are divided.",
    )
    cost_rate = fields.Float(
        string="Cost (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Commission ÷ recovered: what a recovered real costs. Of several rows: the sums are divided.",
    )

    @property
    def _table_query(self):
        return self._add_ratios(super()._table_query)
