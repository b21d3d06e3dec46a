from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    # === BUSINESS METHODS === #

    def _cobranca_get_paid_debts(self, credits):
        """Also the debts of broken agreements, which money for installments pays since."""
        debts = super()._cobranca_get_paid_debts(credits)
        broken = self.env["cobranca.agreement"]._get_broken_by_money(credits)
        return debts | broken.origin_ids.line_id.with_env(self.env)
