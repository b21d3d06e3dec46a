from odoo import api, models
from odoo.exceptions import AccessError

# What ties entries to agreements: breaks and letters of quittance rely on it.
FIELDS = frozenset(("cobranca_agreement_id", "cobranca_agreement_role", "cobranca_agreement_turn", "cobranca_paid_on"))
# A client can send this key, but not that object.
KEEPS, ON = "cobranca_agreement_keeps", object()
BY_AGREEMENT = {KEEPS: ON}


class CobrancaAgreementGuard(models.AbstractModel):
    """Entries and items of agreements: that they are theirs is written by agreements only."""

    _name = "cobranca.agreement.guard"
    _description = "Guard of Entries of Agreements"

    # === CRUD METHODS === #

    @api.model
    def default_get(self, fields):
        """No default of a client or a user makes an entry one of an agreement."""
        return {name: value for name, value in super().default_get(fields).items() if name not in FIELDS}

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: for what only agreements write"""
        self._cobranca_check_kept(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """:raise AccessError: for what only agreements write"""
        self._cobranca_check_kept(vals)
        return super().write(vals)

    # === BUSINESS METHODS === #

    @api.model
    def _cobranca_check_kept(self, *vals_list):
        if self.env.context.get(KEEPS) is not ON and any(not FIELDS.isdisjoint(vals) for vals in vals_list):
            raise AccessError(
                self.env._("Whether an entry belongs to an agreement is written by the agreement itself.")
            )
