"""An offer that is accepted on a later day than it was made: what is paid stays as offered, and what the debts grew
by in the meantime is given."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from .plan import COMPONENTS, Parts, Plan


def renew(plan: Plan, debts: Sequence[Parts]) -> Plan:
    """The same plan over what its debts amount to now, in the same order.

    :param debts: of today
    :return: Plan with the same agreed amount, total and installments; before and given are those of today
    :raise ValueError: ("principal", now) where something was paid or credited, ("less", component) where less is owed
        now than was offered to be paid, ("debts", number) where they are not as many

    >>> from datetime import date
    >>> from .plan import Terms, make_plan
    >>> debt = Parts(Decimal("100.00"), fine=Decimal("2.00"), interest=Decimal("5.00"))
    >>> terms = Terms({"fine": Decimal(100)}, None, 0, "none", Decimal(0), date(2026, 11, 24))
    >>> renewed = renew(make_plan([debt], terms), [debt._replace(interest=Decimal("5.10"))])
    >>> str(renewed.total), str(renewed.given["interest"]), str(renewed.before)
    ('105.00', '0.10', '107.10')
    """
    if len(debts) != len(plan.debts):
        raise ValueError("debts", len(debts))
    given_each = tuple(
        _given_of(before, given, now) for before, given, now in zip(plan.debts, plan.given_each, debts, strict=True)
    )
    given = {name: sum((each[name] for each in given_each), Decimal(0)) for name in COMPONENTS}
    return replace(
        plan,
        debts=tuple(debts),
        before=sum((debt.total for debt in debts), Decimal(0)),
        given=given,
        given_each=given_each,
    )


def _given_of(before, given, now):
    """What is given of one debt now, so that what remains of each part is what was offered."""
    if now.principal != before.principal:
        raise ValueError("principal", now.principal)
    result = {}
    for name in COMPONENTS:
        offered = getattr(before, name) - given.get(name, Decimal(0))
        result[name] = getattr(now, name) - offered
        if result[name] < 0:
            raise ValueError("less", name)
    return result
