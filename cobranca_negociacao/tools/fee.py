"""What an agency asks for its work of the customer himself (honorários): a percentage of each payment, on top of it.

Plans are made without it, so that no discount, limit or interest is touched by it.
"""

from dataclasses import replace
from decimal import ROUND_DOWN, Decimal, localcontext

from .money import CENT, PRECISION, ZERO, cents, require, require_percent
from .plan import Plan, discount


def with_fee(plan: Plan, percent: Decimal) -> Plan:
    """The same plan, each payment of it with its fee.

    :param percent: of each payment, interest of the installments included
    :return: Plan whose total is agreed + financing + fee

    >>> from datetime import date
    >>> from .plan import Parts, Terms, make_plan
    >>> terms = Terms({}, Decimal("40.00"), 2, "none", Decimal(0), date(2026, 11, 24))
    >>> plan = with_fee(make_plan([Parts(Decimal("100.05"))], terms), Decimal(10))
    >>> [(str(each.amount), str(each.fee)) for each in plan.installments], str(plan.total), str(plan.agreed)
    ([('44.00', '4.00'), ('33.03', '3.00'), ('33.02', '3.00')], '110.05', '100.05')
    """
    if not require_percent("fee", percent):
        return plan
    rows = [(each, discount(each.amount, percent)) for each in plan.installments]
    fee = sum((amount for _each, amount in rows), ZERO)
    installments = tuple(each._replace(amount=each.amount + amount, fee=amount) for each, amount in rows)
    return replace(plan, installments=installments, fee=fee, fee_percent=percent, total=plan.total + fee)


def without_fee(amount: Decimal, percent: Decimal) -> Decimal:
    """The most that a payment can be without its fee, so that it is no more than an amount with it.

    >>> without_fee(Decimal("110.00"), Decimal(10)), without_fee(Decimal("0.04"), Decimal(20))
    (Decimal('100.00'), Decimal('0.03'))
    """
    if not require_percent("fee", percent):
        return require("amount", amount)
    with localcontext(PRECISION):
        return (require("amount", amount) * 100 / (100 + percent)).quantize(CENT, ROUND_DOWN)


def fee_of(paid: Decimal, amount: Decimal, fee: Decimal) -> Decimal:
    """What of the money for a payment is its fee: that of all money that came, to the cent.

    :param paid: altogether by now
    :param amount: of the payment, its fee included

    >>> [str(fee_of(Decimal(paid), Decimal("33.03"), Decimal("3.00"))) for paid in ("20.00", "33.03", "50.00")]
    ['1.82', '3.00', '3.00']
    """
    with localcontext(PRECISION):
        return cents(fee * min(paid, amount) / amount) if amount else ZERO
