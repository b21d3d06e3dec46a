from odoo import fields, models
from odoo.tools import SQL


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    cobranca_agreement_id = fields.Many2one(
        comodel_name="cobranca.agreement",
        string="Agreement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    cobranca_paid_on = fields.Date(
        string="Money received on",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="What was paid for installments of a broken agreement pays the original debts as of this day.",
    )

    # === BUSINESS METHODS === #

    def _cobranca_get_paid_query(self):
        """Money of a broken agreement was there when it was paid, not when the agreement broke."""
        self.env["account.move.line"].flush_model(["cobranca_paid_on"])
        return SQL(
            """
            SELECT paid.line_id, paid.credit_id, COALESCE(credit.cobranca_paid_on, paid.day) AS day, paid.amount
              FROM (%s) paid
              LEFT JOIN account_move_line credit ON credit.id = paid.credit_id
            """,
            super()._cobranca_get_paid_query(),
        )
