from dataclasses import dataclass, field
from datetime import date as Date
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import float_repr

from ..tools.late_charges import PRINCIPAL_FIRST, ZERO
from ..tools.receipt import PRINCIPAL, absorb, allocate, count_earned
from .account_chart_template import CHARGE_JOURNAL
from .cobranca_receipt_checks import KEEP


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
    _inherit = [
        "cobranca.receipt.checks",
        "cobranca.receipt.dues",
        "cobranca.receipt.entries",
        "cobranca.receipt.record",
        "cobranca.receipt.undo",
    ]
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
        return self._receive_all_as_of([Receipt(credits, lines, date)])

    @api.model
    def _receive_all_as_of(self, receipts):
        """The same for many.

        :param list receipts: of Receipt, without charges and concessions of their own
        :return: account.move, the entries that were posted
        """
        closed = {}
        for receipt in receipts:
            key = (receipt.lines | receipt.credits).company_id[:1], receipt.date
            if key not in closed:
                company, date = key
                journal = company._cobranca_get_journal(CHARGE_JOURNAL)
                closed[key] = bool(company._get_violated_lock_dates(date, False, journal))
            if closed[key]:
                self._book_today(receipt, key[0])
        return self._receive_all(receipts)

    @api.model
    def _book_today(self, receipt, company):
        """Fix what the debts of a receipt cost on its day, and book it today."""
        receipt.charges = self._get_charges(receipt.lines, receipt.date)
        receipt.concessions = self._get_earned_discounts(receipt.credits, receipt.lines, receipt.date)
        receipt.date = company._cobranca_today()

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
        self._record_payments(company, date, settled)
        advances = self._book_advances(company, date, receipts)
        self._tell_overpaid(receipts)
        return booking.moves | advances

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
        for line in lines:
            due = dues[line]
            for kind, wanted in (receipt.concessions.get(line) or {}).items():
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
        left = sum((money[credit] for credit in receipt.credits), ZERO)
        wanted = [(sum(dues[line].parts.values(), ZERO), self._get_discount(receipt, line, dues)) for line in lines]
        for line in lines[: count_earned(left, wanted)]:
            if discount := self._get_discount(receipt, line, dues):
                dues[line].parts[PRINCIPAL] -= discount
                settled.append(Settled(receipt.credits[:1], line, "discount", discount))
                dues[line].discount = ZERO
        return settled

    @api.model
    def _get_discount(self, receipt, line, dues):
        """The discount that money may earn: none where the caller says himself what is conceded."""
        return ZERO if receipt.concessions.get(line) else dues[line].discount

    @api.model
    def _to_decimal(self, line, amount):
        """An amount of Odoo in cents."""
        digits = line.company_currency_id.decimal_places
        return Decimal(float_repr(line.company_currency_id.round(float(amount)), digits))
