"""Sentences by rules: what is worth saying of the figures of a day, as plain numbers without words.

Rules of thumb of the house, each with the least number it needs: below it a share says nothing. Names of values tell
how they are written: percent_, amount_, count_, days_, day_, date_,
points_, name_.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from .figures import rounded

SHOWN = 6
TOP = 3
# Weeks of money that are looked at together.
FOUR = 4
# A share of few customers, invoices or promises says nothing.
LEAST_CUSTOMERS = 6
LEAST_TITLES = 10
LEAST_DECIDED = 10
# Half in three hands is worth a sentence.
CONCENTRATED = Decimal("0.5")
# How far the money of four weeks must be from what was foreseen, or from the four weeks before, to be worth a tone.
MISSED = Decimal("0.2")
MOVED = Decimal("0.05")
# Points that a rate must move, and days.
LEAST_POINTS = Decimal("0.1")
LEAST_DAYS = 1


@dataclass(frozen=True)
class Insight:
    """One thing to say.

    :param code: which sentence
    :param tone: good, bad or neutral for the one who collects
    :param importance: 0 to 100, the higher the earlier
    :param values: what stands in the sentence
    :param keys: what finds its records: ids, bands
    """

    code: str
    tone: str
    importance: int
    values: dict
    keys: dict = field(default_factory=dict)


def choose(insights) -> list:
    """The most important ones, as many as people read.

    >>> [one.importance for one in choose(Insight("a", "good", n, {}) for n in (1, 9, 5, 7, 3, 8, 2))]
    [9, 8, 7, 5, 3, 2]
    """
    return sorted((one for one in insights if one), key=lambda one: (-one.importance, one.code))[:SHOWN]


def late_change(now_rate, before_rate, now, before, title_count):
    """Late over 30 days rose or fell, and how much of what came to it, or left it, is of three customers.

    :param now_rate: percent of what is open, also before_rate; None when unknown
    :param dict now: amount over 30 days late by (customer, band); before alike
    :param int title_count: late over 30 days, now or before, whichever is more
    """
    if now_rate is None or before_rate is None or title_count < LEAST_TITLES:
        return None
    points = rounded(now_rate, 1) - rounded(before_rate, 1)
    if abs(points) < LEAST_POINTS:
        return None
    rose = points > 0
    code, tone = ("late_rose", "bad") if rose else ("late_fell", "good")
    values = {"percent_before": float(before_rate), "percent_now": float(now_rate)}
    importance = 60 + min(40, int(abs(points) * 10))
    customers, share = _largest(_differences(now, before) if rose else _differences(before, now), TOP)
    if share is None:
        return Insight(code, tone, importance, values)
    values = {**values, "percent_share": float(share * 100), "count_top": TOP}
    return Insight(f"{code}_by", tone, importance, values, {"partners": customers})


def _differences(more, less):
    """How much more each customer has, those that have less left out."""
    sums = {}
    for source, sign in ((more, 1), (less, -1)):
        for (customer, _band), amount in source.items():
            sums[customer] = sums.get(customer, Decimal(0)) + sign * Decimal(str(amount))
    return {customer: amount for customer, amount in sums.items() if amount > 0}


def _largest(amounts, count):
    """The keys of the largest amounts, and their share of all; no share where fewer keys than that are to be named.

    >>> _largest({"a": Decimal(6), "b": Decimal(3), "c": Decimal(1)}, 1)
    (['a'], Decimal('0.6'))
    """
    if len(amounts) <= count:
        return [], None
    keys = sorted(amounts, key=lambda key: (-amounts[key], str(key)))[:count]
    return keys, sum(amounts[key] for key in keys) / sum(amounts.values())


def concentration(amounts):
    """The band of delay in which three customers hold at least half, the one with most money in their hands.

    :param dict amounts: late amount by (customer, band), today

    >>> found = concentration({**{(n, "2"): 1 for n in range(6)}, (9, "2"): 20})
    >>> found.values["amount_top"], found.values["amount_all"], found.keys["partners"]
    (22.0, 26.0, [9, 0, 1])
    """
    found = []
    for band in sorted({band for _customer, band in amounts}):
        own = {
            customer: Decimal(str(amount)) for (customer, at), amount in amounts.items() if at == band and amount > 0
        }
        if len(own) < LEAST_CUSTOMERS:
            continue
        keys, share = _largest(own, TOP)
        if share >= CONCENTRATED:
            found.append((sum(own[key] for key in keys), sum(own.values()), band, keys))
    if not found:
        return None
    top, whole, band, keys = max(found)
    late = sum(Decimal(str(amount)) for amount in amounts.values()) or Decimal(1)
    values = {"amount_top": float(top), "amount_all": float(whole), "count_top": TOP, "band": band}
    return Insight("concentration", "bad", 50 + int(30 * top / late), values, {"band": band, "partners": keys})


def next_monday(day: date) -> date:
    """The Monday after a day.

    >>> next_monday(date(2026, 11, 19)), next_monday(date(2026, 11, 23))
    (datetime.date(2026, 11, 23), datetime.date(2026, 11, 30))
    """
    return day + timedelta(days=7 - day.weekday())


def promised(amount, count, kept, broken, until):
    """What was promised until Monday, and how many promises are kept as a rule.

    :param int kept: promises of the last months that were, and broken ones
    """
    if not count:
        return None
    values = {"amount": float(amount), "count": count, "day_until": until.isoformat()}
    if kept + broken < LEAST_DECIDED:
        return Insight("promised", "neutral", 55, values)
    return Insight("promised_rate", "neutral", 58, {**values, "percent_kept": 100 * kept / (kept + broken)})


def broken_agreements(now, before, amount):
    """Agreements broken this month against the same days of the month before."""
    if now + before < TOP:
        return None
    tone = "neutral" if now == before else "bad" if now > before else "good"
    values = {"count_now": now, "count_before": before, "amount": float(amount)}
    return Insight("broken", tone, 45 + min(40, 5 * abs(now - before)), values)


def agencies(received, commission, count):
    """What agencies brought in this month, and what is left of it."""
    if not count or received <= 0:
        return None
    return Insight(
        "agencies", "neutral", 30, {"amount_received": float(received), "amount_net": float(received - commission)}
    )


def goals(states):
    """How many goals are met.

    :param dict states: on, off or open by code of the figure, those with a goal
    """
    if not states:
        return None
    met = sum(state == "on" for state in states.values())
    missed = [code for code, state in states.items() if state == "off"]
    tone = "good" if not missed and met else "bad" if missed else "neutral"
    values = {"count_met": met, "count_all": len(states)}
    return Insight("goals_missed" if missed else "goals", tone, 40, values, {"codes": missed})


def dso_change(now, before):
    """Customers take longer or shorter to pay, in days of sales.

    >>> dso_change(41.2, 43.4).code, dso_change(41.2, 41.4)
    ('dso_fell', None)
    """
    if not now or not before:
        return None
    days = int(rounded(now, 0) - rounded(before, 0))
    if abs(days) < LEAST_DAYS:
        return None
    code, tone = ("dso_rose", "bad") if days > 0 else ("dso_fell", "good")
    return Insight(code, tone, 35 + min(30, 2 * abs(days)), {"days_now": int(rounded(now, 0)), "days_moved": abs(days)})


def step_effect(steps):
    """The step after which most more pay than in its control group, beyond chance.

    :param list steps: (id of the step, tools.ladder_effect.Effect or None below the least number, titles in both
        groups together)

    >>> from collections import namedtuple
    >>> Effect = namedtuple("Effect", "reminded control difference low high")
    >>> sure, unsure = Effect(0.5, 0.3, 0.2, 0.08, 0.31), Effect(0.6, 0.3, 0.3, -0.02, 0.5)
    >>> found = step_effect([(1, unsure, 70), (2, sure, 300), (3, None, 20)])
    >>> found.keys["level"], found.values["points_low"], found.values["count_titles"]
    (2, 8.0, 300)
    >>> step_effect([(1, unsure, 70)])
    """
    proven = [(effect.difference, effect, level, count) for level, effect, count in steps if effect and effect.low > 0]
    if not proven:
        return None
    _difference, effect, level, count = max(proven, key=lambda step: (step[0], -step[2]))
    values = {
        "percent_reminded": effect.reminded * 100,
        "percent_control": effect.control * 100,
        "points": effect.difference * 100,
        "points_low": effect.low * 100,
        "points_high": effect.high * 100,
        "count_titles": count,
    }
    return Insight("step_effect", "good", 47, values, {"level": level})


def cash_forecast(expected, received, first):
    """What the four weeks to come bring, against the four weeks before.

    :param list expected: amounts of the four full weeks from `first` on; fewer where the forecast does not reach
    :param received: money of the four full weeks before the running one
    :param date first: the Monday after today

    >>> found = cash_forecast([100, 50, 50, 25], 250, date(2026, 11, 30))
    >>> found.tone, found.values["amount_expected"], found.values["percent_change"], found.values["date_last"]
    ('bad', 225.0, 10.0, '2026-12-27')
    """
    whole = sum(Decimal(str(amount)) for amount in expected)
    received = Decimal(str(received))
    if len(expected) < FOUR or whole <= 0 or received <= 0:
        return None
    change = (whole - received) / received
    code, tone = ("cash_more", "good") if change > 0 else ("cash_less", "bad")
    values = {
        "amount_expected": float(whole),
        "amount_received": float(received),
        "percent_change": float(abs(change) * 100),
        "date_first": first.isoformat(),
        "date_last": (first + timedelta(days=7 * FOUR - 1)).isoformat(),
    }
    importance = 50 + min(20, int(abs(change) * 20))
    return Insight(code, tone if abs(change) >= MOVED else "neutral", importance, values)


def cash_missed(cutoff, weeks):
    """The latest forecast of four weeks that are over was far off.

    :param date cutoff: the last day that it knew of
    :param list weeks: (foreseen, came) of its first four weeks

    >>> found = cash_missed(date(2026, 10, 31), [(100, 80), (100, 90), (100, 60), (100, 70)])
    >>> found.code, found.tone, found.values["percent_missed"]
    ('cash_missed_less', 'bad', 25.0)
    >>> cash_missed(date(2026, 10, 31), [(100, 80), (100, 90), (100, 100), (100, 70)])
    """
    foreseen, came = (sum((Decimal(str(week[place])) for week in weeks), Decimal(0)) for place in (0, 1))
    if len(weeks) < FOUR or foreseen <= 0:
        return None
    missed = (came - foreseen) / foreseen
    if abs(missed) <= MISSED:
        return None
    code, tone = ("cash_missed_less", "bad") if missed < 0 else ("cash_missed_more", "neutral")
    values = {
        "amount_foreseen": float(foreseen),
        "amount_came": float(came),
        "percent_missed": float(abs(missed) * 100),
        "date_cutoff": cutoff.isoformat(),
    }
    return Insight(code, tone, 46 + min(20, int(abs(missed) * 20)), values, {"cutoff": cutoff.isoformat()})
