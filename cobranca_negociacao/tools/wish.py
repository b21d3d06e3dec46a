"""What a customer wishes to pay a month, answered with the plan within the limits that comes closest to it."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_CEILING, Decimal

from .limits import Limits
from .money import CENT, ZERO, require
from .offer import fit, offers
from .plan import COMPONENTS, Parts, Terms, discount, make_plan

# The slider begins at this part of what is owed, whatever the limits: it tells nothing of them.
LEAST_PART = 20
# Nobody is asked to wait longer for his money, nor a computer to look for such a plan.
MOST_MONTHS = 60


def nearest(debts: Sequence[Parts], limits: Limits, monthly: Decimal, first: date, today: date) -> tuple[Terms, bool]:
    """The plan with which nobody pays more than so much a month; else the one with the smallest payments.

    Of the plans that fit, and the offers that are ready anyway, the one that costs least.

    :param monthly: the most of any payment
    :param first: day of the first payment, which the limits allow
    :return: (terms, is it as wished?)
    :raise ValueError: ("monthly", monthly) for what is no wish; ("debts", total) where nothing is owed

    >>> limits = Limits({}, Decimal(0), 2, ZERO, frozenset(), Decimal(0), 3, 5, 5)
    >>> debts, day = [Parts(Decimal("195.60"))], date(2026, 11, 19)
    >>> [(terms.count, str(terms.down), wished) for terms, wished in
    ...     (nearest(debts, limits, Decimal(amount), day, day) for amount in (98, 65, 200))]
    [(1, '98', True), (2, '66', False), (0, 'None', True)]
    """
    if not require("monthly", monthly):
        raise ValueError("monthly", monthly)
    total = sum((debt.total for debt in debts), ZERO)
    if not total:
        raise ValueError("debts", total)
    ready = [terms for _name, terms in offers(debts, limits, first, today)]
    least = _least(debts, limits)
    if monthly >= least and (terms := _within(debts, limits, monthly, first, today)):
        fitting = [terms, *(each for each in ready if greatest(debts, each) <= monthly)]
        return min(fitting, key=lambda each: make_plan(debts, each).total), True
    known = min(ready, key=lambda each: greatest(debts, each))
    found = _smallest(debts, limits, max(monthly, least), known, first, today)
    return min([known, found], key=lambda each: greatest(debts, each)), False


def check_wish(total: Decimal, monthly: Decimal) -> Decimal:
    """An amount a month with which so much can be paid at all.

    :raise ValueError: ("monthly", monthly)

    >>> str(check_wish(Decimal("195.60"), Decimal("3.30")))
    '3.30'
    >>> check_wish(Decimal("195.60"), Decimal("0.01"))
    Traceback (most recent call last):
    ValueError: ('monthly', Decimal('0.01'))
    """
    if require("monthly", monthly) * MOST_MONTHS < total:
        raise ValueError("monthly", monthly)
    return monthly


def greatest(debts: Sequence[Parts], terms: Terms) -> Decimal:
    """The greatest payment of a plan.

    >>> str(greatest([Parts(Decimal(100))], Terms({}, Decimal(40), 1, "none", Decimal(0), date(2026, 11, 19))))
    '60.00'
    """
    return max(each.amount for each in make_plan(debts, terms).installments)


def group(amounts: Sequence[Decimal]) -> list[tuple[Decimal, int]]:
    """Payments that follow one another and are equal, but for a cent, together: (the greatest of them, how many).

    >>> [(str(amount), count) for amount, count in group([Decimal("30"), Decimal("10.01"), Decimal("10.00")])]
    [('30', 1), ('10.01', 2)]
    """
    groups = []
    for amount in amounts:
        if groups and abs(groups[-1][0] - amount) <= CENT:
            groups[-1] = (max(groups[-1][0], amount), groups[-1][1] + 1)
        else:
            groups.append((amount, 1))
    return groups


def bounds(total: Decimal) -> tuple[int, int]:
    """From where to where a slider goes, in whole units of the currency.

    >>> bounds(Decimal("195.60")), bounds(Decimal("0.50"))
    ((10, 196), (1, 1))
    """
    return _up(total / LEAST_PART), _up(total)


def _within(debts, limits, monthly, first, today):
    try:
        terms, beyond = fit(debts, limits, monthly, first, today)
    except ValueError:
        return None  # so little that no plan does with it
    return None if beyond else terms


def _least(debts, limits):
    """Less a month is in no plan: everything that may be given is given, in as many equal parts as may be."""
    owed = sum((debt.total for debt in debts), ZERO)
    for name in COMPONENTS:
        amount = sum((getattr(debt, name) for debt in debts), ZERO)
        owed -= discount(amount, limits.percents.get(name, Decimal(0)))
    return owed / (limits.max_count + 1)


def _smallest(debts, limits, low, known, first, today):
    """By halves, in whole units: the least a month that is within the limits, and no more than a plan that is known."""
    low, high, best = int(low), _up(greatest(debts, known)), known
    while high - low > 1:
        middle = (low + high) // 2
        if terms := _within(debts, limits, Decimal(middle), first, today):
            high, best = middle, terms
        else:
            low = middle
    return best


def _up(amount):
    return max(int(amount.to_integral_value(ROUND_CEILING)), 1)
