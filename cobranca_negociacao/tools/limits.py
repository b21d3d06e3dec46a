"""What may be conceded, and where a plan goes beyond it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from .money import ZERO
from .plan import COMPONENTS, Plan, discount


@dataclass(frozen=True)
class Limits:
    """The most that a policy or somebody's authority concedes.

    :param percents: {component: greatest discount, percent}; what is missing gets none
    :param min_down_percent: of the amount agreed on, where it is not paid at once
    :param max_count: installments after the down payment; 0: at once only
    :param min_installment: amount
    :param methods: of interest that the installments may have
    :param min_rate: percent a month that installments bear when there are more than `free_count`
    :param max_first_days: until the first payment, from today
    :param validity_days: of a proposal
    :param unearned: interest of months to come in the principal: who lets it off concedes nothing
    """

    percents: Mapping[str, Decimal]
    min_down_percent: Decimal
    max_count: int
    min_installment: Decimal
    methods: frozenset
    min_rate: Decimal
    free_count: int
    max_first_days: int
    validity_days: int
    unearned: Decimal = ZERO


# Where nothing was decided, nothing is conceded.
NOTHING = Limits({}, Decimal(0), 0, ZERO, frozenset(), Decimal(0), 0, 0, 0)


class Excess(NamedTuple):
    """Where a plan goes beyond the limits.

    :param kind: "percent:<component>", "down", "count", "installment", "method", "rate", "first" or "next"
    :param wanted: what the plan has: percent, amount, number, method or day, by kind
    :param allowed: the limit in the same unit; of "method" the methods in alphabetical order
    """

    kind: str
    wanted: object
    allowed: object


def meet(*limits: Limits) -> Limits:
    """The strictest of each: what all of them concede.

    :raise ValueError: ("limits", ()) for none at all

    >>> wide = Limits({"fine": Decimal(100)}, Decimal(0), 12, ZERO, frozenset({"sac", "simple"}), Decimal(0), 12, 30, 9)
    >>> narrow = Limits({"fine": Decimal(50)}, Decimal(20), 6, ZERO, frozenset({"simple"}), Decimal(1), 3, 10, 5)
    >>> meet(wide, narrow).max_count, meet(wide, narrow).percents["fine"], meet(wide, narrow).min_down_percent
    (6, Decimal('50'), Decimal('20'))
    """
    if not limits:
        raise ValueError("limits", limits)
    values = {}
    for field in fields(Limits):
        each = [getattr(one, field.name) for one in limits]
        values[field.name] = (max if field.name.startswith("min_") else min)(each, key=_plain)
    values["percents"] = {name: min(one.percents.get(name, Decimal(0)) for one in limits) for name in COMPONENTS}
    values["methods"] = frozenset.intersection(*(one.methods for one in limits))
    return Limits(**values)


def _plain(value):
    """Mappings and sets have no order; they are met by themselves."""
    return value if isinstance(value, Decimal | int) else 0


def excesses(plan: Plan, limits: Limits, today: date) -> tuple[Excess, ...]:
    """All in which a plan concedes more than the limits do; empty: it may be offered.

    :param today: from which the first payment is counted

    >>> from .plan import Parts, Terms, make_plan
    >>> day = date(2026, 11, 19)
    >>> plan = make_plan([Parts(Decimal("600.00"))], Terms({}, None, 6, "none", Decimal(0), day))
    >>> five = Limits({}, Decimal(0), 5, ZERO, frozenset(), Decimal(0), 6, 10, 5)
    >>> excesses(plan, five, day)
    (Excess(kind='count', wanted=6, allowed=5),)
    """
    return (*_of_discount(plan, limits), *_of_payments(plan, limits), *_of_days(plan, limits, today))


def _of_discount(plan, limits):
    for name in COMPONENTS:
        allowed = limits.percents.get(name, Decimal(0))
        # In cents: a percentage of nothing is no concession, and neither is its rounding.
        if plan.given[name] > most_given(sum((getattr(debt, name) for debt in plan.debts), ZERO), name, limits):
            yield Excess(f"percent:{name}", plan.terms.percents[name], allowed)


def most_given(whole: Decimal, name: str, limits: Limits) -> Decimal:
    """The greatest discount on a component: the percentage is of what is owed by now.

    >>> limits = Limits({"principal": Decimal(5)}, Decimal(0), 0, ZERO, frozenset(), Decimal(0), 0, 0, 0, Decimal("20"))
    >>> most_given(Decimal("120.00"), "principal", limits)
    Decimal('25.00')
    """
    free = min(limits.unearned, whole) if name == "principal" else ZERO
    return free + discount(whole - free, limits.percents.get(name, Decimal(0)))


def _of_payments(plan, limits):
    terms = plan.terms
    if not terms.count:
        return
    down, least = terms.down or ZERO, least_down(plan.agreed, limits)
    if down < least:
        yield Excess("down", down, least)
    if terms.count > limits.max_count:
        yield Excess("count", terms.count, limits.max_count)
    smallest = min(each.amount - each.fee for each in plan.installments if each.number)
    if smallest < limits.min_installment:
        yield Excess("installment", smallest, limits.min_installment)
    rate = Decimal(0) if terms.method == "none" else terms.rate
    if rate and terms.method not in limits.methods:
        yield Excess("method", terms.method, tuple(sorted(limits.methods)))
    if terms.count > limits.free_count and rate < limits.min_rate:
        yield Excess("rate", rate, limits.min_rate)


def _of_days(plan, limits, today):
    first, last = plan.terms.first, today + timedelta(days=limits.max_first_days)
    if first < today:
        yield Excess("first", first, today)
    elif first > last:
        yield Excess("first", first, last)
    # Nor is the first installment put off beyond the month that follows the down payment at its latest.
    if plan.terms.next and plan.terms.next > (latest := max(first, last) + relativedelta(months=1)):
        yield Excess("next", plan.terms.next, latest)


def least_down(agreed: Decimal, limits: Limits) -> Decimal:
    """The smallest down payment before installments."""
    return discount(agreed, limits.min_down_percent)
