"""What a contract should cost, walked day by day with nothing of the addon: the oracle of test_billing_history."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

ONE_DAY = timedelta(days=1)
FAR = date(2027, 6, 30)


@dataclass
class Version:
    """One line while its conditions held, `last` included; a `last` before `first` is no day at all."""

    group: str
    cents: int
    first: date
    last: date | None = None
    item: int = 0  # id of the first version

    def holds(self, day):
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass
class Contract:
    start: date
    begin_day: int = 1  # of the month, 28 at most
    months: int = 1  # of a period
    weeks: int = 0  # of a period, in place of months
    end: date | None = None
    versions: dict = field(default_factory=dict)  # {line id: Version}
    pauses: list = field(default_factory=list)  # [first, last or None]
    fee: int = 0  # cents that the end of the contract costs
    once: int = 0  # cents of one-off items
    readings: list = field(default_factory=list)  # [day, quantity, usage]
    left_behind: set = field(default_factory=set)  # usage that was not billed when an earlier end was chosen

    def period_of(self, day):
        """First and last day of the period of a day, found by walking from the first one."""
        first = self.start if self.weeks else self.begin_on_or_before(self.start)
        while (following := self.begin_after(first)) <= day:
            first = following
        return first, following - ONE_DAY

    def begin_on_or_before(self, day):
        while day.day != self.begin_day:
            day -= ONE_DAY
        return day

    def begin_after(self, first):
        if self.weeks:
            return first + timedelta(weeks=self.weeks)
        for _month in range(self.months):
            first = (first.replace(day=1) + timedelta(days=32)).replace(day=self.begin_day)
        return first

    def is_paused(self, day):
        return any(first <= day and (last is None or day <= last) for first, last in self.pauses)

    def is_served(self, day):
        return self.start <= day and (self.end is None or day <= self.end)

    def exact_cents(self, line_id, first, last):
        """What a line costs in a period: each of its days the same share of the price, as an exact fraction.

        :return: (Fraction, whether every day of the period is charged)
        """
        version, total, is_whole, day = self.versions[line_id], Fraction(0), True, first
        while day <= last:
            if self.is_served(day) and not self.is_paused(day) and version.holds(day):
                total += Fraction(version.cents, (last - first).days + 1)
            else:
                is_whole = False
            day += ONE_DAY
        return total, is_whole

    def owed_by_item(self, group, first, last):
        """{item: exact cents} of a period."""
        owed = {}
        for line_id, version in self.versions.items():
            if version.group == group:
                owed[version.item] = owed.get(version.item, 0) + self.exact_cents(line_id, first, last)[0]
        return owed

    # --- events ---

    def add(self, line_id, group, cents, first):
        self.versions[line_id] = Version(group, cents, first, item=line_id)

    def replace(self, line_id, day, new_id, cents):
        """From a day on a line costs something else (`cents` None: nothing at all)."""
        old = self.versions[line_id]
        cut = max(day, old.first)
        if cents is not None:
            new = Version(old.group, cents, cut, old.last, old.item)
        old.last = cut - ONE_DAY
        if cents is not None:
            self.versions[new_id] = new

    def can_change(self, line_id, day):
        version = self.versions[line_id]
        return version.last is None or version.last >= max(day, version.first)

    def can_pause(self, first, last):
        return all(
            (last or FAR) < other_first or (other_last or FAR) < first for other_first, other_last in self.pauses
        )

    def resume(self, day):
        for pause in [pause for pause in self.pauses if pause[0] <= day <= (pause[1] or FAR)]:
            self.pauses.remove(pause)
            if pause[0] < day:
                self.pauses.append([pause[0], day - ONE_DAY])
