"""Odoo processes of a test: start, wait until ready, kill, end, read the log."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass

from common import ROOT
from harness.fresh_database import TEST_LOGS
from harness.waiting import free_port, wait_until
from odoo_env import PYTHON

READY_LIMIT_S = 240
END_LIMIT_S = 60
REQUEST_LINE = re.compile(r'"(?P<method>[A-Z]+) (?P<path>\S+) HTTP/[\d.]+" (?P<status>\d+) - (?P<queries>\d+) ')


class ProcessDied(Exception):
    """The process ended when it should not have."""


class OdooProcess:
    """One Odoo process with a log of its own.

    :param str name: begins the name of its log
    :param str database: the database that it works on
    :param start: function that takes the log's file and returns a subprocess.Popen, or a `forking.Fork`
    """

    def __init__(self, name, database, start):
        folder = TEST_LOGS / database
        folder.mkdir(parents=True, exist_ok=True)
        self.database = database
        self.log_path = folder / f"{name}.log"
        self.name = name
        with self.log_path.open("ab") as log:
            self._process = start(log)

    def __repr__(self):
        return f"<{self.name} pid {self.pid}, exit code {self.exit_code}>"

    @property
    def pid(self):
        return self._process.pid

    @property
    def application(self):
        """How PostgreSQL's pg_stat_activity names this process."""
        return f"odoo-{self.pid}"

    @property
    def exit_code(self):
        """None while it runs, minus the signal's number when a signal ended it."""
        return self._process.poll()

    @property
    def alive(self):
        return self.exit_code is None

    def log(self):
        return self.log_path.read_text(errors="replace")

    def wait_for_log(self, pattern, limit_s=120.0):
        """Wait for a line of the log.

        :param str pattern: regular expression
        :return: the match
        :raise TimeoutError: when it does not come
        """
        return wait_until(lambda: re.search(pattern, self.log()), f"{pattern!r} in {self.log_path}", limit_s)

    def wait_until_ready(self, condition, limit_s=READY_LIMIT_S):
        """Wait for a condition as long as the process lives.

        :raise ProcessDied: with the end of its log
        """

        def ready_or_dead():
            return condition() or not self.alive

        wait_until(ready_or_dead, f"{self!r} is ready", limit_s)
        if not self.alive:
            raise self.died("while starting")

    def died(self, when):
        """The exception that says how it ended, with the end of its log."""
        self._process.wait(END_LIMIT_S)
        return ProcessDied(f"{self!r} ended {when}:\n{self.log()[-2000:]}")

    def kill(self):
        """End it at once (SIGKILL), with whatever it started: nothing of it can clean up."""
        if self.alive:  # its number may be another's by now
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        return self._process.wait(END_LIMIT_S)

    def terminate(self, limit_s=END_LIMIT_S):
        """Ask it to end (SIGTERM).

        :return: its exit code
        :raise TimeoutError: when it does not within the limit; it is killed then
        """
        self._process.terminate()
        try:
            return self._process.wait(limit_s)
        except subprocess.TimeoutExpired:
            self.kill()
            raise TimeoutError(f"{self!r} did not end within {limit_s:g} s of SIGTERM") from None


@dataclass(frozen=True)
class Request:
    """One line of a server's access log."""

    method: str
    path: str
    status: int
    queries: int


class OdooServer(OdooProcess):
    """A process that serves HTTP; `url` is its address."""

    def __init__(self, name, port, *arguments, **options):
        super().__init__(name, *arguments, **options)
        self.url = f"http://127.0.0.1:{port}"

    def answers(self):
        """Is the login page served? Unlike /web/health it needs the whole registry."""
        try:
            with urllib.request.urlopen(f"{self.url}/web/login", timeout=READY_LIMIT_S) as response:
                return response.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def requests(self):
        """What was asked of this server so far, with Odoo's own count of SQL queries."""
        return [
            Request(match["method"], match["path"], int(match["status"]), int(match["queries"]))
            for match in REQUEST_LINE.finditer(self.log())
        ]


def serve(name, database, zygote, options=(), days_ahead=0):
    """Start a server without cron jobs on a free port.

    :param options: more command-line options of Odoo, such as `--max-cron-threads=1`
    :param int days_ahead: how far its "now" is ahead of the machine's
    :return: OdooServer, not ready yet
    """
    port = free_port()
    arguments = ["server", "-d", database, "--db-filter", f"^{database}$", "--http-port", port, "--max-cron-threads=0"]
    module = ["harness.moved_clock", days_ahead] if days_ahead else ["odoo"]
    return OdooServer(name, port, database, zygote.forked(*module, *arguments, *options))


def cron_worker(name, database, zygote, options=()):
    """Start a process that only runs cron jobs.

    :return: OdooProcess, not ready yet
    """
    arguments = ["server", "-d", database, "--no-http", "--max-cron-threads=1", *options]
    return OdooProcess(name, database, zygote.forked("odoo", *arguments))


def child_command(module, *arguments):
    return [PYTHON, "-m", module, *arguments]


def spawned(command, environment, pass_fds=()):
    """What starts an OdooProcess from nothing.

    :param command: list of words
    :param dict environment: its environment variables
    :param pass_fds: file descriptors that it inherits
    :return: function that takes the log's file and returns a subprocess.Popen
    """
    # Should the tests be killed, the kernel kills what they started.
    guard = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []

    def start(log):
        return subprocess.Popen(
            [*guard, *map(str, command)],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=pass_fds,
        )

    return start
