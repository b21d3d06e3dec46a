"""Statements in CSV: the movements in a table whose columns are known."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from .statement import (
    AMOUNT,
    CELLS,
    DATE,
    MOST_ROWS,
    Problem,
    Row,
    Statement,
    UnreadableError,
    amount,
    day,
    is_balance,
    plain,
    tidy,
)
from .statement_table import IN, OUT, ROLES, Table, is_read_by

TOTAL = re.compile(r"(?i)\s*(?:sub)?tota(?:l|is)\b")


def read(found: Table) -> Statement:
    """The movements of a file whose columns are known.

    >>> from .statement_table import table
    >>> statement = read(table(b"Data;Historico;Valor\\n02/11/2026;PIX ANA;1.234,50\\n03/11/2026;TED;abc"))
    >>> [(row.number, str(row.amount), row.text) for row in statement.rows], statement.problems
    ([(2, '1234.50', 'PIX ANA')], [Problem(number=3, reason='amount', found='abc')])

    :raise UnreadableError: while it is not known which columns hold day and amount
    """
    if not found.is_known:
        raise UnreadableError("columns")
    places = {role: [at for at, each in enumerate(found.roles) if each == role] for role in ROLES}
    statement = Statement()
    for number, cells in found.lines[found.head + 1 :]:
        _read_row(number, cells, places, statement)
    if len(statement.rows) > MOST_ROWS:
        raise UnreadableError("too_long", str(MOST_ROWS))
    return statement


def _read_row(number: int, cells: Sequence[str], places: Mapping[str, list[int]], statement: Statement) -> None:
    def get(role: str) -> str:
        return tidy(" ".join(cells[at] for at in places[role] if at < len(cells) and cells[at].strip()))

    text, name = get("text"), get("name")
    written = [get(role) for role in ("amount", "credit", "debit")]
    if is_balance(text):
        statement.balances += 1
        return
    posted = get("date")
    if not is_read_by(day, posted):
        _read_other(number, cells, posted, any(is_read_by(amount, each) for each in written), text, statement)
        return
    try:
        paid = _amount(written, get("sign"))
    except ValueError as error:
        statement.problems.append(Problem(number, AMOUNT, str(error)))
        return
    if not paid:
        statement.balances += 1
        return
    whole = tidy(f"{text} {name}" if name and name not in text else text or name)
    statement.rows.append(Row(number, day(posted), paid, whole, get("identity"), name))


def _read_other(
    number: int, cells: Sequence[str], posted: str, has_amount: bool, text: str, statement: Statement
) -> None:
    """A line without a day: a sum, words of the bank, the second line of a text, or a row that cannot be read."""
    filled = [cell for cell in cells if cell.strip()]
    if TOTAL.match(" ".join(filled)):
        return
    if posted and len(filled) > 1:
        statement.problems.append(Problem(number, DATE, posted))
    elif has_amount:
        statement.problems.append(Problem(number, CELLS, tidy(" ".join(filled))[:60]))
    elif text and not posted and len(filled) == 1 and statement.rows and statement.rows[-1].number == number - 1:
        last = statement.rows[-1]
        statement.rows[-1] = replace(last, text=tidy(f"{last.text} {text}"))


def _amount(written: Sequence[str], sign: str) -> Decimal:
    """:param written: what stands for the amount, for what came in, and for what went out"""
    both, credit, debit = written
    if both:
        found = amount(both)
    elif credit or debit:
        came = abs(amount(credit)) if credit else Decimal(0)
        went = abs(amount(debit)) if debit else Decimal(0)
        if came and went:
            raise ValueError(f"{credit} / {debit}")
        found = came - went
    else:
        raise ValueError("")
    if plain(sign) in IN | OUT:
        found = abs(found) if plain(sign) in IN else -abs(found)
    return found
