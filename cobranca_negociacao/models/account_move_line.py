from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.money import ZERO
from .cobranca_debt_words import REBATE


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["cobranca.agreement.guard", "account.move.line"]

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

    def _cobranca_read_debts(self, date, terms=None):
        """What an agreement says is what is paid: its installments get no discount for punctuality besides.

        Who pays one before its time owes less of its interest.
        """
        debts = super()._cobranca_read_debts(date, terms)
        less = self.browse([line.id for line, debt in debts.items() if debt.discount])
        # sudo: whether it is of an agreement, whoever reads what it costs
        agreed = less.sudo().filtered("cobranca_agreement_id").with_env(self.env) if less else less
        rebates = self.env["cobranca.agreement"]._read_rebates(self, date)
        for line in agreed | self.browse(rebates):
            debt = debts[line]
            amount = min(rebates.get(line.id, ZERO), debt.charges.principal)
            remarks = (*debt.remarks, (REBATE, "")) if amount else debt.remarks
            debts[line] = debt._replace(discount=amount, remarks=remarks)
        return debts

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

    @api.model
    def _cobranca_get_replaced_query(self, company):
        """Debts that an agreement has, since it was signed, and installments of agreements that ended.

        What was paid of those pays the original debts, so that they would count twice: paid ones as well.
        """
        for model in ("cobranca.agreement", "cobranca.agreement.origin", "cobranca.agreement.installment"):
            self.env[model].flush_model()
        return SQL(
            """
            %(others)s
             UNION ALL
            SELECT origin.line_id, agreement.date, origin.principal, FALSE
              FROM cobranca_agreement_origin origin
              JOIN cobranca_agreement agreement ON agreement.id = origin.agreement_id
             WHERE origin.is_live AND agreement.company_id = %(company)s
             UNION ALL
            SELECT item.line_id, NULL, NULL, item.mirror_line_id IS NULL
              FROM cobranca_agreement_installment item
              JOIN cobranca_agreement agreement ON agreement.id = item.agreement_id
             WHERE agreement.ended_on IS NOT NULL AND item.company_id = %(company)s
            """,
            others=super()._cobranca_get_replaced_query(company),
            company=company.id,
        )
