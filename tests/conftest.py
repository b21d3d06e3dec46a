"""Fixtures of the tests that drive real processes.

Here live plain pytest functions; what needs Odoo's own test classes is in the addons. A test
that takes `database` (or what stands on it) shares a fresh copy of the template with the other
tests of its module, and all tests of a module run in one xdist worker.
"""

import os

import pytest
from xdist.scheduler import LoadScopeScheduling

import ceilings
from database import Databases
from get_postgres import user_settings
from harness import fresh_database
from harness.browser import Browser
from harness.fake_http import FakeService
from harness.fake_smtp import FakeSmtp
from harness.postgres import Postgres
from harness.processes import OdooProcesses, SharedZygote

# Folders whose tests share what a `conftest.py` in them gives once for all.
TOGETHER = ("tests/harness_tests/",)


class ModuleScheduling(LoadScopeScheduling):
    """Gives each xdist worker whole test files, or whole folders of `TOGETHER`."""

    def _split_scope(self, nodeid):
        path = nodeid.partition("::")[0]
        return next((folder for folder in TOGETHER if path.startswith(folder)), path)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Keep tests that share a database and processes in one worker, whatever `--dist` says.

    xdist's own groups depend on a private attribute that pytest 9.2 no longer has. The files stay in the order that
    `pytest_collection_modifyitems` gives them: xdist would start those with many tests first, and the long ones last.
    """
    config.option.loadscopereorder = False
    return ModuleScheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Start what takes long first, so that all workers end at about the same time."""
    items.sort(key=lambda item: ceilings.turn_of(item.nodeid))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    """Show the end of the processes' logs with a failure."""
    outcome = yield
    report = outcome.get_result()
    processes = getattr(item, "funcargs", {}).get("processes")
    if report.failed and processes:
        for process in processes.started:
            report.sections.append((f"log of {process!r}", process.log()[-3000:]))


def pytest_terminal_summary(terminalreporter):
    """Show how long each part took, beside its ceiling."""
    seconds = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if path := getattr(report, "nodeid", "").partition("::")[0]:
                seconds[path] = seconds.get(path, 0.0) + getattr(report, "duration", 0.0)
    terminalreporter.section("time of each part")
    for line in ceilings.table(seconds):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def databases():
    """The PostgreSQL server of this run; what killed runs left on it is dropped first."""
    found = Databases(user_settings())
    fresh_database.drop_orphans(found)
    fresh_database.prune_logs()
    return found


@pytest.fixture(scope="session")
def template():
    """Name of the database with the addons installed and nothing else; never connect to it."""
    if "COBRANCA_TEMPLATE" not in os.environ:
        pytest.fail("run the tests by `make test`: it prepares the databases", pytrace=False)
    return os.environ["COBRANCA_TEMPLATE"]


@pytest.fixture(scope="module")
def database(databases, template):
    """Name of a fresh database of this test module."""
    name = fresh_database.create(databases, template)
    yield name
    databases.drop(name)


@pytest.fixture(scope="module")
def postgres(databases, database):
    """That database as PostgreSQL sees it."""
    return Postgres(databases, database)


@pytest.fixture(scope="session")
def shared_zygote(databases):
    """What the processes of all modules are forked from."""
    shared = SharedZygote(databases)
    yield shared
    shared.close()


@pytest.fixture(scope="module")
def processes(databases, postgres, shared_zygote):
    """Starts Odoo processes on that database; they end with the module."""
    with OdooProcesses(databases, postgres, shared_zygote) as started:
        yield started


@pytest.fixture(scope="module")
def server(processes):
    """One server on that database, without cron jobs."""
    return processes.server()


@pytest.fixture(scope="module")
def two_workers(processes):
    """Two processes that do what a test says; see harness/worker.py."""
    return processes.workers(2)


@pytest.fixture
def smtp():
    """A mail server; a client that breaks the protocol fails the test."""
    fake = FakeSmtp().start()
    yield fake
    fake.stop()
    fake.check()


@pytest.fixture
def outside():
    """An outside service; a call that it does not know fails the test."""
    fake = FakeService().start()
    yield fake
    fake.stop()
    fake.check()


@pytest.fixture(scope="module")
def chromium():
    """The browser's process.

    It must not outlive the module, nor may any other process: after each of its test
    classes Odoo ends every child process of the process that runs the tests.
    """
    started = Browser()
    yield started
    started.close()


@pytest.fixture
def browser(chromium):
    """Opens pages; what goes wrong on one, and is not taken by the test, fails the test."""
    yield chromium
    problems = chromium.close_pages()
    assert not problems, "problems on pages:\n  " + "\n  ".join(problems)
