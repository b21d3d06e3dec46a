"""On which days collection is paused."""

from datetime import date

PLANNED, ACTIVE, ENDED = "planned", "active", "ended"


def state(day: date, date_from: date, date_to: date | None = None, ended_on: date | None = None) -> str:
    """What a hold is on some day.

    :param date_from: first day without collection
    :param date_to: last day without collection; None = until somebody ends it
    :param ended_on: first day on which collection goes on, when it was ended before its time
    :return: `planned`, `active` or `ended`

    >>> first, last = date(2026, 11, 20), date(2026, 11, 24)
    >>> [state(date(2026, 11, day), first, last) for day in (19, 20, 24, 25)]
    ['planned', 'active', 'active', 'ended']
    >>> state(date(2026, 11, 22), first, last, ended_on=date(2026, 11, 22))
    'ended'
    """
    if (date_to and day > date_to) or (ended_on and day >= ended_on):
        return ENDED
    return ACTIVE if day >= date_from else PLANNED
