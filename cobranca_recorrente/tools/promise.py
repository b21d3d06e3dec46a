"""Is a promise to pay kept? Decided by money and days alone, never by hand."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from .calendar import add_business_days, next_business_day

OPEN, KEPT, BROKEN, VOID = "open", "kept", "broken", "void"
CENT = Decimal("0.01")
# Banks round charges of one payment by a cent or two.
SMALLEST_SLACK = Decimal("0.02")


class Receipt(NamedTuple):
    """What took down the promised lines on a day; credits are what the creditor gave, not what the debtor paid."""

    day: date
    amount: Decimal
    is_credit: bool = False


class Promise(NamedTuple):
    """What was promised, and how the promised lines stood at that moment.

    :param amount: promised
    :param last_day: the last day on which a payment keeps it, see `last_day`
    :param owed: open amount of the promised lines then
    :param paid_before: payments of these lines until then
    :param credited_before: credits on these lines until then
    :param percent: how much may be missing, in percent of the amount
    """

    amount: Decimal
    last_day: date
    owed: Decimal
    paid_before: Decimal = Decimal(0)
    credited_before: Decimal = Decimal(0)
    percent: Decimal = Decimal(0)


class Verdict(NamedTuple):
    """State of a promise, the day that decided it, and what was paid of it by its last day."""

    state: str
    day: date | None
    paid: Decimal


def last_day(promised: date, tolerance_days: int, holidays: Collection[date] = ()) -> date:
    """The last day on which a payment keeps a promise: banks must be open, then some business days more.

    :raise ValueError: for a tolerance below 0

    >>> last_day(date(2026, 11, 21), 0), last_day(date(2026, 11, 21), 1)  # a Saturday
    (datetime.date(2026, 11, 23), datetime.date(2026, 11, 24))
    """
    return add_business_days(next_business_day(promised, holidays), tolerance_days, holidays)


def slack(amount: Decimal, percent: Decimal) -> Decimal:
    """How much may be missing for a promise to count as kept.

    >>> slack(Decimal("500.00"), Decimal(5)), slack(Decimal("500.00"), Decimal(0))
    (Decimal('25.00'), Decimal('0.02'))
    """
    return max(SMALLEST_SLACK, (amount * percent / 100).quantize(CENT, ROUND_HALF_UP))


def verdict(promise: Promise, receipts: Iterable[Receipt], today: date, is_settled: bool = False) -> Verdict:
    """Kept, broken, void or still open.

    Nobody can be asked for more than he still owes: credits lower what was promised, and a
    promise of which nothing is left to pay is void. Lines that were settled in time keep it
    whatever the amount: charges are paid beside the lines.

    :param receipts: all payments and credits of the promised lines, in any order
    :param is_settled: nothing of the promised lines is open any more
    :return: Verdict

    >>> promise = Promise(Decimal(100), date(2026, 11, 24), owed=Decimal(100))
    >>> verdict(promise, [Receipt(date(2026, 11, 23), Decimal("99.98"))], date(2026, 11, 23)).state
    'kept'
    >>> verdict(promise, [Receipt(date(2026, 11, 25), Decimal(100))], date(2026, 11, 25)).state
    'broken'
    >>> verdict(promise, [Receipt(date(2026, 11, 20), Decimal(100), True)], date(2026, 11, 20), True).state
    'void'
    """
    receipts = sorted(receipts)
    payments = [receipt for receipt in receipts if not receipt.is_credit and receipt.day <= promise.last_day]
    paid = sum((receipt.amount for receipt in payments), Decimal(0)) - promise.paid_before
    credited = sum((r.amount for r in receipts if r.is_credit), Decimal(0)) - promise.credited_before
    room = slack(promise.amount, promise.percent)
    needed = min(promise.amount, max(promise.amount, promise.owed) - max(credited, Decimal(0)))
    in_time = is_settled and receipts and receipts[-1].day <= promise.last_day
    if needed <= SMALLEST_SLACK or (paid <= 0 and (in_time or needed <= room)):
        return Verdict(VOID, receipts[-1].day if receipts else today, paid)
    if needed - paid <= room or in_time:
        return Verdict(KEPT, _day_reached(promise, payments, min(max(needed - room, CENT), paid)), paid)
    if today > promise.last_day:
        return Verdict(BROKEN, promise.last_day + timedelta(days=1), paid)
    return Verdict(OPEN, None, paid)


def _day_reached(promise, payments, amount):
    """The day on which payments came up to an amount."""
    total = -promise.paid_before
    for receipt in payments:
        total += receipt.amount
        if total >= amount:
            return receipt.day
    return promise.last_day
