"""When each part of a contract is served, issued and due: one plan for preview, checks and billing."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import count

from . import proration, recurrence

# A period is billed from its begin on, or when it is over.
GROUPS = ADVANCE, ARREARS = "advance", "arrears"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Part:
    """One period of one group of lines: a row of the ledger of what was billed."""

    group: str
    index: int
    span: proration.Span  # what of the period lies inside the contract
    of_days: int  # days of the whole period
    issue: date
    due: date


@dataclass(frozen=True)
class Charge:
    """What is billed together: at most one part of each group, all due on one day."""

    parts: tuple[Part, ...]
    issue: date
    due: date


@dataclass(frozen=True)
class Schedule:
    """The terms of a contract that decide its dates.

    :param start: first day that is billed
    :param end: last day that is billed, or None; before the start, nothing is
    :param unit: see recurrence.UNITS
    :param every: length of a period in units
    :param billing_day: day of the month on which periods begin; empty = the day of the start
    :param due_day: day of the month on which invoices fall due; empty = by `due_after_issue`
    :param lead_days: days before the due date (or the period's begin) that an invoice is issued
    :param due_after_issue: due date of an invoice issued on a day, for contracts with a payment
        term; None = due when its period begins, or in arrears when the next one does

    Days and weeks have neither billing day nor due day.

    :raise ValueError: with the offending value
    """

    start: date
    end: date | None = None
    unit: str = "month"
    every: int = 1
    billing_day: int | None = None
    due_day: int | None = None
    lead_days: int = 0
    due_after_issue: Callable[[date], date] | None = None

    def __post_init__(self):
        if self.lead_days < 0:
            raise ValueError(f"days that an invoice is issued before: {self.lead_days!r}")
        for index in (0, 1):
            self.due_of_begin(index)

    @cached_property
    def anchor(self) -> date:
        """First day of period 0, which may lie before the start."""
        return recurrence.anchor_on(self.start, self.begin_day) if self.begin_day else self.start

    @cached_property
    def _has_months(self):
        return self.unit in recurrence.MONTHS

    @cached_property
    def begin_day(self) -> int | None:
        """Day of the month on which periods begin where it is long enough; None for days and weeks."""
        return (self.billing_day or self.start.day) if self._has_months else None

    @cached_property
    def _has_due_day(self):
        return bool(self.due_day and self._has_months)

    def period(self, index: int) -> proration.Span:
        """First and last day of a whole period.

        >>> Schedule(date(2026, 3, 15), billing_day=1).period(0)
        (datetime.date(2026, 3, 1), datetime.date(2026, 3, 31))
        """
        return recurrence.period(self.anchor, self.unit, self.every, index, self.begin_day)

    def index_of(self, when: date) -> int:
        """Index of the period that a day lies in; 0 for days before the first."""
        return recurrence.index_of(self.anchor, self.unit, self.every, max(when, self.anchor), self.begin_day)

    def first_index_after(self, billed_until: date | None) -> int:
        """Index of the first period that begins after a day billed elsewhere.

        >>> Schedule(date(2026, 1, 31)).first_index_after(date(2026, 3, 30))
        2
        """
        if not billed_until or billed_until < self.start:
            return 0
        return self.index_of(billed_until) + 1

    def is_last_day_of_period(self, day: date) -> bool:
        """Does a period, or the contract, end on this day, or lies the day outside the contract?

        >>> terms = Schedule(date(2026, 1, 1), end=date(2026, 3, 15))
        >>> [terms.is_last_day_of_period(date(2026, month, 15)) for month in (1, 2, 3)]
        [False, False, True]
        """
        if day < self.start or (self.end and day >= self.end):
            return True
        return self.period(self.index_of(day))[1] == day

    def due_of_begin(self, index: int) -> date:
        """Due date of what is billed at the begin of a period.

        Every period falls due on the first due day from its begin on, months that are too short
        counting as if they were not: each due day comes once, none is left out. A first period
        cut short is due at the start itself when its due day is past by then.

        >>> [Schedule(date(2026, 1, 31), due_day=30).due_of_begin(i).isoformat() for i in range(3)]
        ['2026-02-28', '2026-03-30', '2026-04-30']
        """
        due = self.period(index)[0]
        if self._has_due_day:
            due = recurrence.due_on_or_after(due, self.due_day, self.begin_day)
        return max(due, self.start)

    def due_after(self, day: date) -> date:
        """Due date of a one-off item: the first due day that is not before it.

        >>> Schedule(date(2026, 1, 1), due_day=10).due_after(date(2026, 3, 11))
        datetime.date(2026, 4, 10)
        """
        if self._has_due_day:
            return recurrence.due_on_or_after(day, self.due_day)
        return max(self.due_after_issue(day), day) if self.due_after_issue else day

    def issue_of(self, due: date) -> date:
        """The day on which an invoice is issued that is due on a day."""
        return due if self.due_after_issue and not self._has_due_day else due - timedelta(days=self.lead_days)

    def part(self, group: str, index: int) -> Part | None:
        """A period of a group of lines with its dates; None when the contract has none any more."""
        if group not in GROUPS:
            raise ValueError(f"group of lines: {group!r}")
        whole = self.period(index)
        span = proration.overlap(whole, self.start, self.end)
        if span is None:
            return None
        issue, due = self._dates(group, index, span)
        return Part(group, index, span, proration.days_of(whole), issue, due)

    def _dates(self, group, index, span):
        due = self.due_of_begin(index + 1 if group == ARREARS else index)
        issue = due - timedelta(days=self.lead_days)
        if group == ARREARS:
            # What is billed after its period is not known before the period is over.
            issue = max(issue, span[1] + ONE_DAY)
        if self.due_after_issue and not self._has_due_day:
            due = max(self.due_after_issue(issue), issue)
        return issue, due

    def charges(
        self, groups: Collection[str], taken: Mapping[str, Collection[int]], first: int = 0
    ) -> Iterator[Charge]:
        """What is still to be billed, in order of due dates; endless for a contract without end.

        :param groups: ADVANCE, ARREARS or both: which groups the lines of the contract form
        :param taken: indexes that each group has billed already
        :param first: index before which everything was billed elsewhere

        >>> terms = Schedule(date(2026, 1, 1), end=date(2026, 2, 28), due_day=10)
        >>> for charge in terms.charges((ADVANCE, ARREARS), {}):
        ...     print(charge.due, [(part.group, part.index) for part in charge.parts])
        2026-01-10 [('advance', 0)]
        2026-02-10 [('advance', 1), ('arrears', 0)]
        2026-03-10 [('arrears', 1)]
        """
        queues = {group: self._parts_left(group, frozenset(taken.get(group, ())), first) for group in sorted(groups)}
        waiting = {group: next(queue, None) for group, queue in queues.items()}
        while pending := [part for part in waiting.values() if part]:
            due = min(part.due for part in pending)
            together = tuple(part for part in pending if part.due == due)
            yield Charge(together, max(part.issue for part in together), due)
            for part in together:
                waiting[part.group] = next(queues[part.group], None)

    def _parts_left(self, group, taken, first):
        for index in count(first):
            if index in taken:
                continue
            part = self.part(group, index)
            if part is None:
                return
            yield part
