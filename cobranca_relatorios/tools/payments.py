"""How customers pay, in plain Python: what the SQL of the reports is compared with.

Written from the definitions, one payment after the other.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True)
class Part:
    """Money that paid a part of a debt.

    :param reminded_on: when somebody first reminded of the debt, or None
    """

    due: date
    paid_on: date
    amount: Decimal
    reminded_on: date | None = None

    @property
    def delay(self) -> int:
        """Days after the due date, below zero when early."""
        return (self.paid_on - self.due).days

    @property
    def is_alone(self) -> bool:
        """Paid late before anybody reminded?"""
        return self.delay > 0 and (self.reminded_on is None or self.reminded_on > self.paid_on)


@dataclass
class Debt:
    """A debt or an installment of an agreement.

    :param settled: of (day, amount), whatever settled it but an agreement
    :param principal: what an agreement took over of it
    :param installments: of Debt, those of that agreement
    """

    due: date
    amount: Decimal
    settled: list = field(default_factory=list)
    principal: Decimal = ZERO
    installments: list = field(default_factory=list)

    def open_at(self, day: date) -> Decimal:
        """What is open at the end of a day; in an agreement, as far as its installments are."""
        left = self.amount - sum((amount for when, amount in self.settled if when <= day), ZERO)
        if not self.installments:
            return left
        total = sum((item.amount for item in self.installments), ZERO)
        still = sum((item.open_at(day) for item in self.installments), ZERO)
        return left - self.principal * (total - still) / total


# Sold, paid and reminded as in the definitions; the debts of A, B and D.
SAMPLE = [
    Part(date(2026, 4, 30), date(2026, 4, 28), Decimal(1000)),
    Part(date(2026, 5, 31), date(2026, 6, 10), Decimal(1000), date(2026, 6, 5)),
    Part(date(2026, 3, 31), date(2026, 6, 29), Decimal(500), date(2026, 4, 5)),
    Part(date(2026, 4, 30), date(2026, 6, 19), Decimal(400), date(2026, 5, 5)),
]


def weighted_delay(parts) -> Decimal | None:
    """Mean days after the due date, weighted by amount.

    >>> round(weighted_delay(SAMPLE), 2)
    Decimal('25.17')
    """
    total = sum((part.amount for part in parts), ZERO)
    return sum((part.amount * part.delay for part in parts), ZERO) / total if total else None


def late_weighted_delay(parts) -> Decimal | None:
    """The same of what was paid late.

    >>> round(late_weighted_delay(SAMPLE), 2)
    Decimal('39.47')
    """
    return weighted_delay([part for part in parts if part.delay > 0])


def late_plain_delay(parts) -> Decimal | None:
    """Mean days of the late payments, each counting the same.

    >>> late_plain_delay(SAMPLE)
    Decimal('50')
    """
    late = [part.delay for part in parts if part.delay > 0]
    return Decimal(sum(late)) / len(late) if late else None


def spontaneous(parts) -> tuple[Decimal | None, int, int]:
    """What was paid late before anybody reminded.

    :return: (percent of the amount that was paid late, number of such payments, number of late ones)

    >>> share, count, late = spontaneous([*SAMPLE, Part(date(2026, 5, 31), date(2026, 6, 3), Decimal(300))])
    >>> round(share, 2), count, late
    (Decimal('13.64'), 1, 4)
    """
    late = [part for part in parts if part.delay > 0]
    alone = [part for part in late if part.is_alone]
    total = sum((part.amount for part in late), ZERO)
    share = 100 * sum((part.amount for part in alone), ZERO) / total if total else None
    return share, len(alone), len(late)


def cohort(debts, month: date, after: int, today: date) -> tuple[Decimal, Decimal] | None:
    """What fell due in a month, and what of it was open so many days after the due date.

    :param month: its first day
    :return: (fallen due, open then); None where the month is empty or not all of it is that old

    >>> april = [
    ...     Debt(date(2026, 4, 30), Decimal(1000), [(date(2026, 4, 28), Decimal(1000))]),
    ...     Debt(date(2026, 4, 30), Decimal(500)),
    ...     Debt(date(2026, 4, 30), Decimal(400), [(date(2026, 6, 19), Decimal(400))]),
    ... ]
    >>> for after in (0, 30, 60):
    ...     due, still = cohort(april, date(2026, 4, 1), after, date(2026, 6, 30))
    ...     print(still, due, round(100 * still / due, 2))
    900 1900 47.37
    900 1900 47.37
    500 1900 26.32
    >>> cohort(april, date(2026, 4, 1), 90, date(2026, 6, 30))
    """
    following = (month + timedelta(days=31)).replace(day=1)
    if following - timedelta(days=1) + timedelta(days=after) > today and (after or following <= today):
        return None
    own = [debt for debt in debts if month <= debt.due < following and debt.due <= today]
    if not own:
        return None
    still = sum((debt.open_at(debt.due + timedelta(days=after)) for debt in own), ZERO)
    return sum((debt.amount for debt in own), ZERO), still


def pearson(pairs) -> float | None:
    """How far two figures rise together, -1 to 1; None where one of them never changes.

    >>> round(pearson([(1000, 0), (1000, 10), (2000, 90), (400, 50)]), 4)
    0.5498
    """
    count = len(pairs)
    if not count:
        return None
    means = [sum(float(pair[side]) for pair in pairs) / count for side in (0, 1)]
    apart = [(float(one) - means[0], float(other) - means[1]) for one, other in pairs]
    spread = sum(one * one for one, _other in apart) * sum(other * other for _one, other in apart)
    return sum(one * other for one, other in apart) / spread**0.5 if spread else None


def spearman(pairs) -> float | None:
    """The same of their ranks; equal figures share the mean of theirs.

    >>> round(spearman([(1000, 0), (1000, 10), (2000, 90), (400, 50)]), 4)
    0.3162
    """
    columns = [[pair[side] for pair in pairs] for side in (0, 1)]
    ranks = [
        [sum(other < value for other in column) + (column.count(value) + 1) / 2 for value in column]
        for column in columns
    ]
    return pearson(list(zip(*ranks, strict=True)))


def cause_shares(rows) -> dict:
    """What each cause weighs of all that was overdue at registration.

    :param rows: of (cause, or None when not informed, amount overdue)
    :return: {cause: percent}

    >>> cause_shares([("forgot", Decimal(250)), (None, Decimal(400)), ("forgot", Decimal(350))])
    {'forgot': Decimal('60'), None: Decimal('40')}
    """
    sums: dict = {}
    for cause, amount in rows:
        sums[cause] = sums.get(cause, ZERO) + amount
    total = sum(sums.values(), ZERO)
    return {cause: 100 * amount / total for cause, amount in sums.items()}
