"""The Brazilian bank calendar as far as money depends on it: when a debt is late, and since when.

Holidays are given by the caller, as a collection of dates; Saturdays and Sundays are known.
"""

from collections.abc import Collection
from datetime import date, timedelta

from dateutil.easter import easter

ONE_DAY = timedelta(days=1)
SATURDAY = 5
MOVED, ORIGINAL = "moved", "original"
RULES = (MOVED, ORIGINAL)
FIRST_YEAR = 1995
# Month, day, name, first year: Leis 662/1949, 6.802/1980 and 14.759/2023.
FIXED = (
    (1, 1, "Confraternização Universal", FIRST_YEAR),
    (4, 21, "Tiradentes", FIRST_YEAR),
    (5, 1, "Dia do Trabalho", FIRST_YEAR),
    (9, 7, "Independência do Brasil", FIRST_YEAR),
    (10, 12, "Nossa Senhora Aparecida", FIRST_YEAR),
    (11, 2, "Finados", FIRST_YEAR),
    (11, 15, "Proclamação da República", FIRST_YEAR),
    (11, 20, "Consciência Negra", 2024),
    (12, 25, "Natal", FIRST_YEAR),
)
# Days from Easter Sunday.
MOVABLE = ((-48, "Carnaval"), (-47, "Carnaval"), (-2, "Sexta-feira Santa"), (60, "Corpus Christi"))
# No country keeps its banks closed for so long: more is a mistake in the table of holidays.
LONGEST_CLOSURE = 30


def is_business_day(day: date, holidays: Collection[date] = ()) -> bool:
    """Are banks open?

    >>> is_business_day(date(2026, 11, 20)), is_business_day(date(2026, 11, 20), {date(2026, 11, 20)})
    (True, False)
    >>> is_business_day(date(2026, 11, 21))
    False
    """
    return day.weekday() < SATURDAY and day not in holidays


def next_business_day(day: date, holidays: Collection[date] = ()) -> date:
    """The day itself when banks are open, else the first day that they are.

    :raise ValueError: with the day, when holidays leave no business day within a month

    >>> next_business_day(date(2026, 11, 20), {date(2026, 11, 20)})  # a Friday
    datetime.date(2026, 11, 23)
    """
    return _walk(day, holidays, ONE_DAY)


def previous_business_day(day: date, holidays: Collection[date] = ()) -> date:
    """The day itself when banks are open, else the last day before it that they were.

    :raise ValueError: with the day, when holidays leave no business day within a month

    >>> previous_business_day(date(2026, 11, 22), {date(2026, 11, 20)})
    datetime.date(2026, 11, 19)
    """
    return _walk(day, holidays, -ONE_DAY)


def add_business_days(day: date, count: int, holidays: Collection[date] = ()) -> date:
    """The business day that comes so many business days after a day; 0 is the next one from it on.

    :raise ValueError: for a count below 0

    >>> add_business_days(date(2026, 11, 19), 2, {date(2026, 11, 20)})
    datetime.date(2026, 11, 24)
    """
    if count < 0:
        raise ValueError(f"business days to add: {count!r}")
    day = next_business_day(day, holidays) if not count else day
    for _day in range(count):
        day = next_business_day(day + ONE_DAY, holidays)
    return day


def counted_from(due: date, day: date, holidays: Collection[date] = (), rule: str = MOVED) -> date | None:
    """The due date from which the days of a delay are counted on some day.

    Who pays on the first business day after a due date that is none is not late at all (Lei
    7.089/1983, art. 1º). Who pays later is late since the moved date, as banks and Pix count
    it (API Pix of the Central Bank, 2.9.0), or since the original one, as the Superior Tribunal
    de Justiça decided (REsp 1.954.924).

    :param due: original due date
    :param day: when it is paid, or looked at
    :param rule: `moved` or `original`
    :return: a date, or None while the debt is not late
    :raise ValueError: with an unknown rule

    >>> counted_from(date(2007, 5, 5), date(2007, 5, 7))  # Saturday, Monday
    >>> counted_from(date(2007, 5, 5), date(2007, 5, 8))
    datetime.date(2007, 5, 7)
    >>> counted_from(date(2007, 5, 5), date(2007, 5, 8), rule="original")
    datetime.date(2007, 5, 5)
    """
    if rule not in RULES:
        raise ValueError(f"rule of a due date: {rule!r}")
    if day <= due:
        return None
    moved = next_business_day(due, holidays)
    if day <= moved:
        return None
    return moved if rule == MOVED else due


def days_late(due: date, day: date, holidays: Collection[date] = (), rule: str = MOVED) -> int:
    """Calendar days of delay: the due date does not count, the day of the payment does.

    :return: 0 while the debt is not late

    >>> days_late(date(2007, 5, 5), date(2007, 5, 28)), days_late(date(2007, 5, 5), date(2007, 5, 28), rule="original")
    (21, 23)
    """
    start = counted_from(due, day, holidays, rule)
    return (day - start).days if start else 0


def bank_holidays(year: int) -> dict[date, str]:
    """The days on which banks are closed all over the country, with their Portuguese names.

    Carnival and Corpus Christi are no national holidays, yet banks are closed; on Ash Wednesday
    and 24 December they open (Resolução CMN 4.880/2020). 31 December is no business day
    for the public either, but payments are settled: it is left to the user.

    :param year: 1995 or later
    :raise ValueError: for an earlier year

    >>> bank_holidays(2026)[date(2026, 2, 17)], date(2023, 11, 20) in bank_holidays(2023)
    ('Carnaval', False)
    """
    if year < FIRST_YEAR:
        raise ValueError(f"year before the calendar of banks: {year!r}")
    days = {date(year, month, day): name for month, day, name, since in FIXED if year >= since}
    sunday = easter(year)
    return dict(sorted((days | {sunday + timedelta(days=away): name for away, name in MOVABLE}).items()))


def _walk(day, holidays, step):
    start = day
    for _step in range(LONGEST_CLOSURE):
        if is_business_day(day, holidays):
            return day
        day += step
    raise ValueError(f"no business day within a month of {start.isoformat()}")
