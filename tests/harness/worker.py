"""A process that runs methods of Odoo at the test's command, each with a real cursor and commit.

    value = worker.call("res.partner", "create", {"name": "Ana"})   # one transaction, committed
    worker.begin(); worker.call(…); worker.call(…); worker.commit() # one transaction, step by step
    pending = worker.start("res.partner", "write", {…}, ids=[7])    # goes on while the test does
    pending.value()                                                 # waits for it

Two workers so make any interleaving of two processes, with Odoo's own snapshots and locks.
"""

from dataclasses import dataclass
from multiprocessing import Pipe

from harness.odoo_process import READY_LIMIT_S, OdooProcess

CALL_LIMIT_S = 600


@dataclass(frozen=True)
class Outcome:
    """How a call went: times are of the machine's monotonic clock, in seconds."""

    value: object
    backend: int | None
    queries: int
    started: float
    ended: float

    def overlaps(self, other):
        """Did both run at the same instant?"""
        return self.started < other.ended and other.started < self.ended


class CallFailed(Exception):
    """The called method raised; `error_type` is the exception's full name."""

    def __init__(self, reply):
        super().__init__(f"{reply['error_type']}: {reply['error']}\n{reply['traceback']}")
        self.error_type = reply["error_type"]
        self.error = reply["error"]


class Pending:
    """The answer that a worker still owes."""

    def __init__(self, worker):
        self._worker = worker
        self._outcome = None

    def done(self):
        return self._outcome is not None or self._worker.has_answered()

    def outcome(self, limit_s=CALL_LIMIT_S):
        """Wait for the answer.

        :raise CallFailed: when the method raised
        :raise ProcessDied: when the process ended before it answered
        :raise TimeoutError: when there is no answer within the limit
        """
        if self._outcome is None:
            self._outcome = self._worker.receive(limit_s)
        return self._outcome

    def value(self, limit_s=CALL_LIMIT_S):
        return self.outcome(limit_s).value


class Worker(OdooProcess):
    """See the module; `ready()` must be called once before anything else."""

    def __init__(self, name, database, zygote):
        self._connection, theirs = Pipe()
        with theirs:
            super().__init__(name, database, zygote.forked("harness.call", database, pass_fds=[theirs.fileno()]))
        self._owes = False

    def ready(self):
        """Wait until the process has loaded Odoo.

        :raise ProcessDied: with the end of its log
        """
        self.wait_until_ready(self._connection.poll, READY_LIMIT_S)
        try:
            hello = self._connection.recv()
        except EOFError:
            raise self.died("while starting") from None
        assert hello["pid"] == self.pid, f"{hello} from {self!r}"

    def start(self, model, method, *args, ids=None, user=None, context=None, retry=False, **kwargs):
        """Let the process run a method; do not wait.

        :param ids: records to call it on, None for the model itself
        :param int user: id of the user that calls, None for the system
        :param dict context: Odoo's context
        :param bool retry: repeat after a serialization failure, as a request by HTTP does and a cron does not
        :return: Pending
        """
        call = {"model": model, "method": method, "ids": ids, "args": args, "kwargs": kwargs}
        return self._ask("call", **call, user=user, context=context or {}, retry=retry)

    def call(self, *args, **kwargs):
        """As `start`, but wait.

        :return: what the method returned; records become a list of ids
        """
        return self.start(*args, **kwargs).value()

    def begin(self):
        """Open a transaction that the following calls share.

        :return: pid of its PostgreSQL backend
        """
        return self._ask("begin").outcome().backend

    def commit(self):
        self._ask("commit").outcome()

    def rollback(self):
        self._ask("rollback").outcome()

    def inject(self, function, *args):
        """Run a function of the tests inside the process, to make it fail at a chosen point.

        :param str function: "module:function", such as "harness.faults:die_at_commit"
        """
        self._ask("inject", function=function, args=args).outcome()

    def _ask(self, do, **request):
        if self._owes:
            raise RuntimeError(f"{self!r} still owes the answer to an earlier call")
        self._owes = True
        try:
            self._connection.send({"do": do, **request})
        except BrokenPipeError:
            self._owes = False
            raise self.died("before it was called") from None
        return Pending(self)

    def has_answered(self):
        return self._connection.poll()

    def receive(self, limit_s):
        """The answer to the last request (see `Pending.outcome`)."""
        if not self._connection.poll(limit_s):
            raise TimeoutError(f"no answer from {self!r} within {limit_s:g} s")
        try:
            reply = self._connection.recv()
        except (EOFError, ConnectionResetError):
            self._owes = False
            raise self.died("before it answered") from None
        self._owes = False
        if "error" in reply:
            raise CallFailed(reply)
        return Outcome(**reply)


def at_once(pairs, limit_s=CALL_LIMIT_S):
    """Start calls in several workers at the same moment and wait for all.

    :param pairs: list of (worker, arguments of `Worker.start` as a tuple)
    :return: list of Outcome or CallFailed, in the given order
    """
    pending = [worker.start(*arguments) for worker, arguments in pairs]
    return [outcome_or_failure(one, limit_s) for one in pending]


def outcome_or_failure(pending, limit_s=CALL_LIMIT_S):
    try:
        return pending.outcome(limit_s)
    except CallFailed as failure:
        return failure
