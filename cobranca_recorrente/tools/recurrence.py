"""Periods of a recurring contract, always counted from its start."""

from calendar import monthrange
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

UNITS = ("day", "week", "month", "year")
LAST_DAY_OF_MONTH = 31


def period(start: date, unit: str, every: int, index: int) -> tuple[date, date]:
    """First and last day of a period.

    Counting from the start, not from the period before, keeps the day: a contract of
    31 January goes to 28 February and back to 31 March, never stuck on the 28th.

    :param start: first day of period 0
    :param unit: "day", "week", "month" or "year"
    :param every: length of a period in units, 1 or more
    :param index: 0 for the first period
    :return: first and last day, both included
    :raise ValueError: with the offending value

    >>> period(date(2026, 1, 31), "month", 1, 1)
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 30))
    >>> period(date(2026, 1, 31), "month", 1, 2)[0]
    datetime.date(2026, 3, 31)
    >>> period(date(2024, 2, 29), "year", 1, 4)[0]
    datetime.date(2028, 2, 29)
    """
    if unit not in UNITS:
        raise ValueError(f"unit of a period: {unit!r}")
    if every < 1:
        raise ValueError(f"length of a period: {every!r}")
    if index < 0:
        raise ValueError(f"index of a period: {index!r}")
    first = start + relativedelta(**{f"{unit}s": every * index})
    following = start + relativedelta(**{f"{unit}s": every * (index + 1)})
    return first, following - timedelta(days=1)


def first_index_after(start: date, unit: str, every: int, billed_until: date) -> int:
    """Index of the first period that begins after a day.

    :param billed_until: last day that was billed elsewhere
    :return: 0 when the contract starts after that day

    >>> first_index_after(date(2026, 1, 31), "month", 1, date(2026, 3, 30))
    2
    >>> first_index_after(date(2026, 1, 31), "month", 1, date(2025, 12, 31))
    0
    """
    if billed_until < start:
        return 0
    elapsed = relativedelta(billed_until, start)
    whole_units = {
        "day": (billed_until - start).days,
        "week": (billed_until - start).days // 7,
        "month": elapsed.years * 12 + elapsed.months,
        "year": elapsed.years,
    }[unit]
    # Month ends make the estimate one short at times; it is never too high by more than one.
    index = max(whole_units // every - 1, 0)
    while period(start, unit, every, index)[0] <= billed_until:
        index += 1
    return index


def day_of_month(year: int, month: int, day: int) -> date:
    """A day of a month, or its last day when the month is shorter.

    >>> day_of_month(2026, 2, 31)
    datetime.date(2026, 2, 28)
    """
    if not 1 <= day <= LAST_DAY_OF_MONTH:
        raise ValueError(f"day of a month: {day!r}")
    return date(year, month, min(day, monthrange(year, month)[1]))


def due_date(start: date, unit: str, every: int, index: int, day: int) -> date:
    """Due date of a period of months or years: one due day after the other, none left out, none twice.

    Counted from the first due day, as the periods are from the start. (The next due day after
    the start of *each* period would give 28 February twice to a contract of 31 January due on
    the 30th, and nothing in March.)

    :param unit: "month" or "year"
    :param day: 1 to 31; 31 means the last day of every month

    >>> [due_date(date(2026, 1, 31), "month", 1, index, 30).isoformat() for index in range(3)]
    ['2026-02-28', '2026-03-30', '2026-04-30']
    """
    if unit not in ("month", "year"):
        raise ValueError(f"unit of a period with a due day: {unit!r}")
    first_due = due_on_or_after(start, day)
    month = first_due.replace(day=1) + relativedelta(**{f"{unit}s": every * index})
    return day_of_month(month.year, month.month, day)


def due_on_or_after(first: date, day: int) -> date:
    """The first due day that is not before a date.

    :param first: usually the first day of a period
    :param day: 1 to 31; 31 means the last day of every month

    >>> due_on_or_after(date(2026, 1, 15), 10)
    datetime.date(2026, 2, 10)
    >>> due_on_or_after(date(2026, 2, 10), 31)
    datetime.date(2026, 2, 28)
    """
    due = day_of_month(first.year, first.month, day)
    if due >= first:
        return due
    following = first.replace(day=1) + relativedelta(months=1)
    return day_of_month(following.year, following.month, day)
