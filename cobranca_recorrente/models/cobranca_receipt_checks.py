from odoo import api, models
from odoo.exceptions import UserError

from ..tools.late_charges import ORDERS
from .cobranca_receipt_entries import CONCESSIONS

KEEP, ADVANCE = "keep", "advance"


class CobrancaReceiptChecks(models.AbstractModel):
    """What can be received, and what is refused with words that say what to do."""

    _name = "cobranca.receipt.checks"
    _description = "Checks of a Receipt"

    @api.model
    def _can_receive(self, credits, lines):
        """Is this for `_receive` to do, or for Odoo's plain reconciliation?"""
        return (
            bool(credits)
            and len((credits | lines).company_id) == 1
            and self._are_receivable(credits)
            and all(credit.balance < 0 for credit in credits)
            and self._are_debts(lines)
        )

    @api.model
    def _are_debts(self, lines):
        """Are these debts of customers that money can be received for?"""
        return bool(lines) and self._are_receivable(lines) and all(line.balance > 0 for line in lines)

    @api.model
    def _are_receivable(self, items):
        return (
            items.currency_id == items.company_currency_id
            and all(item.account_id.account_type == "asset_receivable" for item in items)
            and all(item.parent_state == "posted" for item in items)
        )

    @api.model
    def _check(self, receipt):
        """:raise UserError: with what cannot be received, and what to do"""
        items = receipt.credits | receipt.lines
        if len(items.company_id) > 1:
            raise UserError(self.env._("Money and debts must be of one company."))
        foreign = items.filtered(lambda item: item.currency_id != item.company_currency_id)
        if foreign:
            raise UserError(
                self.env._(
                    "%(item)s is in %(currency)s: charges are received in %(company_currency)s only. Reconcile it by "
                    "hand, and invoice its charges apart.",
                    item=foreign[0].move_name or foreign[0].name,
                    currency=foreign[0].currency_id.name,
                    company_currency=foreign[0].company_currency_id.name,
                )
            )
        for item in receipt.credits:
            self._check_item(item, True)
        for item in receipt.lines:
            self._check_item(item, False)
        if receipt.order not in (None, *ORDERS) or receipt.leftover not in (KEEP, ADVANCE):
            raise ValueError(f"receipt: {receipt.order!r}, {receipt.leftover!r}")
        if not receipt.date:
            raise UserError(self.env._("Write the day on which the money came in."))
        self._check_amounts(receipt)

    @api.model
    def _check_item(self, item, is_credit):
        name = item.move_name or item.name or ""
        if item.account_id.account_type != "asset_receivable":
            raise UserError(self.env._("%(item)s is not on a receivable account of a customer.", item=name))
        if item.parent_state != "posted":
            raise UserError(self.env._("%(item)s is not posted: post it before it is received.", item=name))
        if is_credit != (item.balance < 0):
            raise UserError(
                self.env._("%(item)s is no money received: choose a credit of the customer.", item=name)
                if is_credit
                else self.env._("%(item)s is no debt: choose a debit of the customer.", item=name)
            )

    @api.model
    def _check_amounts(self, receipt):
        for given in (receipt.charges or {}, receipt.concessions):
            for line, amounts in given.items():
                if line not in receipt.lines or any(not amount >= 0 for amount in amounts.values()):
                    raise UserError(
                        self.env._(
                            "Charges and discounts of %(debt)s must be zero or more, and the debt among those that "
                            "are received.",
                            debt=line.move_name or line.name,
                        )
                    )
        if unknown := {kind for given in receipt.concessions.values() for kind in given} - set(CONCESSIONS):
            raise ValueError(f"concession: {sorted(unknown)}")
