"""Figures as people type them into a dialog: in Portuguese or in English, with or without currency; what is not
surely one figure is none."""

import re
from datetime import date
from decimal import Decimal

LONGEST = 30
MOST_DIGITS = 11
NUMBER = re.compile(r"\d[\d.,]*")
GROUPED = {
    ".": re.compile(r"\d{1,3}(?:\.\d{3})*(?:,\d*)?"),
    ",": re.compile(r"\d{1,3}(?:,\d{3})*(?:\.\d*)?"),
}


def amount(text: object) -> Decimal:
    """An amount of money, in cents.

    A single separator before exactly three figures groups thousands: money has no thousandths.

    :raise ValueError: for anything else, ("amount", text)

    >>> [str(amount(text)) for text in ("R$ 1.195,60", "1,195.60", "1.195", "600", "0,5", "195.60")]
    ['1195.60', '1195.60', '1195.00', '600.00', '0.50', '195.60']
    """
    digits = _digits(text, "amount").removeprefix("R$").strip()
    found = _number(digits, is_money=True)
    if found is None or found != found.quantize(Decimal("0.01")):
        raise ValueError("amount", text)
    return found.quantize(Decimal("0.01"))


def percent(text: object) -> Decimal:
    """A percentage from 0 to 100.

    :raise ValueError: ("percent", text)

    >>> str(percent("33,333 %")), str(percent("50")), str(percent("1.5%"))
    ('33.333', '50', '1.5')
    """
    found = _number(_digits(text, "percent").removesuffix("%").strip(), is_money=False)
    if found is None or found > 100:
        raise ValueError("percent", text)
    return found


def is_percent(text: object) -> bool:
    """Does the text say by itself that it is a percentage?

    >>> is_percent("50 %"), is_percent("50")
    (True, False)
    """
    return isinstance(text, str) and text.strip().endswith("%")


def whole(text: object) -> int:
    """A number of installments.

    :raise ValueError: ("count", text)

    >>> whole(" 12 "), whole(5), whole("6x")
    (12, 5, 6)
    """
    found = _digits(text, "count").removesuffix("x").strip()
    if not re.fullmatch(r"[0-9]{1,4}", found):
        raise ValueError("count", text)
    return int(found)


def day(text: object) -> date:
    """A day, as calendars send it or as Brazilians write it.

    :raise ValueError: ("day", text)

    >>> str(day("2026-11-24")), str(day("24/11/2026"))
    ('2026-11-24', '2026-11-24')
    """
    found = _digits(text, "day")
    if "/" in found:
        found = "-".join(part.zfill(2) for part in reversed(found.split("/")))
    if not re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", found):
        raise ValueError("day", text)
    try:
        return date.fromisoformat(found)
    except ValueError:
        raise ValueError("day", text) from None


def _digits(text, name):
    if isinstance(text, bool) or not isinstance(text, str | int):
        raise ValueError(name, text)
    found = str(text).replace("\xa0", " ").strip()
    if not found or len(found) > LONGEST or not found.isascii():
        raise ValueError(name, text)
    return found


def _number(text, is_money):
    """The number, None where the text is none or could be two."""
    if not NUMBER.fullmatch(text) or sum(letter.isdigit() for letter in text) > MOST_DIGITS:
        return None
    separators = [letter for letter in text if letter in ".,"]
    if not separators:
        return Decimal(text)
    last = separators[-1]
    before, after = text.rpartition(last)[0], text.rpartition(last)[2]
    if len(separators) == 1 and not (is_money and len(after) == 3):
        return Decimal(f"{before}.{after or 0}")
    group = last if len(set(separators)) == 1 else separators[0]
    if not GROUPED[group].fullmatch(text):
        return None
    return Decimal(text.replace(group, "").replace("," if group == "." else ".", ".") or "0")
