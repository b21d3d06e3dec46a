"""One figure of a plan is changed and the others follow: each function gives the terms of the new plan.

A discount that is asked for as a whole goes by component in the order of `plan.COMPONENTS`. Where the
amount agreed on changes, the down payment keeps its share of it. All raise ValueError (code, value)
where no plan can have the figure.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, localcontext

from .amortization import MAX_COUNT, METHODS, roughly
from .money import CENT, PRECISION, ZERO, cents, require, require_percent
from .plan import COMPONENTS, Parts, Plan, Terms, discount, make_plan

# With so many decimals a percentage reproduces any discount to the cent.
PERCENT_DIGITS = 14


def with_total(plan: Plan, total: Decimal) -> Terms:
    """All that is paid, interest of the installments included; the discount follows.

    :return: terms of that total, or where rounded interest skips it the next lower one
    :raise ValueError: ("total", total): nothing, or more than the plan costs without any discount

    >>> from datetime import date
    >>> debt = Parts(Decimal("100.00"), fine=Decimal("2.00"), interest=Decimal("5.00"))
    >>> plan = make_plan([debt], Terms({}, None, 2, "none", ZERO, date(2026, 11, 24)))
    >>> {name: str(percent) for name, percent in with_total(plan, Decimal("103.00")).percents.items()}
    {'fine': '100', 'interest': '40', 'correction': '0', 'principal': '0'}
    """
    if not require("total", total) or total > _total_of(plan, ZERO):
        raise ValueError("total", total)
    if not plan.financing:
        return _giving(plan, plan.before - total)
    low, high = 0, int((plan.before - CENT) / CENT)
    while low < high:
        middle = (low + high) // 2
        if _total_of(plan, middle * CENT) > total:
            low = middle + 1
        else:
            high = middle
    return _giving(plan, low * CENT)


def with_discount(plan: Plan, component: str, amount: Decimal) -> Terms:
    """The discount on one component.

    :raise ValueError: (component, amount): more than there is of it

    >>> from datetime import date
    >>> debt = Parts(Decimal("100.00"), interest=Decimal("44.29"))
    >>> plan = make_plan([debt], Terms({}, None, 0, "none", ZERO, date(2026, 11, 24)))
    >>> with_discount(plan, "interest", Decimal("22.15")).percents["interest"]
    Decimal('50')
    """
    if component not in COMPONENTS:
        raise ValueError("percent", component)
    whole = _sum_of(plan.debts, component)
    if require(component, amount) > whole:
        raise ValueError(component, amount)
    return with_percent(plan, component, percent_of(amount, whole))


def with_percent(plan: Plan, component: str, percent: Decimal) -> Terms:
    """The discount on one component as a percentage.

    :raise ValueError: ("percent:<component>", percent)
    """
    if component not in COMPONENTS:
        raise ValueError("percent", component)
    require_percent(f"percent:{component}", percent)
    whole = _sum_of(plan.debts, component)
    agreed = plan.agreed + plan.given[component] - discount(whole, percent)
    return _agreeing(plan, {**plan.terms.percents, component: percent}, agreed)


def with_down(plan: Plan, down: Decimal | None) -> Terms:
    """The down payment; the installments follow. All of it: at once. None or 0: no down payment.

    :raise ValueError: ("down", down): more than is agreed on

    >>> from datetime import date
    >>> plan = make_plan([Parts(Decimal("90.00"))], Terms({}, None, 0, "none", ZERO, date(2026, 11, 24)))
    >>> [str(each.amount) for each in make_plan(plan.debts, with_down(plan, Decimal("30.00"))).installments]
    ['30.00', '60.00']
    """
    terms = plan.terms
    if not require("down", down or ZERO):
        return replace(terms, down=None, next=None)
    if down > plan.agreed:
        raise ValueError("down", down)
    if down == plan.agreed:
        return replace(terms, down=None, count=0, next=None)
    return replace(terms, down=down, count=terms.count or 1)


def with_count(plan: Plan, count: int) -> Terms:
    """How many installments; 0: at once.

    :raise ValueError: ("count", count)

    >>> from datetime import date
    >>> plan = make_plan([Parts(Decimal("90.00"))], Terms({}, Decimal(30), 2, "none", ZERO, date(2026, 11, 24)))
    >>> with_count(plan, 0).down is None, with_count(plan, 3).down
    (True, Decimal('30'))
    """
    terms = replace(plan.terms, count=count)
    if count == 0:
        terms = replace(terms, down=None, next=None)
    make_plan(plan.debts, terms)
    return terms


def with_amount(plan: Plan, monthly: Decimal) -> Terms:
    """The most that an installment may be: as many as are needed; the down payment stays.

    :raise ValueError: ("amount", monthly): not even the greatest number of installments is enough

    >>> from datetime import date
    >>> plan = make_plan([Parts(Decimal("90.00"))], Terms({}, Decimal(30), 1, "none", ZERO, date(2026, 11, 24)))
    >>> with_amount(plan, Decimal("25.00")).count
    3
    """
    return replace(plan.terms, count=least_count(plan.agreed - (plan.terms.down or ZERO), plan.terms, monthly))


def least_count(present: Decimal, terms: Terms, monthly: Decimal) -> int:
    """How many installments of at most so much an amount needs by the method and rate of the terms.

    :raise ValueError: ("amount", monthly)
    """
    if not require("amount", monthly):
        raise ValueError("amount", monthly)
    rate = terms.rate / 100
    low, high = 1, MAX_COUNT
    while low < high:
        middle = (low + high) // 2
        # Rounded payments differ from the formula by cents: begin a little before, then look.
        if roughly(terms.method, rate, middle, monthly + CENT) < present:
            low = middle + 1
        else:
            high = middle
    for count in range(low, MAX_COUNT + 1):
        if max(row.amount for row in METHODS[terms.method](present, rate, count)) <= monthly:
            return count
    raise ValueError("amount", monthly)


def percent_of(amount: Decimal, whole: Decimal) -> Decimal:
    """The shortest percentage of a whole that gives an amount to the cent.

    >>> percent_of(Decimal("22.15"), Decimal("44.29")), percent_of(Decimal("1.00"), Decimal("3.00"))
    (Decimal('50'), Decimal('33.3'))
    """
    if not amount:
        return Decimal(0)
    with localcontext(PRECISION):
        exact = amount * 100 / whole
        for digits in range(PERCENT_DIGITS):
            percent = min(exact.quantize(Decimal(1).scaleb(-digits)), Decimal(100))
            if discount(whole, percent) == amount:
                return percent
    return exact


def least_given(debts: Sequence[Parts], amount: Decimal, most: dict[str, Decimal]) -> dict[str, Decimal] | None:
    """A discount by component in the order of `plan.COMPONENTS`.

    :param most: {component: greatest discount}, amounts
    :return: {component: percent}; None where all together are less than the amount
    """
    percents = {}
    for name in COMPONENTS:
        given = min(amount, most[name])
        percents[name] = percent_of(given, _sum_of(debts, name))
        amount -= given
    return None if amount else percents


def _sum_of(debts, component):
    return sum((getattr(debt, component) for debt in debts), ZERO)


def _giving(plan, amount):
    whole = {name: _sum_of(plan.debts, name) for name in COMPONENTS}
    return _agreeing(plan, least_given(plan.debts, amount, whole), plan.before - amount)


def _total_of(plan, given):
    return make_plan(plan.debts, _giving(plan, given)).total


def _agreeing(plan, percents, agreed):
    """Other discounts: the down payment keeps its share of what is then agreed on."""
    if agreed <= 0:
        raise ValueError("agreed", agreed)
    down = plan.terms.down
    if down is not None:
        down = cents(down * agreed / plan.agreed) if plan.terms.count else None
    return replace(plan.terms, percents=percents, down=down or None, next=plan.terms.next if down else None)
