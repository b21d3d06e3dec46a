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
        self.env["cobranca.placement"]._tell_payments(partials, "placement.paid")
        self.env["cobranca.placement"]._follow_lines(partials.debit_move_id)
        return partials

    def unlink(self):
        if not self:  # as Odoo asks for each item that it touches
            return super().unlink()
        self._cobranca_refuse_of_agreement()
        debts = self.debit_move_id
        self.env["cobranca.placement"]._tell_payments(self, "placement.payment_undone")
        result = super().unlink()
        self.env["cobranca.agreement"]._follow_payments(debts.exists(), is_back=True)
        if self.env.context.get(OURS) is not ON:
            self.env["cobranca.agreement.origin"]._follow_refunds(debts.exists())
        self.env["cobranca.placement"]._follow_lines(debts.exists())
        return result

    def _cobranca_refuse_of_agreement(self):
        """:raise UserError: for what an agreement or its break closed, and for money that counts elsewhere since"""
        if self.env.context.get(OURS) is ON:
            return
        ids = (self.debit_move_id | self.credit_move_id).ids
        # sudo: whether an agreement closed it does not depend on who asks
        Origin = self.env["cobranca.agreement.origin"].sudo()
        # sudo: whether an agreement closed it, as for its debts
        Installment = self.env["cobranca.agreement.installment"].sudo()
        is_closing = ["|", ("mirror_line_id", "in", ids), "&", ("transfer_line_id", "in", ids), ("is_live", "=", True)]
        closing = Origin.search(is_closing, limit=1) or Installment.search([("mirror_line_id", "in", ids)], limit=1)
        if closing:
            raise UserError(
                self.env._(
                    "This was settled by the agreement %(agreement)s: break or cancel the agreement instead, and the "
                    "debts are open again.",
                    agreement=closing.agreement_id.name,
                )
            )
        is_ended = [("line_id", "in", self.debit_move_id.ids), ("agreement_id.state", "in", ("broken", "cancelled"))]
        if paid := Installment.search(is_ended, limit=1):
            raise UserError(
                self.env._(
                    "The agreement %(agreement)s ended, and this money pays its original debts by now. Take the "
                    "payment back instead (reset it to draft, undo it in the bank statement, or register the "
                    "chargeback), and the debts are open again by so much.",
                    agreement=paid.agreement_id.name,
                )
            )
