"""Which rule of an offer policy a negotiation falls under: bands of delay and amount, by segment and kind of customer.

Delays are whole days, both ends included; amounts go from the lower end to just below the upper one, so that bands
side by side leave no cent between them.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

ALL, CONSUMER, BUSINESS = "all", "consumer", "business"


class Band(NamedTuple):
    """When a rule holds.

    :param key: of the rule, whatever its owner uses
    :param delay_to: last day, or None without an end
    :param amount_below: first amount that is too much, or None without an end
    :param segment: key of the only segment that it is for, or None for any
    :param audience: ALL, CONSUMER or BUSINESS
    """

    key: object
    delay_from: int = 0
    delay_to: int | None = None
    amount_from: Decimal = Decimal(0)
    amount_below: Decimal | None = None
    segment: object = None
    audience: str = ALL


class Situation(NamedTuple):
    """What is negotiated, and with whom.

    :param delay: days late of the oldest debt, 0 when none is late
    :param amount: of all debts on the day
    """

    delay: int
    amount: Decimal
    segment: object = None
    is_consumer: bool = True


def fits(band: Band, situation: Situation) -> bool:
    """Does a band hold for a situation?

    >>> band = Band("b", 31, 90, Decimal(0), Decimal(1000), audience=CONSUMER)
    >>> fits(band, Situation(31, Decimal("999.99"))), fits(band, Situation(90, Decimal(1000)))
    (True, False)
    >>> fits(band, Situation(-1, Decimal(1)))
    Traceback (most recent call last):
    ValueError: ('delay', -1)
    """
    if situation.delay < 0:
        raise ValueError("delay", situation.delay)
    if situation.amount < 0:
        raise ValueError("amount", situation.amount)
    return (
        band.delay_from <= situation.delay
        and (band.delay_to is None or situation.delay <= band.delay_to)
        and band.amount_from <= situation.amount
        and (band.amount_below is None or situation.amount < band.amount_below)
        and band.segment in (None, situation.segment)
        and band.audience in (ALL, CONSUMER if situation.is_consumer else BUSINESS)
    )


def specificity(band: Band) -> tuple[bool, bool]:
    """How narrow a band is about people: the segment weighs more than the kind of customer.

    >>> specificity(Band("a", segment=1)) > specificity(Band("b", audience=CONSUMER)) > specificity(Band("c"))
    True
    """
    return band.segment is not None, band.audience != ALL


def fitting(bands: Iterable[Band], situation: Situation) -> list[Band]:
    """The bands that hold for a situation, the one that counts first.

    Without overlaps no two of them are equally specific.

    >>> bands = [Band("all"), Band("business", audience=BUSINESS), Band("late", 31, segment="bad")]
    >>> [band.key for band in fitting(bands, Situation(40, Decimal(10), "bad", is_consumer=False))]
    ['late', 'business', 'all']
    """
    return sorted((band for band in bands if fits(band, situation)), key=specificity, reverse=True)


def intersect(one: Band, other: Band) -> bool:
    """Is there a situation for which two bands of the same people both hold?

    >>> intersect(Band("a", 0, 30), Band("b", 30, 60)), intersect(Band("a", 0, 30), Band("b", 31))
    (True, False)
    >>> cheap, dear = Band("a", amount_below=Decimal(1000)), Band("b", amount_from=Decimal(1000))
    >>> intersect(cheap, dear)
    False
    """
    if (one.segment, one.audience) != (other.segment, other.audience):
        return False
    first, second = sorted((one, other), key=lambda band: band.delay_from)
    if first.delay_to is not None and first.delay_to < second.delay_from:
        return False
    low, high = sorted((one, other), key=lambda band: band.amount_from)
    return low.amount_below is None or high.amount_from < low.amount_below


def overlaps(bands: Sequence[Band]) -> list[tuple[Band, Band]]:
    """The pairs of bands between which nobody could decide.

    >>> [(one.key, other.key) for one, other in overlaps([Band("a", 0, 30), Band("b", 31), Band("c", 25, 40)])]
    [('a', 'c'), ('b', 'c')]
    """
    return [(one, other) for one, other in combinations(bands, 2) if intersect(one, other)]
