"""Two ways of working compared: shares of successes, and how far apart they really are."""

from math import sqrt
from typing import NamedTuple

# Of the normal distribution, for 95 %.
Z = 1.959963984540054
# Below so many in one of the arms nothing is said: chance would speak.
LEAST = 30


class Interval(NamedTuple):
    """From `low` to `high`, as shares of one."""

    low: float
    high: float


class Comparison(NamedTuple):
    """How much more often the challenger succeeds than the champion, as a share of one."""

    difference: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Is zero outside, so that chance alone hardly explains the difference?"""
        return self.low > 0 or self.high < 0


def _require(successes: int, count: int) -> None:
    for value in (successes, count):
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError("count", value)
    if count < 1 or not 0 <= successes <= count:
        raise ValueError("successes", successes, count)


def wilson(successes: int, count: int) -> Interval:
    """The score interval of a share (E. B. Wilson, 1927), without continuity correction.

    :raise ValueError: for what are no successes among so many

    >>> low, high = wilson(56, 70)
    >>> f"{low:.4f} {high:.4f}"
    '0.6918 0.8770'
    """
    _require(successes, count)
    share, square = successes / count, Z * Z
    middle = share + square / (2 * count)
    reach = Z * sqrt(share * (1 - share) / count + square / (4 * count * count))
    scale = 1 + square / count
    return Interval(max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale))


def compare(champion: tuple[int, int], challenger: tuple[int, int], least: int = LEAST) -> Comparison | None:
    """The difference of two shares with its interval (R. G. Newcombe, 1998, method 10).

    :param champion: (successes, count)
    :param challenger: the same of the other arm
    :param least: with fewer in one of the arms there is no answer
    :return: None where too few are there to say anything
    :raise ValueError: for what are no successes among so many

    >>> found = compare((48, 80), (56, 70))
    >>> f"{found.difference:.4f} {found.low:.4f} {found.high:.4f}"
    '0.2000 0.0524 0.3339'
    >>> compare((1, 29), (20, 400)) is None
    True
    """
    if min(champion[1], challenger[1]) < max(least, 1):
        return None
    first, second = wilson(*champion), wilson(*challenger)
    old, new = champion[0] / champion[1], challenger[0] / challenger[1]
    difference = new - old
    low = difference - sqrt((new - second.low) ** 2 + (first.high - old) ** 2)
    high = difference + sqrt((second.high - new) ** 2 + (old - first.low) ** 2)
    return Comparison(difference, max(-1.0, low), min(1.0, high))
