"""Days and amounts as customers write them into a form that works without JavaScript."""

from datetime import date

LONGEST = 30


def day(text: str) -> date | None:
    """A day as browsers send it, or as people type it where the browser has no calendar; None for anything else.

    >>> day("2026-11-18"), day(" 18/11/2026 "), day("31/02/2026"), day("")
    (datetime.date(2026, 11, 18), datetime.date(2026, 11, 18), None, None)
    """
    text = (text or "").strip()
    parts = text.split("/")
    if len(parts) == 3:
        text = "-".join(reversed(parts))
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def amount(text: str) -> float | None:
    """An amount with comma or point; None when there is none, 0 for what is no amount.

    >>> amount("R$ 1.195,60"), amount("195.60"), amount("1.195"), amount(""), amount("1,2,3")
    (1195.6, 195.6, 1195.0, None, 0.0)
    """
    text = "".join(letter for letter in (text or "")[:LONGEST] if letter in "0123456789.,-")
    if not text:
        return None
    if "," in text:
        text = text.replace(".", "").replace(",", ".")
    elif len(text.rpartition(".")[2]) == 3:
        text = text.replace(".", "")
    try:
        return float(text)
    except ValueError:
        return 0.0
