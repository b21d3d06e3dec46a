from odoo import Command, api, models

# Of the standard policy, by the delay of the oldest debt.
BANDS = (
    {
        "delay_from": 0,
        "delay_to": 30,
        "max_count": 3,
        "min_down_percent": 30,
        "method": "none",
        "rate_percent": 0,
        "max_first_days": 5,
        "validity_days": 5,
    },
    {"delay_from": 31, "delay_to": 90, "max_count": 6, "min_down_percent": 20, "max_first_days": 7, "validity_days": 7},
    {
        "delay_from": 91,
        "delay_to": 180,
        "interest_percent": 100,
        "principal_percent": 10,
        "max_count": 10,
        "min_down_percent": 20,
        "max_first_days": 10,
        "validity_days": 10,
    },
    {
        "delay_from": 181,
        "delay_to": 360,
        "interest_percent": 100,
        "correction_percent": 50,
        "principal_percent": 20,
        "max_count": 12,
        "min_down_percent": 15,
        "max_first_days": 15,
        "validity_days": 15,
    },
    {
        "delay_from": 361,
        "interest_percent": 100,
        "correction_percent": 100,
        "principal_percent": 40,
        "max_count": 24,
        "min_down_percent": 10,
        "max_first_days": 15,
        "validity_days": 15,
    },
)
# What all of them have, unless they say otherwise: three installments are free, the others cost 1 % a month.
COMMON = {
    "fine_percent": 100,
    "interest_percent": 50,
    "min_installment": 50,
    "method": "simple",
    "rate_percent": 1,
    "free_count": 3,
}
AUTHORITIES = {
    "self_service": {
        "fine_percent": 100,
        "interest_percent": 30,
        "min_down_percent": 20,
        "max_count": 5,
        "min_installment": 50,
        "free_count": 3,
        "max_first_days": 5,
        "validity_days": 3,
    },
    "collector": {
        "fine_percent": 100,
        "interest_percent": 50,
        "min_down_percent": 20,
        "max_count": 5,
        "min_installment": 50,
        "free_count": 3,
        "max_first_days": 7,
        "validity_days": 7,
    },
    "supervisor": {
        "fine_percent": 100,
        "interest_percent": 100,
        "correction_percent": 50,
        "principal_percent": 10,
        "min_down_percent": 10,
        "max_count": 12,
        "min_installment": 30,
        "free_count": 6,
        "max_first_days": 15,
        "validity_days": 15,
    },
    "manager": {
        "fine_percent": 100,
        "interest_percent": 100,
        "correction_percent": 100,
        "principal_percent": 50,
        "max_count": 60,
        "free_count": 12,
        "max_first_days": 30,
        "validity_days": 30,
    },
}


class CobrancaOfferDefaults(models.AbstractModel):
    """The policy and the authorities that a company begins with, so that a first customer can be offered something."""

    _name = "cobranca.offer.defaults"
    _description = "Offers of a New Company"

    # === BUSINESS METHODS === #

    @api.model
    def _give_all(self):
        """What they lack, to all companies that have a chart of accounts; safe to repeat."""
        self._give(self.env["res.company"].search([("chart_template", "!=", False)]))

    @api.model
    def _give(self, companies):
        """Give companies what they lack; what is there, archived too, stays as it is."""
        # sudo: what every company begins with, whoever loads its chart
        env = self.sudo().with_context(active_test=False, mail_create_nolog=True, tracking_disable=True).env
        for company in companies.with_env(env):
            owned = [("company_id", "=", company.id)]
            if not env["cobranca.offer.policy"].search_count(owned, limit=1):
                policy = env["cobranca.offer.policy"].create(self._prepare_policy_values(company))
                self._translate_name(policy)
            roles = env["cobranca.offer.authority"].search(owned).mapped("role")
            env["cobranca.offer.authority"].create(
                [
                    {"company_id": company.id, "role": role, **values}
                    for role, values in AUTHORITIES.items()
                    if role not in roles
                ]
            )

    @api.model
    def _prepare_policy_values(self, company):
        rules = [Command.create({**COMMON, **band}) for band in BANDS]
        return {
            "name": self._get_name(),
            "active": True,
            "company_id": company.id,
            "version_ids": [Command.create({"rule_ids": rules})],
        }

    def _get_name(self):
        return self.env._("Standard negotiation policy")

    def _translate_name(self, policy):
        """Its name in each language of the database, as if it had been shipped."""
        for lang, _label in self.env["res.lang"].get_installed():
            policy.with_context(lang=lang).name = self.with_context(lang=lang)._get_name()
