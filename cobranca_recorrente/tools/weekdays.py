"""Days from Monday to Friday, for the term of an answer; holidays only make an answer come early."""

from datetime import date, timedelta

SATURDAY = 5


def add_weekdays(day: date, count: int) -> date:
    """The weekday that comes some weekdays after a day.

    :param count: weekdays to add, 1 or more
    :raise ValueError: for a count below 1

    >>> add_weekdays(date(2026, 11, 19), 2)  # Thursday
    datetime.date(2026, 11, 23)
    >>> add_weekdays(date(2026, 11, 21), 2)  # Saturday
    datetime.date(2026, 11, 24)
    """
    if count < 1:
        raise ValueError(f"weekdays to add: {count!r}")
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day
