from dataclasses import dataclass
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError


@dataclass(frozen=True)
class PayOff:
    """What it takes to pay the rest of an agreement at once.

    :param lines: account.move.line, what is open, the oldest first
    :param charges: {line: {kind: amount}} of what is late
    :param rebates: {line: amount}, interest that is not owed any more
    :param open: face value of what is open
    :param total: to be paid
    """

    lines: models.Model
    charges: dict
    rebates: dict
    open: Decimal
    total: Decimal


class CobrancaAgreementPayoff(models.AbstractModel):
    """Who pays all that is left before its time owes no interest of the time to come (CDC, art. 52, § 2º)."""

    _name = "cobranca.agreement.payoff"
    _description = "Early Pay-off of an Agreement"

    # === BUSINESS METHODS === #

    def _pay_off_quote(self, date):
        """What is to be paid on a day to be done with an agreement.

        :param date date: of the payment
        :return: PayOff
        :raise UserError: when it is not in force
        """
        self.ensure_one()
        self.check_access("read")
        agreement = self.sudo()  # sudo: amounts of an agreement that one may read
        if agreement.state != "active":
            raise UserError(self.env._("%(agreement)s is not in force: nothing can be paid off.", agreement=self.name))
        items = agreement.installment_ids._get_open().sorted("due")
        lines = items.line_id
        rebates = agreement._get_rebates(date)
        charges = self.env["cobranca.receipt"]._get_accrued(lines, date)
        face = sum((agreement._to_cents(line.amount_residual) for line in lines), Decimal(0))
        late = sum((amount for kinds in charges.values() for amount in kinds.values()), Decimal(0))
        return PayOff(lines, charges, rebates, face, face + late - sum(rebates.values(), Decimal(0)))

    def _pay_off(self, credits, date):
        """Pay all that is left of an agreement at once, with the rebate; what is too much stays the customer's credit.

        :param credits: account.move.line, the money
        :param date date: on which it came
        :return: account.move, the entries that were posted
        :raise AccessError: for who is no collector
        :raise UserError: when the money is not enough, or the agreement is not in force
        """
        self.ensure_one()
        self._check_group("collector", self.env._("Agreements are paid off by people of Cobrança."))
        credits.check_access("read")
        agreement = self.sudo()  # sudo: the right was checked; entries are for methods only
        agreement._claim()
        agreement._check_day(date, first=agreement._get_last_change_day())
        quote = agreement._pay_off_quote(date)
        credits = credits.sudo()  # sudo: the right was checked, as above
        money = sum((agreement._to_cents(-credit.amount_residual) for credit in credits), Decimal(0))
        if money < quote.total:
            raise UserError(
                self.env._(
                    "%(total)s pays %(agreement)s off on this day, and this is %(money)s: receive it as an ordinary "
                    "payment of the next installments.",
                    total=self.currency_id.format(float(quote.total)),
                    agreement=self.name,
                    money=self.currency_id.format(float(money)),
                )
            )
        # sudo: the right was checked, as above
        Receipt = self.env["cobranca.receipt"].sudo().with_company(self.company_id)
        # Money that is booked late gives the rebate of its own day; what was booked since comes before that entry.
        moves = agreement._post_rebate(
            quote.rebates, max(date, agreement._get_last_entry_day()), agreement._get_unearned()
        )
        lines = Receipt._get_running(quote.lines)
        moves |= Receipt._receive(credits, lines, date, charges=quote.charges)
        agreement._tell_paid_off(quote)
        return moves.with_env(self.env)

    def _register_pay_off(self, journal, date):
        """Register the money that pays all that is left.

        :param journal: account.journal, a bank or cash journal
        :param date date: on which it came
        :return: account.payment
        :raise UserError: when the agreement is not in force
        """
        quote = self._pay_off_quote(date)
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner_id.id,
                "amount": float(quote.total),
                "date": date,
                "journal_id": journal.id,
                "memo": self.env._("Pay-off of agreement %(agreement)s", agreement=self.name),
            }
        )
        payment.action_post()
        self._pay_off(payment.move_id._cobranca_get_credits(), date)
        return payment
