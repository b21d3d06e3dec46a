"""Cents: what amounts are made of, how they are checked, rounded and shared out."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from operator import itemgetter

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
# Powers of rates, far below a cent of any amount.
PRECISION = Context(prec=40)
# More than any ledger holds: what is larger is a slip of the keyboard or an attack.
MAX_AMOUNT = Decimal("1e12")


def cents(amount: Decimal) -> Decimal:
    """Rounded half up to cents.

    >>> cents(Decimal("22.145"))
    Decimal('22.15')
    """
    return amount.quantize(CENT, ROUND_HALF_UP)


def require(name: str, amount: Decimal) -> Decimal:
    """An amount of money: whole cents, not negative.

    :raise ValueError: (name, amount)

    >>> require("down", Decimal("10"))
    Decimal('10.00')
    """
    if not isinstance(amount, Decimal) or not amount.is_finite() or not 0 <= amount <= MAX_AMOUNT:
        raise ValueError(name, amount)
    if cents(amount) != amount:
        raise ValueError(name, amount)
    return cents(amount)


def require_percent(name: str, percent: Decimal) -> Decimal:
    """A percentage from 0 to 100.

    :raise ValueError: (name, percent)
    """
    if not isinstance(percent, Decimal) or not percent.is_finite() or not 0 <= percent <= 100:
        raise ValueError(name, percent)
    return percent


def share_out(amount: Decimal, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """An amount in proportion to weights, to the cent: the cents left over go to the largest remainders.

    No share differs by a cent from its exact value, so none exceeds its weight where the amount does
    not exceed all weights together.

    :param amount: 0 or more
    :param weights: 0 or more, not all of them 0 unless the amount is
    :return: one share for each weight, adding up to the amount
    :raise ValueError: ("amount" or "weight", what cannot be)

    >>> [str(share) for share in share_out(Decimal("22.15"), [Decimal("27.95"), Decimal("15.05"), Decimal("1.29")])]
    ['13.98', '7.53', '0.64']
    """
    amount = require("amount", amount)
    weights = [require("weight", weight) for weight in weights]
    if not amount:
        return (ZERO,) * len(weights)
    whole = sum(weights, ZERO)
    if not whole:
        raise ValueError("amount", amount)
    number, total = int(amount / CENT), int(whole / CENT)
    shares, remainders = [], []
    for place, weight in enumerate(weights):
        share, remainder = divmod(number * int(weight / CENT), total)
        shares.append(share)
        remainders.append((-remainder, place))
    for _remainder, place in sorted(remainders, key=itemgetter(0, 1))[: number - sum(shares)]:
        shares[place] += 1
    return tuple(share * CENT for share in shares)
