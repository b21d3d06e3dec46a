from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import history

MONTHS = 12
# What came by bank, cash or card on the customer's debts, by month.
PAID = """
    SELECT date_trunc('month', credit.date), SUM(partial.amount)::text
      FROM res_partner contact
      JOIN account_move_line debit ON debit.partner_id = contact.id AND debit.company_id = %(company)s
      JOIN account_partial_reconcile partial ON partial.debit_move_id = debit.id
      JOIN account_move_line credit ON credit.id = partial.credit_move_id
      JOIN account_move move ON move.id = credit.move_id
      JOIN account_journal journal ON journal.id = credit.journal_id
     WHERE contact.commercial_partner_id = %(debtor)s AND credit.date >= %(since)s AND credit.date <= %(today)s
       AND (journal.type IN ('bank', 'cash', 'credit') OR move.origin_payment_id IS NOT NULL)
     GROUP BY 1
"""


class CobrancaProposalDeskMatch(models.AbstractModel):
    """Which of the proposals goes with how the customer has paid so far."""

    _name = "cobranca.proposal.desk.match"
    _description = "Proposal That Matches the History"

    # === BUSINESS METHODS === #

    @api.model
    def _find_match(self, scene, plans):
        """The first column whose greatest payment the customer usually manages in a month.

        :param plans: list of (tools.plan.Plan or None, why not), one for each column
        :return: (key of the column, the rule in a sentence), or None: without a history nothing is pointed out
        """
        months = self._get_paid_months(scene)
        most = history.usual(months)
        if most is None:
            return None
        greatest = [max(each.amount for each in plan.installments) if plan else None for plan, _why in plans]
        place = history.first_within(greatest, most)
        if place is None:
            return None
        currency = scene.company.currency_id
        why = self.env._(
            "The greatest payment is %(payment)s; in the months in which this customer paid something, of the last "
            "%(months)s, it was %(usual)s in the middle (%(count)s months).",
            payment=currency.format(float(greatest[place])),
            months=MONTHS,
            usual=currency.format(float(most)),
            count=len(months),
        )
        return scene.columns[place].key, why

    @api.model
    def _get_paid_months(self, scene):
        """What the customer paid in each month of the last year in which he paid.

        :return: list of Decimal
        """
        for model in ("account.move.line", "account.move", "account.partial.reconcile", "res.partner"):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                PAID,
                company=scene.company.id,
                debtor=scene.debtor.id,
                since=fields.Date.subtract(scene.today, months=MONTHS),
                today=scene.today,
            )
        )
        return [Decimal(amount) for _month, amount in rows]
