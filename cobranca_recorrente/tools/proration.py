"""Parts of a period's price by days, exact to the cent: parts always add up to the whole."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

ONE_DAY = timedelta(days=1)
Span = tuple[date, date]


def days_of(span: Span) -> int:
    """Days of a span, both ends included.

    :raise ValueError: for a span that ends before it begins

    >>> days_of((date(2026, 1, 1), date(2026, 1, 31)))
    31
    """
    _check_order(*span)
    return (span[1] - span[0]).days + 1


def _check_order(first, last):
    if last < first:
        raise ValueError(f"span that ends before it begins: {first.isoformat()} to {last.isoformat()}")


def prorate(amount: Decimal, days: int, of_days: int, digits: int = 2) -> Decimal:
    """The share of some days in the price of a whole period.

    What is billed in several parts goes by `split`: shares that are rounded one by one need
    not add up.

    :param amount: price of the whole period; a negative one mirrors the positive one
    :param days: days to pay, 0 to of_days
    :param of_days: days of the whole period
    :return: amount rounded half up (away from zero) to `digits` places
    :raise ValueError: with the offending days or amount

    >>> prorate(Decimal("100.00"), 1, 31)
    Decimal('3.23')
    >>> prorate(Decimal("-100.00"), 30, 31)
    Decimal('-96.77')
    """
    return _cents(_exact(amount, days, of_days), digits, ROUND_HALF_UP)


def split(amount: Decimal, parts: Sequence[int], of_days: int, digits: int = 2) -> list[Decimal]:
    """The price of parts of one period, by days.

    They add up to the price of all their days together, so that the parts of a whole period
    add up to its price. Cents left over go to the largest remainders, the earliest first: no
    part differs by a cent from its exact share, and none without days costs anything.

    :param parts: days of each part
    :return: one amount for each part
    :raise ValueError: with the offending days or amount

    >>> split(Decimal("100.00"), [10, 10, 11], 31)
    [Decimal('32.26'), Decimal('32.26'), Decimal('35.48')]
    >>> sum(split(Decimal("0.05"), [1] * 31, 31))
    Decimal('0.05')
    """
    whole = abs(prorate(amount, sum(parts), of_days, digits))
    exact = [abs(_exact(amount, days, of_days)) for days in parts]
    shares = [_cents(share, digits, ROUND_DOWN) for share in exact]
    cent = Decimal(1).scaleb(-digits)
    by_remainder = sorted(range(len(parts)), key=lambda i: (shares[i] - exact[i], i))
    for i in by_remainder[: int((whole - sum(shares)) / cent)]:
        shares[i] += cent
    return [-share if amount < 0 else share for share in shares]


def _exact(amount, days, of_days):
    if not isinstance(amount, Decimal | int) or not Decimal(amount).is_finite():
        raise ValueError(f"amount to prorate: {amount!r}")
    if not 0 <= days <= of_days or not of_days:
        raise ValueError(f"days of a part: {days!r} of {of_days!r}")
    return Decimal(amount) * days / of_days


def _cents(amount, digits, rounding):
    # Adding zero turns -0.00 into 0.00.
    return amount.quantize(Decimal(1).scaleb(-digits), rounding) + 0


def without(span: Span, gaps: Iterable[tuple[date, date | None]]) -> list[Span]:
    """What remains of a span when other spans are taken out of it.

    :param gaps: spans in any order, overlapping or not; an empty end means for ever
    :return: the remaining spans in order
    :raise ValueError: for a span or gap that ends before it begins

    >>> january = (date(2026, 1, 1), date(2026, 1, 31))
    >>> [days_of(span) for span in without(january, [(date(2026, 1, 11), date(2026, 1, 20))])]
    [10, 11]
    >>> without(january, [(date(2025, 12, 1), None)])
    []
    """
    _check_order(*span)
    remaining = [span]
    for first_out, last_out in gaps:
        remaining = [piece for whole in remaining for piece in _cut(whole, first_out, last_out or date.max)]
    return remaining


def _cut(span, first_out, last_out):
    _check_order(first_out, last_out)
    first, last = span
    if last_out < first or first_out > last:
        return [span]
    pieces = []
    if first_out > first:
        pieces.append((first, first_out - ONE_DAY))
    if last_out < last:
        pieces.append((last_out + ONE_DAY, last))
    return pieces


def overlap(span: Span, first: date | None, last: date | None) -> Span | None:
    """The part of a span that lies between two days; an empty day does not limit.

    >>> overlap((date(2026, 1, 1), date(2026, 1, 31)), date(2026, 1, 15), None)
    (datetime.date(2026, 1, 15), datetime.date(2026, 1, 31))
    >>> overlap((date(2026, 1, 1), date(2026, 1, 31)), None, date(2025, 12, 31)) is None
    True
    """
    start, end = max(span[0], first or date.min), min(span[1], last or date.max)
    return (start, end) if start <= end else None
