from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..tools.late_charges import ZERO
from .account_chart_template import CHARGE_JOURNAL


class CobrancaLineReceipt(models.AbstractModel):
    """What receipts and their charges need of journal items."""

    _name = "cobranca.line.receipt"
    _description = "Debts and Their Receipts"

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_only_without_paid_charges(self):
        # sudo: whether there are any, whoever deletes
        paid = self.env["cobranca.charge"].sudo().search([("line_id", "in", self.ids), ("state", "=", "paid")], limit=1)
        if paid:
            raise UserError(
                self.env._(
                    "%(charge)s was paid: take back its payment before you change what is owed.",
                    charge=paid.display_name,
                )
            )

    # === BUSINESS METHODS === #

    def _cobranca_claim(self):
        """Wait until nobody else works on these debts and this money, then keep them for this transaction.

        Who waited in vain, because something was booked meanwhile, gets a serialization failure: his
        request begins again and finds what was booked. The write makes that so even where only the
        charges of a debt change, whose rows the lock does not cover.
        """
        ids = tuple(sorted(self.ids))
        if not ids:
            return
        self.env.flush_all()
        # One order for all: two runs with the same rows wait for one another, never both.
        self.env.execute_query(
            SQL("SELECT id FROM account_move_line WHERE id IN %s ORDER BY id FOR NO KEY UPDATE", ids)
        )
        self.env.execute_query(
            SQL("UPDATE account_move_line SET write_date = write_date WHERE id IN %s RETURNING id", ids)
        )
        self.invalidate_recordset(["amount_residual", "reconciled", "parent_state"])

    @api.model
    def _cobranca_get_settled_charges(self, lines, date):
        """Charges of debts that were paid or waived until a day.

        :return: {line: [(date, kind, amount)]}
        """
        return self.env["cobranca.charge"]._get_settled(lines, date)

    def _cobranca_get_payable(self, date):
        """What these debts amount to when they are paid on a day, where the payment is for `cobranca.receipt` to book.

        :param date date: of the payment
        :return: {line: tools.debt.Debt}, empty where not all of these are debts in the company's currency
        """
        if len(self.company_id) != 1 or not self.env["cobranca.receipt"]._are_debts(self):
            return {}
        return self._cobranca_read_debts(date)

    def _cobranca_get_payable_page(self, debts, date, amount):
        """The parts of what these debts amount to, for who registers a payment.

        :param list debts: of tools.debt.Debt
        :param date date: of the payment
        :param float amount: that is about to be registered
        :return: dict(title, sums, total, left) for the template `payment_parts`; empty without charges and discounts
        """
        charges = sum((debt.charges.charges for debt in debts), ZERO)
        discount = sum((debt.discount for debt in debts), ZERO)
        if not charges and not discount:
            return {}
        currency = self.company_id.currency_id
        total = sum(self.mapped("amount_residual")) + float(charges - discount)
        missing = currency.round(total - amount)
        is_short = charges and missing > 0
        return {
            "title": self.env._("On %(day)s", day=format_date(self.env, date)),
            "sums": self._cobranca_sum_up(debts, currency),
            "total": currency.format(total),
            "left": self.env._("%(amount)s stays open.", amount=currency.format(missing)) if is_short else "",
        }

    @api.model
    def _cobranca_get_asked_conditions(self, company, date):
        """Nor may the entry of a charge be asked for: its money has come."""
        conditions = super()._cobranca_get_asked_conditions(company, date)
        # sudo: finds the journal of the company, whoever asks; by number, as each reminder that leaves asks for it
        chart, data = self.env["account.chart.template"].sudo(), self.env["ir.model.data"].sudo()
        owners = company | company.sudo().parent_ids[:1]  # sudo: whose branch it is
        names = [chart.company_xmlid(CHARGE_JOURNAL, owner) for owner in owners]
        found = [data._xmlid_to_res_id(name, raise_if_not_found=False) for name in names]
        journal = next(filter(None, found), None)
        return [*conditions, SQL("line.journal_id <> %s", journal)] if journal else conditions
