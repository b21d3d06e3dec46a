"""What the terms of OCA's `contract` addon mean in ours.

Only its columns are known here: contract_contract and contract_line, Odoo 14 to 19.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from . import recurrence
from .schedule import ADVANCE, ARREARS, Schedule

UNITS = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "monthlylastday": "month",
    "quarterly": "quarter",
    "semesterly": "semester",
    "yearly": "year",
}
TIMINGS = {"pre-paid": ADVANCE, "post-paid": ARREARS}
MARKERS = {"#START#": "{inicio}", "#END#": "{fim}", "#INVOICEMONTHNAME#": "{mes}"}
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Cadence:
    """How often a line is billed there, and up to which day it was."""

    rule: str
    every: int
    timing: str
    billed_until: date | None

    @property
    def unit(self):
        """Our unit of its periods."""
        return UNITS[self.rule]


def cadence(line: dict) -> Cadence:
    """The rhythm of a line.

    :param line: recurring_rule_type, recurring_interval, recurring_invoicing_type, date_start,
        last_date_invoiced, recurring_next_date (dates or None)
    :raise ValueError: with the offending rule or interval

    >>> cadence({"recurring_rule_type": "monthly", "recurring_interval": 1,
    ...          "recurring_invoicing_type": "pre-paid", "date_start": date(2026, 1, 1),
    ...          "recurring_next_date": date(2026, 3, 1)}).billed_until
    datetime.date(2026, 2, 28)
    """
    rule, every = line.get("recurring_rule_type"), line.get("recurring_interval")
    if rule not in UNITS or not every or every < 1:
        raise ValueError(f"periodicity: {every!r} {rule!r}")
    timing = TIMINGS.get(line.get("recurring_invoicing_type"), ADVANCE)
    return Cadence(rule, every, timing, _billed_until(line, rule, every, timing))


def _billed_until(line, rule, every, timing):
    until = line.get("last_date_invoiced")
    following = line.get("recurring_next_date")
    if not until and following:
        until = following - ONE_DAY
        if timing == ARREARS:
            # Its invoice is dated the day after the period, or its last day when that ends the month.
            end = following if rule == "monthlylastday" else until
            until = _begin_of_period_ending(end, rule, every) - ONE_DAY
    return until if until and line.get("date_start") and until >= line["date_start"] else None


def _begin_of_period_ending(end, rule, every):
    after = end + ONE_DAY
    unit = UNITS[rule]
    if unit in recurrence.MONTHS:
        return recurrence.add_months(after, -recurrence.MONTHS[unit] * every, after.day)
    return after - timedelta(days=recurrence.DAYS[unit] * every)


@dataclass(frozen=True)
class Terms:
    """The dates of a contract of ours that goes on where the other one stopped."""

    date_start: date
    billing_day: int
    due_day: int
    billed_until: date | None
    is_restarted: bool


def terms(start: date, rhythm: Cadence, end: date | None = None) -> Terms:
    """Dates whose next period is the one that was not billed there.

    The other addon counts each period from the last one, and so drifts at the end of a month:
    where our periods from the same start would be others, ours begin on the day theirs do now.

    :param start: first day of the contract
    :param end: last day, or None

    >>> monthly = Cadence("monthly", 1, ADVANCE, date(2026, 3, 27))
    >>> terms(date(2026, 1, 31), monthly)
    Terms(date_start=datetime.date(2026, 1, 31), billing_day=28, due_day=28, \
billed_until=datetime.date(2026, 3, 27), is_restarted=False)
    """
    until = rhythm.billed_until
    has_months = rhythm.unit in recurrence.MONTHS
    begin = until + ONE_DAY if until and until != end else start
    day = 1 if rhythm.rule == "monthlylastday" else begin.day
    if not until or not has_months:
        billing_day = 1 if rhythm.rule == "monthlylastday" else 0
    else:
        billing_day = 0 if _fits(start, end, rhythm, 0, until) else day
    if not until or _fits(start, end, rhythm, billing_day, until):
        return Terms(start, billing_day, day, until, False)
    return Terms(until + ONE_DAY, 0, (until + ONE_DAY).day, None, True)


def _fits(start, end, rhythm, billing_day, until):
    plan = Schedule(start, end, rhythm.unit, rhythm.every, billing_day or None)
    return plan.is_last_day_of_period(until)


def description(text: str) -> str:
    """A description with our words in braces instead of its markers; other braces become parentheses.

    >>> description("Fee {x} of #START# - #END#")
    'Fee (x) of {inicio} - {fim}'
    """
    plain = (text or "").translate(str.maketrans("{}", "()"))
    return re.sub("|".join(MARKERS), lambda match: MARKERS[match.group()], plain)


def bundles(lines: Iterable[tuple[Cadence, date | None]]) -> list[list[int]]:
    """Which lines can be one contract of ours: the same periodicity, billed up to the same day.

    A line that begins after that day and was not billed yet belongs to them.

    :param lines: rhythm and first day of each line
    :return: lists of places in `lines`

    >>> month = Cadence("monthly", 1, ADVANCE, date(2026, 3, 31))
    >>> new, year = Cadence("monthly", 1, ADVANCE, None), Cadence("yearly", 1, ADVANCE, None)
    >>> bundles([(month, date(2026, 1, 1)), (new, date(2026, 4, 1)), (year, date(2026, 1, 1))])
    [[0, 1], [2]]
    """
    found: dict[tuple, list[int]] = {}
    lines = list(lines)
    latest: dict[tuple, date] = {}
    for rhythm, _start in lines:
        if rhythm.billed_until:
            period = (rhythm.rule, rhythm.every)
            latest[period] = max(latest.get(period, rhythm.billed_until), rhythm.billed_until)
    for place, (rhythm, start) in enumerate(lines):
        period = (rhythm.rule, rhythm.every)
        until = rhythm.billed_until
        if not until and start and period in latest and start > latest[period]:
            until = latest[period]
        found.setdefault((*period, until), []).append(place)
    return list(found.values())
