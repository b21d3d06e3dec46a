from dataclasses import dataclass, field
from datetime import date as Date
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import float_repr

from ..tools.late_charges import ORDERS, PRINCIPAL_FIRST, ZERO
from ..tools.receipt import PRINCIPAL, absorb, allocate
from .account_chart_template import CHARGE_JOURNAL
from .cobranca_receipt_entries import CONCESSIONS

KEEP, ADVANCE = "keep", "advance"


@dataclass
class Receipt:
    """Money for some debts; see `cobranca.receipt._receive` for the values."""

    credits: models.Model
    lines: models.Model
    date: Date
    order: str | None = None
    charges: dict | None = None
    concessions: dict = field(default_factory=dict)
    leftover: str = KEEP


@dataclass(frozen=True)
class Settled:
    """A part of a debt that is settled: by a credit, or by a concession (no credit, or the one that came with it)."""

    credit: models.Model
    line: models.Model
    part: str
    amount: Decimal


class CobrancaReceipt(models.AbstractModel):
    """The one way in which money meets debts: charges become income when they are paid, by one entry."""

    _name = "cobranca.receipt"
    _inherit = ["cobranca.receipt.dues", "cobranca.receipt.entries", "cobranca.receipt.undo"]
    _description = "Receipt of Debts"

    @api.model
    def _receive(self, credits, lines, date, order=None, charges=None, concessions=None, leftover=KEEP):
        """Settle debts by money that came in, or by concessions without money.

        A second call with the same arguments finds the money spent and books nothing.

        :param credits: account.move.line, open credits on receivable accounts, whatever made them
        :param lines: account.move.line, debts on receivable accounts, the oldest first (CC, art. 355)
        :param date date: of the receipt; charges are due and booked as of it
        :param str order: `charges` first (CC, art. 354) or `principal` first; None for what the
            conditions of each debt say, except that money of exactly the principal pays that
        :param dict charges: {line: {kind: amount}} of `interest`, `fine`, `correction`, `recovery`, net of
            what is waived; None for all that is due at the date
        :param dict concessions: {line: {kind: amount}} of `discount`, `loss`, `estimate`: settled without money
        :param str leftover: `keep` an excess as a credit of the customer, or book it as an `advance`
        :return: account.move, the entries that were posted
        :raise UserError: with what cannot be received, and what to do
        """
        return self._receive_all([Receipt(credits, lines, date, order, charges, concessions or {}, leftover)])

    @api.model
    def _receive_as_of(self, credits, lines, date):
        """The same as of a day whose books may be closed: what debts cost then is booked today.

        :param date date: on which the customer paid
        :return: account.move, the entries that were posted
        """
        company = (credits | lines).company_id[:1]
        if not company._get_violated_lock_dates(date, False, company._cobranca_get_journal(CHARGE_JOURNAL)):
            return self._receive(credits, lines, date)
        charges = self._get_charges(lines, date)
        discounts = self._get_earned_discounts(credits, lines, date)
        today = company._cobranca_today()
        return self._receive(credits, lines, today, charges=charges, concessions=discounts)

    @api.model
    def _get_earned_discounts(self, credits, lines, date):
        """The discounts of a day, when the money is enough for all debts with them and not without.

        :return: {line: {"discount": amount}}
        """
        debts = self._get_running(lines)._cobranca_read_debts(date)
        total = sum((debt.charges.total for debt in debts.values()), ZERO)
        given = {line: debt.discount for line, debt in debts.items() if debt.discount}
        money = sum((-self._to_decimal(credit, credit.amount_residual) for credit in credits), ZERO)
        if not given or not total - sum(given.values()) <= money < total:
            return {}
        return {line: {"discount": amount} for line, amount in given.items()}

    @api.model
    def _receive_all(self, receipts):
        """Settle many receipts with one entry for each company, day and journal.

        :param list receipts: of Receipt; the same debt or credit may be in several
        :return: account.move, the entries that were posted
        """
        for receipt in receipts:
            self._check(receipt)
        batches = {}
        for receipt in receipts:
            if company := (receipt.credits | receipt.lines).company_id:
                batches.setdefault((company, receipt.date), []).append(receipt)
        everything = [receipt.credits | receipt.lines for receipt in receipts]
        self.env["account.move.line"].union(*everything)._cobranca_claim()
        moves = self.env["account.move"]
        for (company, date), batch in sorted(batches.items(), key=lambda item: item[0][1]):
            moves |= self.with_company(company)._receive_batch(company, date, batch)
        return moves

    @api.model
    def _receive_batch(self, company, date, receipts):
        """Settle the receipts of one company and day; their rows are locked."""
        dues = self._get_dues(receipts, date)
        money = {}
        settled = []
        for receipt in receipts:
            settled += self._settle(receipt, dues, money)
        booking = self._book(company, date, settled)
        self._keep_memos(date, settled, dues, booking)
        # Reconciling told the promises before the charges that this money paid were known.
        paid = self.env["account.move.line"].union(*(receipt.lines for receipt in receipts))
        self.env["cobranca.promise"]._decide_of(paid)
        return booking.moves | self._book_advances(company, date, receipts)

    @api.model
    def _settle(self, receipt, dues, money):
        """Share the money of one receipt out; what is left of debts and money is noted for the next one.

        :param dict dues: {line: Due}, what is still due
        :param dict money: {credit: what is left of it}
        :return: list of Settled
        """
        credits = receipt.credits
        for credit in credits:
            left = ZERO if credit.reconciled else -self._to_decimal(credit, credit.amount_residual)
            money.setdefault(credit, max(left, ZERO))
        if credits and not any(money[credit] for credit in credits):
            # Received before: what came with this money is settled as well.
            return []
        lines = receipt.lines.filtered(lambda line: dues[line].parts or dues[line].given)
        settled = self._concede(receipt, lines, dues, money)
        parts, missing = absorb(sum((money[credit] for credit in credits), ZERO), [dues[line].parts for line in lines])
        for line, changed in zip(lines, parts, strict=True):
            lost = dues[line].parts.get(PRINCIPAL, ZERO) - changed.get(PRINCIPAL, ZERO)
            dues[line].parts = changed
            if missing and lost:
                settled.append(Settled(credits[:1], line, "discount", lost))
        total = sum((money[credit] for credit in credits), ZERO)
        order = receipt.order or (receipt.charges is None and self._get_order_meant(total, parts))
        orders = [order or dues[line].order for line in lines]
        for share in allocate([money[credit] for credit in credits], parts, orders):
            credit, line = credits[share.credit], lines[share.debt]
            money[credit] -= share.amount
            dues[line].parts[share.part] -= share.amount
            settled.append(Settled(credit, line, share.part, share.amount))
        return settled

    @api.model
    def _get_order_meant(self, total, parts):
        """Money of exactly the principal is meant for it: the debts are closed, their charges stay open memos.

        The creditor may give quittance for the capital (Código Civil, art. 354). Taking such money for
        the charges first would leave every invoice that is paid late open by a few cents or reais.

        :param Decimal total: the money
        :param list parts: dict for each debt, {part: amount due}
        :return: str, or None when the conditions of each debt decide
        """
        principal = sum((of_one.get(PRINCIPAL, ZERO) for of_one in parts), ZERO)
        return PRINCIPAL_FIRST if principal and total == principal else None

    @api.model
    def _concede(self, receipt, lines, dues, money):
        """Settle what is given without money, the discounts that the money of a receipt earns included.

        :return: list of Settled
        """
        settled = []
        left = sum((money[credit] for credit in receipt.credits), ZERO)
        for line in lines:
            due = dues[line]
            given = receipt.concessions.get(line) or {}
            for kind, wanted in given.items():
                amount = self._to_decimal(line, wanted)
                if amount > due.parts.get(PRINCIPAL, ZERO):
                    raise UserError(
                        self.env._(
                            "Only %(open)s of %(debt)s is open: no more can be forgiven or written off.",
                            open=line.company_currency_id.format(float(due.parts.get(PRINCIPAL, ZERO))),
                            debt=line.move_name or line.name,
                        )
                    )
                if amount:
                    due.parts[PRINCIPAL] -= amount
                    settled.append(Settled(receipt.credits[:1], line, kind, amount))
            total = sum(due.parts.values(), ZERO)
            # Who pays the whole amount keeps it as his credit: a discount is for who claims it.
            if due.discount and not given and total - due.discount <= left < total:
                due.parts[PRINCIPAL] -= due.discount
                settled.append(Settled(receipt.credits[:1], line, "discount", due.discount))
                total -= due.discount
                due.discount = ZERO
            left = max(left - total, ZERO)
        return settled

    # === CHECKS === #

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

    @api.model
    def _to_decimal(self, line, amount):
        """An amount of Odoo in cents."""
        digits = line.company_currency_id.decimal_places
        return Decimal(float_repr(line.company_currency_id.round(float(amount)), digits))
