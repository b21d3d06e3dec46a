"""How figures are rounded and shortened, the same on every page."""

from decimal import ROUND_HALF_UP, Decimal

# Digits after the comma by unit: what is compared is what is shown.
DIGITS = {"money": 2, "percent": 1, "days": 0}
SCALES = ((Decimal(10**6), "million"), (Decimal(10**3), "thousand"))


def rounded(value, digits: int) -> Decimal:
    """Half up, as people round.

    >>> rounded(2.25, 1), rounded(-0.04, 1), rounded(41.5, 0)
    (Decimal('2.3'), Decimal('0.0'), Decimal('42'))
    """
    result = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return result or abs(result)


def shortened(amount) -> tuple:
    """An amount in thousands or millions, one digit after the comma; below a thousand as it is.

    :return: (Decimal, digits after the comma, "million", "thousand" or "")

    >>> shortened(373_251.4), shortened(999_960)
    ((Decimal('373.3'), 1, 'thousand'), (Decimal('1.0'), 1, 'million'))
    >>> shortened(999.5), shortened(-27_449)
    ((Decimal('999.50'), 2, ''), (Decimal('-27.4'), 1, 'thousand'))
    """
    amount = Decimal(str(amount))
    for scale, name in SCALES:
        # What would round up to the next scale is of that scale.
        if abs(rounded(amount / scale, 4)) >= Decimal("0.99995"):
            return rounded(amount / scale, 1), 1, name
    return rounded(amount, 2), 2, ""


def change(unit: str, now, before):
    """How far a figure moved: money in percent of what it was, percentages in points, days in days.

    :return: Decimal, None when it cannot be said

    >>> change("money", 373.3, 398.0), change("percent", 13.3, 14.1), change("days", 41.2, 43.4)
    (Decimal('-6.2'), Decimal('-0.8'), Decimal('-2'))
    >>> change("money", 5, 0) is None, change("days", 5, None) is None
    (True, True)
    """
    if now is None or before is None:
        return None
    if unit != "money":
        digits = DIGITS[unit]
        return rounded(rounded(now, digits) - rounded(before, digits), digits)
    before = Decimal(str(before))
    return rounded((Decimal(str(now)) - before) / abs(before) * 100, 1) if before else None
