"""Up to which due date a debt may be asked for: what is paid in time must have had time to arrive."""

from collections.abc import Collection
from datetime import date

from .calendar import ONE_DAY, previous_business_day


def newest_late_due(day: date, holidays: Collection[date] = ()) -> date:
    """The newest due date of which a debt is late on a day; what fell due later is not.

    :param day: when it is looked at
    :param holidays: days on which banks are closed, besides Saturdays and Sundays

    >>> newest_late_due(date(2026, 11, 19))
    datetime.date(2026, 11, 18)
    >>> newest_late_due(date(2026, 11, 24), {date(2026, 11, 20)})  # the Monday was paid in time
    datetime.date(2026, 11, 23)
    >>> newest_late_due(date(2026, 11, 23), {date(2026, 11, 20)})
    datetime.date(2026, 11, 19)
    """
    return previous_business_day(day - ONE_DAY, holidays)


def newest_covered_due(last: date, business_days: int = 0, holidays: Collection[date] = ()) -> date:
    """The newest due date whose payments in time a statement up to a day must show.

    :param last: last day of the statement
    :param business_days: that a payment takes to be in a statement; 0 for Pix, 1 for boletos
    :raise ValueError: for a number below 0

    >>> newest_covered_due(date(2026, 11, 19)), newest_covered_due(date(2026, 11, 19), 1)
    (datetime.date(2026, 11, 19), datetime.date(2026, 11, 18))
    >>> newest_covered_due(date(2026, 11, 22), 0, {date(2026, 11, 20)})  # a Sunday; due on the 20th is paid on Monday
    datetime.date(2026, 11, 19)
    """
    if business_days < 0:
        raise ValueError(f"business days of a payment: {business_days!r}")
    day = previous_business_day(last, holidays)
    for _step in range(business_days):
        day = previous_business_day(day - ONE_DAY, holidays)
    return day
