"""What an agency earns on money that came in."""

from decimal import Decimal
from typing import NamedTuple

from .money import cents, require_percent


class Step(NamedTuple):
    """What is added to the ledger of one payment on one debt: negative when money went back."""

    amount: Decimal
    fee: Decimal
    commission: Decimal


def commission(amount: Decimal, percent: Decimal) -> Decimal:
    """The commission on so much money.

    :raise ValueError: ("amount" or "percent", value)

    >>> commission(Decimal("107.90"), Decimal("20"))
    Decimal('21.58')
    """
    if not isinstance(amount, Decimal) or not amount.is_finite() or amount < 0:
        raise ValueError("amount", amount)
    return cents(amount * require_percent("percent", percent) / 100)


def step(now: Decimal, now_fee: Decimal, amount: Decimal, fee: Decimal, earned: Decimal, percent: Decimal) -> Step:
    """What is to be added, so that the ledger says what the books say.

    The commission is that of all money less what was earned already: payments in parts and money that goes back
    leave no cent behind.

    :param now: what the books say of a payment on a debt
    :param now_fee: what of it is the agency's own fee, which earns no commission
    :param amount: what the ledger says of the payment
    :param fee: what the ledger says of the fee
    :param earned: the commission that the ledger says

    >>> step(Decimal("0.05"), Decimal("0.00"), Decimal("0.00"), Decimal("0.00"), Decimal("0.00"), Decimal("50"))
    Step(amount=Decimal('0.05'), fee=Decimal('0.00'), commission=Decimal('0.03'))
    >>> step(Decimal("0.00"), Decimal("0.00"), Decimal("0.05"), Decimal("0.00"), Decimal("0.03"), Decimal("50"))
    Step(amount=Decimal('-0.05'), fee=Decimal('0.00'), commission=Decimal('-0.03'))
    >>> step(Decimal("110.00"), Decimal("0.00"), Decimal("110.00"), Decimal("10.00"), Decimal("20.00"), Decimal("20"))
    Step(amount=Decimal('0.00'), fee=Decimal('-10.00'), commission=Decimal('2.00'))
    """
    return Step(cents(now - amount), cents(now_fee - fee), cents(commission(now - now_fee, percent) - earned))


def transfer(received: Decimal, earned: Decimal, is_with_agency: bool) -> Decimal:
    """What an agency passes on: all but what it earned of the money that it holds, nothing of what came to us.

    :param earned: commission and fees

    >>> transfer(Decimal("1000.00"), Decimal("250.00"), True)
    Decimal('750.00')
    >>> transfer(Decimal("1000.00"), Decimal("250.00"), False)
    Decimal('0.00')
    """
    return cents(received - earned) if is_with_agency else cents(Decimal(0))
