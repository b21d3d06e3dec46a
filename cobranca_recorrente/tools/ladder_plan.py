"""Whether a debtor is written to on a day, by which step and channel, or why not.

Everything here is plain: days, ids and amounts in, decisions out. What is read from the books, and what is
written, is elsewhere.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .ladder import Ladder, Level, first_hour, is_control

# Why a line is left out, the first that applies tells.
LINE_REASONS = (
    "observing",
    "paused",
    "not_business_day",
    "blocked",
    "prescribed",
    "held",
    "pending_payment",
    "probably_paid",
    "stale_statement",
    "below_minimum",
)
# Why a debtor gets nothing although he has a step to claim, in this order.
DEBTOR_REASONS = ("in_progress", "undelivered", "too_soon", "too_many", "control", "no_channel", "hours")


class Line(NamedTuple):
    """An open amount of a debtor on a day: late, or with a reminder to claim.

    :param level: step that it would claim, None = it is listed only
    :param source: of the event of that step, 0 for days
    :param reason: of LINE_REASONS, why it is left out; None = it is not
    :param detail: what more there is to say of the reason, such as the kind of pause
    :param residual: open of it, in its own currency; `home` in the company's
    """

    key: int
    due: date
    residual: Decimal
    home: Decimal
    is_late: bool
    level: Level | None = None
    ladder: Ladder | None = None
    source: int = 0
    reason: str | None = None
    detail: str | None = None


@dataclass(frozen=True)
class Contact:
    """What is known of a debtor on a day.

    :param last_contact: day of the last contact, None = never
    :param week: contacts of the last seven days, today included
    :param is_possible: tells whether a channel is open to him now; asked only as far as needed
    :param opening: lawful hours of the day where he lives, None = none
    """

    recipient: int
    last_contact: date | None = None
    week: int = 0
    is_in_progress: bool = False
    is_undelivered: bool = False
    is_possible: Callable[[str], bool] = bool
    opening: tuple[float, float] | None = (8.0, 20.0)


@dataclass(frozen=True)
class Planned:
    """A message to be made, or a debtor of the control group (no channel)."""

    debtor: int
    currency: int
    ladder: Ladder
    level: Level
    recipient: int
    channel: str | None
    channel_row: int | None
    hour: float | None
    lines: tuple[Line, ...]

    @property
    def claims(self) -> list[Line]:
        return [line for line in self.lines if line.level]


@dataclass(frozen=True)
class LeftOut:
    """A debtor who has a step to claim and gets nothing."""

    debtor: int
    currency: int
    ladder: Ladder | None
    level: Level | None
    reason: str
    detail: str | None
    lines: tuple[Line, ...]


@dataclass
class Plan:
    """Who gets what on a day, and who is left out."""

    day: date
    messages: list[Planned] = field(default_factory=list)
    control: list[Planned] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def add(self, decision):
        target = self.left_out
        if isinstance(decision, Planned):
            target = self.messages if decision.channel else self.control
        target.append(decision)


def decide(day: date, debtor: int, currency: int, lines: Iterable[Line], contact: Contact) -> Planned | LeftOut | None:
    """What happens to a debtor on a day.

    :param lines: late ones and those that claim a step
    :return: None when he has no step to claim at all
    """
    lines = tuple(lines)
    if not any(line.level for line in lines):
        return None
    asked = tuple(line for line in lines if not line.reason)
    small = _find_below_minimum(asked)
    listed = _drop_steps(asked, small) if small else asked
    claims = [line for line in listed if line.level]
    if not claims:
        reasons = [line for line in lines if line.level and line.reason]
        main = min(reasons, key=lambda line: LINE_REASONS.index(line.reason)) if reasons else None
        if small and not main:
            main = next(line for line in asked if line.key in small)
        reason = main.reason or "below_minimum"
        return LeftOut(debtor, currency, main.ladder, main.level, reason, main.detail, lines)
    top = max(claims, key=lambda line: line.level.rank)
    level, ladder = top.level, top.ladder
    if reason := _debtor_reason(day, ladder, level, contact):
        return LeftOut(debtor, currency, ladder, level, reason, None, lines)
    planned = {
        "debtor": debtor,
        "currency": currency,
        "ladder": ladder,
        "level": level,
        "recipient": contact.recipient,
        "lines": listed,
    }
    if is_control(level, debtor):
        return Planned(channel=None, channel_row=None, hour=None, **planned)
    channel, row = next(
        ((channel, row) for channel, row in level.channels if contact.is_possible(channel)), (None, None)
    )
    if not channel:
        return LeftOut(debtor, currency, ladder, level, "no_channel", None, lines)
    hour = first_hour(ladder.hour, contact.opening)
    if hour is None:
        return LeftOut(debtor, currency, ladder, level, "hours", None, lines)
    return Planned(channel=channel, channel_row=row, hour=hour, **planned)


def _find_below_minimum(asked):
    """Keys of the lines whose step asks for more than the debtor owes in all."""
    limited = [line for line in asked if line.level and line.level.min_amount]
    if not limited:
        return set()
    total = sum((line.home for line in asked), Decimal(0))
    return {line.key for line in limited if line.level.min_amount > total}


def _drop_steps(asked, small):
    """Without the steps that are too small for their minimum: what is late is listed all the same, nothing else is."""
    kept = (line for line in asked if line.is_late or line.key not in small)
    return tuple(_without_step(line) if line.key in small else line for line in kept)


def _without_step(line):
    return Line(line.key, line.due, line.residual, line.home, line.is_late)


def _debtor_reason(day, ladder, level, contact):
    if contact.is_in_progress:
        return "in_progress"
    if contact.is_undelivered and level.trigger != "returned_mail":
        return "undelivered"
    if contact.last_contact and (day - contact.last_contact).days < ladder.min_days:
        return "too_soon"
    if ladder.max_week and contact.week >= ladder.max_week:
        return "too_many"
    return None
