from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Payments decide promises to pay at the moment they are matched, or taken back."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        self.env["cobranca.promise"]._decide_of(partials.debit_move_id)
        return partials

    def unlink(self):
        debts = self.debit_move_id
        result = super().unlink()
        self.env["cobranca.promise"]._decide_of(debts.exists())
        return result
