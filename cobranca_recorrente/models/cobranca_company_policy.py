from odoo import api, fields, models

# The first policy of a company holds for all its invoices. A client can send this key, but not that object.
FIRST, ON = "cobranca_first_policy", object()
WITH_CHARGES, PRINCIPAL_ONLY = "charges", "principal"
CHOICES = [(WITH_CHARGES, "With charges"), (PRINCIPAL_ONLY, "Principal only")]


class CobrancaCompanyPolicy(models.AbstractModel):
    """The terms of late payments that a company uses where nothing else was agreed."""

    _name = "cobranca.company.policy"
    _description = "Charge Policy of a Company"

    cobranca_charge_policy_id = fields.Many2one(
        comodel_name="cobranca.charge.policy",
        string="Fine, interest and discount",
        default=lambda self: self._default_cobranca_charge_policy_id(),
        domain="[('company_id', 'in', (False, id))]",
        ondelete="restrict",
        groups="base.group_user",
        help="Used for customers and contracts without terms of their own.",
    )

    cobranca_payment_choice = fields.Selection(
        selection=CHOICES,
        string="Payment dialog proposes",
        default=WITH_CHARGES,
        required=True,
        groups="base.group_user",
        help="What “Pay” fills in for customers' invoices: the amount of the day with fine and interest, or the "
        "principal only. It can be changed in the dialog.",
    )

    @api.constrains("cobranca_charge_policy_id")
    def _check_cobranca_charge_policy(self):
        for company in self:
            # sudo: a policy of another company is looked at only to refuse it
            company.sudo().cobranca_charge_policy_id._check_company_of(company)

    # === CRUD METHODS === #

    def write(self, vals):
        """Keep the former policy for the invoices that were issued under it; what comes with the addon is the first."""
        if "cobranca_charge_policy_id" not in vals or self.env.context.get(FIRST) is ON:
            return super().write(vals)
        former = {company: company.sudo().cobranca_charge_policy_id for company in self}  # sudo: whoever writes
        result = super().write(vals)
        for company, policy in former.items():
            if policy != company.sudo().cobranca_charge_policy_id:  # sudo: whoever writes the company
                self.env["cobranca.charge.policy.change"]._keep(company, {company: policy})
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _default_cobranca_charge_policy_id(self):
        return self.env.ref("cobranca_recorrente.cobranca_charge_policy_default", raise_if_not_found=False)

    @api.model
    def _cobranca_give_policies(self):
        """The shipped terms for every company that has none."""
        self.search([("cobranca_charge_policy_id", "=", False)]).with_context(**{FIRST: ON}).write(
            {"cobranca_charge_policy_id": self._default_cobranca_charge_policy_id().id}
        )
