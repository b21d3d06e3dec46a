"""How much credit a customer's own history carries: pure, a proposal that people may follow or not."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

STEP = Decimal(100)
WINDOW_MONTHS = 12
# A delay of as many days on average halves what is suggested.
HALVING_DAYS = Decimal(30)


def months_of_history(first: date, today: date) -> int:
    """Calendar months begun since the first invoice of the window, 1 to 12: who is new is not counted as small.

    :param first: day of the first invoice
    :param today: day of the question

    >>> months_of_history(date(2026, 9, 30), date(2026, 11, 1)), months_of_history(date(2020, 1, 1), date(2026, 11, 1))
    (3, 12)
    >>> months_of_history(date(2026, 11, 1), date(2026, 11, 1))
    1
    """
    months = (today.year - first.year) * 12 + today.month - first.month + 1
    return max(1, min(months, WINDOW_MONTHS))


def suggested_limit(billed: Decimal, months: int, factor: Decimal, average_delay: Decimal) -> Decimal | None:
    """The average bill of a month, so many times as the segment allows, less the later the customer pays.

        limit = billed / months × factor × 30 / (30 + average delay), to the nearest hundred, at least one hundred

    :param billed: invoices less credit notes of the last 12 months, taxes included
    :param months: of history in them, see :func:`months_of_history`
    :param factor: months of billing that the segment carries; 0 = no credit
    :param average_delay: days, weighted by amount; early counts as on time
    :return: amount, None where there is nothing to suggest it from
    :raise ValueError: for fewer than one month, a negative factor or delay

    >>> suggested_limit(Decimal("4200"), 12, Decimal("3"), Decimal("0"))
    Decimal('1100')
    >>> suggested_limit(Decimal("4200"), 12, Decimal("3"), Decimal("30"))
    Decimal('500')
    >>> suggested_limit(Decimal("20"), 2, Decimal("1"), Decimal("0")), suggested_limit(Decimal("0"), 1, STEP, STEP)
    (Decimal('100'), None)
    """
    if months < 1:
        raise ValueError(f"months: {months}")
    if factor < 0:
        raise ValueError(f"factor: {factor}")
    if average_delay < 0:
        raise ValueError(f"average_delay: {average_delay}")
    if billed <= 0 or not factor:
        return None
    amount = billed * factor * HALVING_DAYS / (months * (HALVING_DAYS + average_delay))
    return max((amount / STEP).quantize(Decimal(1), ROUND_HALF_UP) * STEP, STEP)
