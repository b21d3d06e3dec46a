"""What debts cost by the terms of an agreement: what is given away, what is paid and when, to the cent.

A discount counts by component over all debts together and is then shared out among them, so that it
is the percentage that was spoken of whatever the number of invoices.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from .amortization import MAX_COUNT, METHODS
from .money import PRECISION, ZERO, cents, require, require_percent, share_out

# In the order in which discounts are given.
COMPONENTS = ("fine", "interest", "correction", "principal")
DAYS_OF_MONTH = 30


class Parts(NamedTuple):
    """What one debt consists of on the day of the plan."""

    principal: Decimal
    correction: Decimal = ZERO
    fine: Decimal = ZERO
    interest: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.principal + self.correction + self.fine + self.interest


@dataclass(frozen=True)
class Terms:
    """What is agreed on.

    :param percents: {component: discount, 0 to 100}; what is missing gets none
    :param down: the down payment; None where there is none
    :param count: installments after it; 0: all at once on `first` (`down` is None then, or all of it)
    :param method: a key of `amortization.METHODS`
    :param rate: percent a month of the installments
    :param first: due day of the down payment; of installment 1 where there is none
    :param next: due day of installment 1 after a down payment; None: a month after it
    """

    percents: Mapping[str, Decimal]
    down: Decimal | None
    count: int
    method: str
    rate: Decimal
    first: date
    next: date | None = None


class Installment(NamedTuple):
    """A payment of a plan; number 0 is the down payment.

    :param amount: interest + amortization + fee
    :param fee: what an agency asks for its work
    """

    number: int
    due: date
    amount: Decimal
    interest: Decimal
    amortization: Decimal
    fee: Decimal = ZERO


@dataclass(frozen=True)
class Plan:
    """What terms make of debts.

    :param before: what the debts cost today
    :param given: {component: discount}, all components
    :param given_each: the same of each debt, in the order of the debts
    :param agreed: before less what is given
    :param financing: interest of the installments
    :param total: agreed, financing and fee
    :param fee: what an agency asks on top of all payments, `fee_percent` of each (`tools.fee`)
    """

    debts: tuple[Parts, ...]
    terms: Terms
    before: Decimal
    given: Mapping[str, Decimal]
    given_each: tuple[Mapping[str, Decimal], ...]
    agreed: Decimal
    financing: Decimal
    total: Decimal
    installments: tuple[Installment, ...]
    fee: Decimal = ZERO
    fee_percent: Decimal = ZERO


def make_plan(debts: Sequence[Parts], terms: Terms) -> Plan:
    """What is to be paid, when, and what of it is discount and interest.

    :param debts: as they are today, in cents
    :raise ValueError: (code, value) of what cannot be: "debts", a component, "percent:<component>",
        "agreed", "down", "count", "method", "rate", "next", "amount" (an installment of nothing)

    >>> half = {"fine": Decimal(100), "interest": Decimal(50)}
    >>> plan = make_plan(
    ...     [Parts(Decimal("1234.56"), fine=Decimal("24.69"), interest=Decimal("82.30"))],
    ...     Terms(half, Decimal("255.14"), 5, "none", ZERO, date(2026, 1, 5)),
    ... )
    >>> str(plan.agreed), [str(each.amount) for each in plan.installments[:3]]
    ('1275.71', ['255.14', '204.12', '204.12'])
    """
    debts = tuple(_check_parts(debt) for debt in debts)
    before = sum((debt.total for debt in debts), ZERO)
    if not before:
        raise ValueError("debts", before)
    given, shares = {}, []
    for name in COMPONENTS:
        amounts = [getattr(debt, name) for debt in debts]
        given[name] = discount(sum(amounts, ZERO), _percent(terms, name))
        shares.append(share_out(given[name], amounts))
    given_each = tuple(dict(zip(COMPONENTS, each, strict=True)) for each in zip(*shares, strict=True))
    agreed = before - sum(given.values())
    installments = _installments(agreed, _check_terms(terms, agreed))
    financing = sum((each.interest for each in installments), ZERO)
    return Plan(debts, terms, before, given, given_each, agreed, financing, agreed + financing, installments)


def discount(amount: Decimal, percent: Decimal) -> Decimal:
    """A percentage of an amount, rounded half up.

    >>> discount(Decimal("44.29"), Decimal(50))
    Decimal('22.15')
    """
    with localcontext(PRECISION):
        return cents(amount * percent / 100)


def due_dates(first: date, next: date | None, count: int) -> tuple[date, ...]:
    """The days of so many payments, monthly on the same day or the last one of a shorter month.

    :param first: of the first payment
    :param next: of the second one, from which the others are counted; None: a month after the first
    :param count: payments altogether
    :raise ValueError: ("next", next) that does not come after the first

    >>> [f"{day:%d/%m}" for day in due_dates(date(2026, 1, 31), None, 3)]
    ['31/01', '28/02', '31/03']
    >>> [f"{day:%d/%m}" for day in due_dates(date(2026, 1, 20), date(2026, 2, 28), 3)]
    ['20/01', '28/02', '28/03']
    """
    if next is None:
        return tuple(first + relativedelta(months=number) for number in range(count))
    if next <= first:
        raise ValueError("next", next)
    return (first, *(next + relativedelta(months=number) for number in range(count - 1)))


def present_value(installments: Sequence[Installment], rate_month: Decimal, day: date) -> Decimal:
    """What payments are worth on a day.

    Compound, by whole months and then days of a month of 30; what is due by that day counts in full.

    :param rate_month: percent a month

    >>> later = Installment(1, date(2027, 1, 24), Decimal(1012), ZERO, Decimal(1012))
    >>> present_value([later], Decimal("1.2"), date(2026, 12, 24))
    Decimal('1000.00')
    """
    if not isinstance(rate_month, Decimal) or not rate_month.is_finite() or not 0 <= rate_month < 100:
        raise ValueError("rate", rate_month)
    with localcontext(PRECISION):
        factor = 1 + rate_month / 100
        return cents(sum((each.amount / factor ** _months(day, each.due) for each in installments), ZERO))


def _months(day, due):
    if due <= day:
        return Decimal(0)
    span = relativedelta(due, day)
    return Decimal(span.years * 12 + span.months) + Decimal(span.days) / DAYS_OF_MONTH


def _check_parts(debt):
    return Parts(*(require(name, amount) for name, amount in zip(Parts._fields, debt, strict=True)))


def _percent(terms, name):
    return require_percent(f"percent:{name}", terms.percents.get(name, ZERO))


def _check_terms(terms, agreed):
    if unknown := set(terms.percents) - set(COMPONENTS):
        raise ValueError("percent", min(unknown))
    if not agreed:
        raise ValueError("agreed", agreed)
    if not isinstance(terms.count, int) or isinstance(terms.count, bool) or not 0 <= terms.count <= MAX_COUNT:
        raise ValueError("count", terms.count)
    if terms.method not in METHODS:
        raise ValueError("method", terms.method)
    require_percent("rate", terms.rate)
    if terms.down is not None:
        down = require("down", terms.down)
        # All at once is the whole; before installments something must be left for them.
        if not down or down > agreed or (down == agreed) == bool(terms.count):
            raise ValueError("down", terms.down)
    elif terms.next is not None:
        raise ValueError("next", terms.next)
    return terms


def _installments(agreed, terms):
    if not terms.count:
        return (Installment(0, terms.first, agreed, ZERO, agreed),)
    down = terms.down or ZERO
    payments = terms.count + (1 if down else 0)
    days = due_dates(terms.first, terms.next, payments)
    rows = METHODS[terms.method](agreed - down, terms.rate / 100, terms.count)
    found = [Installment(0, days[0], down, ZERO, down)] if down else []
    for number, (day, row) in enumerate(zip(days[-terms.count :], rows, strict=True), 1):
        if not row.amount:
            raise ValueError("amount", row.amount)
        found.append(Installment(number, day, row.amount, row.interest, row.amortization))
    return tuple(found)
