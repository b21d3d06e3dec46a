"""Days on which the demo's banks are open."""

from datetime import timedelta


class BusinessDays:
    """A calendar of the banks.

    :param holidays: collection of dates
    """

    def __init__(self, holidays):
        self.holidays = holidays

    def is_open(self, day):
        return day.weekday() < 5 and day not in self.holidays

    def next(self, day, step=1):
        """The day itself, or the first one after it (before it, with a step of -1) on which banks are open."""
        while not self.is_open(day):
            day += timedelta(days=step)
        return day

    def previous(self, day):
        return self.next(day, -1)

    def add(self, day, count):
        """The day so many business days after a day; before it, for a negative count."""
        step = 1 if count > 0 else -1
        for _number in range(abs(count)):
            day = self.next(day + timedelta(days=step), step)
        return day
