from decimal import Decimal

from odoo import api, fields, models


class CobrancaChargePolicyDiscount(models.Model):
    """What is taken off an invoice that is paid in time."""

    _name = "cobranca.charge.policy.discount"
    _description = "Punctuality Discount"
    _order = "days_before desc, id"

    version_id = fields.Many2one(
        comodel_name="cobranca.charge.policy.version", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="version_id.company_id", store=True, index="btree_not_null")
    days_before = fields.Integer(string="Paid up to (days before due)", help="0 = on the due date.")
    percent = fields.Float(string="Discount (%)", digits=(6, 2), default=5.0, required=True)

    _uniq_days = models.UniqueIndex("(version_id, days_before)", "There is a discount for this day already.")
    _check_values = models.Constraint(
        "CHECK (days_before BETWEEN 0 AND 365 AND percent > 0 AND percent <= 100)",
        "A discount goes up to 100 % and is given 0 to 365 days before the due date.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        versions = self.env["cobranca.charge.policy.version"].browse([vals.get("version_id") for vals in vals_list])
        # Discounts that come with new terms: these are not in the books of any invoice yet.
        versions.exists()._refuse_if_used()
        return super().create(vals_list)

    def write(self, vals):
        self.version_id._refuse_if_used()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.version_id._refuse_if_used()

    # === BUSINESS METHODS === #

    def _get_percent(self):
        """The percentage as it is in the database, exact."""
        return Decimal(f"{self.percent:.2f}").normalize()
