"""The terms of a plan as a browser and a database hold them: text for every figure, so that nothing is rounded on
the way, and nothing is taken for terms that is none."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from .amortization import MAX_COUNT, METHODS
from .plan import COMPONENTS, Terms

# More than any policy allows; what is beyond is a mistake or an attack.
MOST_AMOUNT = Decimal(10) ** 11
MOST_RATE = Decimal(20)
LONGEST = 60


def pack(terms: Terms) -> dict:
    """Terms as JSON holds them.

    >>> packed = pack(Terms({"fine": Decimal(50)}, Decimal("10.00"), 2, "none", Decimal(0), date(2026, 11, 24), None))
    >>> packed["percents"]["fine"], packed["percents"]["principal"], packed["down"], packed["first"], packed["next"]
    ('50', '0', '10.00', '2026-11-24', False)
    """
    return {
        "percents": {name: _text(terms.percents.get(name, Decimal(0))) for name in COMPONENTS},
        "down": False if terms.down is None else _text(terms.down),
        "count": terms.count,
        "method": terms.method,
        "rate": _text(terms.rate),
        "first": terms.first.isoformat(),
        "next": terms.next.isoformat() if terms.next else False,
    }


def unpack(data: object) -> Terms:
    """Terms of what somebody sent.

    :raise ValueError: (what is wrong, its value)

    >>> unpack({"percents": {}, "down": "NaN", "count": 0, "method": "none", "rate": "0", "first": "2026-11-24"})
    Traceback (most recent call last):
    ...
    ValueError: ('down', 'NaN')
    """
    if not isinstance(data, Mapping):
        raise ValueError("terms", data)
    percents = data.get("percents") or {}
    if not isinstance(percents, Mapping) or percents.keys() - set(COMPONENTS):
        raise ValueError("percents", percents)
    down, following = data.get("down"), data.get("next")
    method = data.get("method")
    if not isinstance(method, str) or method not in METHODS:
        raise ValueError("method", method)
    return Terms(
        percents={name: _number(f"percent:{name}", percents.get(name, "0"), Decimal(100)) for name in COMPONENTS},
        down=None if down in (False, None) else _amount("down", down),
        count=_count(data.get("count")),
        method=method,
        rate=_number("rate", data.get("rate", "0"), MOST_RATE),
        first=_day("first", data.get("first")),
        next=_day("next", following) if following else None,
    )


def _text(number):
    return format(number, "f")


def _number(name, value, most):
    try:
        number = Decimal(value) if isinstance(value, str) and len(value) <= LONGEST else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number <= most:
        raise ValueError(name, value)
    return number


def _amount(name, value):
    amount = _number(name, value, MOST_AMOUNT)
    if amount != amount.quantize(Decimal("0.01")):
        raise ValueError(name, value)
    return amount.quantize(Decimal("0.01"))


def _count(value):
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_COUNT:
        raise ValueError("count", value)
    return value


def _day(name, value):
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        day = None
    if not day or not 2000 <= day.year <= 2200:
        raise ValueError(name, value)
    return day
