"""Statements in OFX, as Brazilian banks write it: wrong headers, decimal commas, numbers missing or repeated.

Accounts and balances are read by ofxparse. The movements are not: it stops at one without a number, and
takes minutes for ten thousand of them.
"""

import io
import re
from html import unescape

from ofxparse import OfxParser

from .statement import AMOUNT, DATE, Problem, Row, Statement, UnreadableError, amount, day, decode, is_balance, tidy

HEADER = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:UTF-8\nCHARSET:NONE\n\n"
ACCOUNT = re.compile(r"(?is)<(STMTRS|CCSTMTRS)>(.*?)(?=</\1>|<STMTRS>|<CCSTMTRS>|</OFX>|\Z)")
MOVEMENT = re.compile(r"(?is)<STMTTRN>(.*?)(?=</STMTTRN>|<STMTTRN>|</BANKTRANLIST>|\Z)")
MOVEMENTS = re.compile(r"(?is)<BANKTRANLIST>.*?(?:</BANKTRANLIST>|(?=<LEDGERBAL>)|\Z)")
TAG = re.compile(r"<([A-Za-z0-9.]+)>([^<]*)")
# A thousand, or one and nothing? OFX allows both.
UNCLEAR = re.compile(r"[-+]?\d{1,3}[.,]\d{3}")
# What stands in the place of a text that a bank does not give.
EMPTY = {"", "none", "null", "n/a"}


def is_ofx(content: bytes) -> bool:
    """Does this look like OFX?

    >>> is_ofx(b"OFXHEADER:100"), is_ofx(b"<?xml version='1.0'?><OFX>"), is_ofx(b"Data;Valor")
    (True, True, False)
    """
    head = decode(content[:4096]).upper()
    return "OFXHEADER" in head or "<OFX>" in head


def read(content: bytes) -> list[Statement]:
    """The accounts of a file.

    >>> [statement] = read(b"<OFX><STMTRS><BANKTRANLIST><STMTTRN><TRNAMT>-1.234,50<DTPOSTED>20261102<MEMO>TED"
    ...                    b"</STMTTRN></BANKTRANLIST></STMTRS></OFX>")
    >>> str(statement.rows[0].amount), statement.rows[0].text
    ('-1234.50', 'TED')

    :raise UnreadableError: for a file without an account
    """
    text = decode(content).replace("\x00", "")
    found = [_account(match[2], text.count("\n", 0, match.start(2)) + 1) for match in ACCOUNT.finditer(text)]
    if not found:
        raise UnreadableError("no_account")
    return found


def _account(text: str, number: int) -> Statement:
    """:param number: of the line on which this account begins"""
    statement = Statement()
    _read_envelope(MOVEMENTS.sub("", text), statement)
    at = 0
    for match in MOVEMENT.finditer(text):
        number += text.count("\n", at, match.start())
        at = match.start()
        tags = {}
        for name, value in TAG.findall(match[1]):
            tags.setdefault(name.upper(), _value(value))
        _read_movement(tags, number, statement)
    return statement


def _read_envelope(text: str, statement: Statement) -> None:
    """What ofxparse says of the account; a statement is as good without it."""
    whole = f"{HEADER}<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS>{text}</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    whole = re.sub(r"(?i)(<BALAMT>)([^<\r\n]*)", lambda found: found[1] + _point(found[2]), whole)
    try:
        account = OfxParser.parse(io.BytesIO(whole.encode()), fail_fast=False).account
    except Exception:  # noqa: BLE001  (whatever it stumbles over: no account is known then)
        return
    statement.account = re.sub(r"\W", "", account.account_id or "", flags=re.ASCII).upper()
    statement.currency = (getattr(account.statement, "currency", "") or "").upper()
    statement.balance = getattr(account.statement, "balance", None)


def _point(text: str) -> str:
    try:
        return str(amount(text))
    except ValueError:
        return text


def _value(text: str) -> str:
    value = tidy(unescape(text))
    return "" if value.lower() in EMPTY else value


def _read_movement(tags: dict[str, str], number: int, statement: Statement) -> None:
    parts = [tags.get(name, "") for name in ("MEMO", "CHECKNUM", "REFNUM")]
    name = tags.get("NAME", "") or tags.get("PAYEE", "")
    memo = tidy(" ".join(dict.fromkeys(part for part in parts if part.strip("0 "))))
    if is_balance(memo) or is_balance(name):
        statement.balances += 1
        return
    posted = tags.get("DTPOSTED", "")
    try:
        posted_on = day(posted)
    except ValueError:
        statement.problems.append(Problem(number, DATE, posted))
        return
    written = tags.get("TRNAMT", "")
    try:
        if UNCLEAR.fullmatch(written):
            raise ValueError(written)
        paid = amount(written)
    except ValueError:
        statement.problems.append(Problem(number, AMOUNT, written))
        return
    if not paid:
        statement.balances += 1
        return
    kind = tags.get("TRNTYPE", "").upper()
    text = tidy(f"{name} {memo}") if name and name not in memo else memo or name
    statement.rows.append(Row(number, posted_on, paid, text or kind, tags.get("FITID", ""), name, kind))
