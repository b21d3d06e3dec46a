from decimal import Decimal
from typing import NamedTuple

from odoo import api, models

from ..tools.money import share_out
from ..tools.plan import COMPONENTS


class Settled(NamedTuple):
    """One thing that settled a debt, or a charge that was paid with it.

    `kind`: payment, transfer, agreement, credit_note, discount, loss; fine, interest, correction; recovery (of a loss);
    forgiven (charges that an agreement gave up).
    """

    day: object
    kind: str
    amount: float
    name: str


# Money, among what closes a debt on a customer's account.
RECEIVED = ("payment", "transfer")


class CobrancaQuittanceTransfer(models.AbstractModel):
    """What was received of debts that agreements took over: a transfer closed them, and only installments are paid."""

    _name = "cobranca.quittance.transfer"
    _description = "Debts That Agreements Settled"

    # === BUSINESS METHODS === #

    @api.model
    def _get_replacements(self, lines):
        """The installments that took the place of debts, those of later agreements included.

        :param lines: account.move.line
        :return: account.move.line
        """
        Origin, found = self.env["cobranca.agreement.origin"], lines.browse()
        origins = Origin._get_of_lines(lines)
        while origins:
            items = origins.agreement_id.installment_ids.line_id.with_env(lines.env) - found
            found |= items
            origins = Origin._get_of_lines(items)
        return found

    @api.model
    def _get_transferred(self, origins):
        """What was received and conceded of debts in agreements: of each its share, as of the last payment.

        :param origins: cobranca.agreement.origin in force
        :return: list of Settled
        """
        rows = []
        for agreement, own in origins.grouped("agreement_id").items():
            received = self._get_received_of_origins(agreement)
            money = self._get_received_partials(self._get_replacements(own.line_id))
            day = max(money.mapped("max_date"), default=agreement.date)
            for origin in own:
                parts, name = received[origin], f"{origin.line_id.move_id.name} · {agreement.name}"
                less = {part: self._to_cents(origin[part]) - amount for part, amount in parts.items()}
                amounts = {**parts, "agreement": parts["principal"], "discount": less.pop("principal")}
                amounts |= {"principal": 0, "forgiven": sum(less.values())}
                rows += [Settled(day, kind, float(amount), name) for kind, amount in amounts.items() if amount]
        return rows

    @api.model
    def _get_received_of_origins(self, agreement):
        """What came for the debts of an agreement: what was agreed on, less what was conceded of its installments.

        Interest of the installments that is not owed any more is no concession on the debts.

        :return: {cobranca.agreement.origin: {component: Decimal}}
        """
        lines = agreement.installment_ids.line_id
        came = sum((self._get_received(line) for line in lines), Decimal(0))
        conceded = max(self._to_cents(agreement.total) - came - agreement._get_remitted(), Decimal(0))
        agreed = {
            origin: [self._to_cents(origin[name]) - self._to_cents(origin[f"given_{name}"]) for name in COMPONENTS]
            for origin in agreement.origin_ids
        }
        conceded = min(conceded, sum(map(sum, agreed.values()), Decimal(0)))
        lost = share_out(conceded, [sum(parts) for parts in agreed.values()])
        return {
            origin: {
                name: part - less for name, part, less in zip(COMPONENTS, parts, share_out(share, parts), strict=True)
            }
            for (origin, parts), share in zip(agreed.items(), lost, strict=True)
        }

    @api.model
    def _get_received(self, line):
        """The money that came for the face value of a debt, if only through a later agreement.

        :return: Decimal
        """
        money = sum((self._to_cents(partial.amount) for partial in self._get_received_partials(line)), Decimal(0))
        for origin in self.env["cobranca.agreement.origin"]._get_of_lines(line):
            money += self._get_received_of_origins(origin.agreement_id)[origin]["principal"]
        return money

    @api.model
    def _get_received_partials(self, lines):
        """The reconciliations of debts with money.

        :return: account.partial.reconcile
        """
        return lines.matched_credit_ids.filtered(
            lambda partial: self._get_credit_kind(partial.credit_move_id) in RECEIVED
        )

    @api.model
    def _to_cents(self, amount):
        return Decimal(str(amount)).quantize(Decimal("0.01"))
