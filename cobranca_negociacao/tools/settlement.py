"""What interest of the installments is earned, and what is given back to who pays earlier.

The interest of an installment runs by days from the payment before it to its own due day; that of a
first installment without a down payment during the month before it.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal, localcontext

from dateutil.relativedelta import relativedelta

from .money import PRECISION, ZERO, cents, share_out
from .plan import Installment

__all__ = ["earned", "rebate", "share_out"]


def rebate(installments: Sequence[Installment], paid_numbers: Collection[int], day: date) -> Decimal:
    """The interest that who pays all off on a day does not owe (CDC, art. 52, § 2º).

    All of what has not begun by then, by days of what runs; nothing of what is due or paid.

    :param installments: of the whole plan
    :param paid_numbers: of those that are paid

    >>> plan = [
    ...     Installment(1, date(2026, 12, 10), Decimal("51.00"), Decimal("1.00"), Decimal("50.00")),
    ...     Installment(2, date(2027, 1, 10), Decimal("50.50"), Decimal("0.50"), Decimal("50.00")),
    ... ]
    >>> rebate(plan, {1}, date(2026, 12, 10)), rebate(plan, (), date(2026, 11, 25))
    (Decimal('0.50'), Decimal('1.00'))
    """
    return sum(
        (each.interest - part for each, part in _earned_each(installments, day) if each.number not in paid_numbers),
        ZERO,
    )


def earned(installments: Sequence[Installment], month_end: date) -> Decimal:
    """The interest that belongs to the time up to a day, that day included.

    >>> plan = [
    ...     Installment(0, date(2026, 11, 20), Decimal("20.00"), Decimal("0.00"), Decimal("20.00")),
    ...     Installment(1, date(2026, 12, 20), Decimal("51.00"), Decimal("0.90"), Decimal("50.10")),
    ... ]
    >>> earned(plan, date(2026, 11, 30)), earned(plan, date(2026, 12, 31))
    (Decimal('0.30'), Decimal('0.90'))
    """
    return sum((part for _each, part in _earned_each(installments, month_end)), ZERO)


def _earned_each(installments, day) -> Iterator[tuple[Installment, Decimal]]:
    before = None
    for each in sorted(installments, key=lambda one: one.due):
        start = before or each.due - relativedelta(months=1)
        days, length = (day - start).days, (each.due - start).days
        with localcontext(PRECISION):
            # Two may be due on one day after one was put off.
            share = Decimal(days >= 0) if not length else min(max(Decimal(days) / length, Decimal(0)), Decimal(1))
            yield each, cents(each.interest * share)
        before = each.due
