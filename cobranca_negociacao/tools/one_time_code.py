"""One-time codes: six digits that show who holds a registered contact. Made and compared here, never kept readable."""

import hashlib
import hmac
import re
import secrets

DIGITS = 6


def new_code() -> str:
    """Six digits that nobody can foresee.

    >>> code = new_code()
    >>> len(code), code.isdecimal()
    (6, True)
    """
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def new_salt() -> str:
    """What makes two digests of the same code differ.

    >>> len(new_salt()), new_salt() == new_salt()
    (32, False)
    """
    return secrets.token_hex(16)


def read(typed: str | None) -> str:
    """The code that somebody typed, however he grouped its digits; empty for what is no code.

    >>> read(" 123 456"), read("123-456"), read("12345"), read("1234567"), read("12345a"), read("١٢٣٤٥٦"), read(None)
    ('123456', '123456', '', '', '', '', '')
    """
    text = re.sub(r"[\s.-]", "", (typed or "")[:40])
    return text if re.fullmatch(rf"[0-9]{{{DIGITS}}}", text) else ""


def digest(key: bytes, salt: str, purpose: str, code: str) -> str:
    """What is kept of a code. Whoever reads it without the key cannot try the million codes.

    :param key: a secret of the database
    :param purpose: what the code is for; the same code of another purpose has another digest

    >>> a = digest(b"key", "salt", "hash of a paper", "123456")
    >>> len(a), a == digest(b"key", "salt", "hash of a paper", "123456")
    (64, True)
    >>> a == digest(b"key", "salt", "another paper", "123456"), a == digest(b"key", "x", "hash of a paper", "123456")
    (False, False)
    """
    return hmac.new(key, "\0".join((salt, purpose, code)).encode(), hashlib.sha256).hexdigest()


def matches(kept: str, key: bytes, salt: str, purpose: str, code: str) -> bool:
    """Is this the code that was kept? Takes as long for a wrong one as for the right one.

    >>> kept = digest(b"key", "salt", "paper", "123456")
    >>> matches(kept, b"key", "salt", "paper", "123456"), matches(kept, b"key", "salt", "paper", "123457")
    (True, False)
    >>> matches("", b"key", "salt", "paper", "123456")
    False
    """
    return hmac.compare_digest((kept or "").encode(), digest(key, salt, purpose, code).encode())


def masked_phone(number: str | None) -> str:
    """So much of a phone number that its owner knows it.

    >>> masked_phone("+55 11 98765-4321"), masked_phone("12"), masked_phone(None)
    ('***21', '', '')
    """
    digits = "".join(letter for letter in number or "" if letter.isdecimal())
    return f"***{digits[-2:]}" if len(digits) > 5 else ""
