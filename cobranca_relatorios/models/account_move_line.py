from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # Among what is open are many lines of banks that wait for a statement: the account tells what customers owe.
    _cobranca_receivable_idx = models.Index(
        "(company_id, account_id) WHERE reconciled IS NOT TRUE AND parent_state = 'posted' AND amount_residual <> 0"
    )
    # Money of broken agreements is little of what is booked, and every report of payments asks for it.
    _cobranca_paid_on_idx = models.Index("(cobranca_paid_on) WHERE cobranca_paid_on IS NOT NULL")
