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

    def holds(self, day):
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass
class Contract:
    start: date
    begin_day: int  # of the month, 28 at most
    end: date | None = None
    versions: dict = field(default_factory=dict)  # {line id: Version}
    pauses: list = field(default_factory=list)  # [first, last or None]

    def period_of(self, day):
        """First and last day of the month-long period of a day."""
        month = day if day.day >= self.begin_day else day.replace(day=1) - ONE_DAY
        first = month.replace(day=self.begin_day)
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=self.begin_day)
        return first, following - ONE_DAY

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

    # --- events ---

    def replace(self, line_id, day, new_id, cents):
        """From a day on a line costs something else (`cents` None: nothing at all)."""
        old = self.versions[line_id]
        cut = max(day, old.first)
        if cents is not None:
            new = Version(old.group, cents, cut, old.last)
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
