"""Why a month bills another amount than the month before, and which amounts need a second look."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
CENT = Decimal("0.01")
# The causes, in the order of the equation: previous month + causes = this month.
CAUSES = ("new", "price", "readjusted", "prorated", "cadence", "once", "usage", "ended")


@dataclass(frozen=True)
class Part:
    """One period of one group of lines of a contract, billed or planned."""

    group: str
    index: int
    due: date
    first: date
    last: date
    of_days: int
    full: Decimal  # what a whole period costs at the prices of its last day
    charged: Decimal  # what is charged of it for recurring items
    usage: Decimal

    @property
    def comparable(self) -> Decimal:
        """Recurring and usage amount as if the whole period were charged.

        >>> Part("advance", 0, *[date(2026, 1, 16)] * 2, date(2026, 1, 31), 31, Decimal(310), Decimal(160),
        ...      Decimal(16)).comparable
        Decimal('341.00')
        """
        days = (self.last - self.first).days + 1
        usage = (self.usage * self.of_days / days).quantize(CENT, ROUND_HALF_UP) if self.usage else ZERO
        return self.full + usage


@dataclass(frozen=True)
class Sum:
    """What a group of lines bills in a month."""

    count: int = 0
    full: Decimal = ZERO
    charged: Decimal = ZERO
    usage: Decimal = ZERO


def add_up(parts: list[Part]) -> Sum:
    """The sum of the parts of one group in one month."""
    return Sum(
        len(parts),
        sum((part.full for part in parts), ZERO),
        sum((part.charged for part in parts), ZERO),
        sum((part.usage for part in parts), ZERO),
    )


def explain(before: Sum, now: Sum, last_full: Decimal | None, goes_on: bool) -> dict[str, Decimal]:
    """The causes of the difference between two months of one group of lines; they add up to it.

    Days that are not charged (a first period cut short, a pause) are told apart from prices by
    comparing whole periods. A group that is not billed each month (quarterly, a due date that
    moved) comes and goes by its cadence and is neither new nor ended.

    :param before: the month before
    :param now: the month
    :param last_full: price of the last whole period due before the month; None = there is none
    :param goes_on: is anything of the group due after the month?
    :return: amounts by cause; `price` is readjustments and changes together, see `split_readjusted`

    >>> fee = Sum(1, Decimal(350), Decimal(350))
    >>> explain(Sum(), Sum(1, Decimal(350), Decimal(175)), None, True)
    {'new': Decimal('350'), 'prorated': Decimal('-175'), 'usage': Decimal('0')}
    >>> explain(fee, Sum(), Decimal(350), False)
    {'ended': Decimal('-350'), 'usage': Decimal('0')}
    >>> explain(Sum(), fee, Decimal(330), True)
    {'cadence': Decimal('330'), 'price': Decimal('20'), 'prorated': Decimal('0'), 'usage': Decimal('0')}
    """
    usage = {"usage": now.usage - before.usage}
    if not now.count:
        return {"cadence" if goes_on else "ended": -before.charged, **usage}
    if last_full is None:
        return {"new": now.full, "prorated": now.charged - now.full, **usage}
    cadence = (now.count - before.count) * last_full
    prorated = (now.charged - now.full) - (before.charged - before.full)
    return {"cadence": cadence, "price": now.full - before.full - cadence, "prorated": prorated, **usage}


def split_readjusted(price: Decimal, readjusted: Decimal, steps: Decimal) -> tuple[Decimal, Decimal]:
    """What of a difference of prices comes from readjustments.

    :param price: the difference
    :param readjusted: the steps of the price that were readjustments
    :param steps: all steps of the price
    :return: (of changes, of readjustments), which add up to the difference

    >>> split_readjusted(Decimal("41.84"), Decimal("41.84"), Decimal("41.84"))
    (Decimal('0.00'), Decimal('41.84'))
    >>> split_readjusted(Decimal("0.00"), Decimal("20.00"), Decimal("0.00"))
    (Decimal('-20.00'), Decimal('20.00'))
    """
    share = (price * readjusted / steps).quantize(CENT, ROUND_HALF_UP) if steps else readjusted
    return price - share, share


def deviation(reference: Decimal, amount: Decimal) -> Decimal | None:
    """By how many per cent an amount differs from the one before; None without one.

    >>> deviation(Decimal(200), Decimal("241.84"))
    Decimal('20.92')
    """
    if not reference:
        return None
    return ((amount - reference) * 100 / reference).quantize(CENT, ROUND_HALF_UP)


def is_beyond(reference: Decimal, amount: Decimal, percent: Decimal) -> bool:
    """Does an amount differ from the one before by more than a share of it?

    >>> [is_beyond(Decimal(100), Decimal(amount), Decimal(30)) for amount in ("130", "130.01", "70", "69.99")]
    [False, True, False, True]
    """
    return abs(amount - reference) * 100 > percent * abs(reference)
