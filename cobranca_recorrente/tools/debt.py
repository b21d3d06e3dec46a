"""Debts by the terms that were agreed, many at a time: what each amounts to on a day, and why.

The terms of a debt are made once for all that fall due on the same day under the same policy.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from . import calendar, correction
from .late_charges import CHARGES_FIRST, ZERO, Charges, Event, Terms, contracted, debt_at, discount_on, legal
from .price_index import MissingMonth

# CDC, art. 52, § 1º; Decreto 22.626/1933, art. 1º with Código Civil, art. 406.
CONSUMER_FINE, CONSUMER_INTEREST = Decimal(2), Decimal(1)
# What a reader has to be told of a figure: (one of these, a detail).
NO_POLICY, FOREIGN, CAPPED, MIXED = "no_policy", "foreign", "capped", "mixed"
NO_FIGURES, GAP, REPEATED = "no_figures", "gap", "repeated"
NOTHING = Charges(ZERO, ZERO, ZERO, ZERO)


@dataclass(frozen=True)
class Series:
    """A published index: its name and {first day of month: percent}."""

    name: str
    values: Mapping[date, Decimal]


@dataclass(frozen=True)
class Agreed:
    """What a version of a policy says.

    :param interest_percent: a month; None when the legal rate counts
    :param rates: the legal rate, where it counts
    :param index: what the amount is corrected by, or None
    :param discounts: (days before the due date, percent)
    :param years: after which the debt is prescribed
    """

    fine_percent: Decimal
    interest_percent: Decimal | None
    rates: Series | None = None
    index: Series | None = None
    is_daily: bool = False
    is_floor_at_nominal: bool = True
    tolerance_days: int = 0
    due_rule: str = calendar.MOVED
    order: str = CHARGES_FIRST
    discounts: tuple[tuple[int, Decimal], ...] = ()
    years: int = 5

    def for_consumer(self) -> tuple["Agreed", bool]:
        """The same within what the law lets a consumer pay, and whether that is less.

        >>> agreed, is_less = Agreed(Decimal(10), Decimal(2)).for_consumer()
        >>> agreed.fine_percent, agreed.interest_percent, is_less
        (Decimal('2'), Decimal('1'), True)
        """
        fine = min(self.fine_percent, CONSUMER_FINE)
        interest = self.interest_percent and min(self.interest_percent, CONSUMER_INTEREST)
        capped = replace(self, fine_percent=fine, interest_percent=interest)
        return capped, capped != self


NONE_AGREED = Agreed(ZERO, ZERO)


class Owed(NamedTuple):
    """An amount of an invoice that is or was to be paid.

    :param key: of its terms, as given to the book
    :param company: whose holidays count
    :param is_home: in the company's currency
    """

    principal: Decimal
    due: date
    key: object
    company: int
    is_consumer: bool = False
    is_home: bool = True


class Debt(NamedTuple):
    """A debt on a day, with what explains it.

    :param discount: for paying on that day, of the principal
    :param days_late: calendar days, 0 within the tolerance too
    :param counted_from: the day from which they are counted, or None
    :param remarks: (code, detail), see the constants
    """

    charges: Charges
    due: date
    agreed: Agreed | None = None
    days_late: int = 0
    counted_from: date | None = None
    discount: Decimal = ZERO
    remarks: tuple[tuple[str, str], ...] = ()


@dataclass
class Book:
    """The terms of many debts on one day.

    :param day: of all figures
    :param agreed: {key: Agreed}
    :param holidays: {company: collection of dates}
    """

    day: date
    agreed: Mapping[object, Agreed]
    holidays: Mapping[int, Collection[date]]
    _rules: dict = field(default_factory=dict)
    _known: dict = field(default_factory=dict)

    def debt(self, owed: Owed, events: Iterable[Event] = ()) -> Debt:
        """What is owed on the day.

        >>> book = Book(date(2026, 11, 21), {1: Agreed(Decimal(2), Decimal(1))}, {1: ()})
        >>> book.debt(Owed(Decimal("1234.56"), date(2026, 10, 5), 1, 1)).charges.total
        Decimal('1278.59')
        """
        known = self._get_known(owed)
        rules, start, remarks = known.rules, known.start, known.remarks
        try:
            charges, _left = debt_at(owed.principal, events, self.day, known.terms)
        except MissingMonth as missing:
            charges, _left = debt_at(owed.principal, events, self.day, rules.without_index(known.terms))
            remarks = (*rules.always, (GAP, f"{missing.month:%m/%Y}"))
        if not charges.principal:
            start = None
        late = (self.day - start).days if start else 0
        return Debt(
            charges=charges,
            due=owed.due,
            agreed=rules.agreed,
            days_late=late if late > rules.agreed.tolerance_days else 0,
            counted_from=start,
            discount=ZERO if start else self._get_discount(owed, rules.agreed, charges.principal),
            remarks=remarks,
        )

    def _get_rules(self, owed):
        place = (owed.key, owed.is_consumer, owed.is_home)
        if place not in self._rules:
            self._rules[place] = self._make_rules(owed)
        return self._rules[place]

    def _make_rules(self, owed):
        if not owed.is_home:
            return _Rules(NONE_AGREED, [(FOREIGN, "")], self.day)
        if owed.key not in self.agreed:
            return _Rules(NONE_AGREED, [(NO_POLICY, "")], self.day)
        agreed, is_less = self.agreed[owed.key], False
        if owed.is_consumer:
            agreed, is_less = agreed.for_consumer()
        return _Rules(agreed, [(CAPPED, "")] if is_less else [], self.day)

    def _get_known(self, owed):
        """What is the same for all debts of one due date under the same terms."""
        place = owed[1:]
        if place not in self._known:
            rules = self._get_rules(owed)
            holidays = self.holidays.get(owed.company, ())
            counted_from = partial(calendar.counted_from, owed.due, holidays=holidays, rule=rules.agreed.due_rule)
            terms = rules.terms(lru_cache(maxsize=None)(counted_from))
            start = terms.counted_from(self.day)
            self._known[place] = _Known(rules, terms, start, rules.remarks_of(terms, self.day))
        return self._known[place]

    def _get_discount(self, owed, agreed, principal):
        if not agreed.discounts or not principal:
            return ZERO
        last = calendar.next_business_day(owed.due, self.holidays.get(owed.company, ()))
        offers = [
            (last if not days else owed.due - timedelta(days=days), percent) for days, percent in agreed.discounts
        ]
        return discount_on(principal, self.day, offers)


class _Known(NamedTuple):
    rules: "_Rules"
    terms: Terms
    start: date | None
    remarks: tuple


class _Rules:
    """What terms make of interest and correction on a day, with the figures that are published."""

    def __init__(self, agreed, always, day):
        self.agreed = agreed
        self.repeated = ()
        self.interest, self.factor = None, None
        if agreed.interest_percent is not None:
            self.interest = contracted(agreed.interest_percent)
        elif rates := self._figures(agreed.rates, day, always):
            self.interest = lru_cache(maxsize=None)(legal(rates))
        if agreed.index and (values := self._figures(agreed.index, day, always)):
            method = correction.daily_correction if agreed.is_daily else correction.monthly_correction
            self.factor = lru_cache(maxsize=None)(method(values, agreed.is_floor_at_nominal))
        self.always = tuple(always)

    def _figures(self, series, day, always):
        """Its values with the last one repeated; none when nothing is published."""
        if not series or not series.values:
            always.append((NO_FIGURES, series.name if series else ""))
            return {}
        filled, guessed = correction.with_last_repeated(series.values, day)
        if guessed:
            self.repeated += ((REPEATED, f"{series.name} {max(series.values):%m/%Y}"),)
        return filled

    def terms(self, counted_from: Callable[[date], date | None]) -> Terms:
        return Terms(
            fine_percent=self.agreed.fine_percent,
            interest=self.interest or no_interest,
            counted_from=counted_from,
            factor=self.factor,
            tolerance_days=self.agreed.tolerance_days,
            order=self.agreed.order,
        )

    def without_index(self, terms):
        """Where a month is missing: the fine, and interest if it was agreed upon."""
        is_agreed = self.agreed.interest_percent is not None
        return replace(terms, factor=None, interest=terms.interest if is_agreed else no_interest)

    def remarks_of(self, terms, day):
        """What is to be told of a debt; nothing of one that is not late."""
        return self.always + self.repeated if terms.counted_from(day) else ()


def no_interest(start: date, end: date) -> Decimal:
    """Interest of nothing.

    >>> no_interest(date(2026, 1, 1), date(2026, 2, 1))
    Decimal('0')
    """
    return ZERO


def prescribed_on(due: date, years: int, interrupted: date | None = None) -> date:
    """The first day on which a debt cannot be demanded any more.

    Counted from the due date, or anew from the one interruption that the law admits (Código Civil,
    art. 132, § 3º; 202; 205; 206).

    >>> prescribed_on(date(2024, 2, 29), 5), prescribed_on(date(2024, 2, 29), 5, date(2026, 7, 1))
    (datetime.date(2029, 3, 1), datetime.date(2031, 7, 2))
    """
    start = max(due, interrupted) if interrupted else due
    return start + relativedelta(years=years, days=1)
