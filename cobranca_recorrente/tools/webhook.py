"""Signed calls to addresses of other companies: only by TLS, and never into the own network.

A call is signed as `t=<seconds>,v1=<HMAC-SHA256 in hex>` over `<seconds>.<raw body>`; who receives
it computes the same and refuses old seconds, so that a call that was overheard is not repeated.
"""

import contextlib
import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
import threading
import urllib.parse
from datetime import timedelta

SIGNATURE, EVENT = "X-Cobranca-Signature", "X-Cobranca-Event"
# For each step of a call, and for all of it: an answer that trickles in is cut off.
TIMEOUT_S, ANSWER_S = 5, 15
LONGEST_URL = 2000
# Before the second attempt, the third…; after the last one nobody tries again by himself.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 1440))
ATTEMPTS = len(WAITS) + 1
# The endpoint says by it that it does not exist any more.
GONE = 410


class Refused(ValueError):
    """An address that is not called; `reason` is one of shape, scheme, user, unknown, private."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def sign(secret: str, seconds: int, body: bytes) -> str:
    """The value of the header that proves who sent a body, and when.

    >>> sign("secret", 1700000000, b"{}")
    't=1700000000,v1=b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163'
    """
    message = f"{seconds}.".encode() + body
    return f"t={seconds},v1={hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()}"


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; None when it was the last one.

    >>> wait_after(1), wait_after(2), wait_after(ATTEMPTS)
    (datetime.timedelta(seconds=60), datetime.timedelta(seconds=300), None)
    """
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None


def parse(url: str) -> tuple:
    """Host, port and path of an address that may be called.

    :raise Refused: for what is no plain https address

    >>> parse("https://example.com/hook?a=1")
    ('example.com', 443, '/hook?a=1')
    >>> parse("http://example.com/")
    Traceback (most recent call last):
    ...
    cobranca_recorrente.tools.webhook.Refused: scheme
    """
    text = (url or "").strip()
    if not text.isascii() or not text.isprintable() or " " in text or len(text) > LONGEST_URL:
        raise Refused("shape")
    try:
        parts = urllib.parse.urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Refused("shape") from error
    if parts.scheme != "https":
        raise Refused("scheme")
    if parts.username or parts.password:
        raise Refused("user")
    if not host or "\\" in text:
        raise Refused("shape")
    path = parts.path or "/"
    return host, port or 443, f"{path}?{parts.query}" if parts.query else path


def is_public(address: str) -> bool:
    """Is this an address of the open internet?

    >>> [is_public(text) for text in ("8.8.8.8", "10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1")]
    [True, False, False, False, False, False]
    >>> [is_public(text) for text in ("2001:4860:4860::8888", "64:ff9b::a00:1", "2002:a00:1::", "224.0.0.1", "0.0.0.0")]
    [True, False, False, False, False]
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if found.version == 6:
        if inner := found.ipv4_mapped or found.sixtofour:
            found = inner
        elif found.teredo or found in ipaddress.ip_network("64:ff9b::/96"):
            return False
    return found.is_global and not found.is_multicast


def resolve(host: str, port: int, allow_private: bool = False) -> list:
    """The addresses of a host, as `socket.getaddrinfo` gives them.

    :raise Refused: when one of them is in a private network, or there is none
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused("unknown") from error
    if not allow_private and not all(is_public(row[4][0]) for row in found):
        raise Refused("private")
    return found


class PinnedConnection(http.client.HTTPSConnection):
    """Connects to an address that was looked at: a name must not mean another one a moment later."""

    def __init__(self, host, port, addresses):
        self.tls = ssl.create_default_context()
        super().__init__(host, port, timeout=TIMEOUT_S, context=self.tls)
        self.addresses = addresses

    def connect(self):
        failure = OSError("no address")
        for _family, _kind, _protocol, _name, address in self.addresses:
            try:
                plain = socket.create_connection(address[:2], self.timeout)
            except OSError as error:
                failure = error
                continue
            self.sock = self.tls.wrap_socket(plain, server_hostname=self.host)
            return
        raise failure

    def cut(self):
        """Let whoever waits for an answer go on without it."""
        if self.sock:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def post(url: str, body: bytes, headers: dict, allow_private: bool = False) -> int:
    """Send a body; redirections are not followed, the answer's text is not read.

    :return: status of the answer
    :raise Refused: when the address is not called at all
    :raise OSError, http.client.HTTPException: when there is no answer in time
    """
    host, port, path = parse(url)
    connection = PinnedConnection(host, port, resolve(host, port, allow_private))
    limit = threading.Timer(ANSWER_S, connection.cut)
    limit.start()
    try:
        connection.request("POST", path, body=body, headers=headers)
        return connection.getresponse().status
    finally:
        limit.cancel()
        connection.close()
