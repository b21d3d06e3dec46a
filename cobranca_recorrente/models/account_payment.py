from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    # === ACTIONS === #

    def action_post(self):
        """Let a payment that names its invoices pay them: charges by their conditions included."""
        result = super().action_post()
        for payment in self.filtered(lambda payment: payment.invoice_ids and payment.move_id.state == "posted"):
            payment._cobranca_receive(payment.invoice_ids._cobranca_get_debts_to_receive())
        return result

    # === BUSINESS METHODS === #

    def _cobranca_receive(self, lines):
        """Settle debts with this payment, where that is for `cobranca.receipt` to do.

        Others stay as Odoo has them: money paid out, other currencies, payments without an entry (their
        money is received with the line of the bank statement).

        :param lines: account.move.line
        :return: account.move, the entries that were posted
        """
        self.ensure_one()
        receipt = self.env["cobranca.receipt"]
        credits = self.move_id._cobranca_get_credits().filtered(lambda item: not item.reconciled)
        if self.payment_type != "inbound" or not lines or not receipt._can_receive(credits, lines):
            return self.env["account.move"]
        return receipt._receive(credits, lines, self.date)
