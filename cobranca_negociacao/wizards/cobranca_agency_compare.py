from odoo import api, fields, models
from odoo.tools.misc import formatLang


class CobrancaAgencyCompare(models.TransientModel):
    """Champion against challenger, with how sure that is."""

    _name = "cobranca.agency.compare"
    _description = "Champion against Challenger"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(
        string="Placed from", required=True, default=lambda self: self._get_start(), help="The month of this day."
    )
    date_to = fields.Date(string="Placed until", required=True, default=lambda self: self.env.company._cobranca_today())
    champion = fields.Char(compute="_compute_result")
    challenger = fields.Char(compute="_compute_result")
    result = fields.Char(compute="_compute_result")

    # === COMPUTE METHODS === #

    @api.depends("company_id", "date_from", "date_to")
    @api.depends_context("lang")
    def _compute_result(self):
        Performance = self.env["cobranca.agency.performance"]
        for wizard in self:
            if not wizard.date_from or not wizard.date_to:
                wizard.champion = wizard.challenger = wizard.result = False
                continue
            found = Performance._compare_arms(wizard.company_id, wizard.date_from, wizard.date_to)
            wizard.champion = wizard._get_share(*found["champion"])
            wizard.challenger = wizard._get_share(*found["challenger"])
            wizard.result = wizard._get_words(found)

    # === BUSINESS METHODS === #

    @api.model
    def _get_start(self):
        return fields.Date.subtract(self.env.company._cobranca_today(), months=3)

    def _get_share(self, successes, count):
        share = formatLang(self.env, 100 * successes / count, digits=1) if count else "–"
        return self.env._(
            "%(paid)s of %(count)s customers paid (%(share)s %%)", paid=successes, count=count, share=share
        )

    def _get_words(self, found):
        """The difference in a sentence, or that it is too early to say."""
        result = found["result"]
        if not result:
            return self.env._("Too few to compare: each arm needs %(least)s customers.", least=found["least"])
        figures = {
            "low": formatLang(self.env, 100 * result.low, digits=1),
            "high": formatLang(self.env, 100 * result.high, digits=1),
            "difference": formatLang(self.env, 100 * result.difference, digits=1),
        }
        if result.is_clear:
            return self.env._(
                "Challenger less champion: %(difference)s points (%(low)s to %(high)s, at 95 %%): a real difference.",
                **figures,
            )
        return self.env._(
            "Challenger less champion: %(difference)s points (%(low)s to %(high)s, at 95 %%): chance may do that.",
            **figures,
        )
