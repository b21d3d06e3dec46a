"""What the figures of an agreement's paper must fulfil before anybody is asked to sign it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

COMPONENTS = ("fine", "interest", "correction", "principal")
ZERO = Decimal(0)
YEAR = Decimal(365)
HIGHEST = Decimal(10**6)


def exact(value: Decimal | float | str) -> Decimal:
    """An amount in cents.

    >>> exact(0.1 + 0.2), exact("10"), exact(Decimal("1.005"))
    (Decimal('0.30'), Decimal('10.00'), Decimal('1.01'))
    """
    return Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def owed(debt: Mapping) -> Decimal:
    """What one debt amounts to with its charges.

    >>> owed({"principal": 100, "fine": 2, "interest": "0.99", "correction": 0})
    Decimal('102.99')
    """
    return sum((exact(debt.get(component) or 0) for component in COMPONENTS), ZERO)


def given(debts: Iterable[Mapping]) -> dict[str, Decimal]:
    """What is forgiven of all debts, by component; only what is.

    >>> given([{"given": {"fine": 2}}, {"given": {"fine": "0.5", "principal": 0}}, {}])
    {'fine': Decimal('2.50')}
    """
    totals = dict.fromkeys(COMPONENTS, ZERO)
    for debt in debts:
        for component, amount in (debt.get("given") or {}).items():
            totals[component] += exact(amount or 0)
    return {component: amount for component, amount in totals.items() if amount}


def check(terms: Mapping) -> None:
    """A paper whose sums do not fit is none.

    :param terms: debts, agreed, financing, fee, total, installments, as of `cobranca.agreement.term`
    :raise ValueError: (code, value) for the first thing that does not fit

    >>> debts = [{"principal": 100, "fine": 2, "given": {"fine": 2}}]
    >>> plan = [{"number": 1, "due": date(2026, 12, 1), "amount": 102}]
    >>> check({"debts": debts, "agreed": 100, "financing": 2, "total": 102, "installments": plan})
    >>> check({"debts": debts, "agreed": 102, "financing": 0, "total": 102, "installments": plan})
    Traceback (most recent call last):
    ValueError: ('agreed', Decimal('102.00'))
    """
    debts, plan = list(terms["debts"]), list(terms["installments"])
    if not debts or not plan:
        raise ValueError("debts" if not debts else "installments", 0)
    for debt in debts:
        own = debt.get("given") or {}
        for component in COMPONENTS:
            amount, gift = exact(debt.get(component) or 0), exact(own.get(component) or 0)
            if amount < 0 or not 0 <= gift <= amount:
                raise ValueError(component, gift if amount >= 0 else amount)
    agreed, financing, total = (exact(terms[name]) for name in ("agreed", "financing", "total"))
    if agreed != sum(map(owed, debts), ZERO) - sum(given(debts).values(), ZERO):
        raise ValueError("agreed", agreed)
    fee = exact(terms.get("fee") or 0)
    if financing < 0 or fee < 0 or total != agreed + financing + fee:
        raise ValueError("total", total)
    if fee != sum((exact(row.get("fee") or 0) for row in plan), ZERO):
        raise ValueError("fee", fee)
    _check_plan(plan, total)


def _check_plan(plan: Sequence[Mapping], total: Decimal) -> None:
    amounts = [exact(row["amount"]) for row in plan]
    if min(amounts) <= 0 or sum(amounts, ZERO) != total:
        raise ValueError("installments", sum(amounts, ZERO))
    days = [row["due"] for row in plan]
    if days != sorted(days):
        raise ValueError("due", days)


def yearly_rate(present: Decimal, today: date, payments: Iterable[tuple[date, Decimal]]) -> Decimal:
    """The effective interest a year, in percent, that makes payments worth what is financed (CDC, art. 52, II).

    :param present: what is financed on `today`
    :param payments: (day, amount); those of today count as they are
    :return: percent with two places; 0 when no more is paid than is financed

    >>> yearly_rate(Decimal(100), date(2026, 1, 1), [(date(2027, 1, 1), Decimal(112))])
    Decimal('12.00')
    >>> yearly_rate(Decimal(100), date(2026, 1, 1), [(date(2026, 1, 1), Decimal(50)), (date(2026, 7, 1), Decimal(50))])
    Decimal('0.00')
    >>> yearly_rate(Decimal(100), date(2026, 1, 1), [(date(2026, 1, 2), Decimal(10**6))])
    Traceback (most recent call last):
    ValueError: ('rate', Decimal('1000000'))
    """
    rows = [(Decimal((due - today).days) / YEAR, amount) for due, amount in payments]

    def worth(rate: Decimal) -> Decimal:
        return sum((amount / (1 + rate) ** years for years, amount in rows), ZERO)

    if worth(ZERO) <= present:
        return Decimal("0.00")
    low, high = ZERO, Decimal(1)
    while worth(high) > present:
        low, high = high, high * 4
        if high > HIGHEST:
            raise ValueError("rate", worth(ZERO))
    for _step in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if worth(middle) > present else (low, middle)
    return (high * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
