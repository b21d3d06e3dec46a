from odoo import api, fields, models


class CobrancaContractChargePolicy(models.AbstractModel):
    """By which terms late payments of a contract are charged."""

    _name = "cobranca.contract.charge.policy"
    _description = "Charge Policy of a Contract"

    charge_policy_text = fields.Text(
        string="Late and early payment",
        compute="_compute_charge_policy_text",
        groups="base.group_user",
        help="What the terms say, in the words that the customer reads in the portal.",
    )

    # === COMPUTE METHODS === #

    @api.depends("charge_policy_id", "partner_id", "company_id")
    @api.depends_context("lang")
    def _compute_charge_policy_text(self):
        for contract in self:
            contract.charge_policy_text = contract._get_charge_policy_version().terms_text

    # === CONSTRAINTS === #

    @api.constrains("charge_policy_id", "partner_id")
    def _check_charge_policy(self):
        for contract in self:
            # sudo: whoever writes the contract, the law holds
            if policy := contract.sudo().charge_policy_id:
                policy._check_for(contract.partner_id)

    # === CRUD METHODS === #

    def write(self, vals):
        """Keep the former policy for the invoices that were issued under it."""
        if "charge_policy_id" not in vals:
            return super().write(vals)
        former = {contract: contract.sudo().charge_policy_id for contract in self}  # sudo: whoever writes it
        result = super().write(vals)
        for company, contracts in self.grouped("company_id").items():
            # sudo: whoever writes the contract
            changed = {c: former[c] for c in contracts if former[c] != c.sudo().charge_policy_id}
            self.env["cobranca.charge.policy.change"]._keep(company, changed)
        return result

    # === BUSINESS METHODS === #

    def _get_charge_policy_version(self):
        """The terms of an invoice of today: of the customer, else of this contract, else of the company.

        :return: cobranca.charge.policy.version, empty without a policy
        """
        self.ensure_one()
        contract = self.sudo()  # sudo: the customer reads these terms in words, nothing else of them
        company = contract.company_id or self.env.company
        customer = contract.partner_id.commercial_partner_id.with_company(company)
        policy = customer.cobranca_charge_policy_id or contract.charge_policy_id or company.cobranca_charge_policy_id
        if not policy:
            return self.env["cobranca.charge.policy.version"]
        return policy._get_version(company._cobranca_today())
