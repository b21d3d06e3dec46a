from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from odoo import models

from odoo.addons.cobranca_recorrente.models.account_chart_template import TRANSFER_JOURNAL
from odoo.addons.cobranca_recorrente.models.cobranca_charge import OWED

from .cobranca_agreement_entries import ON, OURS
from .cobranca_agreement_guard import BY_AGREEMENT


@dataclass
class Received:
    """What was paid for installments, by the day on which it came.

    :param dict by_day: {(account, date): amount}
    :param charges: cobranca.charge, late charges of installments that were paid with it
    :param given: cobranca.charge, discounts that came with it: the break takes them back
    """

    charges: models.Model
    given: models.Model
    by_day: dict = field(default_factory=lambda: defaultdict(Decimal))


class CobrancaAgreementMirror(models.AbstractModel):
    """The opposite of all that an agreement booked, by one entry of the day on which it ends.

    Not Odoo's reversal, which would pair installments with the transfer: pairs are made one by one.
    """

    _name = "cobranca.agreement.mirror"
    _description = "Break Entry of an Agreement"

    # === BUSINESS METHODS === #

    def _mirror(self, date):
        """Post the mirror, close what is left of the installments and open the debts again.

        :param date date: of the entry
        :return: account.move.line, credits of what was paid, for the debts
        """
        received = self._get_received()
        rows = [*self._get_result_rows(date, received), *self._get_open_rows()]
        rows += [
            (("money", account, day), self._item(account, -amount, day))
            for (account, day), amount in sorted(received.by_day.items(), key=lambda item: item[0][1])
        ]
        mirror, items = self._post_rows("break", TRANSFER_JOURNAL, date, rows)
        self.mirror_id = mirror
        money = self.env["account.move.line"]
        for key, item in items.items():
            if key[0] == "money":
                item.with_context(**BY_AGREEMENT).cobranca_paid_on = key[2]
                money |= item
        self._reconcile_mirror(items)
        self._take_back_charges(received.charges | received.given)
        return money

    def _get_received(self):
        """What settled the installments until now, with the late charges that were paid beside them.

        Who breaks an agreement has paid neither twice: all of it counts for the original debts.

        :return: Received
        """
        # sudo: nobody writes charges but their methods
        Charge = self.env["cobranca.charge"].sudo()
        lines = self.installment_ids.line_id
        paid = Charge.search([("line_id", "in", lines.ids), ("state", "=", "paid")])
        received = Received(
            paid.filtered(lambda charge: charge.kind in OWED), paid.filtered(lambda charge: charge.kind == "discount")
        )
        to_decimal = self.env["cobranca.receipt"]._to_decimal
        for partial in lines.matched_credit_ids:
            credit, line = partial.credit_move_id, partial.debit_move_id
            if credit.move_id.cobranca_agreement_id != self and credit not in received.given.item_id:
                # Money of an agreement that was broken before keeps the day on which it came.
                day = credit.cobranca_paid_on or credit.date
                received.by_day[line.account_id, day] += to_decimal(line, partial.amount)
        for charge in received.charges:
            received.by_day[charge.line_id.account_id, charge.date] += to_decimal(charge.line_id, charge.amount)
        return received

    # === ROWS === #

    def _get_result_rows(self, date, received):
        """The opposite of what the agreement did to results and to interest that is not earned.

        :return: list of (key, values of an item)
        """
        transit = self.company_id._cobranca_get_account("transit")
        sums = defaultdict(Decimal)
        for item in self._get_items():
            if item.account_id.account_type != "asset_receivable" and item.account_id != transit:
                sums[item.account_id, item.cobranca_agreement_id] += self._to_cents(item.balance)
        for charges, sign in ((received.charges, -1), (received.given, 1)):
            for charge in charges:
                sums[charge.account_id, self] += sign * self._to_cents(charge.amount)
        return [
            (("result", account, owner), self._item(account, -balance, date, owner=owner))
            for (account, owner), balance in sums.items()
            if balance
        ]

    def _get_open_rows(self):
        """The old debts with their own due dates, against what is left of the installments.

        :return: list of (key, values of an item)
        """
        rows = []
        for origin in self.origin_ids:
            line = origin.line_id
            values = self._item(line.account_id, origin.principal, origin.due, line.move_name)
            rows.append((("origin", origin), {**values, "partner_id": line.partner_id.id}))
        for item in self.installment_ids._get_open():
            left = self._to_cents(item.line_id.amount_residual)
            rows.append((("installment", item), self._item(item.line_id.account_id, -left, item.due)))
        return rows

    def _get_items(self):
        """All that was booked for this agreement, in its own entries and in the collective ones.

        :return: account.move.line
        """
        return self.env["account.move.line"].search(
            [
                ("parent_state", "=", "posted"),
                "|",
                ("cobranca_agreement_id", "=", self.id),
                ("move_id.cobranca_agreement_id", "=", self.id),
            ]
        )

    def _to_cents(self, amount):
        return Decimal(str(self.currency_id.round(amount))).quantize(Decimal("0.01"))

    # === RECONCILIATION === #

    def _reconcile_mirror(self, items):
        """Give the old debts free, then pair the mirror with what it is the opposite of."""
        plan = []
        for key, item in items.items():
            if key[0] == "origin":
                origin = key[1]
                origin.mirror_line_id = item
                plan.append(origin.transfer_line_id | item)
            elif key[0] == "installment":
                key[1].mirror_line_id = item
                plan.append(key[1].line_id | item)
        self.origin_ids.transfer_line_id.with_context(**{OURS: ON}).remove_move_reconcile()
        self.env["account.move.line"]._reconcile_plan(plan)

    def _take_back_charges(self, paid):
        """What was agreed and forgiven counts no more, nor what paid installments still cost: all is computed again.

        :param paid: cobranca.charge, late charges and discounts of installments, which the mirror took back
        """
        # sudo: nobody writes charges but their methods
        Charge = self.env["cobranca.charge"].sudo()
        kept = Charge.search([("agreement_id", "=", self.id), ("state", "in", ("paid", "waived"))])
        left = Charge.search([("line_id", "in", self.installment_ids.line_id.ids), ("state", "=", "open")])
        (paid | left).agreement_id = self
        (kept | paid | left).state = "undone"
        self.env["cobranca.loss"]._follow_payments(self.origin_ids.line_id)
