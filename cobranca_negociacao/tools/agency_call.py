"""Signed calls of an agency's system: who made one, when, and that nothing of it was changed on the way.

A call is signed as `t=<seconds>,v1=<HMAC-SHA256 in hex>` over the seconds, the method, the path with its query and the
raw body, each but the last followed by a line feed.
"""

import hashlib
import hmac
import re

SIGNATURE = "X-Cobranca-Signature"
# The clocks of both systems may differ by so much; a call that is older was overheard.
WINDOW_S = 300
SHORTEST_SECRET = 32
HEADER = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", re.ASCII)


class RefusedCall(ValueError):
    """A call that is not taken; `reason` is signature or clock."""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def sign(secret: str, seconds: int, method: str, path: str, body: bytes) -> str:
    """The header of a call.

    >>> sign("s" * 32, 1700000000, "GET", "/a?b=1", b"")
    't=1700000000,v1=8e8ff10a4d8979d8f1b3533383948176e0a4ac78478d28081c80c46962c4de95'
    """
    message = f"{seconds}\n{method}\n{path}\n".encode() + body
    return f"t={seconds},v1={hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()}"


def check(secret: str, header: str, now: int, method: str, path: str, body: bytes) -> str:
    """What names a call among all others, once it is known who made it.

    :param secret: of the key; a short or empty one signs nothing
    :param now: seconds of this system's clock
    :return: the MAC in hex
    :raise RefusedCall: for another signature, and for an old one

    >>> header = sign("s" * 32, 1000, "GET", "/a", b"")
    >>> check("s" * 32, header, 1300, "GET", "/a", b"") == header[-64:]
    True
    >>> check("s" * 32, header, 1301, "GET", "/a", b"")
    Traceback (most recent call last):
    ...
    cobranca_negociacao.tools.agency_call.RefusedCall: clock
    """
    found = HEADER.fullmatch(header or "")
    if not found or len(secret or "") < SHORTEST_SECRET:
        raise RefusedCall("signature")
    seconds, given = int(found[1]), found[2]
    expected = sign(secret, seconds, method, path, body)[-64:]
    if not hmac.compare_digest(given, expected):
        raise RefusedCall("signature")
    if abs(now - seconds) > WINDOW_S:
        raise RefusedCall("clock")
    return given
