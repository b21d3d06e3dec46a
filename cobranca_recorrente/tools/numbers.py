"""Numbers as files write them: which character separates the decimals of a column."""

import re
from collections.abc import Iterable

COMMA, POINT = ",", "."
# What shows the decimal separator beyond doubt: one or two, or more than three, digits after it; or both characters.
WITH_COMMA = re.compile(r"\d,(\d{1,2}|\d{4,})$|\.\d{3},\d*$|\d\.\d{3}\.\d{3}$", re.ASCII)
WITH_POINT = re.compile(r"\d\.(\d{1,2}|\d{4,})$|,\d{3}\.\d*$|\d,\d{3},\d{3}$", re.ASCII)


def decimal_separator(texts: Iterable[str], otherwise: str) -> str:
    """The character that separates the decimals in the numbers of one column.

    :param texts: the cells of the column; empty ones say nothing
    :param otherwise: what to take when nothing in the column decides, as in "1.500"
    :return: "," or "."
    :raise ValueError: with two cells that contradict each other

    >>> decimal_separator(["1.280,00", "119,90", ""], ".")
    ','
    >>> decimal_separator(["1500", "119.90"], ",")
    '.'
    >>> decimal_separator(["1.500"], ",")
    ','
    """
    cells = [re.sub(r"[^\d.,]", "", text) for text in texts if text]
    comma = next((cell for cell in cells if WITH_COMMA.search(cell)), None)
    point = next((cell for cell in cells if WITH_POINT.search(cell)), None)
    if comma and point:
        raise ValueError(f"{comma} / {point}")
    if comma or point:
        return COMMA if comma else POINT
    return otherwise


def thousands_separator(decimal: str) -> str:
    """The character that groups digits where this one separates decimals."""
    return POINT if decimal == COMMA else COMMA
