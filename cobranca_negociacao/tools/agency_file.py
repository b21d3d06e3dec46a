"""Files for agencies with a system of their own: their columns, and cells that no spreadsheet takes for a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 500
# A sheet may say that it has 16 384 columns and a million rows, with nothing in them.
MOST_COLUMNS = 100
MOST_LINES = 20_000
SEPARATORS = ";,\t"
# Spreadsheets begin a formula by these, in either width.
RISKY = frozenset("=+-@＝＋－＠")
QUOTE = "'"
EMPTY = {None, ""}
# Cells of a row beyond its headings.
BEYOND = "?"


class Column(NamedTuple):
    """A column of a file.

    :param kind: text, whole, amount, percent, day or moment
    """

    name: str
    kind: str
    width: int


# One row for each debt; nothing else leaves.
PORTFOLIO = (
    Column("distribuicao", "text", 16),
    Column("divida", "whole", 10),
    Column("cliente", "text", 40),
    Column("documento", "text", 20),
    Column("telefone", "text", 18),
    Column("whatsapp", "text", 18),
    Column("sms", "text", 18),
    Column("email", "text", 30),
    Column("titulo", "text", 20),
    Column("vencimento", "day", 12),
    Column("dias_atraso", "whole", 12),
    Column("valor_original", "amount", 15),
    Column("correcao", "amount", 12),
    Column("multa", "amount", 12),
    Column("juros", "amount", 12),
    Column("valor_hoje", "amount", 15),
    Column("moeda", "text", 8),
    Column("comissao_percentual", "percent", 12),
    Column("na_assessoria_desde", "day", 14),
    Column("prazo_ate", "day", 12),
    Column("ultimo_contato", "moment", 17),
    Column("retorno", "moment", 17),
)
# What comes back, one row for each event, and what is answered to it.
RETURNS = (
    "id",
    "tipo",
    "distribuicao",
    "quando",
    "canal",
    "resultado",
    "observacao",
    "retorno",
    "promessa_dia",
    "promessa_valor",
    "divida",
    "alegacao",
)
ANSWERS = ("situacao", "motivo")


def safe(text: str) -> str:
    """A text that a spreadsheet shows as it is: an apostrophe before what would be a formula.

    >>> [safe(text) for text in ("Ana", "=1+1", " +55", "@SUM(A1)", "\\t=1", "\\u200b-2", "＝1", "a=b", "'=1", "")]
    ['Ana', "'=1+1", "' +55", "'@SUM(A1)", "'\\t=1", "'\\u200b-2", "'＝1", 'a=b', "''=1", '']
    """
    return QUOTE + text if _is_risky(text) else text


def unsafe(text: str) -> str:
    """The text before `safe`, so that a file that came from here is understood when it comes back.

    >>> [unsafe(safe(text)) for text in ("=1+1", "-x", "'", "'=1", "''-x", "it's")]
    ['=1+1', '-x', "'", "'=1", "''-x", "it's"]
    """
    return text[1:] if text.startswith(QUOTE) and _is_risky(text[1:]) else text


def _is_risky(text: str) -> bool:
    """Is the first letter that shows one that begins a formula, with or without apostrophes before it?"""
    rest = text.lstrip(QUOTE)
    seen = next((letter for letter in rest if unicodedata.category(letter)[0] not in "CZ"), "")
    return seen in RISKY if seen else False


def cell(kind: str, value: object) -> str:
    """A value as Brazilian spreadsheets read it.

    >>> cell("amount", Decimal("1290.5")), cell("day", date(2026, 11, 19)), cell("text", "=x"), cell("day", None)
    ('1290,50', '19/11/2026', "'=x", '')
    >>> cell("moment", datetime(2026, 11, 19, 14, 5)), cell("percent", 15.0), cell("whole", 7)
    ('19/11/2026 14:05', '15,00', '7')
    """
    if value is None or value is False:
        return ""
    if kind in ("amount", "percent"):
        return f"{value:.2f}".replace(".", ",")
    if kind in ("day", "moment"):
        return f"{value:%d/%m/%Y %H:%M}" if kind == "moment" else f"{value:%d/%m/%Y}"
    return safe(str(value))


def plain(kind: str, value: object) -> str | int | None:
    """A value as other systems read it.

    >>> plain("amount", Decimal("1290.5")), plain("day", date(2026, 11, 19)), plain("whole", 7), plain("text", False)
    ('1290.50', '2026-11-19', 7, None)
    >>> plain("moment", datetime(2026, 11, 19, 14, 5)), plain("text", "=x")
    ('2026-11-19T14:05', '=x')
    """
    if value is None or value is False:
        return None
    if kind in ("amount", "percent"):
        return f"{value:.2f}"
    if kind in ("day", "moment"):
        return value.isoformat("T", "minutes") if kind == "moment" else value.isoformat()
    return value


def text_of(value: object) -> str:
    """What a cell or a JSON value says, as text.

    :raise ValueError: for what is neither text nor number nor day

    >>> [text_of(value) for value in (" Ana ", 7, 7.0, 1195.6, None, date(2026, 11, 19), datetime(2026, 11, 19, 9, 5))]
    ['Ana', '7', '7', '1195.60', '', '2026-11-19', '2026-11-19T09:05']
    >>> text_of(1.195)
    Traceback (most recent call last):
    ...
    ValueError: 1.195
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, datetime):
        is_day = not (value.hour or value.minute or value.second)
        return value.date().isoformat() if is_day else value.isoformat("T", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(type(value).__name__)
    return _number(value)


def _clean(text: str) -> str:
    """:raise ValueError: for letters that no file can hold"""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(ascii(text)[:60]) from None
    return text.replace("\0", "").replace("\r\n", "\n").strip()


def _number(value: int | float) -> str:
    if value != value or abs(value) >= 10**15:
        raise ValueError(str(value)[:60])
    number = Decimal(str(value))
    if number == number.to_integral_value():
        return str(int(number))
    if number != number.quantize(Decimal("0.01")):
        raise ValueError(str(value))
    return f"{number:.2f}"


def heading(text: object) -> str:
    """A heading as it is looked up.

    >>> heading(" Observação "), heading("Promessa dia"), heading(None)
    ('observacao', 'promessa_dia', '')
    """
    letters = unicodedata.normalize("NFKD", str(text or ""))
    return "_".join("".join(letter for letter in letters if not unicodedata.combining(letter)).lower().split())


def rows_of(lines: Iterable[Sequence[object]]) -> list[dict[str, object]]:
    """The rows of a table by their headings, which are those of the first line.

    :raise ValueError: (reason,) headings, too_long or empty

    >>> rows_of([["Id", "Tipo", "Nota"], ["A-1", "contato", "x"], ["", None, ""], ["A-2", "promessa", "y", "z"]])
    [{'id': 'A-1', 'tipo': 'contato', 'nota': 'x'}, {'id': 'A-2', 'tipo': 'promessa', 'nota': 'y', '?': 'z'}]
    """
    found: list[dict[str, object]] = []
    headings: list[str] = []
    for line in lines:
        if set(line) <= EMPTY:
            continue
        if not headings:
            if len(line) > MOST_COLUMNS:
                raise ValueError("headings")
            headings = [heading(value) for value in line]
            _check_headings(headings)
            continue
        row = {name: value for name, value in zip(headings, line) if name}  # noqa: B905 - short rows are usual
        if beyond := [value for value in line[len(headings) :] if value not in (None, "")]:
            row[BEYOND] = beyond[0]
        found.append(row)
        if len(found) > MOST_ROWS:
            raise ValueError("too_long")
    if not found:
        raise ValueError("empty")
    return found


def _check_headings(headings: Sequence[str]) -> None:
    named = [name for name in headings if name]
    if not {"id", "tipo"} <= set(named) or len(set(named)) != len(named):
        raise ValueError("headings")


def parse(text: str) -> list[dict[str, object]]:
    """The rows of a CSV, by whichever separator its headings have.

    :raise ValueError: as of `rows_of`, and csv for what is no CSV

    >>> parse('id;tipo;observacao\\nA-1;contato;"=1;2"')
    [{'id': 'A-1', 'tipo': 'contato', 'observacao': '=1;2'}]
    >>> parse("id,tipo\\n'-1,contato")
    [{'id': '-1', 'tipo': 'contato'}]
    """
    first = text.lstrip().partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    try:
        return rows_of([unsafe(value) for value in line] for line in csv.reader(io.StringIO(text), delimiter=separator))
    except csv.Error:
        raise ValueError("csv") from None


def write(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV as Brazilian spreadsheets open it by a double click; cells are safe already.

    >>> write(["a", "b"], [["1", "x;y"]])
    b'\\xef\\xbb\\xbfa;b\\r\\n1;"x;y"\\r\\n'
    """
    content = io.StringIO()
    writer = csv.writer(content, delimiter=";", lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return content.getvalue().encode("utf-8-sig")


def in_columns(row: Mapping[str, object], columns: Sequence[Column], render) -> list:
    """The values of a row, each by its column, and no other.

    >>> in_columns({"a": 1, "secret": 2}, [Column("a", "whole", 5)], cell)
    ['1']
    """
    return [render(column.kind, row.get(column.name)) for column in columns]
