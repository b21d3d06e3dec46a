from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # Among what is open are many lines of banks that wait for a statement: the account tells what customers owe.
    _cobranca_receivable_idx = models.Index(
        "(company_id, account_id) WHERE reconciled IS NOT TRUE AND parent_state = 'posted' AND amount_residual <> 0"
    )
