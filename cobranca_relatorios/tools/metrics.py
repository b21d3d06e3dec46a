"""The measures of receivables, computed title by title: what the reports compute by SQL is compared with this.

The ledger of the examples, as of 30 June 2026 (issued, due, amount; paid):

>>> A, B, C, D = "ABCD"
>>> april, may, june = (lambda n: date(2026, 4, n)), (lambda n: date(2026, 5, n)), (lambda n: date(2026, 6, n))
>>> ledger = [
...     item("F1", A, april(1), april(30), 1000, (april(28), 1000)),
...     item("F2", A, may(1), may(31), 1000, (june(10), 1000)),
...     item("F3", B, date(2026, 3, 1), date(2026, 3, 31), 2000, (june(29), 500)),
...     item("F4", B, april(1), april(30), 500),
...     item("F5", C, may(1), may(31), 800),
...     item("F6", C, june(1), june(30), 800),
...     item("F7", D, june(5), date(2026, 7, 5), 1200),
...     item("F8", D, april(1), april(30), 400, (june(19), 400)),
... ]
>>> day = june(30)
>>> total_open(ledger, day), total_open(ledger, day, over=0)
(Decimal('4800'), Decimal('2800'))
>>> [delinquency(ledger, day, over) for over in (0, 30, 60, 90)] == [
...     (Decimal("58.33"), Decimal("60.00")), (Decimal("41.67"), Decimal("40.00")),
...     (Decimal("41.67"), Decimal("40.00")), (Decimal("31.25"), Decimal("20.00"))]
True
>>> dso(Decimal(4800), Decimal(5700), 91), count_back(Decimal(4800), [(2000, 30), (1800, 31), (1900, 30)])
(Decimal('76.63'), Decimal('76.79'))
>>> dso(Decimal(2000), Decimal(5700), 91), days_delinquent(Decimal(4800), Decimal(2000), Decimal(5700), 91)
(Decimal('31.93'), Decimal('44.70'))
>>> average_delay(ledger, day)
Decimal('68.21')
>>> payments = [Payment(1000, april(28), april(30)), Payment(1000, june(10), may(31)),
...     Payment(500, june(29), date(2026, 3, 31)), Payment(400, june(19), april(30))]
>>> payment_delays(payments)
(Decimal('25.17'), Decimal('39.47'), Decimal('50.00'))
>>> before = total_open(ledger, may(31))
>>> before, cei(before, Decimal(2000), Decimal(4800), Decimal(2000))
(Decimal('4700'), Decimal('40.43'))
>>> for (start, stop), (amount, share) in sorted(roll(ledger, may(31), day).items()):
...     print(start, stop, amount, share)
0 1 800 44.44
0 paid 1000 55.56
2 3 500 55.56
2 paid 400 44.44
3 4 1500 75.00
3 paid 500 25.00
new 0 2000 100.00

Sources: DSO, best possible DSO, days delinquent and CEI: Oracle's pages on receivables and criskco.com; roll rates: the
OCC's handbook on retail credit.
"""

from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NamedTuple

from .aging import band_of, days_late

ZERO, CENT = Decimal(0), Decimal("0.01")


class Item(NamedTuple):
    """A title, or a credit below zero.

    :param parts: (day, amount above zero) that closed some of it
    :param originals: (due date, share) of the debts that it stands in the place of; its own when empty
    """

    key: object
    partner: object
    issued: date
    due: date
    amount: Decimal
    parts: tuple = ()
    originals: tuple = ()


class Payment(NamedTuple):
    """Money for a title."""

    amount: Decimal
    paid: date
    due: date


def item(key, partner, issued, due, amount, *parts):
    """An item of numbers; see the examples."""
    return Item(key, partner, issued, due, Decimal(amount), tuple((day, Decimal(part)) for day, part in parts))


def open_on(item: Item, day: date) -> Decimal:
    """What is open of it at the end of a day; a credit is below zero."""
    if item.issued > day:
        return ZERO
    closed = sum((amount for paid, amount in item.parts if paid <= day), ZERO)
    return item.amount - closed if item.amount > 0 else item.amount + closed


def titles_open(items, day: date, over: int | None = None) -> list:
    """(item, open, days late) of what customers owe, credits left out.

    :param over: only what is late for more days
    """
    found = [(item, open_on(item, day), days_late(item.due, day)) for item in items]
    return [row for row in found if row[1] > 0 and (over is None or row[2] > over)]


def total_open(items, day: date, over: int | None = None) -> Decimal:
    """What customers owe, credits left out."""
    return sum((amount for _item, amount, _late in titles_open(items, day, over)), ZERO)


def total_credit(items, day: date) -> Decimal:
    """Credits that pay nothing yet, below zero."""
    return sum((amount for amount in (open_on(item, day) for item in items) if amount < 0), ZERO)


def delinquency(items, day: date, over: int) -> tuple:
    """Percentage of what is open that is late for more than some days.

    :return: (by amount, by number of titles), None where nothing is open
    """
    everything, late = titles_open(items, day), titles_open(items, day, over)
    amounts = percent(total_open(items, day, over), total_open(items, day))
    return amounts, percent(Decimal(len(late)), Decimal(len(everything)))


def bands(items, day: date) -> dict:
    """{band: (amount, number of titles, number of customers)} by the due date."""
    found = defaultdict(list)
    for item, amount, late in titles_open(items, day):
        found[band_of(late)].append((amount, item.key, item.partner))
    return {band: _summed(rows) for band, rows in found.items()}


def original_bands(items, day: date) -> dict:
    """The same by the due dates of the first debts: each title is divided by the shares, the last takes the rest."""
    found = defaultdict(list)
    for item, amount, _late in titles_open(items, day):
        given, share_until = ZERO, 0
        originals = sorted(item.originals) or [(item.due, 1)]
        for number, (due, share) in enumerate(originals, start=1):
            share_until += share
            until = amount if number == len(originals) else _cents(Fraction(amount) * share_until)
            if until > given:
                found[band_of(days_late(due, day))].append((until - given, item.key, item.partner))
            given = until
    return {band: _summed(rows) for band, rows in found.items()}


def dso(receivables: Decimal, sales: Decimal, days: int) -> Decimal | None:
    """Days sales outstanding; None without sales. The best possible one is that of what is not late."""
    return ratio(receivables * days, sales)


def days_delinquent(receivables: Decimal, current: Decimal, sales: Decimal, days: int) -> Decimal | None:
    """DSO less the best possible one, rounded once."""
    return ratio((receivables - current) * days, sales)


def count_back(receivables: Decimal, months) -> Decimal | None:
    """Days of the latest sales that make up the receivables.

    :param months: (sales, days) of each month, the latest first
    :return: days; None where nothing is owed or the sales are not as many
    """
    if receivables <= 0:
        return None
    passed = 0
    for sales, days in months:
        if sales >= receivables:
            return rounded(passed + receivables * days / sales)
        receivables, passed = receivables - sales, passed + days
    return None


def average_delay(items, day: date) -> Decimal | None:
    """Days of delay of what is open and late, weighted by amount."""
    late = titles_open(items, day, over=0)
    return ratio(sum((amount * days for _item, amount, days in late), ZERO), total_open(items, day, over=0))


def payment_delays(payments) -> tuple:
    """Days after the due date.

    :param payments: of Payment
    :return: (weighted by amount, with early ones below zero; the same of late ones only; plain mean of late ones)
    """
    rows = [(Decimal(amount), days_late(due, paid)) for amount, paid, due in payments]
    late = [(amount, days) for amount, days in rows if days > 0]
    weighted = [
        ratio(sum((amount * days for amount, days in part), ZERO), sum((amount for amount, _days in part), ZERO))
        for part in (rows, late)
    ]
    return (*weighted, ratio(Decimal(sum(days for _amount, days in late)), Decimal(len(late))))


def cei(before: Decimal, sales: Decimal, after: Decimal, current: Decimal) -> Decimal | None:
    """Collection effectiveness index of a month, in percent.

    :param before: receivables at its beginning
    :param after: at its end
    :param current: part of `after` that is not late
    """
    return percent(before + sales - after, before + sales - current)


def roll(items, start: date, end: date) -> dict:
    """Where what was open on a day is on a later one, title by title.

    :return: {(band, later band or "paid"): (amount, percentage of the first band)}; the first band of what was not
        open before is "new"
    """
    moved = defaultdict(Decimal)
    for item in items:
        before, after = max(open_on(item, start), ZERO), max(open_on(item, end), ZERO)
        was, now = band_of(days_late(item.due, start)), band_of(days_late(item.due, end))
        moved[was, now] += min(before, after)
        moved[was, "paid"] += max(before - after, ZERO)
        moved["new", now] += max(after - before, ZERO)
    totals = defaultdict(Decimal)
    for (was, _now), amount in moved.items():
        totals[was] += amount
    return {key: (amount, percent(amount, totals[key[0]])) for key, amount in moved.items() if amount}


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """Rounded to the second decimal.

    >>> percent(Decimal(1), Decimal(3)), percent(Decimal(1), Decimal(0))
    (Decimal('33.33'), None)
    """
    return ratio(100 * part, whole)


def ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    """A quotient of two decimals; None where there is nothing to divide by."""
    return rounded(part / whole) if whole > 0 else None


def rounded(number: Decimal) -> Decimal:
    """To the second decimal, halves up."""
    return number.quantize(CENT, ROUND_HALF_UP)


def _cents(number: Fraction) -> Decimal:
    """An amount above zero, rounded to the cent, halves up."""
    return Decimal(int(100 * number + Fraction(1, 2))) / 100


def _summed(rows):
    return sum((row[0] for row in rows), ZERO), len({row[1] for row in rows}), len({row[2] for row in rows})
