"""What months of an index make of a debt: monetary correction, and the legal rate of interest.

A month is the date of its first day; values are the published percentages of each month, as
`Decimal`. Nothing is rounded.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Context, Decimal, localcontext

from .price_index import MissingMonth, add_months, first_of_month

ONE_DAY = timedelta(days=1)
ZERO = Decimal(0)
# Products of monthly factors: far below a cent of any amount.
PRECISION = Context(prec=40)


def taxa_legal(rates: Mapping[date, Decimal], start: date, end: date) -> Decimal:
    """The legal rate over some days: each month's by its share of days, simply added up.

    Código Civil art. 406 as of Lei 14.905/2024; Resolução CMN 5.171/2024, art. 6: simple interest,
    months added, parts pro rata. The divisor of a part is the number of days of its month, which
    the calculator of the Central Bank has not yet confirmed to us.

    :param rates: {first day of month: percent of that month}
    :param start: the first day that counts
    :param end: the day after the last one
    :return: percent, not rounded
    :raise MissingMonth: (a ValueError) with the first month that has no rate

    >>> rates = {date(2024, 9, 1): Decimal("0.6"), date(2024, 10, 1): Decimal("0.7")}
    >>> round(taxa_legal(rates, date(2024, 9, 16), date(2024, 10, 16)), 6)
    Decimal('0.638710')
    """
    with localcontext(PRECISION):
        parts = _months_between(start, end)
        return sum((_value(rates, month) * days / of_days for month, days, of_days in parts), ZERO)


def correction_factor(
    values: Mapping[date, Decimal], first_month: date, last_month: date, floor_at_nominal: bool = True
) -> Decimal:
    """Compound variation of whole months, both included, as the Calculadora do Cidadão has it.

    :param values: {first day of month: percent}
    :param floor_at_nominal: a fall of prices makes no debt smaller
    :return: factor, not rounded; 1 when the last month comes before the first
    :raise MissingMonth: (a ValueError) with the first month that has no value

    >>> correction_factor({date(2026, 1, 1): Decimal("0.5")}, date(2026, 1, 1), date(2026, 1, 31))
    Decimal('1.005')
    """
    factor, month = Decimal(1), first_of_month(first_month)
    with localcontext(PRECISION):
        while month <= last_month:
            factor *= 1 + _value(values, month) / 100
            month = add_months(month, 1)
    return max(factor, Decimal(1)) if floor_at_nominal else factor


def monthly_correction(values: Mapping[date, Decimal], floor_at_nominal: bool = True):
    """Correction by whole months: those of the first and the last day of the delay count in full.

    :return: function for `Terms.factor`

    >>> values = {date(2019, 1, 1): Decimal("0.32"), date(2019, 2, 1): Decimal("0.43")}
    >>> monthly_correction(values)(date(2018, 12, 31), date(2019, 2, 10))
    Decimal('1.00751376')
    """
    return lambda start, end: correction_factor(values, start + ONE_DAY, end, floor_at_nominal)


def daily_correction(values: Mapping[date, Decimal], floor_at_nominal: bool = True):
    """Correction pro rata die: of a month in part, the factor to the power of its share of days.

    :return: function for `Terms.factor`

    >>> round(daily_correction({date(2026, 4, 1): Decimal(1)})(date(2026, 4, 10), date(2026, 4, 25)), 8)
    Decimal('1.00498756')
    """

    def factor_between(start, end):
        factor = Decimal(1)
        with localcontext(PRECISION):
            for month, days, of_days in _months_between(start + ONE_DAY, end + ONE_DAY):
                of_month = 1 + _value(values, month) / 100
                factor *= of_month if days == of_days else of_month ** (Decimal(days) / of_days)
        return max(factor, Decimal(1)) if floor_at_nominal else factor

    return factor_between


def with_last_repeated(values: Mapping[date, Decimal], until: date) -> tuple[dict[date, Decimal], list[date]]:
    """Months that are not published yet, filled in with the last one that is.

    :param values: {first day of month: percent}; a gap stays one
    :param until: a day in the last month that is needed
    :return: ({month: percent}, the months that were filled in)
    :raise ValueError: when nothing is published

    >>> filled, guessed = with_last_repeated({date(2026, 1, 1): Decimal("0.4")}, date(2026, 3, 15))
    >>> filled[date(2026, 3, 1)], len(guessed)
    (Decimal('0.4'), 2)
    """
    if not values:
        raise ValueError("no value of this index is published")
    last = month = max(values)
    guessed = []
    while (month := add_months(month, 1)) <= until:
        guessed.append(month)
    return {**values, **dict.fromkeys(guessed, values[last])}, guessed


def _months_between(start, end):
    """(Month, days of it, days it has) of the days from one on, up to the day before another."""
    while start < end:
        following = add_months(start, 1)
        stop = min(following, end)
        yield first_of_month(start), (stop - start).days, (following - first_of_month(start)).days
        start = stop


def _value(values, month):
    if month not in values:
        raise MissingMonth(month)
    return _finite("percent", values[month])


def _finite(name, value):
    if not isinstance(value, Decimal) or not value.is_finite():
        raise ValueError(f"{name}: {value!r}")
    return value
