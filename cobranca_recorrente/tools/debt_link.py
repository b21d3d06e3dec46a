"""The text in a link to open payments: whose they are, which they are, until when; signed so that nobody makes one up.

Short, since it goes into text messages: numbers of seven bits a byte, and the lines as steps from one to the next.
"""

import base64
import hashlib
import hmac
import re
from datetime import date, timedelta
from typing import NamedTuple

FORMAT = 1
SIGNATURE_BYTES = 16
EPOCH = date(2020, 1, 1)
MOST_LINES = 300
LONGEST = 1600
# Ids of a database and days fit into so many groups of seven bits.
GROUPS = 5
ALPHABET = re.compile(r"[A-Za-z0-9_-]+\Z")


class Link(NamedTuple):
    """What a link opens.

    :param company_id: the creditor
    :param partner_id: whose payments they are
    :param version: raised to revoke all links of this customer
    :param expires: last day on which it opens them
    :param line_ids: the payments, ascending
    """

    company_id: int
    partner_id: int
    version: int
    expires: date
    line_ids: tuple[int, ...]


def pack(key: bytes, link: Link) -> str:
    """The text of a link.

    :param key: that signs it
    :raise ValueError: with a number below zero, a day before 2020, or more than 300 lines

    >>> text = pack(b"secret", Link(1, 7, 0, date(2026, 12, 3), (3, 4, 9)))
    >>> text, unpack(b"secret", text).line_ids
    ('AQEHAOATAwMBBXQlhQINxh-0eo3_CJzom0o', (3, 4, 9))
    """
    lines = sorted(set(link.line_ids))
    if len(lines) > MOST_LINES:
        raise ValueError(f"lines of one link: {len(lines)}")
    steps = [line - before for before, line in zip([0, *lines], lines, strict=False)]
    days = (link.expires - EPOCH).days
    numbers = [FORMAT, link.company_id, link.partner_id, link.version, days, len(lines), *steps]
    payload = b"".join(map(_write_number, numbers))
    return base64.urlsafe_b64encode(payload + _sign(key, payload)).decode().rstrip("=")


def unpack(key: bytes, text: str) -> Link:
    """What a text opens.

    :raise ValueError: unless it is, letter by letter, a text that :func:`pack` made with this key

    >>> unpack(b"other", pack(b"secret", Link(1, 7, 0, date(2026, 12, 3), (3,))))
    Traceback (most recent call last):
    ...
    ValueError: no link
    """
    if not text or len(text) > LONGEST or not ALPHABET.match(text) or len(text) % 4 == 1:
        raise ValueError("no link")
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    payload, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    if not hmac.compare_digest(_sign(key, payload), signature):
        raise ValueError("no link")
    link = _read(payload)
    # More than one text stands for the same bytes; only the one that was sent is a link.
    if not hmac.compare_digest(pack(key, link), text):
        raise ValueError("no link")
    return link


def _sign(key: bytes, payload: bytes) -> bytes:
    return hmac.new(key, payload, hashlib.sha256).digest()[:SIGNATURE_BYTES]


def _write_number(number: int) -> bytes:
    if number < 0 or number >> (7 * GROUPS):
        raise ValueError(f"number in a link: {number!r}")
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*found, number])


def _read(payload: bytes) -> Link:
    numbers, number, shift = [], 0, 0
    for byte in payload:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            numbers.append(number)
            number = shift = 0
    head, steps = numbers[:6], numbers[6:]
    if shift or len(head) < 6 or head[0] != FORMAT or head[5] != len(steps) or len(steps) > MOST_LINES:
        raise ValueError("no link")
    lines, line = [], 0
    for step in steps:
        line += step
        lines.append(line)
    return Link(head[1], head[2], head[3], EPOCH + timedelta(days=head[4]), tuple(lines))
