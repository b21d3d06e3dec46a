from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.cobranca_recorrente.models.account_chart_template import TRANSFER_JOURNAL

from ..tools.settlement import rebates
from .cobranca_agreement_entries import ON, OURS


class CobrancaAgreementRebate(models.AbstractModel):
    """Who pays an installment before its time owes no interest of the time to come (CDC, art. 52, § 2º)."""

    _name = "cobranca.agreement.rebate"
    _description = "Rebates of Installments"

    # === BUSINESS METHODS === #

    @api.model
    def _read_rebates(self, lines, date):
        """What debts cost less on a day because they are installments that are not due yet.

        :param lines: account.move.line
        :param date date: of the payment
        :return: {id of the line: amount}, without those at zero
        """
        if not lines:
            return {}
        for model in ("cobranca.agreement", "cobranca.agreement.installment"):
            self.env[model].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT agreement.id
                  FROM cobranca_agreement_installment item
                  JOIN cobranca_agreement agreement ON agreement.id = item.agreement_id
                 WHERE item.line_id = ANY(%s) AND item.due_agreed > %s
                   AND agreement.state = 'active' AND agreement.financing > 0
                """,
                list(lines.ids),
                date,
            )
        )
        # sudo: what a debt costs does not depend on who reads it
        agreements = self.env["cobranca.agreement"].sudo().browse([row[0] for row in rows])
        ids, found = set(lines.ids), {}
        for agreement in agreements:
            given = agreement._get_rebates(date)
            found.update({line.id: amount for line, amount in given.items() if line.id in ids})
        return found

    def _get_rebates(self, date):
        """What is not owed of the open installments when they are paid on a day.

        :param date date: of the payment
        :return: {account.move.line: amount}, without those at zero
        """
        self.ensure_one()
        found, to_come = {}, rebates(self.installment_ids._get_plan(), date)
        for item in self.installment_ids._get_open():
            left = self._to_cents(item.line_id.amount_residual)
            # What was given already is not given again.
            given = to_come.get(item.number, Decimal(0)) - self._get_rebated(item.line_id)
            if (amount := min(left, given)) > 0:
                found[item.line_id] = amount
        return found

    def _get_rebated(self, lines):
        """The interest of installments that was taken off them.

        :param lines: account.move.line
        :return: Decimal
        """
        return sum((self._to_cents(partial.amount) for partial in self._get_rebate_partials(lines)), Decimal(0))

    def _get_rebated_each(self):
        """:return: {number of an installment: its interest that was taken off it}, without those at zero"""
        numbers = {item.line_id: item.number for item in self.installment_ids}
        found = {}
        for partial in self._get_rebate_partials(self.installment_ids.line_id):
            number = numbers[partial.debit_move_id]
            found[number] = found.get(number, Decimal(0)) + self._to_cents(partial.amount)
        return found

    def _get_rebate_partials(self, lines):
        return lines.matched_credit_ids.filtered(
            lambda partial: partial.credit_move_id.move_id.cobranca_agreement_role == "rebate"
        )

    def _get_remitted(self):
        """The interest of installments that is not owed any more: never income, and no concession.

        :return: Decimal
        """
        return self._get_rebated(self.installment_ids.line_id) + self._get_forgiven()

    # --- booking ---

    @api.model
    def _give_rebates(self, amounts, date):
        """Take interest that is not owed any more off installments that are paid on a day.

        :param dict amounts: {account.move.line: amount}
        :param date date: on which the money came
        :return: lines that are installments: the others are left to the caller
        """
        lines = self.env["account.move.line"].union(*amounts)
        # sudo: whoever receives money need not know of agreements
        items = self.env["cobranca.agreement.installment"].sudo().search([("line_id", "in", lines.ids)])
        by_line = {line.id: amount for line, amount in amounts.items()}
        for found, own in items.grouped("agreement_id").items():
            agreement = found.with_company(found.company_id)
            given = {line: by_line[line.id] for line in own.line_id}
            agreement._post_rebate(given, max(date, agreement._get_last_change_day()))
            agreement._tell_rebate(own, sum(given.values()))
        return lines & items.line_id.with_env(lines.env)

    def _post_rebate(self, rebates, date, left=None):
        """The interest that is not owed any more goes off the installments.

        :param dict rebates: {account.move.line: amount}
        :param left: interest that is settled with it: what is not given was earned; None: only what is given
        :return: account.move
        """
        given = sum(rebates.values(), Decimal(0))
        # More may be income already, where money is booked later than the interest of its month.
        left = min(given, self._get_unearned()) if left is None else left
        rows = [(line, self._item(line.account_id, -amount, line.date_maturity)) for line, amount in rebates.items()]
        if left:
            rows.append(("unearned", self._item(self.unearned_account_id, left, date)))
        if given != left:
            account = self.company_id._cobranca_get_account("financing")
            rows.append(("earned", self._item(account, given - left, date)))
        if not rows:
            return self.env["account.move"]
        move, items = self._post_rows("rebate", TRANSFER_JOURNAL, date, rows)
        self.env["account.move.line"]._reconcile_plan([line | items[line] for line in rebates])
        return move

    def _take_rebates_back(self):
        """Take back the rebate of installments whose money went back: their interest is owed, and earned, again."""
        partials = self._get_rebate_partials(self.installment_ids._get_open().line_id)
        if not partials:
            return
        date = self.company_id._cobranca_today()
        rows = [
            (partial, self._item(line.account_id, self._to_cents(partial.amount), line.date_maturity))
            for partial in partials
            for line in partial.debit_move_id
        ]
        owed = sum(self._to_cents(partial.amount) for partial in partials)
        rows.append(("unearned", self._item(self.unearned_account_id, -owed, date)))
        _move, items = self._post_rows("rebate", TRANSFER_JOURNAL, date, rows)
        pairs = [partial.credit_move_id | items[partial] for partial in partials]
        partials.credit_move_id.with_context(**{OURS: ON}).remove_move_reconcile()
        self.env["account.move.line"]._reconcile_plan(pairs)
        self._tell_rebate_taken_back(owed)
