"""How good forecasts were: against what came, and against the plain rule "due date + mean delay"."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import NamedTuple

from .forecast import WEEKS, Forecast, Past, Title, mondays

# Of ten forecasts, one came to less than the low figure and one to more than the high one.
LOW, HIGH = 0.1, 0.9
NORMAL_HIGH = 1.2816
# With fewer weeks to look back on, chance alone makes the range.
ENOUGH = 20


class Week(NamedTuple):
    """One week of a forecast that was made on a day of the past (`cutoff`): what it said, and what came."""

    cutoff: date
    horizon: int
    week: date
    forecast: float
    actual: float
    baseline: float


def mean_delays(pasts: Iterable[Past], until: date) -> tuple[dict, float]:
    """({payer: days}, days of all): mean delay of what was paid up to a day, weighted by amount."""
    sums = defaultdict(lambda: [0.0, 0.0])
    for past in pasts:
        for part in past.parts:
            if part.is_money and part.day <= until:
                for key in (past.payer, None):
                    sums[key][0] += part.amount * (part.day - past.due).days
                    sums[key][1] += part.amount
    means = {key: total / amount for key, (total, amount) in sums.items() if amount}
    return means, means.get(None, 0.0)


def baseline(titles: Iterable[Title], means: Mapping, mean: float, first: date, weeks: int = WEEKS) -> list[float]:
    """The plain rule: each title is paid in full at its due date + the mean delay, at once when that is past."""
    starts, found = mondays(first, weeks), [0.0] * weeks
    for title in titles:
        day = max(title.due + timedelta(days=round(means.get(title.payer, mean))), first)
        week = (day - starts[0]).days // 7
        if week < weeks:
            found[week] += title.open
    return found


def came(titles: Iterable[Title], paid: Mapping[Hashable, Sequence], first: date, weeks: int = WEEKS) -> list[float]:
    """The money that came for some titles from a day on, week by week.

    :param paid: {key of a title: (day, amount) of its payments}
    """
    starts, found = mondays(first, weeks), [0.0] * weeks
    for title in titles:
        for day, amount in paid.get(title.key, ()):
            week = (day - starts[0]).days // 7
            if day >= first and week < weeks:
                found[week] += amount
    return found


def compare(cutoff: date, said: Forecast, actual: Sequence, plain: Sequence, today: date) -> list[Week]:
    """The weeks of a forecast of the past that are over by today."""
    return [
        Week(cutoff, number + 1, week, expected, actual[number], plain[number])
        for number, (week, expected) in enumerate(zip(said.weeks, said.expected, strict=True))
        if week + timedelta(days=7) <= today
    ]


def wape(pairs: Iterable[tuple[float, float]]) -> float | None:
    """Weighted absolute error in percent: Σ |forecast − actual| / Σ actual; None when nothing came.

    >>> wape([(90.0, 100.0), (70.0, 50.0)])
    20.0
    """
    pairs = list(pairs)
    total = sum(actual for _said, actual in pairs)
    return 100 * sum(abs(said - actual) for said, actual in pairs) / total if total else None


def errors(weeks: Iterable[Week]) -> dict[str, float | None]:
    """Errors in percent, of single weeks and of the first four weeks of each forecast together.

    :return: dict of week, week_baseline, month, month_baseline
    """
    weeks, months = list(weeks), defaultdict(lambda: [0.0, 0.0, 0.0, 0])
    for row in weeks:
        if row.horizon <= 4:
            for place, amount in enumerate((row.forecast, row.actual, row.baseline, 1)):
                months[row.cutoff][place] += amount
    whole = [sums for sums in months.values() if sums[3] == 4]
    return {
        "week": wape((row.forecast, row.actual) for row in weeks),
        "week_baseline": wape((row.baseline, row.actual) for row in weeks),
        "month": wape((said, actual) for said, actual, _plain, _count in whole),
        "month_baseline": wape((plain, actual) for _said, actual, plain, _count in whole),
    }


def ranges(said: Forecast, weeks: Sequence[Week]) -> list[tuple[float, float]]:
    """By what each week's expectation is multiplied for a low and a high figure.

    From the weeks that were forecast before: of what was expected of them nine tenths were in weeks that came to at
    least the low share, and nine tenths in weeks that came to at most the high one. A week in which little was due
    says little. With few of them, from chance alone: 1.28 standard deviations around it.

    :return: (share up to 1, share from 1 on) of each week
    """
    seen = sorted((row.actual / row.forecast, row.forecast) for row in weeks if row.forecast > 0)
    if len(seen) >= ENOUGH:
        low, high = (_quantile(seen, share) for share in (LOW, HIGH))
        return [(min(low, 1.0), max(high, 1.0))] * len(said.weeks)
    spreads = [
        NORMAL_HIGH * variance**0.5 / amount if amount > 0 else 0.0
        for variance, amount in zip(said.variances, said.expected, strict=True)
    ]
    return [(max(1 - spread, 0.0), 1 + spread) for spread in spreads]


def _quantile(seen: Sequence[tuple[float, float]], share: float) -> float:
    """The value below which a share of all weight lies.

    :param seen: (value, weight), sorted

    >>> _quantile([(0.0, 1.0), (0.9, 40.0), (1.1, 40.0), (5.0, 1.0)], 0.1)
    0.9
    """
    least = share * sum(weight for _value, weight in seen)
    reached = accumulate(weight for _value, weight in seen)
    return next(value for (value, _weight), weight in zip(seen, reached, strict=True) if weight >= least)
