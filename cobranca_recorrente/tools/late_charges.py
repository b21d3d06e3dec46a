"""What a late payment costs: fine, interest and monetary correction, to the cent.

Money and rates are `Decimal`; each component is rounded half up to cents, no rate ever is.
Interest is simple: it never bears interest, and neither does the fine.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from .price_index import MissingMonth, add_months, first_of_month

ONE_DAY = timedelta(days=1)
CENT = Decimal("0.01")
ZERO = Decimal(0)
MONTH_OF_INTEREST = 30
# Products of monthly factors: far below a cent of any amount.
PRECISION = Context(prec=40)
# Código Civil, art. 354: what is paid goes to interest first, then to the capital.
CHARGES_FIRST, PRINCIPAL_FIRST = "charges", "principal"
ORDERS = {
    CHARGES_FIRST: ("interest", "fine", "correction", "principal"),
    PRINCIPAL_FIRST: ("principal", "correction", "interest", "fine"),
}


@dataclass(frozen=True)
class Charges:
    """The parts of a debt on a day."""

    principal: Decimal
    correction: Decimal
    fine: Decimal
    interest: Decimal

    @property
    def corrected(self) -> Decimal:
        return self.principal + self.correction

    @property
    def charges(self) -> Decimal:
        """All but the principal."""
        return self.correction + self.fine + self.interest

    @property
    def total(self) -> Decimal:
        return self.principal + self.charges


@dataclass(frozen=True)
class Event:
    """Something paid or credited on a day."""

    day: date
    amount: Decimal


@dataclass(frozen=True)
class Terms:
    """What a policy says about the delay of one debt, with all that it needs to know of the world.

    :param fine_percent: once, of the corrected principal
    :param interest: gives the percentage of simple interest from one day to another (exclusive of
        the first, inclusive of the second), see `contracted` and `legal`
    :param factor: gives the factor of correction from the start of the delay to a day; None for none
    :param counted_from: gives the day from which a delay counts when looked at on a day, None while
        there is none, see `calendar.counted_from`
    :param tolerance_days: so many days late cost nothing; from the next one on all days count
    :param order: `charges` (first) or `principal` (first)
    """

    fine_percent: Decimal
    interest: Callable[[date, date], Decimal]
    counted_from: Callable[[date], date | None]
    factor: Callable[[date, date], Decimal] | None = None
    tolerance_days: int = 0
    order: str = CHARGES_FIRST


def late_charges(
    principal: Decimal,
    days_late: int,
    fine_percent: Decimal,
    interest_percent_month: Decimal,
    correction_factor: Decimal = Decimal(1),
) -> Charges:
    """What one unpaid amount costs after some days.

    Fine and interest run on the corrected principal, the fine once; interest is the monthly rate
    for 30 days, by calendar days (CDC art. 52 § 1º; practice of the courts' memoranda).

    :param principal: in any currency of two decimals, 0 or more
    :param days_late: 0 or less costs nothing
    :return: Charges
    :raise ValueError: with the value that cannot be

    >>> late_charges(Decimal("100.00"), 10, Decimal(2), Decimal(1)).total
    Decimal('102.33')
    >>> late_charges(Decimal("17799.10"), 1581, Decimal(2), Decimal(1), Decimal("1.29945577")).total
    Decimal('35780.78')
    """
    _require("principal", principal)
    _require("fine", fine_percent)
    _require("interest", interest_percent_month)
    if _finite("factor", correction_factor) <= 0:
        raise ValueError(f"factor: {correction_factor!r}")
    if days_late <= 0:
        return Charges(principal, ZERO, ZERO, ZERO)
    with localcontext(PRECISION):
        corrected = _cents(principal * correction_factor)
        fine = _cents(corrected * fine_percent / 100)
        interest = _cents(corrected * interest_percent_month * days_late / MONTH_OF_INTEREST / 100)
    return Charges(principal, corrected - principal, fine, interest)


def contracted(percent_month: Decimal) -> Callable[[date, date], Decimal]:
    """Interest by the contract: a rate a month, pro rata by calendar days.

    >>> contracted(Decimal(1))(date(2026, 1, 10), date(2026, 1, 25))
    Decimal('0.5')
    """
    _require("interest", percent_month)
    return lambda start, end: percent_month * (end - start).days / MONTH_OF_INTEREST


def legal(rates: Mapping[date, Decimal]) -> Callable[[date, date], Decimal]:
    """Interest where the contract is silent: see `taxa_legal`."""
    return lambda start, end: taxa_legal(rates, start, end)


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


def impute(payment: Decimal, debt: Charges, order: str = CHARGES_FIRST) -> tuple[Charges, Decimal]:
    """What a payment settles of a debt.

    :param payment: 0 or more
    :param order: `charges`: interest, fine, correction, principal (Código Civil, art. 354); or `principal`
    :return: (the part of each component that is paid, what is left of the payment)
    :raise ValueError: with the payment or the order that cannot be

    >>> paid, rest = impute(Decimal("300.00"), Charges(Decimal(1000), ZERO, Decimal(20), Decimal(15)))
    >>> paid.principal, paid.charges, rest
    (Decimal('265.00'), Decimal('35'), Decimal('0.00'))
    """
    if order not in ORDERS:
        raise ValueError(f"order of payment: {order!r}")
    left = _require("payment", payment)
    paid = {}
    for name in ORDERS[order]:
        paid[name] = min(left, getattr(debt, name))
        left -= paid[name]
    return Charges(**paid), left


def debt_at(principal: Decimal, events: Iterable[Event], day: date, terms: Terms) -> tuple[Charges, Decimal]:
    """A debt on a day, after what was paid and credited until then.

    The fine is charged once, on what was open at the first day it was due; interest runs on what
    remained from one payment to the next; correction that was not paid stays part of the base.

    :param principal: 0 or more
    :param events: until the day, in any order; later ones play no part
    :return: (Charges, what was paid beyond the debt)
    :raise ValueError: with the value that cannot be

    >>> from functools import partial
    >>> from .calendar import counted_from
    >>> terms = Terms(Decimal(2), contracted(Decimal(1)), partial(counted_from, date(2026, 1, 5)))
    >>> paid = [Event(date(2026, 2, 19), Decimal("300.00"))]
    >>> debt_at(Decimal("1000.00"), paid, date(2026, 3, 6), terms)[0].total
    Decimal('738.68')
    """
    running = _Running(Charges(_require("principal", principal), ZERO, ZERO, ZERO), terms)
    for event in sorted((each for each in events if each.day <= day), key=lambda each: each.day):
        running.accrue(event.day)
        running.pay(event.amount)
    running.accrue(day)
    return running.debt, running.left


class _Running:
    """A debt while its history passes by."""

    def __init__(self, debt, terms):
        self.debt = debt
        self.terms = terms
        self.left = ZERO
        self.start = None  # what the delay is counted from, once it is
        self.until = None  # charges are in the debt up to this day
        self.is_fined = False

    def accrue(self, day):
        counted_from = self.start or self.terms.counted_from(day)
        if not counted_from or (day - counted_from).days <= self.terms.tolerance_days:
            return
        since = self.until or counted_from
        if day <= since and self.is_fined:
            return
        self.start = counted_from
        if self.debt.principal or self.debt.correction:
            self._correct(since, day)
            self._charge(since, day)
        self.until, self.is_fined = day, True

    def _correct(self, since, day):
        """What the index adds since it was added last; never below the nominal amount."""
        if not self.terms.factor:
            return
        with localcontext(PRECISION):
            factor = self.terms.factor(self.start, day)
            if since > self.start:
                factor /= self.terms.factor(self.start, since)
            corrected = _cents(self.debt.corrected * factor)
        self.debt = replace(self.debt, correction=corrected - self.debt.principal)

    def _charge(self, since, day):
        base = max(self.debt.corrected, ZERO)
        with localcontext(PRECISION):
            fine = ZERO if self.is_fined else _cents(base * self.terms.fine_percent / 100)
            interest = _cents(base * self.terms.interest(since, day) / 100)
        self.debt = replace(self.debt, fine=self.debt.fine + fine, interest=self.debt.interest + interest)

    def pay(self, amount):
        paid, left = impute(amount, self.debt, self.terms.order)
        self.left += left
        self.debt = Charges(
            *(
                getattr(self.debt, name) - getattr(paid, name)
                for name in ("principal", "correction", "fine", "interest")
            )
        )


def discount_on(principal: Decimal, day: date, offers: Sequence[tuple[date, Decimal]]) -> Decimal:
    """The discount for paying early or on time.

    :param offers: (last day on which it holds, percent of the principal); of those that hold, the
        largest counts
    :return: amount, 0 when none holds any more
    :raise ValueError: with a percentage below 0 or above 100

    >>> offers = [(date(2026, 1, 5), Decimal(10)), (date(2026, 1, 10), Decimal(5))]
    >>> discount_on(Decimal("99.90"), date(2026, 1, 6), offers)
    Decimal('5.00')
    """
    for _day, percent in offers:
        if _require("discount", percent) > 100:
            raise ValueError(f"discount: {percent!r}")
    best = max((percent for last, percent in offers if day <= last), default=ZERO)
    return _cents(_require("principal", principal) * best / 100)


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


def _require(name, value):
    if _finite(name, value) < 0:
        raise ValueError(f"{name}: {value!r}")
    return value


def _cents(value):
    return value.quantize(CENT, rounding=ROUND_HALF_UP)
