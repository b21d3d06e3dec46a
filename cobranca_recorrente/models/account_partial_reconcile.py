from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Payments decide promises to pay, and what is told of them, at the moment they are matched, or taken back."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        self.env["cobranca.promise"]._decide_of(partials.debit_move_id)
        self.env["cobranca.payment.claim"]._settle_of(partials.debit_move_id)
        partials._touch_cases()
        partials._follow_consequences()
        return partials

    def unlink(self):
        if not self:  # as Odoo asks for each item that it touches
            return super().unlink()
        debts = self.debit_move_id
        self._touch_cases()
        result = super().unlink()
        self.env["cobranca.promise"]._decide_of(debts.exists())
        return result

    def _touch_cases(self):
        """Who paid leaves the queue, who got his money back comes again."""
        for company, partials in self.grouped("company_id").items():
            debtors = (partials.debit_move_id | partials.credit_move_id).partner_id
            self.env["cobranca.case.touch"]._touch(company, debtors)

    def _follow_consequences(self):
        """What is paid leaves the bureau list, and who owes nothing late gets his credit back."""
        self.env["cobranca.bureau.listing"]._follow_lines(self.debit_move_id)
        for company, partials in self.grouped("company_id").items():
            self.env["cobranca.credit.block"]._end_paid(company, partials.debit_move_id.partner_id)
