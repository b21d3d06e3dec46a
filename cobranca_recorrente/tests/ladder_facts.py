"""What is owed, paid, promised, disputed and paused in the world of the ladder's oracle: no rule of the ladder.

Nothing of the addon is imported; amounts are whole cents.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from . import ladder_calendar as cal

ONE_DAY = timedelta(days=1)
SLACK = 2  # cents that may be missing of a promise


@dataclass
class Debtor:
    id: int
    key: int = 0  # what the draw of the control group knows him by
    uf: str | None = "SP"
    email: str | None = "a@example.com"
    phone: str | None = None
    street: str | None = None
    tags: frozenset = frozenset()
    refused: set = field(default_factory=set)


@dataclass
class Line:
    id: int
    debtor: int
    due: date
    residual: int
    booked: date = date(2020, 1, 1)
    currency: int = 1
    blocked: bool = False


@dataclass
class Hold:
    debtor: int
    line: int | None
    first: date
    last: date | None
    reason: str
    ended: date | None = None


@dataclass
class Promise:
    id: int
    lines: list
    cents: int
    last_day: date
    hold: list
    paid: int = 0
    state: str = "open"
    decided: date | None = None


@dataclass
class Level:
    id: int
    days: int | None  # None: an event
    key: int = 0  # what the draw of the control group knows it by
    channels: tuple = ("email",)
    trigger: str = "days"
    min_amount: int = 0
    control_percent: int = 0
    control_seed: str = ""
    reviewed: bool = False

    @property
    def is_event(self):
        return self.trigger != "days"

    @property
    def rank(self):
        """Events are above all days."""
        return (self.is_event, self.days or 0)


@dataclass
class Policy:
    id: int
    levels: list
    state: str = "active"
    date_from: date = date(2020, 1, 1)
    entry: str = "current"
    entry_level: int | None = None
    tags: frozenset = frozenset()
    min_amount: int = 0
    max_amount: int = 0
    min_days: int = 3
    max_week: int = 2
    business: str = "next"
    hour: float = 9.0
    sequence: int = 10

    @property
    def specificity(self):
        return 8 * bool(self.tags) + bool(self.min_amount or self.max_amount)


@dataclass
class Judged:
    """What is said of a line on a day: its step, and what stands against it."""

    line: object
    policy: object
    level: object
    source: int
    is_late: bool
    reasons: set

    @property
    def is_claimed(self):
        return self.level is not None and not self.reasons


@dataclass
class Message:
    debtor: int
    currency: int
    day: date
    level: object
    policy: object
    channel: str
    lines: dict  # {line: level id, or None for what is only named}
    sources: dict  # {line: source}
    send_at: datetime
    claims: set = field(default_factory=set)  # keys of its notices, also of lines that dropped out since
    state: str = "queued"
    reason: str | None = None
    sent_on: date | None = None
    asked: dict = field(default_factory=dict)  # {line: cents} as sent
    address: str | None = None
    attempts: int = 0
    retry_at: datetime | None = None
    is_followed: bool = False
    is_registered: bool = False  # done by a call that is in the register: counted there


class Facts:
    """The state of the world at a moment; the methods are what happens in it."""

    def __init__(self, policies, bank_holidays=(), uf_holidays=None):
        self.policies = policies
        self.levels = {level.id: level for policy in policies for level in policy.levels}
        # Where the company is; and where its customers live.
        self.bank_holidays = cal.NATIONAL | set(bank_holidays)
        self.uf_holidays = {uf: cal.NATIONAL | set(days) for uf, days in (uf_holidays or {}).items()}
        self.debtors, self.lines = {}, {}
        self.holds, self.promises, self.disputes = [], {}, {}
        # The same by whom they are about.
        self.lines_of, self.holds_of, self.promises_of = (defaultdict(list) for _number in range(3))
        self.contacts = defaultdict(list)  # {debtor: days} of calls by people
        self.bounced = set()  # addresses
        self.dead = set()  # addresses that bounce whatever is sent to them

    def holidays_of(self, uf):
        return self.uf_holidays.get(uf, cal.NATIONAL)

    # --- looked at ---

    def asked_lines(self, day, debtor=None):
        lines = self.lines.values() if debtor is None else self.lines_of[debtor]
        return [line for line in lines if line.residual > 0 and line.booked <= day]

    def total(self, debtor, day):
        """All that somebody owes, whatever the currency: every line's cents are the company's."""
        return sum(line.residual for line in self.asked_lines(day, debtor))

    def open_promise(self, line):
        return next((promise for promise in self.promises_of[line] if promise.state == "open"), None)

    # --- what there is ---

    def add_line(self, line):
        self.lines[line.id] = line
        self.lines_of[line.debtor].append(line)

    def add_hold(self, hold):
        self.holds.append(hold)
        self.holds_of[hold.debtor].append(hold)
        return hold

    # --- what happens ---

    def pay(self, line, cents, day):
        self.lines[line].residual -= cents
        if promise := self.open_promise(line):
            promise.paid += cents
            self.decide(day, [promise])

    def promise(self, number, lines, cents, promised, today):
        debtor = self.lines[lines[0]].debtor
        last = cal.following(promised, self.bank_holidays)
        holds = [self.add_hold(Hold(debtor, line, today, last, "promise")) for line in lines]
        self.promises[number] = Promise(number, list(lines), cents, last, holds)
        for line in lines:
            self.promises_of[line].append(self.promises[number])

    def decide(self, today, promises=None):
        """Kept once the money is there, broken on the day after the last one that would have done."""
        for promise in promises or list(self.promises.values()):
            if promise.state != "open":
                continue
            is_settled = not any(self.lines[line].residual for line in promise.lines)
            if promise.paid >= promise.cents - SLACK or is_settled:
                self.close(promise, "kept", today, today)
            elif today > promise.last_day:
                self.close(promise, "broken", promise.last_day + ONE_DAY, today)

    def cancel_promise(self, number, today):
        self.close(self.promises[number], "cancelled", today, today)

    def close(self, promise, state, decided, today):
        promise.state, promise.decided = state, decided
        self.end(promise.hold, today)

    def dispute(self, number, line, today):
        self.disputes[number] = [self.add_hold(Hold(self.lines[line].debtor, line, today, None, "dispute"))]

    def decide_dispute(self, number, today):
        self.end(self.disputes.pop(number), today)

    def hold(self, debtor, line, first, last, reason):
        return self.add_hold(Hold(debtor, line, first, last, reason))

    def end(self, holds, today):
        for hold in holds:
            if hold.ended is None and (hold.last is None or hold.last >= today):
                hold.ended = today

    def contact(self, debtor, day):
        self.contacts[debtor].append(day)
