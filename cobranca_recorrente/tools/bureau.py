"""Days of a listing at a credit bureau: when it may begin, when it must be gone.

Código de Defesa do Consumidor, art. 43, §§ 1º to 3º; STJ, Súmulas 323, 359, 404 and 548.
"""

from collections.abc import Collection
from datetime import date, timedelta

from .calendar import add_business_days
from .debt import prescribed_on

# The law wants a written notice before the listing; bureaus and courts take ten days as its term.
SHORTEST_NOTICE = 10
# After the payment the creditor has five business days to take the listing back (Súmula 548).
REMOVAL_DAYS = 5
# No listing is older than five years, counted from the due date (Súmula 323).
LONGEST_YEARS = 5
# So many days before its term ends a listing is put on the list of removals.
TERM_LEAD_DAYS = 7


def first_listing_day(notified: date, notice_days: int = SHORTEST_NOTICE) -> date:
    """The first day on which a debt may be listed: the day of the notice does not count, the last day is whole.

    :raise ValueError: for a notice shorter than the law admits

    >>> first_listing_day(date(2026, 3, 2))
    datetime.date(2026, 3, 13)
    """
    if notice_days < SHORTEST_NOTICE:
        raise ValueError(f"days of the notice: {notice_days!r}")
    return notified + timedelta(days=notice_days + 1)


def term_end(due: date) -> date:
    """The first day on which a debt may not be listed any more, whatever was paid of it since.

    >>> term_end(date(2024, 2, 29))
    datetime.date(2029, 3, 1)
    """
    return prescribed_on(due, LONGEST_YEARS)


def removal_deadline(day: date, holidays: Collection[date] = ()) -> date:
    """The last day on which a listing must be gone after what ended it: five business days, the day itself not counted.

    >>> removal_deadline(date(2026, 3, 6)), removal_deadline(date(2026, 3, 7)), removal_deadline(date(2026, 3, 9))
    (datetime.date(2026, 3, 13), datetime.date(2026, 3, 13), datetime.date(2026, 3, 16))
    """
    return add_business_days(day, REMOVAL_DAYS, holidays)


def is_term_near(due: date, today: date) -> bool:
    """Must the removal of a listing be asked for, because its term ends?

    >>> is_term_near(date(2021, 3, 10), date(2026, 3, 3)), is_term_near(date(2021, 3, 10), date(2026, 3, 4))
    (False, True)
    """
    return today >= term_end(due) - timedelta(days=TERM_LEAD_DAYS)
