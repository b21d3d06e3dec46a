"""When a subscribed report is due, and which period it stands for."""

from datetime import date, timedelta

WEEKLY, MONTHLY = "weekly", "monthly"
# Days that every month has.
LAST_DAY = 28


def due_on(frequency: str, turn: int, day: date) -> date:
    """The first day on which a report is due, from a day on.

    :param str frequency: weekly or monthly
    :param int turn: weekday (0: Monday), or day of the month (1 to 28)
    :param date day: it may be this one
    :raise ValueError: for a turn that not every week or month has

    >>> due_on("weekly", 0, date(2026, 6, 30)), due_on("weekly", 1, date(2026, 6, 30))
    (datetime.date(2026, 7, 6), datetime.date(2026, 6, 30))
    >>> due_on("monthly", 5, date(2026, 12, 6)), due_on("monthly", 28, date(2026, 2, 28))
    (datetime.date(2027, 1, 5), datetime.date(2026, 2, 28))
    """
    if frequency == WEEKLY:
        if not 0 <= turn <= 6:
            raise ValueError(turn)
        return day + timedelta(days=(turn - day.weekday()) % 7)
    if not 1 <= turn <= LAST_DAY:
        raise ValueError(turn)
    if turn >= day.day:
        return day.replace(day=turn)
    return (day.replace(day=1) + timedelta(days=32)).replace(day=turn)


def period_of(frequency: str, day: date) -> date:
    """The first day of the week or month in which a report goes out: it goes out once in it.

    >>> period_of("weekly", date(2026, 7, 5)), period_of("monthly", date(2026, 7, 5))
    (datetime.date(2026, 6, 29), datetime.date(2026, 7, 1))
    """
    return day - timedelta(days=day.weekday()) if frequency == WEEKLY else day.replace(day=1)


def next_after(frequency: str, turn: int, day: date) -> date:
    """The day of the next period on which a report is due, after the one in which it went out.

    >>> next_after("weekly", 0, date(2026, 7, 8)), next_after("monthly", 5, date(2026, 7, 2))
    (datetime.date(2026, 7, 13), datetime.date(2026, 8, 5))
    """
    first = period_of(frequency, day)
    following = first + timedelta(days=7) if frequency == WEEKLY else (first + timedelta(days=32)).replace(day=1)
    return due_on(frequency, turn, following)


def figures_of(frequency: str, due: date) -> date:
    """Of which day a report tells: of the last month when it is monthly, else of the day before.

    >>> figures_of("monthly", date(2026, 7, 5)), figures_of("weekly", date(2026, 7, 6))
    (datetime.date(2026, 6, 30), datetime.date(2026, 7, 5))
    """
    return (due.replace(day=1) if frequency == MONTHLY else due) - timedelta(days=1)
