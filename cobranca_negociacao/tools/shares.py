"""Who gets whom: customers shared out among agencies at random, so that nobody chooses and everybody can repeat it."""

import hashlib
from collections.abc import Hashable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

WHOLE = Decimal(100)
# Of a lot.
LETTERS = 64


def draw(seed: str, key: Hashable) -> str:
    """The lot of a customer: the same for the same seed, without any tie to what he owes or how long he is there.

    >>> draw("a", 1) == draw("a", 1), draw("a", 1) == draw("b", 1)
    (True, False)
    """
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()


def start(seed: str) -> Fraction:
    """Where the rounding of a drawing begins, at random in [0, 1).

    >>> 0 <= start("seed") < 1
    True
    """
    return Fraction(int(draw(seed, "start"), 16), 16**LETTERS)


def quotas(count: int, percents: Sequence[Decimal], begin: Fraction = Fraction(0)) -> list[int]:
    """How many of so many each share gets: the exact number where it is whole, else the one below or above.

    Over many drawings each share gets its percentage, however few customers each of them has: who is drawn alone goes
    to a share of 20 % one time in five. (The largest remainder would give him to the greatest share each time.)

    :param count: of all
    :param percents: of each share, together 100
    :param begin: of the rounding, in [0, 1)
    :return: numbers whose sum is `count`, each less than one away from its exact share
    :raise ValueError: ("count", count), ("percents", percents) or ("begin", begin)

    >>> quotas(10, [Decimal("50"), Decimal("50")]), quotas(10, [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")])
    ([5, 5], [3, 3, 4])
    >>> quotas(1, [Decimal("20"), Decimal("80")]), quotas(1, [Decimal("20"), Decimal("80")], Fraction(4, 5))
    ([0, 1], [1, 0])
    """
    if count < 0:
        raise ValueError("count", count)
    if any(percent < 0 for percent in percents) or sum(percents) != WHOLE:
        raise ValueError("percents", tuple(percents))
    if not 0 <= begin < 1:
        raise ValueError("begin", begin)
    ends = [int(begin + count * Fraction(done) / 100) for done in accumulate(percents)]
    return [end - before for before, end in zip([0, *ends], ends, strict=False)]


def assign(seed: str, keys: Iterable[Hashable], percents: Sequence[Decimal]) -> list[tuple[Hashable, int]]:
    """Share customers out: in the order of their lots, each share takes its quota.

    :param seed: of the drawing
    :param keys: of the customers, each once
    :param percents: of the shares, together 100
    :return: (customer, place of his share) in the order of the lots, whatever order they came in
    :raise ValueError: ("keys", number of those that came twice), or as `quotas` does

    >>> assign("seed", [7, 8, 9], [Decimal("100")]) == assign("seed", [9, 7, 8], [Decimal("100")])
    True
    """
    keys = list(keys)
    if twice := len(keys) - len(set(keys)):
        raise ValueError("keys", twice)
    ordered = sorted(keys, key=lambda key: draw(seed, key))
    places = [place for place, quota in enumerate(quotas(len(keys), percents, start(seed))) for _number in range(quota)]
    return list(zip(ordered, places, strict=True))
