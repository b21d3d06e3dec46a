"""Connections to mail servers that the mails of a batch share, instead of one for each."""

import smtplib
from collections.abc import Callable, Hashable
from contextlib import suppress

NOT_USABLE = (smtplib.SMTPException, OSError)
ALIVE = 250


class MailSessions:
    """Opens a connection when the first mail of its way leaves, and again when the server closed it.

    A server that cannot be reached is not tried again: the other mails of the batch would wait for it, each anew.

    >>> sessions = MailSessions({7: ("server", "sender"), 8: ("server", "sender")}, lambda *way: print(*way))
    >>> sessions.of(7)
    server sender
    >>> 8 in sessions, 9 in sessions
    (True, False)
    """

    def __init__(self, ways: dict[int, Hashable], connect: Callable):
        """:param ways: {id of a mail: what `connect` takes}"""
        self.ways = ways
        self.connect = connect
        self.opened = {}
        self.failed = {}

    def __contains__(self, mail: int) -> bool:
        return mail in self.ways

    def of(self, mail: int):
        """The connection for a mail.

        :raise Exception: why there is none
        """
        way = self.ways[mail]
        if way in self.failed:
            raise self.failed[way]
        if not is_alive(self.opened.get(way)):
            try:
                self.opened[way] = self.connect(*way)
            except Exception as error:  # whatever it is, it would be the same for the next mail
                self.failed[way] = error
                raise
        return self.opened[way]

    def close(self):
        """Take leave of the servers."""
        for session in filter(None, self.opened.values()):
            with suppress(*NOT_USABLE):
                session.quit()
        self.opened.clear()


def is_alive(session: smtplib.SMTP | None) -> bool:
    """Does the server of a connection still listen?"""
    if session is None:
        return False
    try:
        return session.noop()[0] == ALIVE
    except NOT_USABLE:
        return False
