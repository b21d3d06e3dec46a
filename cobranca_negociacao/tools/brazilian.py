"""Figures and days as Brazilian papers write them, whatever the language of who prints them."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
MONTHS = (
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
)


def number(value: Decimal | float, places: int = 2) -> str:
    """With points for thousands and a comma.

    >>> number(Decimal("1234567.891")), number(Decimal("-0.5")), number(0.285), number(Decimal("-0.001"))
    ('1.234.567,89', '-0,50', '0,29', '0,00')
    """
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{rounded if rounded else abs(rounded):,.{places}f}"
    return text.translate(str.maketrans(",.", ".,"))


def money(value: Decimal | float) -> str:
    """In reais; the space does not break.

    >>> money(Decimal("1480.83")).replace("\\xa0", " ")
    'R$ 1.480,83'
    """
    return f"R$\u00a0{number(value)}"


def percent(value: Decimal | float) -> str:
    """As many places as it has, up to four.

    >>> percent(Decimal("1.00")), percent(Decimal("0.5")), percent(Decimal("33.33333")), percent(100)
    ('1%', '0,5%', '33,3333%', '100%')
    """
    text = number(value, 4).rstrip("0").rstrip(",")
    return f"{text}%"


def day(value: date) -> str:
    """
    >>> day(date(2026, 5, 1))
    '01/05/2026'
    """
    return value.strftime("%d/%m/%Y")


def long_day(value: date) -> str:
    """As letters are dated.

    >>> long_day(date(2026, 3, 1)), long_day(date(2026, 11, 27))
    ('1º de março de 2026', '27 de novembro de 2026')
    """
    first = "1º" if value.day == 1 else str(value.day)
    return f"{first} de {MONTHS[value.month - 1]} de {value.year}"


def moment(value: datetime) -> str:
    """A moment in UTC, to the second.

    >>> moment(datetime(2026, 11, 27, 4, 5, 6, 789))
    '27/11/2026 04:05:06 UTC'
    """
    return value.strftime("%d/%m/%Y %H:%M:%S UTC")


def months(numbers: Collection[int]) -> str:
    """Months of a year, one after the other as a span.

    >>> months(range(1, 13)), months({3}), months({1, 2, 3, 5, 11, 12}), months([])
    ('janeiro a dezembro', 'março', 'janeiro a março, maio e novembro a dezembro', '')
    """
    spans: list[list[int]] = []
    for month in sorted(set(numbers)):
        if spans and spans[-1][-1] == month - 1:
            spans[-1].append(month)
        else:
            spans.append([month])
    texts = [MONTHS[span[0] - 1] + (f" a {MONTHS[span[-1] - 1]}" if len(span) > 1 else "") for span in spans]
    return " e ".join(filter(None, (", ".join(texts[:-1]), texts[-1]))) if texts else ""
