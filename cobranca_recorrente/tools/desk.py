"""When a customer in collection is spoken to next, why, and before whom. Days and amounts alone decide."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from .calendar import add_business_days

CALLBACK, PROMISE_DUE, PROMISE_BROKEN, REPLIED = "callback", "promise_due", "promise_broken", "replied"
SAYS_PAID, RETRY, HIGH, FIRST, FOLLOW = "says_paid", "retry", "high", "first", "follow"
PAUSED, PRESCRIBED = "paused", "prescribed"

# Ranks of the queue, the smaller first.
NOW, AGREED, ANSWER, ROUTINE, LATER_TODAY = 10, 20, 30, 50, 60

# After a contact that ended so, the next one is so many business days later, for this reason.
REST = {
    "no_answer": (1, RETRY),
    "left_message": (1, RETRY),
    "wrong_contact": (1, RETRY),
    "call_later": (1, RETRY),
    "says_paid": (2, SAYS_PAID),
    "promised": (2, FOLLOW),
    "disputed": (2, FOLLOW),
    "informed": (3, FOLLOW),
    "other": (3, FOLLOW),
    "refused": (5, FOLLOW),
}
REST_OF_OTHERS = (3, FOLLOW)
# A high amount is worth a call before its turn when it is this many days late.
HIGH_DAYS = 15


@dataclass(frozen=True)
class Contact:
    """The last contact a person had with the customer.

    :param moment: in the company's time zone
    :param outcome: how it ended
    :param next_at: the moment that was agreed for the next one, in the company's time zone
    """

    moment: datetime
    outcome: str
    next_at: datetime | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of a debtor when his turn is decided.

    :param amount: overdue today, with charges
    :param days_late: of the oldest debt
    :param high_amount: from which an amount is high; 0: none is
    :param contact: the last one by a person
    :param replied_at: when the customer wrote last
    :param broken_at: when his last broken promise was found out
    :param promise_day: of an open promise
    :param promise_limit: until when the payment of that promise is awaited
    :param is_paused: nothing of what is overdue may be asked for today
    :param paused_to: the last day of that; None: nobody knows
    :param is_prescribed: nothing of it may be demanded any more
    :param weight: of his segment in the order, in percent; 0: nobody of it is called
    """

    amount: Decimal
    days_late: int
    high_amount: Decimal = Decimal(0)
    contact: Contact | None = None
    replied_at: datetime | None = None
    broken_at: datetime | None = None
    promise_day: date | None = None
    promise_limit: date | None = None
    is_paused: bool = False
    paused_to: date | None = None
    is_prescribed: bool = False
    weight: int = 100


@dataclass(frozen=True)
class Turn:
    """When a debtor is spoken to.

    :param why: one of the constants above
    :param day: his turn; None while nobody knows
    :param rank: the smaller first
    :param at: the moment agreed with him
    :param score: within a rank and without a moment, the greater first
    """

    why: str
    day: date | None
    rank: int = ROUTINE
    at: datetime | None = None
    score: Decimal = Decimal(0)


def turn(facts: Facts, now: datetime, holidays: Collection[date] = ()) -> Turn:
    """The turn of a debtor as of a moment.

    :param now: in the company's time zone, like all moments of the facts

    >>> noon = datetime(2026, 11, 19, 12)
    >>> turn(Facts(Decimal(100), 5), noon)
    Turn(why='first', day=datetime.date(2026, 11, 19), rank=50, at=None, score=Decimal('500'))
    >>> asked = Contact(datetime(2026, 11, 18, 9), "call_later", datetime(2026, 11, 19, 10, 30))
    >>> found = turn(Facts(Decimal(100), 5, contact=asked), noon)
    >>> found.why, found.rank, found.at.hour
    ('callback', 10, 10)
    """
    today = now.date()
    score = facts.amount * facts.days_late * facts.weight / 100
    found = _of_event(facts, today) or _of_callback(facts, now) or _of_pause(facts) or _of_rest(facts, today, holidays)
    return Turn(found.why, found.day, found.rank, found.at, score)


def _of_event(facts, today):
    """Something happened that nobody has answered yet: the customer wrote, or a promise is or was due."""
    # In the same second: better one call too many than an answer that nobody reads.
    spoken = facts.contact.moment if facts.contact else None
    if facts.replied_at and (not spoken or facts.replied_at >= spoken):
        return Turn(REPLIED, today, ANSWER)
    if facts.promise_day:
        return _of_promise(facts, today, spoken)
    is_askable = not facts.is_paused and not facts.is_prescribed and facts.weight
    if is_askable and facts.broken_at and (not spoken or facts.broken_at >= spoken):
        return Turn(PROMISE_BROKEN, today, AGREED)
    return None


def _of_promise(facts, today, spoken):
    """On the promised day a friendly word; before and after it the money is awaited."""
    if facts.promise_day > today:
        return Turn(PROMISE_DUE, facts.promise_day, AGREED) if facts.is_paused else None
    if facts.promise_day == today and (not spoken or spoken.date() < today):
        return Turn(PROMISE_DUE, today, AGREED)
    awaited = max(facts.promise_limit or facts.promise_day, today)
    return Turn(PROMISE_DUE, awaited + timedelta(days=1), AGREED)


def _of_callback(facts, now):
    at = facts.contact.next_at if facts.contact else None
    if not at:
        return None
    is_later_today = at > now and at.date() == now.date()
    return Turn(CALLBACK, at.date(), LATER_TODAY if is_later_today else NOW, at)


def _of_pause(facts):
    """Nobody is to be called now, and perhaps never."""
    if facts.is_prescribed:
        return Turn(PRESCRIBED, None)
    if facts.is_paused:
        return Turn(PAUSED, facts.paused_to and facts.paused_to + timedelta(days=1))
    return None if facts.weight else Turn(PAUSED, None)


def _of_rest(facts, today, holidays):
    is_high = bool(facts.high_amount) and facts.amount >= facts.high_amount and facts.days_late >= HIGH_DAYS
    if not facts.contact:
        return Turn(HIGH if is_high else FIRST, today)
    days, why = REST.get(facts.contact.outcome, REST_OF_OTHERS)
    day = add_business_days(facts.contact.moment.date(), days, holidays)
    return Turn(HIGH if is_high and why == FOLLOW else why, max(day, today))
