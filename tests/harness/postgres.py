"""What happens inside PostgreSQL during a test: who is connected, who holds what, who waits."""

from contextlib import contextmanager
from dataclasses import dataclass

from harness.waiting import wait_until

LOCK_HOLDERS = "SELECT pid FROM pg_locks WHERE relation = %s::regclass AND mode = %s AND granted"
BACKENDS = """
    SELECT pid, application_name, coalesce(state, ''), coalesce(wait_event_type, ''), coalesce(query, '')
      FROM pg_stat_activity
     WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True)
class Backend:
    """One connection as the server sees it; `pid` is PostgreSQL's, not the client's."""

    pid: int
    application: str
    state: str
    waits_for: str
    query: str

    @property
    def in_transaction(self):
        return self.state in ("active", "idle in transaction", "idle in transaction (aborted)")


class Postgres:
    """One database seen from outside of the processes under test.

    :param databases: scripts/database.py `Databases`
    :param str name: the database
    """

    def __init__(self, databases, name):
        self.databases = databases
        self.name = name

    def execute(self, query, parameters=None):
        """Run one statement in a transaction of its own.

        :return: its rows, [] for a statement without any
        """
        with self.databases.connected(self.name) as cursor:
            cursor.execute(query, parameters)
            return cursor.fetchall() if cursor.description else []

    def value(self, query, parameters=None):
        """The first column of the first row, None without a row."""
        rows = self.execute(query, parameters)
        return rows[0][0] if rows else None

    @contextmanager
    def transaction(self):
        """A cursor of a transaction that holds its locks until the block ends, then rolls back.

        `cursor.connection.commit()` keeps what was done.
        """
        with self.databases.connected(self.name) as cursor:
            cursor.connection.autocommit = False
            try:
                yield cursor
            finally:
                cursor.connection.rollback()

    def backends(self, process=None):
        """The connections to the database, those of one process when it is given.

        :param process: an OdooProcess, which PostgreSQL knows by its application name
        """
        found = [Backend(*row) for row in self.execute(BACKENDS + " ORDER BY pid")]
        return [backend for backend in found if process is None or backend.application == process.application]

    def holders(self, table, mode="RowShareLock"):
        """The connections that hold a lock of a mode on a table.

        A row lock itself is invisible in PostgreSQL, but whoever took one with FOR UPDATE
        holds RowShareLock on the table until its transaction ends (RowExclusiveLock after a
        write); who only read holds AccessShareLock.
        """
        query = f"{BACKENDS} AND pid IN ({LOCK_HOLDERS})"
        return [Backend(*row) for row in self.execute(query, [table, mode])]

    def blockers(self, backend):
        """The connections that a waiting connection waits for."""
        query = f"{BACKENDS} AND pid = ANY(pg_blocking_pids(%s))"
        return [Backend(*row) for row in self.execute(query, [backend.pid])]

    def waiting(self, process=None):
        """The connections that wait for a lock now."""
        return [backend for backend in self.backends(process) if backend.waits_for == "Lock"]

    def wait_for_lock_wait(self, process=None, limit_s=90.0):
        """Wait until a process (or any) is stopped by somebody's lock.

        :return: the waiting Backend
        :raise TimeoutError: when it never is
        """
        who = f"process {process.pid}" if process else "a process"
        return wait_until(lambda: self.waiting(process), f"{who} waits for a lock", limit_s)[0]

    def terminate(self, backend, limit_s=60.0):
        """Cut one connection, as a failover or an idle-in-transaction limit does.

        :raise TimeoutError: when it is still there after the limit
        """
        self.execute("SELECT pg_terminate_backend(%s)", [backend.pid])
        wait_until(lambda: backend.pid not in self.pids(), f"backend {backend.pid} is gone", limit_s)

    def wait_until_gone(self, process, limit_s=60.0):
        """Wait until nothing of a killed process is left here: until then it holds its locks."""
        wait_until(lambda: not self.backends(process), f"{process!r} is disconnected", limit_s)

    def pids(self):
        return {backend.pid for backend in self.backends()}

    def wake_cron(self):
        """Let every cron worker look for jobs now, as Odoo does after a trigger."""
        with self.databases.connected("postgres") as cursor:
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", [self.name])
