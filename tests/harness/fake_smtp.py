"""A mail server for tests: keeps what it receives, refuses what no real one would take, fails on demand."""

import email
import email.policy
import re
import socket
import socketserver
import struct
import threading
from dataclasses import dataclass, field

from harness.waiting import wait_until

PATH = re.compile(r"<(?P<address>[^<>\s]*)>(?P<parameters>( \S+)*)$")
LONGEST_LINE = 998
CUT_AFTER_LINES = 3
CLOSE_WITH_RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Mail:
    """One message as it was handed over; `recipients` are the envelope's."""

    sender: str
    recipients: tuple
    content: bytes

    @property
    def message(self):
        """The parsed email.message.EmailMessage."""
        return email.message_from_bytes(self.content, policy=email.policy.default)

    @property
    def subject(self):
        return self.message["Subject"]

    def text(self, subtype="html"):
        return self.message.get_body(preferencelist=(subtype,)).get_content()


@dataclass
class Faults:
    """What the server does wrong on purpose."""

    answers: dict = field(default_factory=dict)
    cuts_during_data: int = 0
    cuts_after_data: int = 0
    delay_s: float = 0.0


class FakeSmtp:
    """Runs in threads of the test's process from `start` to `stop`.

    `mails` holds what was accepted; `violations` the calls that broke the protocol (each was
    refused too): a test must not leave any, see `check`.
    """

    def __init__(self):
        self.lock = threading.Lock()
        self.hurry = threading.Event()
        self.reset()
        self._server = SmtpServer(self)
        self.host, self.port = self._server.server_address

    def reset(self):
        """Forget mails, violations and faults."""
        self.mails = []
        self.violations = []
        self.connections = 0
        self.faults = Faults()

    def start(self):
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self):
        self.hurry.set()
        self._server.shutdown()
        self._server.server_close()

    # --- faults, from now until `reset` ---

    def refuse(self, address, code=550, text="5.1.1 no such user here"):
        """Refuse a recipient for good."""
        self.faults.answers[address.lower()] = (code, text)

    def defer(self, address, code=451, text="4.7.1 try again later"):
        """Refuse a recipient for now."""
        self.refuse(address, code, text)

    def cut_during_data(self, times=1):
        """Drop the connection in the middle of the next messages: they are not accepted."""
        self.faults.cuts_during_data = times

    def cut_after_data(self, times=1):
        """Accept the next messages, but drop the connection instead of saying so."""
        self.faults.cuts_after_data = times

    def slow_down(self, delay_s):
        """Wait before each answer to a whole message; 0: answer all that wait, and the next ones at once."""
        self.faults.delay_s = delay_s
        if delay_s:
            self.hurry.clear()
        else:
            self.hurry.set()

    # --- what was seen ---

    def wait_for_mails(self, count, limit_s=120.0):
        """Wait for a number of accepted mails.

        :return: all mails so far
        :raise TimeoutError: when fewer come
        """
        wait_until(lambda: len(self.mails) >= count, f"{count} mails accepted", limit_s)
        return list(self.mails)

    def to(self, address):
        """The accepted mails for one recipient."""
        return [mail for mail in self.mails if address in mail.recipients]

    def take_violations(self):
        """Return the violations and forget them: for a test that provokes some."""
        with self.lock:
            violations, self.violations = self.violations, []
        return violations

    def check(self):
        """Fail when a client broke the protocol.

        :raise AssertionError: with every violation
        """
        if violations := self.take_violations():
            raise AssertionError("the mail server was called wrongly:\n  " + "\n  ".join(violations))


class SmtpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, fake):
        self.fake = fake
        super().__init__(("127.0.0.1", 0), SmtpSession)


class Cut(Exception):
    """The session drops its connection now."""


class SmtpSession(socketserver.StreamRequestHandler):
    """One connection: RFC 5321's commands in their order."""

    def handle(self):
        self.fake = self.server.fake
        with self.fake.lock:
            self.fake.connections += 1
        self.greeted = False
        self.forget()
        try:
            self.answer(220, "fake ESMTP")
            while line := self.rfile.readline(LONGEST_LINE + 2):
                if not self.command(line.decode(errors="replace").rstrip("\r\n")):
                    break
        except Cut:
            # A reset instead of an orderly end: so it looks when a server or a line dies.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, CLOSE_WITH_RESET)
        except ConnectionError:
            return

    def forget(self):
        self.sender, self.recipients = None, []

    def answer(self, code, text):
        self.wfile.write(f"{code} {text}\r\n".encode())
        return True

    def refuse(self, code, text, line):
        with self.fake.lock:
            self.fake.violations.append(f"{line!r}: {text}")
        return self.answer(code, text)

    def command(self, line):
        """Answer one line; False ends the session."""
        verb, _, rest = line.partition(" ")
        method = getattr(self, f"smtp_{verb.lower()}", None)
        if not method:
            return self.refuse(500, "5.5.2 unknown command", line)
        return method(rest, line)

    def smtp_ehlo(self, rest, line):
        if not rest.strip():
            return self.refuse(501, "5.5.4 a name must follow", line)
        self.greeted = True
        self.forget()
        self.wfile.write(b"250-fake\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 33554432\r\n")
        return True

    def smtp_helo(self, rest, line):
        if not rest.strip():
            return self.refuse(501, "5.5.4 a name must follow", line)
        self.greeted = True
        self.forget()
        return self.answer(250, "fake")

    def smtp_mail(self, rest, line):
        if not self.greeted or self.sender is not None:
            return self.refuse(503, "5.5.1 MAIL out of order", line)
        address = envelope_address(rest, "FROM:")
        if address is None:
            return self.refuse(501, "5.1.7 malformed sender", line)
        self.sender = address
        return self.answer(250, "2.1.0 sender ok")

    def smtp_rcpt(self, rest, line):
        if self.sender is None:
            return self.refuse(503, "5.5.1 RCPT before MAIL", line)
        address = envelope_address(rest, "TO:")
        if not address:
            return self.refuse(501, "5.1.3 malformed recipient", line)
        if fault := self.fake.faults.answers.get(address.lower()):
            return self.answer(*fault)
        self.recipients.append(address)
        return self.answer(250, "2.1.5 recipient ok")

    def smtp_data(self, rest, line):
        if self.sender is None:
            return self.refuse(503, "5.5.1 DATA before MAIL", line)
        if not self.recipients:
            # Also what a client sees that goes on after all its recipients were refused.
            return self.refuse(503, "5.5.1 DATA without an accepted recipient", line)
        self.answer(354, "end with <CRLF>.<CRLF>")
        content = self.read_content()
        if problem := content_problem(content):
            self.forget()
            return self.refuse(554, f"5.6.0 {problem}", line)
        return self.accept(content)

    def read_content(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
            if len(lines) == CUT_AFTER_LINES and self.use("cuts_during_data"):
                raise Cut
        if line == b"":
            raise ConnectionError("the client went away within its message")
        return b"".join(lines)

    def accept(self, content):
        mail = Mail(self.sender, tuple(self.recipients), content)
        self.forget()
        if self.fake.faults.delay_s:
            self.fake.hurry.wait(self.fake.faults.delay_s)
        with self.fake.lock:
            self.fake.mails.append(mail)
        if self.use("cuts_after_data"):
            raise Cut
        return self.answer(250, "2.0.0 accepted")

    def use(self, fault):
        """Take one of the times that a fault is to happen."""
        with self.fake.lock:
            left = getattr(self.fake.faults, fault)
            setattr(self.fake.faults, fault, max(left - 1, 0))
        return left > 0

    def smtp_rset(self, rest, line):
        self.forget()
        return self.answer(250, "2.0.0 ok")

    def smtp_noop(self, rest, line):
        return self.answer(250, "2.0.0 ok")

    def smtp_quit(self, rest, line):
        self.answer(221, "2.0.0 bye")
        return False


def envelope_address(text, prefix):
    """The address of `FROM:<a@b> SIZE=1`, "" for the null sender, None when malformed."""
    match = PATH.match(text[len(prefix) :].strip()) if text.upper().startswith(prefix) else None
    if not match:
        return None
    address = match["address"]
    local, at, domain = address.rpartition("@")
    return address if not address or (local and at and domain) else None


def content_problem(content):
    """Why no real server would take a message, or None."""
    lines = content.splitlines(keepends=True)
    if any(not line.endswith(b"\r\n") for line in lines):
        return "a line does not end with CRLF"
    if any(len(line) > LONGEST_LINE + len(b"\r\n") for line in lines):
        return f"a line is longer than {LONGEST_LINE} characters"
    message = email.message_from_bytes(content)
    missing = [name for name in ("From", "Date", "Message-Id") if not message[name]]
    return f"header {missing[0]} is missing" if missing else None
