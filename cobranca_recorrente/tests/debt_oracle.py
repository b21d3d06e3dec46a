"""What a debt amounts to, in plain Python and exact fractions: what the reader is judged by.

Imports nothing of the addon. Histories are of the days from December 2025 to August 2026.
"""

from datetime import date, timedelta
from fractions import Fraction
from math import floor

# National holidays and days without banks of those months, from the calendar on the wall.
HOLIDAYS = {
    date(2025, 12, 25),
    date(2026, 1, 1),
    date(2026, 2, 16),
    date(2026, 2, 17),
    date(2026, 4, 3),
    date(2026, 4, 21),
    date(2026, 5, 1),
    date(2026, 6, 4),
}


def half_up(amount):
    return Fraction(floor(amount * 100 + Fraction(1, 2)), 100)


def moved(day):
    while day.weekday() > 4 or day in HOLIDAYS:
        day += timedelta(days=1)
    return day


def factor(terms, start, day):
    """Months of the index from the day after the start to the day, both in full, never below one."""
    month = (start + timedelta(days=1)).replace(day=1)
    result = Fraction(1)
    while month <= day:
        result *= 1 + Fraction(terms["index"][month]) / 100
        month = (month + timedelta(days=32)).replace(day=1)
    return max(result, Fraction(1))


def debt(principal, due, paid, day, terms):
    """The debt of one line on a day.

    :param paid: list of (day, amount) on the invoice itself
    :param terms: dict(fine, interest, rule, tolerance, index) with percentages as texts; index {month: text} or None
    :return: (principal, correction, fine, interest) as fractions
    """
    principal, correction, fine, interest = Fraction(principal), Fraction(0), Fraction(0), Fraction(0)
    first = start = None
    for moment, amount in [*sorted(entry for entry in paid if entry[0] <= day), (day, "0")]:
        if first is None and moment > moved(due):
            first = moved(due) if terms["rule"] == "moved" else due
            start = None
        late = first is not None and (moment - first).days > terms["tolerance"]
        if late and (start is None or moment > start):
            since = start or first
            if principal or correction:
                if terms["index"]:
                    grown = (
                        factor(terms, first, moment) / factor(terms, first, since)
                        if since > first
                        else factor(terms, first, moment)
                    )
                    correction = half_up((principal + correction) * grown) - principal
                base = principal + correction
                if start is None:
                    fine += half_up(base * Fraction(terms["fine"]) / 100)
                interest += half_up(base * Fraction(terms["interest"]) / 100 * (moment - since).days / 30)
            start = moment
        principal -= min(Fraction(amount), principal)
    return principal, correction, fine, interest
