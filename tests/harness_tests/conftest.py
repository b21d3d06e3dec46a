"""The tests of the harness share one database, two workers and one server, to stay fast."""

import pytest

from harness import fresh_database
from harness.browser import Browser
from harness.postgres import Postgres
from harness.processes import OdooProcesses


@pytest.fixture(scope="package")
def database(databases, template):
    name = fresh_database.create(databases, template)
    yield name
    databases.drop(name)


@pytest.fixture(scope="package")
def postgres(databases, database):
    return Postgres(databases, database)


@pytest.fixture(scope="package")
def processes(databases, postgres):
    with OdooProcesses(databases, postgres) as started:
        yield started


@pytest.fixture(scope="package")
def server(processes):
    return processes.server()


@pytest.fixture(scope="package")
def chromium():
    started = Browser()
    yield started
    started.close()


@pytest.fixture(scope="package")
def _two_workers(processes):
    return processes.workers(2)


@pytest.fixture
def two_workers(processes, _two_workers):
    """Both alive: one that a test killed is replaced, by the next test that needs it."""
    for place, worker in enumerate(_two_workers):
        if not worker.alive:
            _two_workers[place] = processes.workers(1)[0]
    return list(_two_workers)
