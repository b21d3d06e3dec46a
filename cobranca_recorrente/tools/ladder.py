"""The dunning ladder: which step an open amount has reached on a day, and at which hour people are written to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import md5

from . import calendar

NEXT, PREVIOUS, SAME = "next", "previous", "same"
CURRENT, FIRST, CHOSEN, NONE = "current", "first", "chosen", "none"
DAYS = "days"
OBSERVING, ACTIVE, PAUSED = "observing", "active", "paused"
ONE_DAY = timedelta(days=1)
WEEK = 7
# No state has so many days in a row without lawful hours.
LONGEST_WAIT = 14
# A broken promise is answered within so many days; later the ordinary steps go on.
EVENT_DAYS = 5


@dataclass(frozen=True)
class Level:
    """A step of a ladder.

    :param days: from the due date on, negative before it; None for an event
    :param channels: (channel, key of its row) in the order of fall-back
    """

    key: int
    trigger: str = DAYS
    days: int | None = None
    min_amount: Decimal = Decimal(0)
    channels: tuple = ()
    control_percent: float = 0
    control_seed: str = ""

    @property
    def is_before(self) -> bool:
        """Is it a reminder of what is not late yet?"""
        return self.trigger == DAYS and self.days <= 0

    @property
    def rank(self) -> tuple:
        """Events come before days, later days before earlier ones."""
        return (self.trigger != DAYS, self.days if self.trigger == DAYS else 0, self.key)


@dataclass(frozen=True)
class Ladder:
    """A policy with its steps."""

    key: int
    state: str = "active"
    entry: str = CURRENT
    entry_level: int | None = None
    date_from: date | None = None
    min_days: int = 3
    max_week: int = 2
    rule: str = NEXT
    hour: float = 9.0
    levels: tuple[Level, ...] = ()

    def state_on(self, day: date) -> str:
        """An active ladder is observed only until the day of its start.

        >>> ladder = Ladder(1, date_from=date(2026, 11, 19))
        >>> ladder.state_on(date(2026, 11, 18)), ladder.state_on(date(2026, 11, 19))
        ('observing', 'active')
        """
        is_early = self.state == ACTIVE and self.date_from and day < self.date_from
        return OBSERVING if is_early else self.state

    def sorted_days(self) -> list[Level]:
        return sorted((level for level in self.levels if level.trigger == DAYS), key=lambda level: level.days)

    def before(self) -> list[Level]:
        """Reminders of what is not late, the earliest first."""
        return [level for level in self.sorted_days() if level.is_before]

    def after(self) -> list[Level]:
        """Notices of what is late, the earliest first."""
        return [level for level in self.sorted_days() if not level.is_before]


def is_sending_day(day: date, holidays: Collection[date], rule: str) -> bool:
    """Does a ladder write to anybody on a day?

    >>> is_sending_day(date(2026, 11, 21), (), NEXT), is_sending_day(date(2026, 11, 21), (), SAME)
    (False, True)
    """
    return rule == SAME or calendar.is_business_day(day, holidays)


def cutoff(day: date, holidays: Collection[date], rule: str) -> date:
    """The last calendar day whose steps are to be done on a sending day.

    A line has reached the step of n days when its due date + n is not after this.

    :raise ValueError: for an unknown rule

    >>> cutoff(date(2026, 11, 20), (), NEXT), cutoff(date(2026, 11, 20), (), PREVIOUS)
    (datetime.date(2026, 11, 20), datetime.date(2026, 11, 22))
    """
    if rule in (NEXT, SAME):
        return day
    if rule != PREVIOUS:
        raise ValueError(f"business-day rule: {rule!r}")
    return calendar.next_business_day(day + ONE_DAY, holidays) - ONE_DAY


def late_until(day: date, holidays: Collection[date]) -> date:
    """What fell due on this day or before is late on a day: its first business day is over.

    >>> late_until(date(2026, 11, 23), ()), late_until(date(2026, 11, 24), ())  # Monday, Tuesday
    (datetime.date(2026, 11, 20), datetime.date(2026, 11, 23))
    """
    return calendar.previous_business_day(day - ONE_DAY, holidays)


def step(ladder: Ladder, due: date, reach: date, is_late: bool, noted_before=None, noted_after=None) -> Level | None:
    """The step that a line takes on a day, if any.

    :param reach: of `cutoff`
    :param is_late: by `late_until`
    :param noted_before: highest days (≤ 0) of the reminders that were claimed, None = none
    :param noted_after: the same of notices (≥ 1)

    >>> ladder = Ladder(1, levels=tuple(Level(n, days=n) for n in (-3, 3, 7, 15)))
    >>> step(ladder, date(2026, 1, 1), date(2026, 1, 20), True).days
    15
    >>> step(ladder, date(2026, 1, 1), date(2026, 1, 20), True, noted_after=3).days
    7
    >>> step(ladder, date(2026, 1, 1), date(2026, 1, 5), True, noted_after=3)
    """
    reached = [level for level in (ladder.after() if is_late else ladder.before()) if due + _days(level) <= reach]
    if not is_late:
        last = reached[-1] if reached else None
        return last if last and (noted_before is None or last.days > noted_before) else None
    if noted_after is None:
        return _entry(ladder, due, reached)
    return next((level for level in reached if level.days > noted_after), None)


def _days(level):
    return timedelta(days=level.days)


def _entry(ladder, due, reached):
    if not reached or (ladder.entry == NONE and ladder.date_from and due < ladder.date_from):
        return None
    if ladder.entry == FIRST:
        return reached[0]
    chosen = [level for level in reached if ladder.entry == CHOSEN and level.key == ladder.entry_level]
    return (chosen or reached)[-1]


def is_control(level: Level, debtor: int) -> bool:
    """Is a debtor in the group that gets nothing at a step? The draw is the same each time it is asked for.

    >>> is_control(Level(1, days=3, control_percent=100, control_seed="x"), 7), is_control(Level(1, days=3), 7)
    (True, False)
    >>> is_control(Level(1, days=-3, control_percent=100, control_seed="x"), 7)  # never before due
    False
    """
    if level.is_before or level.control_percent <= 0:
        return False
    digest = md5(f"{level.control_seed}:{level.key}:{debtor}".encode(), usedforsecurity=False).hexdigest()
    return int(digest[:8], 16) % 100 < level.control_percent


def first_hour(hour: float, opening: tuple[float, float] | None) -> float | None:
    """The first lawful hour of a day from an hour on; None on a day that has none.

    >>> first_hour(9, (8, 20)), first_hour(7.5, (8, 20)), first_hour(15, (8, 14)), first_hour(9, None)
    (9, 8, None, None)
    """
    if not opening:
        return None
    start = max(hour, opening[0])
    return start if start < opening[1] else None


def at_hour(day: date, hour: float) -> datetime:
    """A moment of a day by the clocks there.

    >>> at_hour(date(2026, 11, 19), 8.5)
    datetime.datetime(2026, 11, 19, 8, 30)
    """
    return datetime.combine(day, datetime.min.time()) + timedelta(minutes=round(hour * 60))
