"""How an amount is paid back in equal periods: without interest, with simple interest, Price, SAC.

Rates are fractions for one period (0.01 is 1 % a month). The amounts of a table always add up to the
cent: amortization to what was financed, amount to amortization and interest.

A creditor that is no bank and charges compound interest to a consumer invites a lawsuit (Decreto
22.626/1933, art. 4º): without interest or simple are what a plan should have unless decided otherwise.
"""

from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import NamedTuple

from .money import CENT, PRECISION, ZERO, cents, require

MAX_COUNT = 360
CENTS_TRIED = 30


class Row(NamedTuple):
    """One payment, and what is owed after it."""

    amount: Decimal
    interest: Decimal
    amortization: Decimal
    balance: Decimal


def equal(total: Decimal, count: int) -> tuple[Row, ...]:
    """Equal parts without interest, spare cents first.

    :raise ValueError: ("present", total) or ("count", count) that cannot be

    >>> [str(row.amount) for row in equal(Decimal("1000.00"), 3)]
    ['333.34', '333.33', '333.33']
    """
    return _rows(_check_present(total), [(amount, ZERO) for amount in _spread(total, _check_count(count))])


def simple(present: Decimal, rate: Decimal, count: int) -> tuple[Row, ...]:
    """Simple interest on the whole for all the time, in equal parts: PV × (1 + i × n) ÷ n, spare cents first.

    :raise ValueError: ("present", …), ("rate", …) or ("count", …) that cannot be

    >>> [str(row.amount) for row in simple(Decimal("1000.00"), Decimal("0.01"), 3)]
    ['343.34', '343.33', '343.33']
    """
    _check(present, rate, count)
    with localcontext(PRECISION):
        interest = cents(present * rate * count)
    parts = zip(_spread(present + interest, count), _spread(interest, count), strict=True)
    return _rows(present, list(parts))


def price(present: Decimal, rate: Decimal, count: int) -> tuple[Row, ...]:
    """Equal payments with compound interest (Tabela Price); the last one takes the cents.

    :raise ValueError: ("present", …), ("rate", …) or ("count", …) that cannot be

    >>> [str(row.amount) for row in price(Decimal("1200.00"), Decimal("0.01"), 6)][-2:]
    ['207.06', '207.05']
    """
    _check(present, rate, count)
    if not rate:
        return equal(present, count)
    with localcontext(PRECISION):
        payment = cents(present * rate / (1 - (1 + rate) ** -count))
    return _decline(present, rate, count, lambda interest: payment - interest)


def sac(present: Decimal, rate: Decimal, count: int) -> tuple[Row, ...]:
    """Equal amortization, interest on what is still owed; the last one takes the cents.

    :raise ValueError: ("present", …), ("rate", …) or ("count", …) that cannot be

    >>> [str(row.amount) for row in sac(Decimal("10000.00"), Decimal("0.02"), 10)][:2]
    ['1200.00', '1180.00']
    """
    _check(present, rate, count)
    amortization = cents(present / count)
    return _decline(present, rate, count, lambda interest: amortization)


METHODS: dict[str, Callable[[Decimal, Decimal, int], tuple[Row, ...]]] = {
    "none": lambda present, rate, count: equal(present, count),
    "simple": simple,
    "price": price,
    "sac": sac,
}


def capacity(method: str, rate: Decimal, count: int, payment: Decimal) -> Decimal:
    """What so many payments of at most so much pay back.

    :return: an amount whose table has no payment above it; 0 where even a cent has none

    >>> capacity("price", Decimal("0.01"), 6, Decimal("207.06"))
    Decimal('1200.01')
    """
    amount, tries = roughly(method, rate, count, payment), 0
    while amount > 0:
        excess = max(row.amount for row in METHODS[method](amount, rate, count)) - payment
        if excess <= 0:
            return amount
        # Rounding is upset by a cent already; where compound interest makes much of it, larger steps end it.
        tries += 1
        amount -= CENT if tries < CENTS_TRIED else excess
    return ZERO


def roughly(method: str, rate: Decimal, count: int, payment: Decimal) -> Decimal:
    """The same by the formula, which the cents of a table miss by a few.

    >>> roughly("none", Decimal(0), 6, Decimal("100.00"))
    Decimal('600.00')
    """
    with localcontext(PRECISION):
        if method == "none" or not rate:
            exact = payment * count
        elif method == "price":
            exact = payment * (1 - (1 + rate) ** -count) / rate
        else:
            exact = payment * count / (1 + rate * count)
        return exact // CENT * CENT


def _check(present, rate, count):
    _check_present(present)
    _check_count(count)
    if not isinstance(rate, Decimal) or not rate.is_finite() or not 0 <= rate < 1:
        raise ValueError("rate", rate)


def _check_present(present):
    if not require("present", present):
        raise ValueError("present", present)
    return present


def _check_count(count):
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= MAX_COUNT:
        raise ValueError("count", count)
    return count


def _spread(total, count):
    share, spare = divmod(int(total / CENT), count)
    return [(share + (place < spare)) * CENT for place in range(count)]


def _rows(present, parts):
    rows, balance = [], present
    for amount, interest in parts:
        balance -= amount - interest
        rows.append(Row(amount, interest, amount - interest, cents(balance)))
    return tuple(rows)


def _decline(present, rate, count, amortize):
    """Interest on the balance; the last payment pays it off."""
    parts, balance = [], present
    for number in range(1, count + 1):
        interest = cents(balance * rate)
        amortization = balance if number == count else min(amortize(interest), balance)
        parts.append((amortization + interest, interest))
        balance -= amortization
    return _rows(present, parts)
