"""What the work of collection brings back, computed the plain way: by which the reports are judged."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

# Money that comes within so many days after a reminder, or a contact, is said to come by it: attribution, no proof.
WINDOW = 15
CENT = Decimal("0.01")


class Step(NamedTuple):
    """A step of a ladder that a title reached on a day; sent, or not (control group, came back)."""

    title: str
    level: str
    day: date
    is_sent: bool = True


class Payment(NamedTuple):
    """Money for a title."""

    title: str
    day: date
    amount: Decimal


class Promise(NamedTuple):
    """What was promised, the last day on which it may come, and what came: [(day, amount)]."""

    amount: Decimal
    limit: date
    paid: list


class Installment(NamedTuple):
    """Due date, day on which it was paid in full (None: it was not), and the day on which its agreement ended."""

    due: date
    settled: date | None = None
    until: date | None = None


def percent(part, whole):
    """A share with two decimals; None of nothing.

    >>> percent(1000, 3900), percent(1, 0)
    (Decimal('25.64'), None)
    """
    return (Decimal(part) * 100 / Decimal(whole)).quantize(CENT) if whole else None


def recover(debts, payments, steps, today, window=WINDOW):
    """What came after each step as the last one sent, of what was open when it was sent.

    :param dict debts: {title: amount}
    :param payments: list of Payment
    :param steps: list of Step, those of one day in their order
    :param date today: steps whose window is not over before it are not judged yet
    :param int window: days
    :return: {level: (recovered, open)}

    >>> def day(text): return date.fromisoformat("2026-" + text)
    >>> steps = [Step("F2", "L1", day("06-05")), Step("F3", "L1", day("04-05")), Step("F4", "L1", day("05-05")),
    ...          Step("F8", "L1", day("05-05")), Step("F3", "L2", day("04-15")), Step("F8", "L2", day("05-15")),
    ...          Step("F3", "L3", day("05-30"))]
    >>> payments = [Payment("F2", day("06-10"), 1000), Payment("F3", day("06-29"), 500),
    ...             Payment("F8", day("06-19"), 400)]
    >>> debts = {"F2": 1000, "F3": 2000, "F4": 500, "F8": 400}
    >>> found = recover(debts, payments, steps, day("06-30"))
    >>> found == {"L1": (1000, 3900), "L2": (0, 2400), "L3": (0, 2000)}
    True
    >>> [percent(*found[level]) for level in ("L1", "L2", "L3")]
    [Decimal('25.64'), Decimal('0.00'), Decimal('0.00')]
    """
    found = defaultdict(lambda: (0, 0))
    sent = sorted((step for step in steps if step.is_sent), key=lambda step: step.day)
    for position, step in enumerate(sent):
        if step.day + timedelta(days=window) >= today:
            continue
        following = [later.day for later in sent[position + 1 :] if later.title == step.title]
        own = [payment for payment in payments if payment.title == step.title]
        left = debts[step.title] - sum(payment.amount for payment in own if payment.day < step.day)
        came = sum(
            payment.amount
            for payment in own
            if step.day <= payment.day <= step.day + timedelta(days=window)
            and not any(later <= payment.day for later in following)
        )
        recovered, total = found[step.level]
        found[step.level] = (recovered + came, total + left)
    return dict(found)


def keep_promises(promises, today):
    """How many promises were due to be kept, and how many were; what was promised by them, and what came of it.

    :return: (kept, matured, paid, promised)

    >>> def day(text): return date.fromisoformat("2026-06-" + text)
    >>> promises = [Promise(500, day("10"), [(day("09"), 500)]), Promise(300, day("18"), [(day("17"), 300)]),
    ...             Promise(400, day("20"), [(day("20"), 100)]), Promise(250, date(2026, 7, 5), [])]
    >>> found = keep_promises(promises, day("30"))
    >>> found, percent(*found[2:])
    ((2, 3, 900, 1200), Decimal('75.00'))
    """
    kept = matured = paid = promised = 0
    for promise in promises:
        came = min(sum(amount for day, amount in promise.paid if day <= promise.limit), promise.amount)
        is_kept = came >= promise.amount
        # On its last day a promise is not broken before the day is over.
        if promise.limit < today or (promise.limit == today and is_kept):
            kept, matured = kept + is_kept, matured + 1
            paid, promised = paid + came, promised + promise.amount
    return kept, matured, paid, promised


def keep_agreements(states):
    """Agreements that were paid, of those that came to an end by being paid or broken.

    >>> keep_agreements(["paid", "broken", "active", "cancelled", "renegotiated"])
    (1, 2)
    """
    return states.count("paid"), states.count("paid") + states.count("broken")


def pay_on_time(installments, today):
    """Installments that were paid by their due date, of those that were due.

    :return: (on time, matured)

    >>> first = date(2026, 1, 10)
    >>> dues = [first.replace(month=month) for month in range(1, 7)]
    >>> kept = [Installment(due, due) for due in dues]
    >>> broken = [Installment(due, due if due.month < 4 else None, date(2026, 7, 1)) for due in dues]
    >>> not_due_any_more = [Installment(date(2026, 7, 10), None, date(2026, 7, 1))]
    >>> found = pay_on_time(kept + broken + not_due_any_more, date(2026, 7, 31))
    >>> found, percent(*found)
    ((9, 12), Decimal('75.00'))
    """
    on_time = matured = 0
    for item in installments:
        is_on_time = item.settled is not None and item.settled <= item.due
        is_due = item.due < min(today, item.until or today) or (item.due == today and is_on_time)
        matured += is_due
        on_time += is_due and is_on_time
    return on_time, matured


def count_agency(placed, recovered, commission):
    """What an agency recovers of what it is given: gross, net of its commission, and what a recovered real costs.

    >>> count_agency(Decimal(10000), Decimal(1800), Decimal(360))
    (Decimal('18.00'), Decimal('14.40'), Decimal('20.00'))
    """
    return percent(recovered, placed), percent(recovered - commission, placed), percent(commission, recovered)


def stays(recovered_on, days, invoices, contracts, today):
    """Is who was recovered still a customer so many days later: by a contract of that day, or a later invoice?

    :param invoices: dates of his invoices
    :param contracts: [(first day, last day or None)]
    :return: None before that day has come

    >>> stays(date(2026, 1, 1), 90, [date(2026, 4, 2)], [], date(2026, 6, 30))
    True
    >>> stays(date(2026, 1, 1), 90, [date(2026, 4, 1)], [(date(2025, 1, 1), date(2026, 3, 31))], date(2026, 6, 30))
    False
    >>> stays(date(2026, 1, 1), 180, [], [(date(2025, 1, 1), None)], date(2026, 6, 29))
    """
    day = recovered_on + timedelta(days=days)
    if day > today:
        return None
    return any(invoice > day for invoice in invoices) or any(
        first <= day and (last is None or last >= day) for first, last in contracts
    )
