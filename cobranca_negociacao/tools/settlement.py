"""What interest of the installments is earned, and what is given back to who pays earlier.

All interest of a plan is earned by days: that of an installment from the payment before it to its own due day, that of
a first installment without a down payment during the month before it. What is not earned on a day stands in all
installments to come, in each by so much as it is worth less on that day than on its due day. Who pays one of them gets
that; who pays all gets all of it. (The interest that the table shows beside the first installment is that of the
whole balance, which is still owed when only this one is paid.)
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, localcontext
from types import MappingProxyType

from dateutil.relativedelta import relativedelta

from .money import PRECISION, ZERO, cents, share_out
from .plan import Installment

__all__ = ["earned", "rebate", "rebates", "share_out"]

NOTHING_GIVEN: Mapping[int, Decimal] = MappingProxyType({})
# Halvings until the rate is known far below what moves a cent.
HALVINGS = 64


def rebates(installments: Sequence[Installment], day: date) -> dict[int, Decimal]:
    """The interest of each installment that who pays it on a day does not owe (CDC, art. 52, § 2º).

    Each is discounted by its days at the one simple rate at which all of them together are worth what is owed without
    the interest to come; nothing of what is due, or has no interest.

    :param installments: of the whole plan
    :return: {number: amount}, without those at zero; together the interest that is not earned

    >>> plan = [
    ...     Installment(1, date(2026, 12, 10), Decimal("51.00"), Decimal("1.00"), Decimal("50.00")),
    ...     Installment(2, date(2027, 1, 10), Decimal("50.50"), Decimal("0.50"), Decimal("50.00")),
    ... ]
    >>> rebates(plan, date(2026, 12, 10)), rebates(plan, date(2026, 11, 10))
    ({2: Decimal('0.50')}, {1: Decimal('0.50'), 2: Decimal('1.00')})
    """
    rows = list(_earned_each(installments, day))
    left = sum((each.interest - part for each, _start, part in rows), ZERO)
    if not left:
        return {}
    # Before the interest begins to run, a day more or less is no reason for another share of it.
    begin = max(day, min(start for each, start, _part in rows if each.interest))
    charged = [(each.number, each.amount, (each.due - begin).days) for each, _start, _part in rows if each.interest]
    running = [row for row in charged if row[2] > 0]
    found, before, total = {}, ZERO, Decimal(0)
    with localcontext(PRECISION):
        rate = _find_rate(left, running)
        for number, amount, days in running:
            total += _discount(amount, days, rate)
            # Rounded as they add up: together they are what is left, to the cent.
            upto = left if number == running[-1][0] else min(cents(total), left)
            if upto > before:
                found[number] = upto - before
            before = upto
    return found


def rebate(installments: Sequence[Installment], paid_numbers: Collection[int], day: date) -> Decimal:
    """The same of all but those that are paid.

    >>> plan = [
    ...     Installment(1, date(2026, 12, 10), Decimal("51.00"), Decimal("1.00"), Decimal("50.00")),
    ...     Installment(2, date(2027, 1, 10), Decimal("50.50"), Decimal("0.50"), Decimal("50.00")),
    ... ]
    >>> rebate(plan, {1}, date(2026, 12, 10)), rebate(plan, (), date(2026, 11, 25))
    (Decimal('0.50'), Decimal('1.00'))
    """
    return sum((amount for number, amount in rebates(installments, day).items() if number not in paid_numbers), ZERO)


def earned(
    installments: Sequence[Installment], month_end: date, given: Mapping[int, Decimal] = NOTHING_GIVEN
) -> Decimal:
    """The interest that belongs to the time up to a day, that day included.

    :param given: {number: what was given back of it}: that is never earned, and the rest was by then

    >>> plan = [
    ...     Installment(0, date(2026, 11, 20), Decimal("20.00"), Decimal("0.00"), Decimal("20.00")),
    ...     Installment(1, date(2026, 12, 20), Decimal("51.00"), Decimal("0.90"), Decimal("50.10")),
    ... ]
    >>> earned(plan, date(2026, 11, 30)), earned(plan, date(2026, 12, 31))
    (Decimal('0.30'), Decimal('0.90'))
    >>> earned(plan, date(2026, 12, 31), {1: Decimal("0.60")})
    Decimal('0.30')
    """
    to_come = rebates(installments, month_end)
    left = sum((max(amount - given.get(number, ZERO), ZERO) for number, amount in to_come.items()), ZERO)
    return sum((each.interest for each in installments), ZERO) - sum(given.values(), ZERO) - left


def _find_rate(left, running):
    """The simple rate a day, between nothing and all, at which the discounts of all are what is left."""
    low, high = Decimal(0), Decimal(1)
    for _half in range(HALVINGS):
        # Any rate from zero up, as a share between 0 and 1.
        middle = (low + high) / 2
        rate = middle / (1 - middle)
        if sum(_discount(amount, days, rate) for _number, amount, days in running) < left:
            low = middle
        else:
            high = middle
    return low / (1 - low)


def _discount(amount, days, rate):
    """What an amount is worth less than on its due day."""
    return amount * rate * days / (1 + rate * days)


def _earned_each(installments, day) -> Iterator[tuple[Installment, date, Decimal]]:
    before = None
    for each in sorted(installments, key=lambda one: one.due):
        start = before or each.due - relativedelta(months=1)
        days, length = (day - start).days, (each.due - start).days
        with localcontext(PRECISION):
            # Two may be due on one day after one was put off.
            share = Decimal(days >= 0) if not length else min(max(Decimal(days) / length, Decimal(0)), Decimal(1))
            yield each, start, cents(each.interest * share)
        before = each.due
