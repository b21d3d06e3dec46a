"""All processes that a test has on one database; whatever happens, they end with it."""

import itertools
import os

from common import ROOT
from harness.forking import Zygote
from harness.odoo_process import cron_worker, serve
from harness.worker import Worker

INSTALLED = "SELECT string_agg(name, ',' ORDER BY name) FROM ir_module_module WHERE state = 'installed'"


def environment_of(databases):
    """Environment variables of a process of the tests."""
    kept = {key: value for key, value in databases.env.items() if not key.startswith("PYTEST_")}
    return {**kept, "PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), str(ROOT / "scripts")])}


class SharedZygote:
    """One zygote for all databases with the same addons: what they import is the same.

    It is made when it is needed, and again when something has ended it: after each of its test classes
    Odoo ends every child process of the process that runs the tests.
    """

    def __init__(self, databases):
        self._environment = environment_of(databases)
        self._zygote = None
        self._installed = None

    def get(self, postgres):
        """The zygote for a database.

        :param Postgres postgres: the database that a process is to be forked for
        """
        installed = postgres.value(INSTALLED)
        if not (self._zygote and self._zygote.alive and installed == self._installed):
            self.close()
            self._zygote, self._installed = Zygote("zygote", postgres.name, self._environment), installed
            self._zygote.ready()
        return self._zygote

    def close(self):
        if self._zygote:
            self._zygote.kill()
        self._zygote = None


class OdooProcesses:
    """Starts Odoo processes on one database and ends them all in `close`.

    :param databases: scripts/database.py `Databases`
    :param Postgres postgres: the database that they run on
    :param SharedZygote shared: what they are forked from; without it they have a zygote of their own
    """

    def __init__(self, databases, postgres, shared=None):
        self.postgres = postgres
        self.database = postgres.name
        self.started = []
        self._numbers = itertools.count(1)
        self._environment = environment_of(databases)
        self._shared = shared

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def servers(self, count=1, options=()):
        """Start servers by HTTP on free ports and wait until all answer.

        :return: list of OdooServer
        """
        servers = [self._add("server", serve, options) for _n in range(count)]
        for server in servers:
            server.wait_until_ready(server.answers)
        return servers

    def server(self, options=()):
        return self.servers(1, options)[0]

    def later_server(self, days_ahead):
        """Start one whose "now" is so many days ahead, and wait until it answers."""
        server = self._add("later", serve, (), days_ahead)
        server.wait_until_ready(server.answers)
        return server

    def cron_workers(self, count=1, options=()):
        """Start processes that only run cron jobs and wait until all listen.

        :return: list of OdooProcess
        """
        workers = [self._add("cron", cron_worker, options) for _n in range(count)]
        for worker in workers:
            worker.wait_until_ready(lambda worker=worker: self._listens(worker))
        return workers

    def workers(self, count=1):
        """Start processes that do what the test says and wait until all can.

        :return: list of Worker
        """
        workers = [self._add("worker", Worker) for _n in range(count)]
        for worker in workers:
            worker.ready()
        return workers

    def _add(self, kind, start, *options):
        process = start(f"{kind}-{next(self._numbers)}", self.database, self._get_zygote(), *options)
        self.started.append(process)
        return process

    def _get_zygote(self):
        """The process that all others are forked from; the first one waits for it."""
        if self._shared:
            return self._shared.get(self.postgres)
        if not self.started:
            self.started.append(Zygote("zygote", self.database, self._environment))
            self.started[0].ready()
        return self.started[0]

    def _listens(self, process):
        """A cron worker listens for triggers in the database `postgres`.

        Its connection is idle before it listens too; what it did last tells that it has: the commit of its LISTEN.
        """
        return self.postgres.value(
            "SELECT 1 FROM pg_stat_activity WHERE datname = 'postgres' AND application_name = %s AND state = 'idle'"
            " AND query = 'COMMIT'",
            [process.application],
        )

    def close(self):
        """End everything that still runs, hard: nothing of it is needed any more."""
        for process in self.started:
            process.kill()
        self.started.clear()
