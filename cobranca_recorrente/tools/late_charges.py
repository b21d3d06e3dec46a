"""What a late payment costs: fine, interest and monetary correction, to the cent.

Money and rates are `Decimal`; each component is rounded half up to cents, no rate ever is.
Interest is simple: it never bears interest, and neither does the fine.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from operator import attrgetter
from typing import NamedTuple

from .correction import PRECISION, taxa_legal

CENT = Decimal("0.01")
# What is left of a division that does not come out even plays no part.
EXACT = Decimal("1e-12")
ZERO = Decimal(0)
MONTH_OF_INTEREST = 30
# Código Civil, art. 354: what is paid goes to interest first, then to the capital.
CHARGES_FIRST, PRINCIPAL_FIRST = "charges", "principal"
ORDERS = {
    CHARGES_FIRST: ("interest", "fine", "correction", "principal"),
    PRINCIPAL_FIRST: ("principal", "correction", "interest", "fine"),
}


class Charges(NamedTuple):
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


class Event(NamedTuple):
    """Something paid, credited or waived on a day.

    :param part: the one component that it settles, where the books say which; None: the order of the terms
    """

    day: date
    amount: Decimal
    part: str | None = None


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
    """Interest where the contract is silent: see `correction.taxa_legal`."""
    return lambda start, end: taxa_legal(rates, start, end)


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
    running = _Running(_require("principal", principal), terms)
    with localcontext(PRECISION):
        for event in sorted((each for each in events if each.day <= day), key=attrgetter("day")):
            running.accrue(event.day)
            running.pay(event)
        running.accrue(day)
    return running.charges, running.left


class _Running:
    """A debt while its history passes by; to be computed with PRECISION."""

    def __init__(self, principal, terms):
        self.principal = principal
        self.correction = self.fine = self.interest = ZERO
        self.terms = terms
        self.left = ZERO
        self.start = None  # what the delay is counted from, once it is
        self.until = None  # charges are in the debt up to this day
        self.is_fined = False

    @property
    def charges(self):
        return Charges(self.principal, self.correction, self.fine, self.interest)

    def accrue(self, day):
        counted_from = self.start or self.terms.counted_from(day)
        if not counted_from or (day - counted_from).days <= self.terms.tolerance_days:
            return
        since = self.until or counted_from
        if day <= since and self.is_fined:
            return
        self.start = counted_from
        if self.principal or self.correction:
            if self.terms.factor:
                self._correct(since, day)
            self._charge(since, day)
        self.until, self.is_fined = day, True

    def _correct(self, since, day):
        """What the index adds since it was added last; never below the nominal amount."""
        factor = self.terms.factor(self.start, day)
        if since > self.start:
            factor /= self.terms.factor(self.start, since)
        self.correction = _cents((self.principal + self.correction) * factor) - self.principal

    def _charge(self, since, day):
        base = max(self.principal + self.correction, ZERO)
        if not self.is_fined:
            self.fine += _cents(base * self.terms.fine_percent / 100)
        self.interest += _cents(base * self.terms.interest(since, day) / 100)

    def pay(self, event):
        if event.part:
            self._settle(event)
            return
        paid, left = impute(event.amount, self.charges, self.terms.order)
        self.left += left
        for name, amount in paid._asdict().items():
            setattr(self, name, getattr(self, name) - amount)

    def _settle(self, event):
        """Take from the one component that the event names."""
        if event.part not in ORDERS[CHARGES_FIRST]:
            raise ValueError(f"part of a debt: {event.part!r}")
        owed = getattr(self, event.part)
        settled = min(_require("payment", event.amount), owed)
        self.left += event.amount - settled
        setattr(self, event.part, owed - settled)


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


def _finite(name, value):
    if not isinstance(value, Decimal) or not value.is_finite():
        raise ValueError(f"{name}: {value!r}")
    return value


def _require(name, value):
    if _finite(name, value) < 0:
        raise ValueError(f"{name}: {value!r}")
    return value


def _cents(value):
    """Half up, also where a division that does not come out even made 0.005 into 0.004999…"""
    return value.quantize(EXACT, rounding=ROUND_HALF_UP).quantize(CENT, rounding=ROUND_HALF_UP)
