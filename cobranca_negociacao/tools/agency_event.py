"""What an agency's own system tells: read, checked, and known again when it is told twice."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from . import typed
from .agency_file import BEYOND, RETURNS, text_of

LONGEST_NOTE = 1000
IDENTITY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}", re.ASCII)
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9/._-]{0,49}", re.ASCII)
MOMENT = re.compile(r"([\d/-]{8,10})[T ](\d{1,2}:\d{2})(?::\d{2}(?:\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
KINDS = {"contato": "contact", "promessa": "promise", "contestacao": "dispute", "devolucao": "return"}
CHANNELS = {"ligacao": "call", "whatsapp": "whatsapp", "sms": "sms", "email": "email"}
OUTCOMES = {
    "sem_resposta": "no_answer",
    "ligar_depois": "call_later",
    "recusou": "refused",
    "recado": "left_message",
    "contato_errado": "wrong_contact",
    "informado": "informed",
    "diz_que_pagou": "says_paid",
    "outro": "other",
}
CLAIMS = {
    "nao_reconhece": "unknown",
    "valor": "amount",
    "servico": "service",
    "pago": "paid",
    "duplicado": "duplicate",
    "cancelado": "cancelled",
    "encargos": "charges",
    "outro": "other",
}
ALWAYS = {"id", "tipo", "distribuicao", "observacao"}
# Beside these: (needed, possible).
USED = {
    "contact": ({"canal", "resultado"}, {"quando", "retorno"}),
    "promise": ({"canal", "promessa_dia", "promessa_valor"}, {"quando", "retorno"}),
    "dispute": ({"divida", "alegacao"}, set()),
    "return": ({"observacao"}, set()),
}


class Unclear(ValueError):
    """What cannot be taken.

    :param field: name of the column
    :param problem: missing, unknown, unused or cells
    """

    def __init__(self, field: str, problem: str, found: str = ""):
        super().__init__(field, problem, found)
        self.field, self.problem, self.found = field, problem, found


@dataclass(frozen=True)
class Told:
    """An event, by the keys of the register.

    :param moment: when it happened; without a time zone it is of the company's clocks
    """

    identity: str
    kind: str
    placement: str
    moment: datetime | None = None
    channel: str = ""
    outcome: str = ""
    note: str = ""
    callback: datetime | None = None
    day: date | None = None
    amount: Decimal | None = None
    debt: str = ""
    claim: str = ""


def texts(values: Mapping[str, object], is_strict: bool) -> dict[str, str]:
    """What a row or a JSON object says, without what is empty.

    :param is_strict: refuse names that are no columns; files may have more columns
    :raise Unclear: for values that are no text

    >>> texts({"id": "A", "promessa_valor": 10.5, "canal": "", "extra": "x"}, False)
    {'id': 'A', 'promessa_valor': '10.50'}
    """
    found = {}
    for name, value in values.items():
        if name == BEYOND:
            raise Unclear("", "cells")
        if name not in RETURNS:
            if is_strict:
                shown = str(name)[:60].encode("ascii", "replace").decode()
                raise Unclear("".join(letter if letter.isprintable() else "?" for letter in shown), "unknown")
            continue
        try:
            text = text_of(value)
        except ValueError as error:
            raise Unclear(name, "unknown", str(error)) from None
        if text:
            found[name] = text
    return found


def identity(values: Mapping[str, object]) -> str:
    """The id by which the other system knows an event; empty where there is none that can be kept.

    >>> identity({"id": " A-1 "}), identity({"id": "=1"}), identity({"id": 7}), identity({}), identity({"id": ["x"]})
    ('A-1', '', '7', '', '')
    """
    try:
        text = text_of(values.get("id"))
    except ValueError:
        return ""
    return text if IDENTITY.fullmatch(text) else ""


def read(values: Mapping[str, str]) -> Told:
    """An event, where it is clear in itself.

    :param values: of `texts`
    :raise Unclear: for what is missing, unknown, or belongs to another kind

    >>> read({"id": "1", "tipo": "contato", "distribuicao": "D/1", "canal": "email", "resultado": "informado"}).outcome
    'informed'
    >>> read({"id": "1", "tipo": "devolucao", "distribuicao": "D/1", "observacao": "x", "canal": "email"})
    Traceback (most recent call last):
    ...
    cobranca_negociacao.tools.agency_event.Unclear: ('canal', 'unused', 'email')
    """
    kind = _choose(values, "tipo", KINDS)
    needed, possible = USED[kind]
    for name in RETURNS:
        if name in needed | {"id", "distribuicao"} and not values.get(name):
            raise Unclear(name, "missing")
        if values.get(name) and name not in ALWAYS | needed | possible:
            raise Unclear(name, "unused", values[name][:60])
    return Told(
        identity=_match(values, "id", IDENTITY),
        kind=kind,
        placement=_match(values, "distribuicao", NUMBER),
        moment=_parse(values, "quando", moment),
        channel=_choose(values, "canal", CHANNELS),
        outcome="promised" if kind == "promise" else _choose(values, "resultado", OUTCOMES),
        note=_note(values),
        callback=_parse(values, "retorno", moment),
        day=_parse(values, "promessa_dia", typed.day),
        amount=_parse(values, "promessa_valor", typed.amount),
        debt=_match(values, "divida", NUMBER),
        claim=_choose(values, "alegacao", CLAIMS),
    )


def _choose(values, name, choices):
    text = values.get(name, "")
    if not text and name != "tipo":
        return ""
    if text.lower() not in choices:
        raise Unclear(name, "unknown" if text else "missing", text[:60])
    return choices[text.lower()]


def _match(values, name, shape):
    text = values.get(name, "")
    if text and not shape.fullmatch(text):
        raise Unclear(name, "unknown", text[:60])
    return text


def _parse(values, name, reader):
    text = values.get(name, "")
    if not text:
        return None
    try:
        return reader(text)
    except ValueError:
        raise Unclear(name, "unknown", text[:60]) from None


def _note(values):
    text = values.get("observacao", "")
    if len(text) > LONGEST_NOTE:
        raise Unclear("observacao", "unknown", f"> {LONGEST_NOTE}")
    return text


def moment(text: str) -> datetime:
    """A day with its hour, Brazilian or ISO; with a time zone only where it says one.

    :raise ValueError: for anything else

    >>> str(moment("19/11/2026 14:30")), str(moment("2026-11-19T14:30:00-03:00")), str(moment("2026-11-19T17:30Z"))
    ('2026-11-19 14:30:00', '2026-11-19 14:30:00-03:00', '2026-11-19 17:30:00+00:00')
    >>> moment("2026-11-19")
    Traceback (most recent call last):
    ...
    ValueError: 2026-11-19
    """
    found = MOMENT.fullmatch(text)
    if not found:
        raise ValueError(text)
    day = typed.day(found[1])
    zone = (found[3] or "").replace("Z", "+00:00")
    return datetime.fromisoformat(f"{day.isoformat()}T{found[2].zfill(5)}{zone}")


def key_of(told: Told | Mapping[str, object]) -> str:
    """What tells one content from another: the same for a file and for JSON, however the same is written.

    >>> one = {"id": "1", "tipo": "promessa", "distribuicao": "D/1", "canal": "sms", "promessa_dia": "20/11/2026"}
    >>> two = {**one, "promessa_dia": "2026-11-20", "promessa_valor": "10.00"}
    >>> key_of(read({**one, "promessa_valor": "10,00"})) == key_of(read(two)), key_of(one) == key_of(two)
    (True, False)
    """
    content = asdict(told) if isinstance(told, Told) else {f"?{name}": value for name, value in told.items()}
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
