from odoo import models


class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    def _reconcile_payments(self, to_process, edit_mode=False):
        """Charges first: what Odoo would put on the principal alone is shared out by the conditions of each debt.

        What is left is reconciled as Odoo does. A rate given by hand is of another currency: Odoo's as well.
        """
        for values in to_process:
            if "rate" not in values:
                oldest_first = values["to_reconcile"].sorted(lambda line: (line.date_maturity or line.date, line.id))
                values["payment"]._cobranca_receive(oldest_first)
        return super()._reconcile_payments(to_process, edit_mode=edit_mode)
