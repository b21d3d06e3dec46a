from decimal import Decimal

from odoo import api, fields, models

from ..tools.amortization import METHODS
from ..tools.limits import Limits
from ..tools.plan import COMPONENTS

PERCENTS = tuple(f"{component}_percent" for component in COMPONENTS)
DAYS = ("max_first_days", "validity_days")
LIMITS = (*PERCENTS, "min_down_percent", "max_count", "min_installment", "free_count", *DAYS)


class CobrancaOfferLimits(models.AbstractModel):
    """How far an offer may go: what rules of a policy and authorities have in common."""

    _name = "cobranca.offer.limits"
    _description = "Limits of an Offer"

    fine_percent = fields.Float(
        string="Discount on fine (%)", digits=(5, 2), help="At most so much of it is given up; likewise below."
    )
    interest_percent = fields.Float(string="Discount on interest (%)", digits=(5, 2))
    correction_percent = fields.Float(string="Discount on correction (%)", digits=(5, 2))
    principal_percent = fields.Float(
        string="Discount on principal (%)",
        digits=(5, 2),
        help="A discount on the invoices themselves: taxes were paid on them and do not come back.",
    )
    min_down_percent = fields.Float(
        string="Down payment from (%)", digits=(5, 2), help="Of the amount agreed, when it is paid in installments."
    )
    max_count = fields.Integer(
        string="Installments up to", help="After the down payment. 0 = everything is paid at once."
    )
    min_installment = fields.Monetary(string="Installment from", help="No installment may be smaller.")
    free_count = fields.Integer(
        string="Free of interest up to", help="So many installments may be agreed without interest of their own."
    )
    max_first_days = fields.Integer(
        string="First payment within (days)", help="Of the down payment, or of the first installment without one."
    )
    validity_days = fields.Integer(
        string="Offer valid for (days)", help="0 = until the end of the day on which it is made."
    )
    company_id = fields.Many2one(comodel_name="res.company")
    currency_id = fields.Many2one(related="company_id.currency_id")
    limits_text = fields.Text(string="In words", compute="_compute_limits_text")

    _check_limits = models.Constraint(
        """CHECK (fine_percent BETWEEN 0 AND 100 AND interest_percent BETWEEN 0 AND 100
            AND correction_percent BETWEEN 0 AND 100 AND principal_percent BETWEEN 0 AND 100
            AND min_down_percent BETWEEN 0 AND 100 AND max_count BETWEEN 0 AND 120 AND min_installment >= 0
            AND free_count BETWEEN 0 AND 120 AND max_first_days BETWEEN 0 AND 365
            AND validity_days BETWEEN 0 AND 365)""",
        "Percentages go from 0 to 100, installments from 0 to 120, days from 0 to 365; amounts are zero or more.",
    )

    # === COMPUTE METHODS === #

    @api.depends(*LIMITS)
    @api.depends_context("lang")
    def _compute_limits_text(self):
        Words = self.env["cobranca.offer.words"]
        for record in self:
            record.limits_text = " ".join(Words._describe_limits(record._get_limits(), record.currency_id))

    # === BUSINESS METHODS === #

    def _get_limits(self):
        """These limits for the kernel.

        :return: tools.limits.Limits
        """
        self.ensure_one()
        return Limits(
            percents={component: self._get_decimal(f"{component}_percent") for component in COMPONENTS},
            min_down_percent=self._get_decimal("min_down_percent"),
            max_count=self.max_count,
            min_installment=self._get_decimal("min_installment"),
            methods=frozenset(self._get_methods()),
            min_rate=self._get_min_rate(),
            free_count=self.free_count,
            max_first_days=self.max_first_days,
            validity_days=self.validity_days,
        )

    def _get_methods(self):
        """Names of the ways to compute installments; all, where nothing else is said."""
        return METHODS

    def _get_min_rate(self):
        """Percent a month that installments beyond the free ones cost at least; nothing, where nothing is said."""
        return Decimal(0)

    def _get_decimal(self, name):
        """A percentage or an amount as it is in the database, exact."""
        return Decimal(f"{self[name]:.2f}")
