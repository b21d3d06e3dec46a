"""The tests' side of `zygote.py`: Odoo is imported once for a database, each process begins as a fork of that."""

import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess

from harness.odoo_process import READY_LIMIT_S, OdooProcess, child_command, spawned
from harness.waiting import wait_until

PR_SET_CHILD_SUBREAPER = 36


class Zygote(OdooProcess):
    """The process that has imported Odoo and the addons of a database; it does nothing but fork."""

    def __init__(self, name, database, environment):
        self._channel, theirs = socket.socketpair()
        with theirs:
            command = child_command("harness.zygote", database, theirs.fileno())
            super().__init__(name, database, spawned(command, environment, [theirs.fileno()]))
        self._channel.settimeout(READY_LIMIT_S)

    def ready(self):
        """Wait until it can fork.

        :raise ProcessDied: with the end of its log
        """
        if int(self._answer() or 0) != self.pid:
            raise self.died("while starting")

    def forked(self, module, *arguments, pass_fds=()):
        """What starts an OdooProcess that does what `python -m module arguments` does.

        :param pass_fds: file descriptors that it inherits; the numbers that they get are its last arguments
        :return: function that takes the log's file and returns the Fork
        """
        request = json.dumps([module, *map(str, arguments)]).encode()

        def start(log):
            with adopting():
                with contextlib.suppress(BrokenPipeError):
                    socket.send_fds(self._channel, [request], [log.fileno(), *pass_fds])
                pid = self._answer()
            if not pid:
                raise self.died("before it forked")
            return Fork(int(pid))

        return start

    def _answer(self):
        with contextlib.suppress(ConnectionResetError):
            return self._channel.recv(64)
        return b""


@contextlib.contextmanager
def adopting():
    """Who loses its parent becomes a child of this process: it alone learns how a child ended."""
    prctl = ctypes.CDLL(None).prctl
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    try:
        yield
    finally:
        prctl(PR_SET_CHILD_SUBREAPER, 0)


class Fork:
    """A child that was adopted, as subprocess.Popen shows its own."""

    def __init__(self, pid):
        self.pid = pid
        self.returncode = None

    def poll(self):
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout):
        try:
            wait_until(lambda: self.poll() is not None, f"process {self.pid} ends", timeout)
        except TimeoutError:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout) from None
        return self.returncode

    def terminate(self):
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)
