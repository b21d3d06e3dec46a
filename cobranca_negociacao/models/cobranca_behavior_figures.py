from odoo import api, models
from odoo.tools import SQL


class CobrancaBehaviorFigures(models.AbstractModel):
    _inherit = "cobranca.behavior.figures"

    @api.model
    def _get_payments_query(self):
        """Money of a broken agreement paid the debts, on the day on which it came."""
        return SQL(
            """
            %s
             UNION ALL
            SELECT lines.id, credit.cobranca_paid_on, partial.amount
              FROM lines
              JOIN account_partial_reconcile partial ON partial.debit_move_id = lines.id
              JOIN account_move_line credit ON credit.id = partial.credit_move_id
             WHERE credit.cobranca_paid_on IS NOT NULL
            """,
            super()._get_payments_query(),
        )
