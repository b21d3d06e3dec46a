"""Bank statements as they come in files: their rows, what could not be read, and what tells a row from another."""

import codecs
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 20
MOST_ROWS = 50_000
MOST_AMOUNT = Decimal(10) ** 12
LONGEST_TEXT = 500
# Why a row was not taken: (one of these, what was found).
DATE, AMOUNT, CELLS, NOTHING = "date", "amount", "cells", "nothing"
MONTHS = ("jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez")
CURRENCY = re.compile(r"(?i)^(?:R\$|BRL)|(?:R\$|BRL)$")
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# What banks write between the movements: balances, which are no money that came.
BALANCE = re.compile(r"(?i)^(?:saldo|s\s+a\s+l\s+d\s+o)\b")


@dataclass(frozen=True)
class Row:
    """A movement of an account.

    :param number: of the line in the file, for people who look for it
    :param amount: positive for money that came in
    :param identity: by which the bank knows it, where it says one
    """

    number: int
    date: date
    amount: Decimal
    text: str
    identity: str = ""
    name: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Problem:
    """A row that was not taken, and why.

    :param reason: one of the names above
    """

    number: int
    reason: str
    found: str = ""


@dataclass
class Statement:
    """What a file tells of one account.

    :param account: digits of the account, where the file says it
    :param balance: at the end, where the file says it
    :param balances: rows left out because they only tell a balance
    """

    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    account: str = ""
    currency: str = ""
    balance: Decimal | None = None
    balances: int = 0


class UnreadableError(ValueError):
    """A file that is no statement: nothing of it can be taken.

    :param reason: why, as one word
    """

    def __init__(self, reason: str, found: str = ""):
        super().__init__(reason, found)
        self.reason, self.found = reason, found


def decode(content: bytes) -> str:
    """The text of a file, whatever its header says: banks write one encoding and name another.

    >>> decode("Conciliação".encode("cp1252")), decode("Conciliação".encode()), decode(b"\\xef\\xbb\\xbfData")
    ('Conciliação', 'Conciliação', 'Data')
    >>> decode("Saldo é".encode("utf-16")), decode(b"\\x81\\xe7")
    ('Saldo é', '\\x81ç')
    """
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    for encoding in ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def tidy(text: str) -> str:
    """A text in one line without control characters.

    >>> tidy("  PIX\\tRECEBIDO \\x00 \\u202eANA\\n")
    'PIX RECEBIDO ANA'
    """
    kept = "".join(letter if unicodedata.category(letter)[0] != "C" or letter in "\t\r\n" else "" for letter in text)
    return " ".join(kept.split())[:LONGEST_TEXT]


def plain(text: str) -> str:
    """A text without accents, in small letters, with single spaces: for comparisons.

    >>> plain("  Histórico / Descrição ")
    'historico / descricao'
    """
    letters = unicodedata.normalize("NFKD", text)
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).lower().split())


def amount(text: str) -> Decimal:
    """An amount as Brazilian banks write it, in cents.

    A single separator before three digits could be either of thousands or of cents. In a text with a comma
    it is taken for what it would be in Brazil, where it is no number it is refused.

    >>> [str(amount(text)) for text in ("1.234,56", "-1234.56", "R$ 1.234,56-", "(10,5)", "+1,234.56", "1.234", "7")]
    ['1234.56', '-1234.56', '-1234.56', '-10.50', '1234.56', '1234.00', '7.00']
    >>> [str(amount(text)) for text in ("1.234,56 D", "12,00C", "\\u22125,00", "1.000.000", "1 234,50", "100.0000")]
    ['-1234.56', '12.00', '-5.00', '1000000.00', '1234.50', '100.00']
    >>> amount("1,234")
    Traceback (most recent call last):
    ...
    ValueError: 1,234
    """
    rest = re.sub(r"\s", "", text).replace("\u2212", "-").replace("\u2013", "-")
    sign = 1
    if rest.startswith("(") and rest.endswith(")"):
        rest, sign = rest[1:-1], -1
    rest = CURRENCY.sub("", rest)
    if rest[-1:].upper() in ("C", "D"):
        sign, rest = sign * (-1 if rest[-1:].upper() == "D" else 1), rest[:-1]
    if rest[-1:] in ("-", "+"):
        rest = rest[-1] + rest[:-1]
    if rest[:1] in ("-", "+"):
        sign, rest = sign * (-1 if rest[0] == "-" else 1), CURRENCY.sub("", rest[1:])
    found = sign * _unsigned(rest, text)
    if abs(found) >= MOST_AMOUNT:
        raise ValueError(text)
    return found


def _unsigned(rest: str, text: str) -> Decimal:
    """Digits with their separators: the last one is that of the cents."""
    if not re.fullmatch(r"\d+(?:[.,]\d+)*|[.,]\d{1,2}", rest, re.ASCII):
        raise ValueError(text)
    comma, point = rest.rfind(","), rest.rfind(".")
    mark = "," if comma > point else "."
    other = "." if mark == "," else ","
    whole, _mark, cents = rest.rpartition(mark)
    is_thousands = mark == "." and comma < 0 and re.fullmatch(r"\d{1,3}(?:\.\d{3})+", rest, re.ASCII)
    if is_thousands or comma == point:
        whole, cents = rest.replace(".", ""), ""
    elif (
        mark in whole
        or len(cents) > 2
        and (len(cents) == 3 or cents[2:].strip("0"))
        or other in whole
        and not re.fullmatch(rf"\d{{1,3}}(?:\{other}\d{{3}})+", whole, re.ASCII)
    ):
        raise ValueError(text)
    try:
        return Decimal(f"{whole.replace(other, '') or 0}.{cents[:2]:0<2}")
    except InvalidOperation:
        raise ValueError(text) from None


def day(text: str) -> date:
    """A day as banks write it, with or without an hour behind it.

    >>> [str(day(text)) for text in ("02/11/2026", "2-11-26", "20261102120000[-3:BRT]", "2026-11-02T10:00:00")]
    ['2026-11-02', '2026-11-02', '2026-11-02', '2026-11-02']
    >>> str(day("02 NOV 2026")), str(day("2/nov/2026 14:03"))
    ('2026-11-02', '2026-11-02')
    >>> day("31/02/2026")
    Traceback (most recent call last):
    ...
    ValueError: 31/02/2026
    """
    rest = plain(text)
    named = re.match(r"(\d{1,2})[ /.-]([a-z]{3})[a-z]*[ /.-](\d{4}|\d{2})(?!\d)", rest, re.ASCII)
    if named and named[2] in MONTHS:
        parts = (named[3], MONTHS.index(named[2]) + 1, named[1])
    elif found := re.match(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?!\d)", rest, re.ASCII):
        parts = (found[3], found[2], found[1])
    elif found := re.match(r"(\d{4})-?(\d{2})-?(\d{2})", rest, re.ASCII):
        parts = (found[1], found[2], found[3])
    else:
        raise ValueError(text)
    year, month, number = map(int, parts)
    try:
        found = date(year + 2000 if year < 100 else year, month, number)
    except ValueError:
        raise ValueError(text) from None
    if not 1990 <= found.year <= 2100:
        raise ValueError(text)
    return found


def is_balance(text: str) -> bool:
    """Is this no movement, but a balance between them?

    >>> is_balance("SALDO DO DIA"), is_balance("S A L D O"), is_balance("PIX SALDO"), is_balance("Saldonir Silva")
    (True, True, False, False)
    """
    return bool(BALANCE.match(text.strip()))


def keys(rows: Sequence[Row]) -> list[str]:
    """What tells each row from all others of an account, in whichever file it comes.

    The bank's own identity counts together with day and amount: some banks begin their numbers anew each
    month, and give one number to a whole batch. Where there is none, day, amount and text count. Rows that
    are alike in all that are told by which of them it is.

    >>> from datetime import date
    >>> pay = Row(2, date(2026, 11, 2), Decimal("10.00"), "PIX ANA")
    >>> first, again = keys([pay, pay])
    >>> first == keys([pay])[0], first != again
    (True, True)
    """
    return _numbered(
        ("id", row.identity, row.date, row.amount) if _is_identity(row.identity) else looks(row) for row in rows
    )


def look_keys(rows: Sequence[Row]) -> list[str]:
    """The same by their looks alone: some banks number the rows of each file anew."""
    return _numbered(looks(row) for row in rows)


def looks(row: Row) -> tuple:
    """Day, amount and text of a row."""
    return ("text", plain(f"{row.text} {row.name}"), row.date, row.amount)


def _is_identity(text: str) -> bool:
    return bool(text.strip("0 -"))


def _numbered(bases: Iterable[tuple]) -> list[str]:
    seen, found = Counter(), []
    for base in bases:
        seen[base] += 1
        text = "\x1f".join(map(str, (*base, seen[base])))
        found.append(hashlib.sha256(text.encode()).hexdigest()[:40])
    return found
