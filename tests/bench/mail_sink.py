"""A mail server in a process of its own: what it does costs the measured process nothing.

with MailSink() as sink: …
sink.mails, sink.recipients
"""

import json
import subprocess
import sys

from harness.fake_smtp import FakeSmtp


class Wrong(Exception):
    """The mail server saw something that no real one would take."""


class MailSink:
    """Runs from `with` to its end; afterwards it tells how many mails it took, for how many addresses."""

    host = "127.0.0.1"

    def __enter__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.mail_sink"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.port = int(self.process.stdout.readline())
        return self

    def __exit__(self, error_type, *_error):
        told, _nothing = self.process.communicate()
        found = json.loads(told)
        self.mails, self.recipients = found["mails"], found["recipients"]
        if found["violations"] and not error_type:
            raise Wrong(f"the mail server was called wrongly: {found['violations'][:3]}")


def run_main():
    """Serve until the standard input ends, then tell what came."""
    fake = FakeSmtp().start()
    print(fake.port, flush=True)
    sys.stdin.read()
    fake.stop()
    addresses = {address for mail in fake.mails for address in mail.recipients}
    print(json.dumps({"mails": len(fake.mails), "recipients": len(addresses), "violations": fake.violations}))


if __name__ == "__main__":
    run_main()
