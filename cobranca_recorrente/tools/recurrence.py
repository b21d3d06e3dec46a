"""Periods of a recurring contract, always counted from one anchor.

Counting from the anchor, not from the period before, keeps the day: a contract of 31 January
goes to 28 February and back to 31 March, never stuck on the 28th.
"""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

DAYS = {"day": 1, "week": 7}
MONTHS = {"month": 1, "quarter": 3, "semester": 6, "year": 12}
UNITS = (*DAYS, *MONTHS)
LAST_DAY_OF_MONTH = 31


def period(anchor: date, unit: str, every: int, index: int, day: int | None = None) -> tuple[date, date]:
    """First and last day of a period.

    :param anchor: first day of period 0
    :param unit: "day", "week", "month", "quarter", "semester" or "year"
    :param every: length of a period in units, 1 or more
    :param index: 0 for the first period
    :param day: day of the month on which periods of months begin, 1 to 31 (31 = last day); the anchor's
        when empty. The anchor must lie on it: see `anchor_on`
    :return: first and last day, both included
    :raise ValueError: with the offending value

    >>> period(date(2026, 1, 31), "month", 1, 1)
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 30))
    >>> period(date(2026, 1, 31), "month", 1, 2)[0]
    datetime.date(2026, 3, 31)
    >>> period(date(2024, 2, 29), "year", 1, 4)[0]
    datetime.date(2028, 2, 29)
    >>> period(date(2026, 2, 28), "quarter", 1, 1, day=31)[0]
    datetime.date(2026, 5, 31)
    """
    if index < 0:
        raise ValueError(f"index of a period: {index!r}")
    following = _first_day(anchor, unit, every, index + 1, day)
    return _first_day(anchor, unit, every, index, day), following - timedelta(days=1)


def _first_day(anchor, unit, every, index, day):
    days, months = _step(unit, every)
    try:
        if days:
            return anchor + timedelta(days=days * index)
        if day and day_of_month(anchor.year, anchor.month, day) != anchor:
            raise ValueError(f"anchor that is not on day {day!r}: {anchor.isoformat()}")
        return add_months(anchor, months * index, day or anchor.day)
    except OverflowError as error:
        raise ValueError(f"index of a period after the year 9999: {index!r}") from error


def _step(unit, every):
    """(days, months) from the begin of a period to the next; one of them is 0."""
    if unit not in UNITS:
        raise ValueError(f"unit of a period: {unit!r}")
    if every < 1:
        raise ValueError(f"length of a period: {every!r}")
    return DAYS.get(unit, 0) * every, MONTHS.get(unit, 0) * every


def add_months(first: date, months: int, day: int) -> date:
    """A day of the month that lies some months after another date.

    >>> add_months(date(2025, 12, 5), 2, 30)
    datetime.date(2026, 2, 28)
    """
    years, month = divmod(first.month - 1 + months, 12)
    return day_of_month(first.year + years, month + 1, day)


def day_of_month(year: int, month: int, day: int) -> date:
    """A day of a month, or its last day when the month is shorter.

    >>> day_of_month(2026, 2, 31)
    datetime.date(2026, 2, 28)
    """
    if not 1 <= day <= LAST_DAY_OF_MONTH:
        raise ValueError(f"day of a month: {day!r}")
    return date(year, month, min(day, monthrange(year, month)[1]))


def anchor_on(start: date, day: int) -> date:
    """The last time before a start, or on it, that the month had a day: where period 0 begins.

    >>> anchor_on(date(2026, 3, 15), 1), anchor_on(date(2026, 3, 15), 20)
    (datetime.date(2026, 3, 1), datetime.date(2026, 2, 20))
    >>> anchor_on(date(2026, 2, 28), 31)
    datetime.date(2026, 2, 28)
    """
    same_month = day_of_month(start.year, start.month, day)
    return same_month if same_month <= start else add_months(start, -1, day)


def index_of(anchor: date, unit: str, every: int, when: date, day: int | None = None) -> int:
    """Index of the period that a day lies in: what `period` was asked for.

    :raise ValueError: for a day before the anchor, or with the offending value

    >>> index_of(date(2026, 1, 31), "month", 1, date(2026, 3, 30))
    1
    """
    if when < anchor:
        raise ValueError(f"day before the first period: {when.isoformat()}")
    days, months = _step(unit, every)
    if days:
        return (when - anchor).days // days
    index = ((when.year - anchor.year) * 12 + when.month - anchor.month) // months
    # Days within the month can make the estimate one too high, never lower.
    return index if _first_day(anchor, unit, every, index, day) <= when else index - 1


def due_on_or_after(first: date, day: int, first_day: int | None = None) -> date:
    """The first due day that is not before a date.

    :param first: usually the first day of a period
    :param day: 1 to 31; 31 means the last day of every month
    :param first_day: the day of the month that `first` stands for, when its month may be too short for it

    >>> due_on_or_after(date(2026, 1, 15), 10)
    datetime.date(2026, 2, 10)
    >>> due_on_or_after(date(2026, 2, 10), 31)
    datetime.date(2026, 2, 28)

    Periods that begin on the 31st and are due on the 30th are due a month later, in February too:

    >>> due_on_or_after(date(2026, 1, 31), 30), due_on_or_after(date(2026, 2, 28), 30, first_day=31)
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 30))
    """
    return add_months(first, 0 if day >= (first_day or first.day) else 1, day)


def months_in(unit: str, every: int) -> Decimal:
    """Length of a period in months, to compare prices of different periods.

    >>> months_in("quarter", 2)
    Decimal('6')
    >>> round(months_in("week", 1), 4)
    Decimal('0.2300')
    """
    if unit in MONTHS:
        return Decimal(MONTHS[unit] * every)
    # A year of 365.25 days has 12 months.
    return Decimal(DAYS[unit] * every * 12) / Decimal("365.25")
