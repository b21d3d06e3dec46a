"""What a reminder is worth: the share of payers among the reminded beside that of the control group."""

from math import sqrt
from typing import NamedTuple

# Below so many in one of the groups nothing is said.
MINIMUM = 30
# Two-sided, 95 %.
Z = 1.959964


class Effect(NamedTuple):
    """Shares from 0 to 1; `low` and `high` bound the difference with 95 % confidence."""

    reminded: float
    control: float
    difference: float
    low: float
    high: float


def wilson(paid: int, count: int) -> tuple[float, float]:
    """The interval in which a share lies with 95 % confidence (Wilson 1927), good for small groups too.

    >>> [round(bound, 3) for bound in wilson(81, 263)]  # Newcombe 1998, table I
    [0.255, 0.366]
    >>> [round(bound, 3) for bound in wilson(0, 20)]
    [0.0, 0.161]
    """
    share = paid / count
    middle = share + Z * Z / (2 * count)
    spread = Z * sqrt(share * (1 - share) / count + Z * Z / (4 * count * count))
    scale = 1 + Z * Z / count
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def compare(reminded: tuple[int, int], control: tuple[int, int]) -> Effect | None:
    """The difference of two shares with its interval (Newcombe 1998, method 10).

    :param reminded: (how many, how many of them paid); `control` alike
    :return: None while one of the groups is too small

    >>> effect = compare((70, 56), (80, 48))  # Newcombe 1998, table II (a)
    >>> round(effect.difference, 2), round(effect.low, 4), round(effect.high, 4)
    (0.2, 0.0524, 0.3339)
    >>> compare((29, 20), (80, 48))
    """
    if min(reminded[0], control[0]) < MINIMUM:
        return None
    one, other = reminded[1] / reminded[0], control[1] / control[0]
    low_one, high_one = wilson(reminded[1], reminded[0])
    low_other, high_other = wilson(control[1], control[0])
    difference = one - other
    return Effect(
        one,
        other,
        difference,
        difference - sqrt((one - low_one) ** 2 + (high_other - other) ** 2),
        difference + sqrt((high_one - one) ** 2 + (other - low_other) ** 2),
    )
