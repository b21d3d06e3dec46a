"""When open titles will be paid: from how each payer has paid so far.

A discrete Kaplan-Meier estimate of the delay: of what was still unpaid at an age, how much was paid at that age. What
is open counts until today only, so that payers who never pay lower the chances instead of being left out. A payer of
whom little is known is taken for one of his kind, and a kind for the whole company, in proportion to what is known.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

WEEKS = 13
CENT = Decimal("0.01")
# First delay, in days, of each bin: days around the due date, weeks for half a year, months up to two years. What is
# older than the last bin is not expected at all.
EARLIEST, LATEST = -30, 725
STARTS = (*range(EARLIEST, 45), *range(45, 185, 7), *range(185, LATEST, 30))
WIDTHS = tuple(after - start for start, after in zip(STARTS, (*STARTS[1:], LATEST), strict=True))
BIN_OF = [bin for bin, width in enumerate(WIDTHS) for _day in range(width)]
# Up to which mean delay, in days, a payer is of a kind.
KINDS_OF_PAYERS = (0, 4, 12, 30, 75)
# A payer of fewer titles is of no kind yet.
KNOWN_TITLES = 1.5
# So many titles of the level above count beside a level's own: payer, kind of payer, kind of title, all.
STRENGTHS = (2.0, 8.0, 15.0, 1.0)
# After so many days a title tells half as much.
HALF_LIFE = 365
# Of a company without any history: half of what falls due is paid on that day, and a tenth of the rest each day of the
# month that follows.
UNKNOWN = [0.5 if not start else 0.1 if 0 < start <= 30 else 0.0 for start in STARTS]


class Part(NamedTuple):
    """What reduced a title on a day: money, or else a credit note, an agreement, a write-off."""

    day: date
    amount: float
    is_money: bool


class Past(NamedTuple):
    """One title of the past. `kind`: invoice or installment, which are paid in different ways."""

    payer: Hashable
    kind: str
    known_on: date
    due: date
    amount: float
    parts: tuple[Part, ...]


class Title(NamedTuple):
    """One title that is open on a day, or a bill to come. `is_held`: nothing is expected of it."""

    key: Hashable
    payer: Hashable
    kind: str
    source: str
    due: date
    open: float
    is_held: bool = False


@dataclass
class Tally:
    """What is known of a group of titles: weights paid in each bin, and of those that left the bin open."""

    paid: list
    left: list
    unseen: list

    @classmethod
    def empty(cls):
        return cls([0.0] * len(STARTS), [0.0] * len(STARTS), [0.0] * len(STARTS))

    def hazards(self, above, strength):
        """Of what is unpaid at the begin of each bin, the share that is paid in it."""
        at_risk = sum(self.left)
        found = []
        for paid, left, unseen, prior in zip(self.paid, self.left, self.unseen, above, strict=True):
            known = max(at_risk - unseen, paid, 0.0) + strength
            found.append(min((paid + strength * prior) / known, 1.0) if known > 1e-12 else prior)
            at_risk -= left
        return found


class Habits:
    """What is known on a day of how payers pay.

    :param Iterable pasts: titles of the past; what happened after the day is not looked at
    :param date until: the last day that is known
    :param strengths: see STRENGTHS; zeros take each payer for what he did himself
    :param half_life: days; None lets all titles count the same
    """

    def __init__(self, pasts: Iterable[Past], until: date, strengths=STRENGTHS, half_life=HALF_LIFE):
        self.until, self.strengths, self.half_life = until, strengths, half_life
        self.title_count = 0
        self._tallies = defaultdict(Tally.empty)
        self._delays = defaultdict(lambda: [0.0, 0.0])
        self._curves = {}
        self._learn(pasts)

    # --- learning ---

    def _learn(self, pasts):
        for past in pasts:
            age = (self.until - past.due).days
            if past.known_on > self.until or age < EARLIEST or past.amount <= 0:
                continue
            self.title_count += 1
            weight = 0.5 ** (max(age, 0) / self.half_life) if self.half_life else 1.0
            tally = self._tallies[past.payer, past.kind]
            open_share = 1.0
            for part in past.parts:
                if part.day <= self.until:
                    share = min(part.amount / past.amount, open_share)
                    open_share -= share
                    self._count(tally, past.payer, (part.day - past.due).days, weight * share, part.is_money)
            if open_share > 1e-9:
                self._count(tally, past.payer, age, weight * open_share, False)
        self._group()

    def _count(self, tally, payer, delay, weight, is_paid):
        delay = max(delay, EARLIEST)
        place = BIN_OF[min(delay, LATEST - 1) - EARLIEST]
        tally.left[place] += weight
        if is_paid:
            tally.paid[place] += weight
        else:
            # Of the bin in which it leaves, only the days until then were seen.
            tally.unseen[place] += weight * max(1 - (delay - STARTS[place] + 1) / WIDTHS[place], 0)
        if is_paid or delay > 0:
            sums = self._delays[payer]
            sums[0] += weight * min(delay, 365)
            sums[1] += weight

    def _group(self):
        for (payer, kind), tally in list(self._tallies.items()):
            for above in {(self.kind_of(payer), kind, "kind"), (kind, "all"), ()}:
                total = self._tallies[above]
                for name in ("paid", "left", "unseen"):
                    own = getattr(tally, name)
                    setattr(total, name, [one + two for one, two in zip(getattr(total, name), own, strict=True)])

    def kind_of(self, payer):
        """Which kind of payer somebody is, from 0 (early or on time) to 5 (very late or never); None when unknown."""
        total, weight = self._delays.get(payer, (0.0, 0.0))
        return bisect_left(KINDS_OF_PAYERS, total / weight) if weight >= KNOWN_TITLES else None

    # --- chances ---

    def _hazards(self, payer, kind):
        keys = [(payer, kind), (self.kind_of(payer), kind, "kind"), (kind, "all"), ()]
        found = UNKNOWN
        for level in reversed(range(len(keys))):
            if keys[level] in self._tallies:
                found = self._cached(keys[level], found, self.strengths[level])
        return found

    def _cached(self, key, above, strength):
        if len(key) == 2 and key[1] != "all":
            return self._tallies[key].hazards(above, strength)
        if ("hazards", key) not in self._curves:
            self._curves["hazards", key] = self._tallies[key].hazards(above, strength)
        return self._curves["hazards", key]

    def _curve(self, payer, kind):
        """The share that is still unpaid at the begin of each bin, and at the end of the last."""
        key = (payer if (payer, kind) in self._tallies else None, kind)
        if key not in self._curves:
            unpaid, curve = 1.0, [1.0]
            for hazard in self._hazards(*key):
                unpaid *= 1.0 - hazard
                curve.append(unpaid)
            self._curves[key] = curve
        return self._curves[key]

    def chances(self, payer: Hashable, kind: str, due: date, days: Sequence[date]) -> list[float]:
        """How likely what is unpaid on the first of some days is paid from each of them until before the next one.

        :param days: in order; one more than the chances
        :return: shares from 0 to 1, whose sum is at most 1
        """
        curve = self._curve(payer, kind)
        unpaid = [_unpaid(curve, (day - due).days) for day in days]
        if unpaid[0] <= 0:
            return [0.0] * (len(days) - 1)
        return [(before - after) / unpaid[0] for before, after in zip(unpaid, unpaid[1:], strict=False)]


def _unpaid(curve, delay):
    if delay <= EARLIEST:
        return 1.0
    if delay >= LATEST:
        return curve[-1]
    place = BIN_OF[delay - EARLIEST]
    inside = (delay - STARTS[place]) / WIDTHS[place]
    return curve[place] + (curve[place + 1] - curve[place]) * inside


@dataclass
class Forecast:
    """What is expected: {(payer, source, week): [falls due, expected]}; of each week, the variance by chance alone."""

    first: date
    weeks: list
    cells: dict
    variances: list

    @property
    def expected(self):
        """What is expected in each week."""
        totals = [0.0] * len(self.weeks)
        for (_payer, _source, week), (_due, amount) in self.cells.items():
            totals[week] += amount
        return totals


def mondays(first: date, weeks: int = WEEKS) -> list[date]:
    """The Mondays of the week of a day and of those that follow.

    >>> [day.isoformat() for day in mondays(date(2026, 11, 27), 2)]
    ['2026-11-23', '2026-11-30']
    """
    monday = first - timedelta(days=first.weekday())
    return [monday + timedelta(weeks=week) for week in range(weeks)]


def forecast(habits: Habits, titles: Iterable[Title], first: date, weeks: int = WEEKS) -> Forecast:
    """What titles bring in each week, the running one included.

    :param first: first day that is forecast; the running week counts from it on
    """
    starts = mondays(first, weeks)
    days = [first, *starts[1:], starts[-1] + timedelta(weeks=1)]
    cells, variances, chances_of = defaultdict(lambda: [0.0, 0.0]), [0.0] * weeks, {}
    for title in titles:
        if first <= title.due < days[-1]:
            cells[title.payer, title.source, (title.due - starts[0]).days // 7][0] += title.open
        if title.is_held:
            continue
        key = (title.payer, title.kind, title.due)
        if key not in chances_of:
            chances_of[key] = habits.chances(*key, days)
        for week, chance in enumerate(chances_of[key]):
            if chance > 0:
                cells[title.payer, title.source, week][1] += title.open * chance
                variances[week] += title.open**2 * chance * (1 - chance)
    return Forecast(first, starts, dict(cells), variances)


def net(titles: Iterable[Title], credits: dict) -> list[Title]:
    """Titles less the credits of their payers that nobody matched yet, the oldest titles first.

    :param credits: {payer: amount above zero}

    >>> due = date(2026, 1, 10)
    >>> [title.open for title in net([Title(1, "a", "", "", due, 70.0), Title(2, "a", "", "", due, 50.0)], {"a": 90.0})]
    [30.0]
    """
    left, found = dict(credits), []
    for title in sorted(titles, key=lambda title: title.due):
        used = min(left.get(title.payer, 0.0), title.open)
        if used:
            left[title.payer] -= used
        if title.open - used > 0.004:
            found.append(title._replace(open=title.open - used) if used else title)
    return found


def money(amount: float) -> Decimal:
    """An amount of an estimate in cents.

    >>> money(0.125), money(-0.0)
    (Decimal('0.13'), Decimal('0.00'))
    """
    return Decimal(repr(amount)).quantize(CENT, ROUND_HALF_UP) + 0
