"""The time series of the Brazilian central bank (SGS): how they are asked, what they answer.

A call of `…/bcdata.sgs.433/dados?formato=json&dataInicial=01/01/2024&dataFinal=31/03/2024`
is answered by `[{"data": "01/01/2024", "valor": "0.42"}, …]`, one object a month.
"""

import json
import re
from datetime import date
from decimal import Decimal

from .price_index import is_plausible

DAY = re.compile(r"(\d\d)/(\d\d)/(\d{4})", re.ASCII)
NUMBER = re.compile(r"-?\d{1,3}(\.\d{1,6})?", re.ASCII)
SHOWN_CHARACTERS = 60


class BadAnswer(ValueError):
    """An answer that no value is taken from.

    :ivar str reason: "page" (a web page), "text" (no JSON), "shape" (other JSON), "empty", "day", "month" (not
        asked for, or in the future), "repeated", "number" or "absurd"
    :ivar str value: the offending part of the answer
    """

    def __init__(self, reason: str, value: object):
        self.reason = reason
        self.value = " ".join(str(value).split())[:SHOWN_CHARACTERS]
        super().__init__(f"{reason}: {self.value}")


def path(code: int) -> str:
    """Path of a series below the address of the service.

    >>> path(433)
    '/bcdata.sgs.433/dados'
    """
    return f"/bcdata.sgs.{code}/dados"


def parameters(first: date, last: date) -> dict[str, str]:
    """Parameters that ask for the values of some days, both included.

    >>> parameters(date(2024, 1, 1), date(2024, 3, 31))
    {'formato': 'json', 'dataInicial': '01/01/2024', 'dataFinal': '31/03/2024'}
    """
    return {"formato": "json", "dataInicial": f"{first:%d/%m/%Y}", "dataFinal": f"{last:%d/%m/%Y}"}


def parse(content: bytes, first: date, last: date) -> dict[date, Decimal]:
    """The values of a monthly series, all or none.

    :param content: the answer as it came
    :param first: first day that was asked for
    :param last: last day that was asked for
    :return: {first day of month: percent}
    :raise BadAnswer: (a ValueError) with the offending part of the answer

    >>> parse(b'[{"data": "01/01/2024", "valor": "0.42"}]', date(2024, 1, 1), date(2024, 3, 31))
    {datetime.date(2024, 1, 1): Decimal('0.42')}
    >>> try:
    ...     parse(b'[{"data": "01/01/2024", "valor": "0,42"}]', date(2024, 1, 1), date(2024, 3, 31))
    ... except ValueError as error:
    ...     str(error)
    'number: 01/2024: 0,42'
    """
    values = {}
    for row in _rows(content):
        if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in ("data", "valor")):
            raise BadAnswer("shape", row)
        month = _month(row["data"])
        if not first <= month <= last:
            raise BadAnswer("month", row["data"])
        if month in values:
            raise BadAnswer("repeated", row["data"])
        values[month] = _percent(month, row["valor"])
    if not values:
        raise BadAnswer("empty", "[]")
    return values


def _rows(content):
    try:
        rows = json.loads(content)
    except (ValueError, RecursionError):
        text = content.decode("utf-8", "replace")
        raise BadAnswer("page" if text.lstrip().startswith("<") else "text", text) from None
    if not isinstance(rows, list):
        raise BadAnswer("shape", rows)
    return rows


def _month(text):
    match = DAY.fullmatch(text)
    try:
        day = date(int(match[3]), int(match[2]), int(match[1])) if match else None
    except ValueError:
        day = None
    if day is None or day.day != 1:
        raise BadAnswer("day", text)
    return day


def _percent(month, text):
    if not NUMBER.fullmatch(text):
        raise BadAnswer("number", f"{month:%m/%Y}: {text}")
    percent = Decimal(text)
    if not is_plausible(month, percent):
        raise BadAnswer("absurd", f"{month:%m/%Y}: {text}")
    return percent
