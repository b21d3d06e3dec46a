from dataclasses import dataclass, field
from decimal import Decimal

from odoo import api, models

from ..tools.late_charges import CHARGES_FIRST, ZERO
from ..tools.receipt import PRINCIPAL, RECOVERY
from .cobranca_charge import OWED

DISCOUNT = "discount"
MEMO_KINDS = (*OWED, DISCOUNT, RECOVERY)


@dataclass
class Due:
    """What a debt still wants, while a batch is received.

    :param dict parts: {`principal` or kind of charge: amount}
    :param bool is_open: is any principal open when the batch begins?
    :param discount: for who pays on this day
    :param str order: in which its parts are paid
    :param str terms: the conditions, in words
    """

    parts: dict = field(default_factory=dict)
    is_open: bool = False
    given: bool = False
    discount: Decimal = ZERO
    order: str = CHARGES_FIRST
    terms: str = ""


class CobrancaReceiptDues(models.AbstractModel):
    """What debts want on the day of a receipt, and the memos of what was paid and what stayed open."""

    _name = "cobranca.receipt.dues"
    _description = "What a Receipt Finds Due"

    @api.model
    def _get_dues(self, receipts, date):
        """What all debts of a batch want.

        :return: {line: Due}
        """
        lines = self.env["account.move.line"].union(*(receipt.lines for receipt in receipts))
        explicit = {}
        for receipt in receipts:
            if receipt.charges is not None:
                explicit.update({line: receipt.charges.get(line) or {} for line in receipt.lines})
        computed = lines.filtered(lambda line: line not in explicit)
        debts = self._get_running(computed)._cobranca_read_debts(date)
        charges = {**self._get_paid_charges(computed), **self._get_parts(debts), **explicit}
        # sudo: by which conditions a debt is paid does not depend on who receives it
        policies = {line: version.sudo() for line, version in lines._cobranca_get_policies(date).items()}
        dues = {}
        for line in lines:
            parts = {kind: self._to_decimal(line, amount) for kind, amount in charges.get(line, {}).items() if amount}
            if self._get_running(line):
                parts[PRINCIPAL] = self._to_decimal(line, line.amount_residual)
            dues[line] = Due(
                parts,
                is_open=PRINCIPAL in parts,
                given=any(line in receipt.concessions for receipt in receipts),
                discount=debts[line].discount if line in debts else ZERO,
                order=policies[line].imputation_order or CHARGES_FIRST,
                terms=policies[line].terms_text or "",
            )
        return dues

    @api.model
    def _get_charges(self, lines, date):
        """What debts cost by their delay on a day, those included whose principal is paid.

        :return: {line: {kind: amount}}
        """
        return {**self._get_paid_charges(lines), **self._get_accrued(lines, date)}

    @api.model
    def _get_accrued(self, lines, date):
        """What open debts cost by their delay until a day, less what was paid and waived.

        :return: {line: {kind: amount}}
        """
        return self._get_parts(self._get_running(lines)._cobranca_read_debts(date))

    @api.model
    def _get_running(self, lines):
        """The debts whose principal is open."""
        return lines.filtered(lambda line: not line.reconciled and line.amount_residual > 0)

    @api.model
    def _get_parts(self, debts):
        return {line: {kind: getattr(debt.charges, kind) for kind in OWED} for line, debt in debts.items()}

    @api.model
    def _get_paid_charges(self, lines):
        """What is still to be paid of debts whose principal is not open any more.

        That is what stayed open of charges when it was paid, and what was lost when it was written off.

        :return: {line: {kind: amount}}
        """
        paid = lines - self._get_running(lines)
        charges = {
            line: {kind: memo.amount for kind, memo in memos.items()}
            for line, memos in self.env["cobranca.charge"]._get_open(paid).items()
        }
        for line, (amount, _is_open) in self.env["cobranca.loss"]._get_left(paid).items():
            charges.setdefault(line, {})[RECOVERY] = amount
        return charges

    # === MEMOS === #

    @api.model
    def _keep_memos(self, date, settled, dues, booking):
        """Note which charges were paid and discounts given, and which charges stay open though the principal is paid.

        :param Booking booking: the items that were posted
        """
        lines = self.env["account.move.line"].union(*dues)
        memos = self.env["cobranca.charge"]._get_open(lines)
        amounts = {}
        for part in settled:
            if part.part in MEMO_KINDS:
                key = (part.line, part.part, part.credit)
                amounts[key] = amounts.get(key, ZERO) + part.amount
        values = []
        for (line, kind, credit), amount in amounts.items():
            item = booking.concession_items[line, kind] if kind == DISCOUNT else booking.charge_items[line]
            paid = self._paid_memo_values(date, line, kind, credit, item)
            memo = memos.get(line, {}).get(kind)
            left = self._to_decimal(line, memo.amount) - amount if memo else ZERO
            if memo and left <= 0:
                memo.write({**paid, "amount": float(amount)})
                del memos[line][kind]
                continue
            if memo:
                memo.amount = float(left)
            values.append(self._memo_values(dues, line, kind, amount) | paid)
        for (line, credit), (item, amount) in booking.recovery_items.items():
            paid = self._paid_memo_values(date, line, RECOVERY, credit, item)
            values.append(self._memo_values(dues, line, RECOVERY, amount) | paid)
        values += self._get_open_memo_values(date, dues, memos)
        # sudo: nobody writes charges but their methods
        self.env["cobranca.charge"].sudo().create(values)
        self.env["cobranca.loss"]._follow_payments(lines)

    def _get_open_memo_values(self, date, dues, memos):
        """Charges that nobody paid, of debts whose principal was paid by this batch."""
        return [
            self._memo_values(dues, line, kind, amount) | {"date": date, "state": "open"}
            for line, due in dues.items()
            if due.is_open and line.reconciled
            for kind, amount in due.parts.items()
            if kind in OWED and amount > 0 and kind not in memos.get(line, {})
        ]

    def _memo_values(self, dues, line, kind, amount):
        return {"line_id": line.id, "kind": kind, "amount": float(amount), "terms": dues[line].terms}

    def _paid_memo_values(self, date, line, kind, credit, item):
        return {
            "date": date,
            "state": "paid",
            "credit_id": credit.id,
            "item_id": item.id,
            "account_id": line.company_id._cobranca_get_account(kind).id,
        }
