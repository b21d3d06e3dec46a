"""A card on file: when it is charged, when a refused charge is tried again, and until when a card is valid."""

import hashlib
from calendar import monthrange
from collections.abc import Collection
from datetime import date, timedelta

from .calendar import next_business_day

# Why a card is refused: never again with this card; perhaps on another day; nobody knows.
HARD, SOFT, UNKNOWN = "hard", "soft", "unknown"
CLASSES = (HARD, SOFT, UNKNOWN)
# What nobody knows the reason of is tried once more, no oftener.
UNKNOWN_TRIES = 2
# Where nothing was charged in time (the system stood still), later days are for people to decide on.
CATCH_UP_DAYS = 5
MOST_TRIES, LAST_RETRY_DAY = 5, 30


def charge_day(due: date, holidays: Collection[date] = ()) -> date:
    """The day on which a debt is charged: the last one on which it costs nothing more.

    >>> charge_day(date(2026, 11, 20), {date(2026, 11, 20)})  # a holiday on a Friday
    datetime.date(2026, 11, 23)
    """
    return next_business_day(due, holidays)


def is_first_day(due: date, day: date, since: date, holidays: Collection[date] = ()) -> bool:
    """May a debt be charged for the first time on a day?

    :param since: day of the authorisation; what fell due before was never agreed to be charged
    >>> due, since = date(2026, 11, 10), date(2026, 11, 1)
    >>> [is_first_day(due, date(2026, 11, day), since) for day in (9, 10, 15, 16)]
    [False, True, True, False]
    >>> is_first_day(due, due, date(2026, 11, 11))
    False
    """
    first = charge_day(due, holidays)
    return since <= first <= day <= first + timedelta(days=CATCH_UP_DAYS)


def parse_days(text: str) -> tuple[int, ...]:
    """The days after the due date on which a refused charge is tried again.

    :raise ValueError: with what is no such list: 1 to 5 growing days up to the 30th
    >>> parse_days("2, 5,9"), parse_days("")
    ((2, 5, 9), ())
    >>> parse_days("5, 2")
    Traceback (most recent call last):
    ValueError: 5, 2
    """
    try:
        days = tuple(int(part) for part in (text or "").replace(";", ",").split(",") if part.strip())
    except ValueError:
        raise ValueError(text) from None
    grows = all(one < other for one, other in zip((0, *days), days, strict=False))
    if not grows or len(days) > MOST_TRIES or any(day > LAST_RETRY_DAY for day in days):
        raise ValueError(text)
    return days


def next_try(first: date, day: date, tries: int, decline: str, days: Collection[int], left: int) -> date | None:
    """When a debt is charged again after its card was refused.

    :param first: day of its first charge
    :param day: on which it was refused now
    :param tries: charges so far, this one included
    :param days: after the first charge, growing
    :param left: charges that the month still allows for this card
    :return: a later day; None = never again by itself

    >>> first = date(2026, 11, 10)
    >>> next_try(first, first, 1, SOFT, (2, 5), 3), next_try(first, date(2026, 11, 15), 3, SOFT, (2, 5), 3)
    (datetime.date(2026, 11, 12), None)
    >>> next_try(first, first, 1, HARD, (2, 5), 3), next_try(first, first, 1, SOFT, (2, 5), 0)
    (None, None)
    >>> next_try(first, date(2026, 11, 12), 2, UNKNOWN, (2, 5), 3)
    """
    if decline not in CLASSES:
        raise ValueError(f"class of a refusal: {decline!r}")
    plan = tuple(days)
    if decline == HARD or left <= 0 or tries > len(plan):
        return None
    if decline == UNKNOWN and tries >= UNKNOWN_TRIES:
        return None
    return max(first + timedelta(days=plan[tries - 1]), day + timedelta(days=1))


def last_day(month: int, year: int) -> date | None:
    """The last day on which a card is good; None where nobody told.

    :raise ValueError: for what is no month of a card
    >>> last_day(2, 2028), last_day(0, 0)
    (datetime.date(2028, 2, 29), None)
    >>> last_day(13, 2028)
    Traceback (most recent call last):
    ValueError: 13/2028
    """
    if not month and not year:
        return None
    if not 1 <= month <= 12 or not 2000 <= year <= 2099:
        raise ValueError(f"{month}/{year}")
    return date(year, month, monthrange(year, month)[1])


def parse_expiry(text: str) -> tuple[int, int]:
    """Month and year as people write them on a form.

    :raise ValueError: with what cannot be read
    >>> parse_expiry("08/27"), parse_expiry("8/2027"), parse_expiry(" ")
    ((8, 2027), (8, 2027), (0, 0))
    >>> parse_expiry("27")
    Traceback (most recent call last):
    ValueError: 27
    """
    text = (text or "").strip()
    if not text:
        return 0, 0
    month, slash, year = (part.strip() for part in text.partition("/"))
    if not slash or not (month.isascii() and month.isdigit() and year.isascii() and year.isdigit()):
        raise ValueError(text)
    if len(month) > 2 or len(year) not in (2, 4):
        raise ValueError(text)
    found = int(month), int(year) + (2000 if len(year) == 2 else 0)
    last_day(*found)
    return found


def fingerprint(text: str) -> str:
    """SHA-256 of a text as it was accepted.

    >>> fingerprint("Autorizo.")[:12]
    'c79949a37470'
    """
    return hashlib.sha256(text.encode()).hexdigest()
