"""What the answer of a mail server means: try again later, or never with this address."""

import re

# SMTP replies of class 5 and enhanced status codes of class 5 (RFC 3463): refused for good.
PERMANENT = re.compile(r"\(5\d\d\b|\b5\.\d{1,3}\.\d{1,3}\b|^\s*5\d\d[ -]|:\s*5\d\d[ -]", re.MULTILINE)
TEMPORARY = re.compile(r"\(4\d\d\b|\b4\.\d{1,3}\.\d{1,3}\b|^\s*4\d\d[ -]|:\s*4\d\d[ -]", re.MULTILINE)
ADDRESS_FAILURES = {"mail_email_invalid", "mail_email_missing"}
SENDER_FAILURES = {"mail_from_invalid", "mail_from_missing", "mail_spam", "mail_bl", "mail_optout"}
FIRST_WAIT_MINUTES = 15
MAX_ATTEMPTS = 6


def is_permanent(failure_type: str, reason: str) -> bool:
    """Would another try of the same message fail again?

    An answer without a code (a cut connection, a server that is down) may succeed later.

    >>> is_permanent("mail_email_invalid", "")
    True
    >>> is_permanent("unknown", "SMTPRecipientsRefused: {'a@b.c': (550, b'5.1.1 no such user')}")
    True
    >>> is_permanent("unknown", "SMTPRecipientsRefused: {'a@b.c': (451, b'4.7.1 try again later')}")
    False
    >>> is_permanent("mail_smtp", ""), is_permanent("unknown", "[Errno 104] Connection reset by peer")
    (False, False)
    >>> is_permanent("unknown", "invoice of 5.000,00: Connection reset"), is_permanent("unknown", "550 no mailbox")
    (False, True)
    """
    if is_server_down(failure_type):
        return False
    if failure_type in ADDRESS_FAILURES | SENDER_FAILURES:
        return True
    return bool(PERMANENT.search(reason or "")) and not TEMPORARY.search(reason or "")


def is_server_down(failure_type: str) -> bool:
    """Could the mail server not be reached at all? That says nothing of the one message."""
    return failure_type == "mail_smtp"


def wait_minutes(attempts: int, may_give_up: bool = True) -> int | None:
    """Minutes until the next try after so many; None when it was tried often enough.

    >>> [wait_minutes(attempts) for attempts in range(1, 7)]
    [15, 30, 60, 120, 240, None]
    >>> [wait_minutes(attempts, may_give_up=False) for attempts in (4, 5, 6, 60)]
    [120, 240, 240, 240]
    """
    if attempts >= MAX_ATTEMPTS and may_give_up:
        return None
    return FIRST_WAIT_MINUTES * 2 ** (min(max(attempts, 1), MAX_ATTEMPTS - 1) - 1)
