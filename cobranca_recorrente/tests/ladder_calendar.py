"""Days and hours of the dunning ladder in plain Python, nothing of the addon: for the oracle of the ladder.

The days are written out, not computed; the hours are those of the laws. Brazil has no summer time since 2019.
"""

from datetime import date, datetime, timedelta

ONE_DAY = timedelta(days=1)
# Days on which banks are closed all over the country, as the calendar of the banks (FEBRABAN) lists them.
NATIONAL = {
    date(2026, month, day)
    for month, day in (
        (1, 1),
        (2, 16),
        (2, 17),
        (4, 3),
        (4, 21),
        (5, 1),
        (6, 4),
        (9, 7),
        (10, 12),
        (11, 2),
        (11, 15),
        (11, 20),
        (12, 25),
    )
} | {
    date(2027, month, day)
    for month, day in (
        (1, 1),
        (2, 8),
        (2, 9),
        (3, 26),
        (4, 21),
        (5, 1),
        (5, 27),
        (9, 7),
        (10, 12),
        (11, 2),
        (11, 15),
        (11, 20),
        (12, 25),
    )
}
# Hours behind UTC; -3 for all others.
BEHIND = {"AC": 5, "AM": 4, "MS": 4, "MT": 4, "RO": 4, "RR": 4}
# (Monday to Friday, Saturday): SP 15.426/2014 (what holds elsewhere too), RJ 7.868/2018, ES 10.626/2017, AM 306/2016.
LAWS = {
    "RJ": ((9, 19), None),
    "ES": ((8, 19), None),
    "AM": ((8, 19), None),
}
EVERYWHERE_ELSE = ((8, 20), (8, 14))


def is_business_day(day, holidays):
    return day.weekday() not in (5, 6) and day not in holidays


def following(day, holidays):
    while not is_business_day(day, holidays):
        day += ONE_DAY
    return day


def preceding(day, holidays):
    while not is_business_day(day, holidays):
        day -= ONE_DAY
    return day


def add_business_days(day, count, holidays):
    day = following(day, holidays)
    while count:
        day, count = following(day + ONE_DAY, holidays), count - 1
    return day


def clock(uf, moment):
    """What the clocks of a state show at a moment in UTC."""
    return moment - timedelta(hours=BEHIND.get(uf, 3))


def utc(uf, day, hour):
    """The moment in UTC at which the clocks of a state show an hour (8.5 is half past eight)."""
    return datetime(day.year, day.month, day.day) + timedelta(hours=hour + BEHIND.get(uf, 3))


def opening(uf, day, holidays):
    """The hours of a day in a state: (from, until), or None."""
    weekdays, saturdays = LAWS.get(uf, EVERYWHERE_ELSE)
    if day.weekday() == 6 or day in holidays:
        return None
    return saturdays if day.weekday() == 5 else weekdays


def is_lawful(uf, moment, holidays):
    there = clock(uf, moment)
    hours = opening(uf, there.date(), holidays)
    return bool(hours) and hours[0] <= there.hour + there.minute / 60 + there.second / 3600 < hours[1]


def first_lawful(uf, moment, holidays):
    """The first moment (UTC) from a moment on at which somebody in a state may be contacted."""
    if is_lawful(uf, moment, holidays):
        return moment
    day, earliest = clock(uf, moment).date(), moment
    while True:
        hours = opening(uf, day, holidays)
        if hours and utc(uf, day, hours[0]) >= earliest:
            return utc(uf, day, hours[0])
        day += ONE_DAY


def sending_moment(uf, day, hour, holidays):
    """When a message of a day goes out: at its hour there, or later on that day; None = not on that day."""
    found = first_lawful(uf, utc(uf, day, hour), holidays)
    return found if clock(uf, found).date() == day else None


def next_sending_moment(uf, moment, hour, holidays):
    """When a message goes out that could not go before: later on this day, else at its hour on a later one."""
    day = clock(uf, moment).date()
    if found := sending_moment(uf, day, max(hour, hour_of(uf, moment)), holidays):
        return found
    while not (found := sending_moment(uf, day := day + ONE_DAY, hour, holidays)):
        pass
    return found


def hour_of(uf, moment):
    there = clock(uf, moment)
    return there.hour + there.minute / 60
