from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import debt
from ..tools.late_charges import CHARGES_FIRST, PRINCIPAL_FIRST

TERMS = {
    "date_from",
    "policy_id",
    "fine_percent",
    "interest_regime",
    "interest_percent",
    "correction_index_id",
    "correction_method",
    "is_floor_at_nominal",
    "tolerance_days",
    "due_rule",
    "imputation_order",
    "prescription",
    "discount_ids",
}
# Código Civil, art. 205 and 206: years until a debt cannot be demanded any more.
YEARS = {"written": 5, "rent": 3, "general": 10}


class CobrancaChargePolicyVersion(models.Model):
    """Terms of a charge policy. Those that invoices were issued under are never changed."""

    _name = "cobranca.charge.policy.version"
    _description = "Terms of a Charge Policy"
    _inherit = "cobranca.charge.policy.words"
    _order = "policy_id, date_from desc nulls last, id desc"

    policy_id = fields.Many2one(comodel_name="cobranca.charge.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index="btree_not_null")
    audience = fields.Selection(related="policy_id.audience")
    date_from = fields.Date(
        string="Invoices from", help="Terms hold for invoices dated from this day on. Empty: from the beginning."
    )
    fine_percent = fields.Float(
        string="Fine (%)", digits=(6, 2), default=2.0, help="Once, on the day after the due date."
    )
    interest_regime = fields.Selection(
        selection=[("contracted", "Agreed rate"), ("legal", "Legal rate")],
        string="Interest",
        default="contracted",
        required=True,
        help="Legal rate: what the law gives where the contract is silent, published each month by the Central Bank "
        "(Lei 14.905/2024).",
    )
    interest_percent = fields.Float(
        string="Interest a month (%)", digits=(7, 4), min_display_digits=2, default=1.0, help="Simple, by days."
    )
    correction_index_id = fields.Many2one(
        comodel_name="cobranca.price.index",
        string="Correction by",
        domain="[('kind', '=', 'series'), ('is_interest_rate', '=', False)]",
        ondelete="restrict",
        help="Empty: amounts are not corrected.",
    )
    correction_method = fields.Selection(
        selection=[("monthly", "Whole months"), ("daily", "By days")], default="monthly", required=True
    )
    is_floor_at_nominal = fields.Boolean(
        string="Never below the invoice", default=True, help="A fall of prices makes no debt smaller."
    )
    tolerance_days = fields.Integer(help="So many days late cost nothing; from the next one on all days count.")
    due_rule = fields.Selection(
        selection=[("moved", "From the next business day"), ("original", "From the due date")],
        string="Due on a day without banks",
        default="moved",
        required=True,
        help="Paid on the next business day costs nothing. Paid later counts from that day, as banks and Pix do, or "
        "from the due date (STJ, REsp 1.954.924).",
    )
    imputation_order = fields.Selection(
        selection=[(CHARGES_FIRST, "Charges first"), (PRINCIPAL_FIRST, "Amount of the invoice first")],
        string="Partial payments pay",
        default=CHARGES_FIRST,
        required=True,
        help="The law says charges first, unless agreed otherwise (Código Civil, art. 354).",
    )
    prescription = fields.Selection(
        selection=[
            ("written", "Agreed in writing: 5 years"),
            ("rent", "Rent: 3 years"),
            ("general", "Other: 10 years"),
        ],
        default="written",
        required=True,
        help="How long a debt may be demanded (Código Civil, art. 205 and 206). Have your lawyer confirm it.",
    )
    discount_ids = fields.One2many(
        comodel_name="cobranca.charge.policy.discount",
        inverse_name="version_id",
        string="Punctuality discounts",
        copy=True,
        help="One to three. Given on receipt as a concession: taxes of the invoice stay as they are.",
    )
    since = fields.Char(string="For invoices from", compute="_compute_display_name")
    is_locked = fields.Boolean(compute="_compute_is_locked")
    terms_text = fields.Text(string="In words", compute="_compute_terms_text")

    _uniq_start = models.UniqueIndex(
        "(policy_id, COALESCE(date_from, '0001-01-01'::date))", "The policy has terms from this day already."
    )
    _check_terms = models.Constraint(
        """CHECK (fine_percent BETWEEN 0 AND 100 AND interest_percent BETWEEN 0 AND 100
            AND tolerance_days BETWEEN 0 AND 90)""",
        "Fine and interest go from 0 to 100 %, the tolerance from 0 to 90 days.",
    )

    # === COMPUTE METHODS === #

    @api.depends("policy_id.name", "date_from")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for version in self:
            since = version.since = version.policy_id._get_since(version.date_from)
            version.display_name = self.env._("%(policy)s, since %(day)s", policy=version.policy_id.name, day=since)

    def _compute_is_locked(self):
        for version in self:
            version.is_locked = version._is_used()

    # === CONSTRAINTS === #

    @api.constrains("fine_percent", "interest_regime", "interest_percent")
    def _check_lawful_for_consumers(self):
        """:raise ValidationError: naming the article, for terms that a consumer could be charged by"""
        for version in self.filtered(lambda version: version.policy_id.audience != "companies"):
            if version._get_percent("fine_percent") > debt.CONSUMER_FINE:
                raise ValidationError(
                    self.env._(
                        "A fine of %(percent)s is not allowed for consumers: at most 2 %% (CDC, art. 52, § 1º). "
                        "Lower it, or say that the policy is for companies only.",
                        percent=version._format_percent(version.fine_percent),
                    )
                )
            agreed = version.interest_regime == "contracted"
            if agreed and version._get_percent("interest_percent") > debt.CONSUMER_INTEREST:
                raise ValidationError(
                    self.env._(
                        "Interest of %(percent)s a month is not allowed for consumers: at most 1 %% (Decreto "
                        "22.626/1933, art. 1º, and Código Civil, art. 406). Lower it, or say that the policy is for "
                        "companies only.",
                        percent=version._format_percent(version.interest_percent),
                    )
                )

    @api.constrains("discount_ids")
    def _check_discounts(self):
        for version in self:
            if len(version.discount_ids) > 3:
                raise ValidationError(self.env._("At most three punctuality discounts: banks and Pix take no more."))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        versions = super().create(vals_list)
        versions._refuse_the_past()
        # What is shipped is no decision of a person.
        for version in versions if not self.env.context.get("mail_create_nolog") else ():
            version.policy_id._message_log(
                body=self.env._(
                    "Terms for invoices from %(day)s: %(terms)s",
                    day=version.policy_id._get_since(version.date_from),
                    terms=version.terms_text,
                )
            )
        return versions

    def write(self, vals):
        if TERMS & vals.keys():
            self._refuse_if_used()
        result = super().write(vals)
        if "date_from" in vals:
            self._refuse_the_past()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._refuse_if_used()

    # === BUSINESS METHODS === #

    def _is_used(self):
        """May an invoice have been issued under these terms?"""
        self.ensure_one()
        last = self.policy_id._get_last_invoice_date()
        return bool(last) and bool(self._origin) and (not self.date_from or self.date_from <= last)

    def _refuse_if_used(self):
        """:raise UserError: what customers were told does not change"""
        if used := self.filtered(lambda version: version._is_used())[:1]:
            raise UserError(
                self.env._(
                    "Invoices were issued under these terms (%(terms)s): they cannot change. Use “Change terms” to "
                    "make others for the invoices of a later day.",
                    terms=used.display_name,
                )
            )

    def _refuse_the_past(self):
        """:raise UserError: for terms that would change those of invoices already issued"""
        for version in self:
            last = len(version.policy_id.version_ids) > 1 and version.policy_id._get_last_invoice_date()
            if last and (not version.date_from or version.date_from <= last):
                raise UserError(
                    self.env._(
                        "There are invoices of %(day)s already, and their terms do not change: choose a later day.",
                        day=version.policy_id._get_since(last),
                    )
                )

    def _get_percent(self, name):
        """A percentage as it is in the database, exact."""
        return Decimal(f"{self[name]:.4f}").normalize()

    def _get_years(self):
        """Years after which debts under these terms are prescribed."""
        return YEARS[self.prescription]

    @api.model
    def _get_default_years(self):
        """The same where there are no terms at all: a debt of a written contract."""
        return YEARS["written"]

    def _get_rate_index(self):
        """The index that gives the legal rate of interest."""
        return (
            self.env.ref("cobranca_recorrente.cobranca_price_index_legal", raise_if_not_found=False)
            or self.env["cobranca.price.index"]
        )

    def _get_terms(self):
        """These terms for the kernel, with the figures of their indices.

        :return: tools.debt.Agreed
        """
        self.ensure_one()
        index = self.correction_index_id
        legal = self.interest_regime == "legal"
        rate = self._get_rate_index() if legal else index.browse()
        return debt.Agreed(
            fine_percent=self._get_percent("fine_percent"),
            interest_percent=None if legal else self._get_percent("interest_percent"),
            rates=debt.Series(rate.display_name or "", rate._get_values() if rate else {}) if legal else None,
            index=debt.Series(index.display_name, index._get_values()) if index else None,
            is_daily=self.correction_method == "daily",
            is_floor_at_nominal=self.is_floor_at_nominal,
            tolerance_days=self.tolerance_days,
            due_rule=self.due_rule,
            order=self.imputation_order,
            discounts=tuple((line.days_before, line._get_percent()) for line in self.discount_ids),
            years=self._get_years(),
        )
