"""Which debts are placed by which rule, and why the others are not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

# What of a customer fits a rule no more once the debts that cannot be placed are taken away.
OUTSIDE = "outside"


class Item(NamedTuple):
    """A late debt.

    :param amount: open
    :param reason: why it cannot be placed now; empty: it can
    :param levels: steps of the ladder that it reached
    """

    key: int
    due: date
    amount: Decimal
    reason: str = ""
    levels: frozenset = frozenset()


@dataclass(frozen=True)
class Customer:
    """Who owes, with what is late.

    :param barrier: why nothing of his can be placed; empty: it can
    """

    key: int
    items: tuple[Item, ...]
    is_consumer: bool = True
    segment: int | None = None
    state: int | None = None
    barrier: str = ""


@dataclass(frozen=True)
class Rule:
    """Whom a rule is for; what is empty or 0 asks nothing.

    :param days_from: late days of the oldest debt; so `days_to`
    :param amount_from: of all late debts together; so `amount_to`
    :param audience: "consumer" or "company"
    :param regions: states of which the customer is of one
    :param level: step that one of the debts reached
    """

    key: int
    days_from: int = 0
    days_to: int = 0
    amount_from: Decimal = Decimal(0)
    amount_to: Decimal = Decimal(0)
    segments: frozenset = frozenset()
    regions: frozenset = frozenset()
    audience: str = ""
    level: int | None = None

    def fits(self, customer: Customer, items: Sequence[Item], day: date) -> bool:
        """Is this rule for a customer who owes these debts?

        >>> owed = Item(1, date(2026, 8, 21), Decimal(200))
        >>> customer = Customer(7, (owed,), segment=3)
        >>> rule = Rule(1, days_from=90, segments=frozenset([3]))
        >>> rule.fits(customer, [owed], date(2026, 11, 19)), rule.fits(customer, [owed], date(2026, 11, 18))
        (True, False)
        >>> rule.fits(customer, [], date(2026, 11, 19))
        False
        """
        return bool(items) and self._fits_customer(customer) and self._fits_items(items, day)

    def _fits_customer(self, customer):
        return (
            (not self.segments or customer.segment in self.segments)
            and (not self.regions or customer.state in self.regions)
            and (not self.audience or (self.audience == "consumer") == customer.is_consumer)
        )

    def _fits_items(self, items, day):
        days = (day - min(item.due for item in items)).days
        amount = sum(item.amount for item in items)
        return (
            days >= self.days_from
            and (not self.days_to or days <= self.days_to)
            and amount >= self.amount_from
            and (not self.amount_to or amount <= self.amount_to)
            and (not self.level or any(self.level in item.levels for item in items))
        )


class Verdict(NamedTuple):
    """What becomes of a customer.

    :param rule: that takes him, or None
    :param items: that are placed
    :param left: (debt, why it is not placed); also of a rule's customer of whom nothing is placed
    """

    rule: Rule | None
    items: tuple[Item, ...]
    left: tuple[tuple[Item, str], ...]


NOBODYS = Verdict(None, (), ())


def judge(customer: Customer, rules: Iterable[Rule], day: date) -> Verdict:
    """What of a customer is placed, by the first rule that is for him.

    A rule looks at all that is late first, so that what is left out is told; then only at what can be placed: an old
    debt in dispute brings no new one to an agency.

    >>> old, new = Item(1, date(2026, 1, 5), Decimal(90), "dispute"), Item(2, date(2026, 11, 9), Decimal(10))
    >>> verdict = judge(Customer(7, (old, new)), [Rule(1, days_from=60)], date(2026, 11, 19))
    >>> verdict.items, [(item.key, reason) for item, reason in verdict.left]
    ((), [(1, 'dispute'), (2, 'outside')])
    """
    rule = next((rule for rule in rules if rule.fits(customer, customer.items, day)), None)
    if not rule:
        return NOBODYS
    if customer.barrier:
        return Verdict(rule, (), tuple((item, item.reason or customer.barrier) for item in customer.items))
    free = tuple(item for item in customer.items if not item.reason)
    left = tuple((item, item.reason) for item in customer.items if item.reason)
    if free and not rule.fits(customer, free, day):
        return Verdict(rule, (), (*left, *((item, OUTSIDE) for item in free)))
    return Verdict(rule, free, left)


@dataclass
class Room:
    """How many customers and how much an agency still takes; None: as many as there are."""

    count: int | None = None
    amount: Decimal | None = None

    def take(self, amount: Decimal) -> bool:
        """Give it one more customer, if he fits in.

        >>> room = Room(2, Decimal(100))
        >>> [room.take(Decimal(amount)) for amount in (60, 60, 40, 1)]
        [True, False, True, False]
        """
        if (self.count is not None and self.count < 1) or (self.amount is not None and self.amount < amount):
            return False
        if self.count is not None:
            self.count -= 1
        if self.amount is not None:
            self.amount -= amount
        return True
