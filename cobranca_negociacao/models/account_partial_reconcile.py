from odoo import api, models
from odoo.exceptions import UserError

from .cobranca_agreement_entries import ON, OURS


class AccountPartialReconcile(models.Model):
    """Payments end proposals and agreements, or bring those back; what an agreement closed only it opens again."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        self.env["cobranca.proposal"]._follow_lines(partials.debit_move_id)
        self.env["cobranca.agreement"]._follow_payments(partials.debit_move_id)
        return partials

    def unlink(self):
        self._cobranca_refuse_of_agreement()
        debts = self.debit_move_id
        result = super().unlink()
        self.env["cobranca.agreement"]._follow_payments(debts.exists())
        return result

    def _cobranca_refuse_of_agreement(self):
        """:raise UserError: for what an agreement or its break closed"""
        if self.env.context.get(OURS) is ON:
            return
        ids = (self.debit_move_id | self.credit_move_id).ids
        # sudo: whether an agreement closed it does not depend on who asks
        Origin = self.env["cobranca.agreement.origin"].sudo()
        Installment = self.env[
            "cobranca.agreement.installment"
        ].sudo()  # sudo: whether an agreement closed it, as above
        found = (
            Origin.search(
                ["|", ("mirror_line_id", "in", ids), "&", ("transfer_line_id", "in", ids), ("is_live", "=", True)],
                limit=1,
            ).agreement_id
            or Installment.search([("mirror_line_id", "in", ids)], limit=1).agreement_id
        )
        if found:
            raise UserError(
                self.env._(
                    "This was settled by the agreement %(agreement)s: break or cancel the agreement instead, and the "
                    "debts are open again.",
                    agreement=found.name,
                )
            )
