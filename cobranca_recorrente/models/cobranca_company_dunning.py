from odoo import api, fields, models


class CobrancaCompanyDunning(models.AbstractModel):
    """Every company has ladders of its own, under observation until a manager starts them."""

    _name = "cobranca.company.dunning"
    _description = "Dunning Ladders of a Company"

    cobranca_dunning_thanks = fields.Boolean(
        string="Thank for late payments",
        groups="base.group_user",
        help="Who pays all after he was reminded gets a short e-mail of thanks.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._cobranca_copy_ladders()
        return companies

    # === BUSINESS METHODS === #

    @api.model
    def _cobranca_give_ladders(self):
        """Ladders for every company that has none."""
        Policy = self.env["cobranca.dunning.policy"].with_context(active_test=False)
        self.search(
            [("id", "not in", Policy.search([("company_id", "!=", False)]).company_id.ids)]
        )._cobranca_copy_ladders()

    def _cobranca_copy_ladders(self):
        """Ladders as the first company has them now, for companies without any."""
        first = self.env.ref("base.main_company")
        # sudo: what every company begins with, whoever makes it
        policies = self.env["cobranca.dunning.policy"].sudo().search([("company_id", "=", first.id)])
        for company in self - first:
            for policy in policies:
                policy.copy({"company_id": company.id, "partner_ids": False})
