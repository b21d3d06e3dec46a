"""What a customer usually pays a month, as the ground on which one offer is pointed out among several."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_DOWN, Decimal
from statistics import median

# Fewer months say nothing of a habit.
LEAST_MONTHS = 3


def usual(months: Iterable[Decimal]) -> Decimal | None:
    """The median of what was paid in the months in which something was paid; None when they are too few.

    :param months: one amount for each month, zero where nothing was paid

    >>> usual([Decimal(300), Decimal(0), Decimal(500), Decimal(350), Decimal(0)])
    Decimal('350.00')
    >>> usual([Decimal(300), Decimal(500), Decimal(0)]) is None
    True
    """
    paid = [month for month in months if month > 0]
    if len(paid) < LEAST_MONTHS:
        return None
    return median(paid).quantize(Decimal("0.01"), ROUND_DOWN)


def first_within(greatest: Sequence[Decimal | None], most: Decimal) -> int | None:
    """The place of the first plan whose greatest payment is no more than an amount.

    :param greatest: payment of each plan, None where there is no plan

    >>> first_within([Decimal(900), None, Decimal(300), Decimal(200)], Decimal(350))
    2
    >>> first_within([Decimal(900)], Decimal(350)) is None
    True
    """
    return next((place for place, amount in enumerate(greatest) if amount is not None and amount <= most), None)
