"""Pix: keys, and the code (BR Code) that a payer copies or scans.

BCB, Manual de Padrões para Iniciação do Pix; EMV QRCPS Merchant Presented Mode. Odoo makes the codes; this reads them.
"""

import binascii
import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from . import identification

# Kinds of keys, as Odoo calls them.
EMAIL, PHONE, DOCUMENT, RANDOM = "email", "mobile", "br_cpf_cnpj", "br_random"
KINDS = (EMAIL, PHONE, DOCUMENT, RANDOM)
LONGEST_EMAIL = 77
LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
EMAIL_KEY = re.compile(rf"[a-z0-9.!#$&'*+/=?^_`{{|}}~-]+@{LABEL}(?:\.{LABEL})+")
PHONE_KEY = re.compile(r"\+55[1-9][1-9]9\d{8}", re.ASCII)
RANDOM_KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

NAME_LENGTH, CITY_LENGTH, TXID_LENGTH, AMOUNT_LENGTH = 25, 15, 25, 13
NO_TXID, NO_NAME = "***", "NA"
PIX, REAL, BRAZIL = "br.gov.bcb.pix", "986", "BR"


class BrCode(NamedTuple):
    """What a code says.

    :param key: empty in a dynamic code, which has an address instead
    :param amount: None = the payer writes it
    """

    key: str
    name: str
    city: str
    amount: Decimal | None = None
    txid: str = NO_TXID
    url: str = ""
    is_single_use: bool = False


def normalized_key(kind: str, text: str) -> str:
    """A key as the Central Bank's directory has it; empty for what cannot be one.

    >>> normalized_key(EMAIL, " Caixa@Escola.example "), normalized_key(PHONE, "(11) 98765-4321")
    ('caixa@escola.example', '+5511987654321')
    >>> normalized_key(DOCUMENT, "12.abc.345/01de-35"), normalized_key(DOCUMENT, "111.111.111-11")
    ('12ABC34501DE35', '')
    >>> normalized_key(RANDOM, "123E4567-E12B-12D1-A456-426655440000"), normalized_key(EMAIL, "caixa@escola")
    ('123e4567-e12b-12d1-a456-426655440000', '')
    """
    text = (text or "").strip()
    if kind == EMAIL:
        found = text.lower()
        return found if EMAIL_KEY.fullmatch(found) and len(found) <= LONGEST_EMAIL else ""
    if kind == PHONE:
        return _normalized_phone(text)
    if kind == DOCUMENT:
        return identification.compact(text) if identification.is_valid(text) else ""
    found = text.lower()
    return found if kind == RANDOM and RANDOM_KEY.fullmatch(found) else ""


def _normalized_phone(text: str) -> str:
    """A Brazilian mobile number, as people write it, with country and area."""
    digits = re.sub(r"[\s().-]", "", text)
    if not digits.startswith("+"):
        digits = f"+{digits}" if digits.startswith("55") and len(digits) > len("11987654321") else f"+55{digits}"
    return digits if PHONE_KEY.fullmatch(digits) else ""


def cleaned(text: str, length: int) -> str:
    """A name that every bank reads: letters without accents, nothing but printable ASCII, not too long.

    >>> cleaned("  São José  dos Campos – SP ", CITY_LENGTH), cleaned("Pão & Cia.", NAME_LENGTH)
    ('Sao Jose dos Ca', 'Pao & Cia.')
    """
    plain = unicodedata.normalize("NFKD", text or "")
    signs = ("-" if sign in "–—" else " " if sign.isspace() else sign for sign in plain)
    return " ".join("".join(sign for sign in signs if " " <= sign <= "~").split())[:length].rstrip()


def txid(text: str) -> str:
    """A reference as a static code may carry it; `***` stands for none.

    >>> txid("NFe TÉST 0001"), txid("A" * 35) == "A" * 25, txid("–")
    ('NFeTEST0001', True, '***')
    """
    plain = unicodedata.normalize("NFKD", text or "")
    return re.sub(r"[^A-Za-z0-9]", "", plain)[:TXID_LENGTH] or NO_TXID


def amount_text(amount: Decimal) -> str:
    """An amount in a code: two places, a point, at most 13 signs.

    :raise ValueError: for what a code cannot ask for

    >>> amount_text(Decimal("1234.5")), amount_text(Decimal("0.01"))
    ('1234.50', '0.01')
    >>> amount_text(Decimal("0.004"))
    Traceback (most recent call last):
    ValueError: 0.004
    """
    text = f"{amount:.2f}"
    if Decimal(text) != amount or amount <= 0 or len(text) > AMOUNT_LENGTH:
        raise ValueError(str(amount))
    return text


def crc16(text: str) -> str:
    """The check sum at the end of a code: CRC-16/CCITT-FALSE.

    >>> crc16("123456789")
    '29B1'
    """
    return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def build(code: BrCode) -> str:
    """The text of a static code.

    :raise ValueError: for what is no code
    """
    name, city = cleaned(code.name, NAME_LENGTH) or NO_NAME, cleaned(code.city, CITY_LENGTH)
    if not code.key or not city:
        raise ValueError("A code has a key and a city.")
    fields = [
        ("00", "01"),
        ("01", "12" if code.is_single_use else ""),
        ("26", _field("00", PIX) + _field("01", code.key)),
        ("52", "0000"),
        ("53", REAL),
        ("54", "" if code.amount is None else amount_text(code.amount)),
        ("58", BRAZIL),
        ("59", name),
        ("60", city),
        ("62", _field("05", txid(code.txid))),
    ]
    text = "".join(_field(tag, value) for tag, value in fields if value) + "6304"
    return text + crc16(text)


def _field(tag: str, value: str) -> str:
    if len(value) > 99:
        raise ValueError(f"{tag} is too long.")
    return f"{tag}{len(value):02}{value}"


def parse(text: str) -> BrCode:
    """What a code says.

    :raise ValueError: for what no bank would take

    >>> code = build(BrCode("caixa@escola.example", "Escola Aurora", "São Paulo", Decimal("107.90"), "ABC1"))
    >>> parse(code)[2:5]
    ('Sao Paulo', Decimal('107.90'), 'ABC1')
    >>> parse(code.replace("107.90", "007.90"))
    Traceback (most recent call last):
    ValueError: Wrong check sum.
    """
    if text[-8:-4] != "6304" or crc16(text[:-4]) != text[-4:].upper():
        raise ValueError("Wrong check sum.")
    fields = _read_fields(text[:-8])
    account = _read_fields(fields.get("26", ""))
    if fields.get("00") != "01" or account.get("00") != PIX or (fields.get("53"), fields.get("58")) != (REAL, BRAZIL):
        raise ValueError("No code of Pix.")
    name, city = fields.get("59", ""), fields.get("60", "")
    if len(name) > NAME_LENGTH or len(city) > CITY_LENGTH:
        raise ValueError("Name or city is too long.")
    amount = fields.get("54")
    reference = _read_fields(fields.get("62", "")).get("05", "")
    if reference != NO_TXID and (not reference or txid(reference) != reference):
        raise ValueError("Wrong reference.")
    return BrCode(
        account.get("01", ""),
        name,
        city,
        _read_amount(amount) if amount else None,
        reference,
        account.get("25", ""),
        fields.get("01") == "12",
    )


def _read_amount(text: str) -> Decimal:
    if len(text) > AMOUNT_LENGTH or not re.fullmatch(r"\d+\.\d{2}", text, re.ASCII):
        raise ValueError("Wrong amount.")
    return Decimal(text)


def _read_fields(text: str) -> dict[str, str]:
    """The fields of a text, or of one of them: each a tag, its length and its value."""
    fields, place = {}, 0
    while place < len(text):
        tag, size = text[place : place + 2], text[place + 2 : place + 4]
        value = text[place + 4 : place + 4 + int(size)] if re.fullmatch(r"\d\d", size, re.ASCII) else ""
        if not value or len(value) != int(size) or tag in fields:
            raise ValueError("Broken fields.")
        fields[tag] = value
        place += 4 + len(value)
    return fields


def svg_path(rows: list[list[bool]]) -> str:
    """The dark squares of a QR code as one path, each run of them one rectangle.

    >>> svg_path([[True, True, False], [False, False, True]])
    'M0 0h2v1h-2zM2 1h1v1h-1z'
    """
    parts = []
    for line, row in enumerate(rows):
        start = None
        for column, is_dark in enumerate([*row, False]):
            if is_dark and start is None:
                start = column
            elif not is_dark and start is not None:
                parts.append(f"M{start} {line}h{column - start}v1h{start - column}z")
                start = None
    return "".join(parts)
