"""What a placement with an agency comes to while its debts are in agreements: commission and last day. No Odoo."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

HUNDREDTH = Decimal("0.01")


def weigh(parts: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    """The commission on installments that stand in the place of several debts, each with its own.

    :param parts: amount and percent of each debt; one that the agency does not have counts with 0 %
    :raise ValueError: for an amount below zero, or a percent that is none

    >>> weigh([(Decimal(1000), Decimal(15)), (Decimal(500), Decimal(25))])
    Decimal('18.33')
    >>> weigh([(Decimal(300), Decimal(20)), (Decimal(100), Decimal(0))])
    Decimal('15.00')
    >>> weigh([])
    Decimal('0.00')
    >>> weigh([(Decimal(-1), Decimal(15))])
    Traceback (most recent call last):
    ValueError: ('amount', Decimal('-1'))
    """
    total = earned = Decimal(0)
    for amount, percent in parts:
        if amount < 0:
            raise ValueError("amount", amount)
        if not 0 <= percent <= 100:
            raise ValueError("percent", percent)
        total += amount
        earned += amount * percent
    return (earned / total if total else Decimal(0)).quantize(HUNDREDTH, ROUND_HALF_UP)


def last_day(base: date, dues: Iterable[date], days: int) -> date:
    """The last day of a term that goes on while agreements run.

    :param base: its last day without them
    :param dues: due dates of the installments of agreements in force
    :param days: so long after the last installment
    :raise ValueError: for days below zero

    >>> base = date(2027, 2, 17)
    >>> last_day(base, [date(2027, 1, 10), date(2027, 3, 10)], 15)
    datetime.date(2027, 3, 25)
    >>> last_day(base, [date(2026, 12, 1)], 15) == last_day(base, [], 15) == base
    True
    """
    if days < 0:
        raise ValueError("days", days)
    dues = list(dues)
    return max(base, max(dues) + timedelta(days=days)) if dues else base
