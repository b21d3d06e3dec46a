from decimal import Decimal

from odoo import api, fields, models

from ..tools import bands
from .cobranca_offer_limits import LIMITS

METHODS = [
    ("none", "Without interest"),
    ("simple", "Simple interest"),
    ("price", "Price table (advanced)"),
    ("sac", "SAC (advanced)"),
]
AUDIENCES = [(bands.ALL, "All customers"), (bands.CONSUMER, "Consumers"), (bands.BUSINESS, "Companies")]
# What installments may cost a consumer without a word: the interest that the law takes for granted.
CONSUMER_RATE = 1
# A pair of rules of which both would hold: what the Python check refuses by name, for two who write at once.
NO_OVERLAP = """
    EXCLUDE USING gist (
        int4range(version_id, version_id, '[]') WITH &&,
        int4range(COALESCE(segment_id, 0), COALESCE(segment_id, 0), '[]') WITH &&,
        int4range(CASE audience WHEN 'consumer' THEN 1 WHEN 'business' THEN 2 ELSE 0 END,
                  CASE audience WHEN 'consumer' THEN 1 WHEN 'business' THEN 2 ELSE 0 END, '[]') WITH &&,
        int4range(delay_from, NULLIF(delay_to, 0), '[]') WITH &&,
        numrange(amount_from, NULLIF(amount_below, 0)) WITH &&
    ) DEFERRABLE INITIALLY DEFERRED
"""


class CobrancaOfferRule(models.Model):
    """How far offers may go for debts of a certain age and amount."""

    _name = "cobranca.offer.rule"
    _description = "Rule of an Offer Policy"
    _inherit = ["cobranca.offer.limits"]
    _order = "version_id, audience, segment_id, delay_from, amount_from, id"

    version_id = fields.Many2one(
        comodel_name="cobranca.offer.policy.version", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="version_id.company_id", store=True, index=True)
    delay_from = fields.Integer(
        string="Late from (days)", help="Of the oldest debt that is negotiated. 0 = also what is not late yet."
    )
    delay_to = fields.Integer(string="Late to (days)", help="This day included. 0 = without an end.")
    amount_from = fields.Monetary(string="Owes from", help="All that is negotiated, with what it costs today.")
    amount_below = fields.Monetary(string="Owes less than", help="0 = without an end.")
    segment_id = fields.Many2one(
        comodel_name="cobranca.payer.segment",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: any. A rule for a segment comes before one for everybody.",
    )
    audience = fields.Selection(
        selection=AUDIENCES,
        string="For",
        default=bands.ALL,
        required=True,
        help="A rule for consumers or for companies comes before one for all.",
    )
    method = fields.Selection(
        selection=METHODS,
        string="Interest of installments",
        default="none",
        required=True,
        help="Of those beyond the free ones. Price and SAC count interest on the balance each month: for advanced use.",
    )
    rate_percent = fields.Float(
        string="Interest a month (%)", digits=(5, 2), help="At least so much, of installments beyond the free ones."
    )
    warning = fields.Char(compute="_compute_warning")

    _check_band = models.Constraint(
        """CHECK (delay_from >= 0 AND (delay_to = 0 OR delay_to >= delay_from)
            AND amount_from >= 0 AND (amount_below = 0 OR amount_below > amount_from)
            AND rate_percent BETWEEN 0 AND 100)""",
        "Days and amounts go upwards from zero: correct “from” and “to”. The interest goes from 0 to 100 %.",
    )
    _no_overlap = models.Constraint(
        NO_OVERLAP, "Somebody else has just made a rule for the same days and amounts: reload the page and look at it."
    )

    # === COMPUTE METHODS === #

    @api.depends("delay_from", "delay_to", "amount_from", "amount_below", "segment_id.name", "audience")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = self.env["cobranca.offer.words"]._describe_band(rule)

    @api.depends("method", "rate_percent", *LIMITS)
    def _compute_limits_text(self):
        super()._compute_limits_text()

    @api.depends("method", "rate_percent", "audience", "max_count", "free_count")
    @api.depends_context("lang")
    def _compute_warning(self):
        for rule in self:
            rule.warning = rule._find_warning()

    def _find_warning(self):
        """What a court may say of this rule, or what makes it say less than it seems to."""
        costs = self.method != "none" and self.max_count > self.free_count
        if costs and self.audience != bands.BUSINESS and self.method in ("price", "sac"):
            return self.env._(
                "Price and SAC charge consumers interest on interest, which courts refuse to who is no bank (Decreto "
                "22.626/1933, art. 4º): choose simple interest, or say that the rule is for companies."
            )
        if costs and self.audience != bands.BUSINESS and self.rate_percent > CONSUMER_RATE:
            return self.env._(
                "More than 1 % a month for a consumer may be contested (Decreto 22.626/1933, art. 1º): lower it, or "
                "say that the rule is for companies."
            )
        if self.method != "none" and self.rate_percent and self.max_count and not costs:
            return self.env._(
                "All installments are free of interest: it is never charged. Allow more installments than the free "
                "ones, or choose “Without interest”."
            )
        return False

    # === CONSTRAINTS === #

    @api.constrains("version_id", "delay_from", "delay_to", "amount_from", "amount_below", "segment_id", "audience")
    def _check_overlaps(self):
        self.version_id._check_overlaps()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_if_used(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_if_used([vals])
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._refuse_if_used()

    # === BUSINESS METHODS === #

    def _refuse_if_used(self, vals_list=()):
        """:raise UserError: for rules of a version that was used, or that come into one"""
        versions = [values["version_id"] for values in vals_list if values.get("version_id")]
        (self.version_id | self.version_id.browse(versions))._refuse_if_used()

    def _get_band(self):
        """When this rule holds, for the kernel.

        :return: tools.bands.Band
        """
        self.ensure_one()
        return bands.Band(
            key=self.id,
            delay_from=self.delay_from,
            delay_to=self.delay_to or None,
            amount_from=self._get_decimal("amount_from"),
            amount_below=self._get_decimal("amount_below") or None,
            segment=self.segment_id.id or None,
            audience=self.audience,
        )

    def _get_methods(self):
        """Free installments have no interest, whatever the others have."""
        return {"none", self.method}

    def _get_min_rate(self):
        return self._get_decimal("rate_percent") if self.method != "none" else Decimal(0)
