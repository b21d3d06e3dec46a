"""Bands of delay, the same in every report."""

from datetime import date

# First day of delay of each band; before the first one a debt is not late. What is due today is not late.
STARTS = (1, 31, 61, 91, 181, 361)
# In the order of the delay, so that what is sorted by key is sorted by delay.
BANDS = [
    ("0", "Not due"),
    ("1", "1–30 days"),
    ("2", "31–60 days"),
    ("3", "61–90 days"),
    ("4", "91–180 days"),
    ("5", "181–360 days"),
    ("6", "Over 360 days"),
]


def days_late(due: date, day: date) -> int:
    """Days after the due date; below one it is not late.

    >>> days_late(date(2026, 6, 30), date(2026, 6, 30))
    0
    """
    return (day - due).days


def band_of(late: int) -> str:
    """The key of the band of so many days of delay.

    >>> [band_of(late) for late in (-5, 0, 1, 30, 31, 90, 91, 360, 361)]
    ['0', '0', '1', '1', '2', '3', '4', '5', '6']
    """
    return str(sum(start <= late for start in STARTS))
