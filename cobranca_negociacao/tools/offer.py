"""Plans that are found rather than typed: what fits a customer's pocket, and offers that are ready."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from .amortization import MAX_COUNT, capacity
from .limits import Excess, Limits, excesses, least_down
from .money import CENT, ZERO, require
from .plan import COMPONENTS, Parts, Plan, Terms, discount, make_plan
from .plan_edit import least_given, percent_of

NO_RATE = Decimal(0)
# Of the kinds of interest that may be charged, the one that nobody contests comes first.
PREFERRED = ("simple", "price", "sac")
# What ready offers begin with, where the limits do not ask for more.
SHORT_COUNT, SHORT_DOWN_PERCENT, LONG_DOWN_PERCENT = 3, Decimal(30), Decimal(20)
# These speak against a day, whatever the plan.
OF_DAYS = {"first", "next"}


def fit(
    debts: Sequence[Parts], limits: Limits, monthly: Decimal, first: date, today: date
) -> tuple[Terms, tuple[Excess, ...]]:
    """The plan for a customer who can pay so much a month: no payment is more than that.

    Among the plans within the limits the one that gives least away, and of those the shortest. Where
    there is none: as many installments as it takes, without a discount if possible, with what speaks
    against it.

    :param monthly: the most of any payment, the down payment included
    :param first: day of the first payment
    :return: (terms, excesses); no excess: it may be offered
    :raise ValueError: ("monthly", monthly) that no plan can do with

    >>> limits = Limits({}, Decimal(0), 5, ZERO, frozenset({"price"}), Decimal(1), 3, 10, 5)
    >>> debt = Parts(Decimal("3991.69"))
    >>> terms, over = fit([debt], limits, Decimal("600.00"), date(2026, 11, 24), date(2026, 11, 19))
    >>> terms.count, str(terms.down), over[0].kind
    (6, '600.00', 'count')
    """
    if not require("monthly", monthly):
        raise ValueError("monthly", monthly)
    best = None
    for count in range(min(limits.max_count, MAX_COUNT) + 1):
        for plan in _fitting(debts, limits, monthly, first, count):
            if (best is None or plan.agreed > best.agreed) and not _is_beyond(plan, limits, today):
                best = plan
        if best and best.agreed == best.before:
            break
    best = best or _nearest(debts, limits, monthly, first)
    return best.terms, excesses(best, limits, today)


def interest_of(limits: Limits, count: int) -> tuple[str, Decimal]:
    """The method and the rate that so many installments have to bear at least.

    >>> interest_of(Limits({}, Decimal(0), 5, ZERO, frozenset({"price"}), Decimal(1), 3, 10, 5), 4)
    ('price', Decimal('1'))
    """
    if count <= limits.free_count or not limits.min_rate:
        return "none", NO_RATE
    return next((method for method in PREFERRED if method in limits.methods), PREFERRED[0]), limits.min_rate


def offers(debts: Sequence[Parts], limits: Limits, first: date, today: date) -> tuple[tuple[str, Terms], ...]:
    """What may be offered at once, all of it within the limits.

    "cash": at once with the greatest discount. "short": a down payment and a few installments with the
    discount on the fine alone, without interest where the limits allow it. "long": as many installments
    as are allowed, without a discount. What the limits or the amount do not allow is left out.

    :return: ((name, terms), ...), at most one of each

    >>> limits = Limits({"fine": Decimal(100)}, Decimal(0), 5, ZERO, frozenset({"price"}), Decimal(1), 3, 10, 5)
    >>> debt = Parts(Decimal("3870.00"), fine=Decimal("77.40"), interest=Decimal("44.29"))
    >>> ready = offers([debt], limits, date(2026, 11, 24), date(2026, 11, 19))
    >>> [(name, terms.count, str(terms.down)) for name, terms in ready]
    [('cash', 0, 'None'), ('short', 3, '1174.29'), ('long', 5, '798.34')]
    """
    fine = {"fine": limits.percents.get("fine", NO_RATE)}
    few = min(SHORT_COUNT, limits.max_count, limits.free_count or SHORT_COUNT)
    found = [("cash", _at_once(limits.percents, first))]
    short = _longest(debts, limits, fine, few, SHORT_DOWN_PERCENT, first)
    long = _longest(debts, limits, {}, limits.max_count, LONG_DOWN_PERCENT, first)
    if short:
        found.append(("short", short))
    if long and (not short or long.count > short.count):
        found.append(("long", long))
    return tuple((name, terms) for name, terms in found if _is_possible(debts, terms, limits, today))


def with_unearned(terms: Terms, debts: Sequence[Parts], unearned: Sequence[Decimal]) -> Terms:
    """Terms over what debts are worth, as terms over their face value: the payments are the same.

    :param debts: as they are in the books
    :param unearned: of each, the interest of months to come in its principal, which these terms know nothing of

    >>> terms = Terms({"principal": Decimal(5)}, None, 0, "none", NO_RATE, date(2026, 11, 24))
    >>> with_unearned(terms, [Parts(Decimal("120.00"))], [Decimal("20.00")]).percents["principal"]
    Decimal('20.83')
    """
    less, whole = sum(unearned, ZERO), _sum_of(debts, "principal")
    if not less:
        return terms
    amount = less + discount(whole - less, terms.percents.get("principal", NO_RATE))
    return replace(terms, percents={**terms.percents, "principal": percent_of(amount, whole)})


def _fitting(debts, limits, monthly, first, count):
    """Plans of so many installments with no payment above `monthly`, with the least discount that takes."""
    before = sum((debt.total for debt in debts), ZERO)
    method, rate = interest_of(limits, count)
    agreed = min(before, monthly + (capacity(method, rate / 100, count, monthly) if count else ZERO))
    if count and limits.min_down_percent:
        agreed = min(agreed, monthly * 100 / limits.min_down_percent // CENT * CENT)
    most = {name: discount(_sum_of(debts, name), limits.percents.get(name, NO_RATE)) for name in COMPONENTS}
    percents = least_given(debts, before - agreed, most)
    if percents is None or agreed <= 0 or (count and agreed <= monthly):
        return
    if not count:
        yield make_plan(debts, _at_once(percents, first))
        return
    # Less at first, where the installments would be too small otherwise.
    for down in (monthly, agreed - limits.min_installment * count):
        if least_down(agreed, limits) <= down <= monthly and 0 < down < agreed:
            plan = _try(debts, Terms(percents, down, count, method, rate, first))
            if plan and max(each.amount for each in plan.installments) <= monthly:
                yield plan


def _nearest(debts, limits, monthly, first):
    for percents in ({}, limits.percents):
        plan = _try(debts, _at_once(percents, first))
        if plan and plan.agreed <= monthly:
            return plan
        for count in range(1, MAX_COUNT + 1) if plan else ():
            method, rate = interest_of(limits, count)
            if capacity(method, rate / 100, count, monthly) >= plan.agreed - monthly:
                found = _try(debts, Terms(percents, monthly, count, method, rate, first))
                if found and max(each.amount for each in found.installments) <= monthly:
                    return found
    raise ValueError("monthly", monthly)


def _longest(debts, limits, percents, most, down_percent, first):
    """The most installments up to a number that are large enough; None where there are none."""
    share = max(down_percent, limits.min_down_percent)
    for count in range(min(most, MAX_COUNT), 0, -1):
        method, rate = interest_of(limits, count)
        plan = _try(debts, Terms(percents, None, count, method, rate, first))
        if plan and 0 < (down := discount(plan.agreed, share)) < plan.agreed:
            plan = _try(debts, replace(plan.terms, down=down))
        if plan and min(each.amount for each in plan.installments if each.number) >= limits.min_installment:
            return plan.terms
    return None


def _at_once(percents, first):
    return Terms(percents, None, 0, "none", NO_RATE, first)


def _try(debts, terms) -> Plan | None:
    try:
        return make_plan(debts, terms)
    except ValueError:
        return None


def _is_possible(debts, terms, limits, today):
    plan = _try(debts, terms)
    return bool(plan) and not _is_beyond(plan, limits, today)


def _is_beyond(plan, limits, today):
    return any(excess.kind not in OF_DAYS for excess in excesses(plan, limits, today))


def _sum_of(debts, component):
    return sum((getattr(debt, component) for debt in debts), ZERO)
