"""Processes begin as forks of one that has imported Odoo, and share nothing with it or each other."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness import fresh_database
from harness import processes as processes_of_harness
from harness.odoo_process import ProcessDied
from harness.postgres import Postgres
from harness.processes import OdooProcesses, SharedZygote
from harness.waiting import wait_until
from harness.worker import CallFailed, Worker

ALONE = """
import os
from database import Databases
from get_postgres import user_settings
from harness.postgres import Postgres
from harness.processes import OdooProcesses

databases = Databases(user_settings())
processes = OdooProcesses(databases, Postgres(databases, {database!r}))
[worker] = processes.workers(1)
print(*(process.pid for process in processes.started), flush=True)
os.kill(os.getpid(), 9)
"""


def parent_of(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def opened(pid):
    return {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()}


def test_the_one_they_come_from_has_no_connection(processes, two_workers, postgres):
    zygote = processes.started[0]
    assert zygote.alive
    assert zygote.pid not in {worker.pid for worker in two_workers}
    assert postgres.backends(zygote) == []
    # Whatever it is connected to, its forks would be too; what is left is how the tests speak to it.
    assert len([name for name in opened(zygote.pid) if name.startswith("socket:")]) == 1


def test_they_have_no_file_or_connection_in_common(two_workers, postgres):
    first, second = two_workers
    for worker in two_workers:
        worker.call("res.partner", "search_count", [])
        assert len(postgres.backends(worker)) == 1
    assert opened(first.pid) & opened(second.pid) == {"/dev/null"}


def test_what_one_changes_in_its_memory_the_other_does_not_have(two_workers):
    changed, other = two_workers
    changed.inject("harness_tests.calling:add_method", "say_who", "the changed one")
    assert changed.call("res.partner", "say_who") == "the changed one"
    with pytest.raises(CallFailed, match="AttributeError"):
        other.call("res.partner", "say_who")


def test_they_are_children_of_the_tests(processes, two_workers):
    assert {parent_of(process.pid) for process in (*two_workers, processes.started[0])} == {os.getpid()}


def test_they_end_when_the_tests_are_killed(processes):
    code = ALONE.format(database=processes.database)
    killed = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=processes._environment,
        check=False,
        timeout=120,
    )
    assert killed.returncode == -9, killed.stderr
    pids = killed.stdout.split()
    assert len(pids) == 2
    wait_until(lambda: not any(is_running(pid) for pid in pids), "they are gone")


def is_running(pid):
    """Ended is also what nobody has asked about yet."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def test_without_the_one_they_come_from_the_next_says_so(processes, databases, postgres):
    with type(processes)(databases, postgres) as own:
        [worker] = own.workers(1)
        assert own.started[0].kill() == -9
        assert worker.call("res.partner", "search_count", []) > 0, "it needs nothing of it"
        with pytest.raises(ProcessDied, match="before it forked"):
            own._add("worker", Worker)


@pytest.fixture
def shared(databases):
    shared = SharedZygote(databases)
    yield shared
    shared.close()


def test_databases_with_the_same_addons_have_it_in_common(databases, template, postgres, shared):
    other = Postgres(databases, fresh_database.create(databases, template))
    try:
        with OdooProcesses(databases, postgres, shared) as here, OdooProcesses(databases, other, shared) as there:
            [worker], [elsewhere] = here.workers(1), there.workers(1)
            assert shared.get(postgres) is shared.get(other)
            assert worker.call("res.partner", "create", {"name": "Only here"})
            assert worker.call("res.partner", "search_count", [("name", "=", "Only here")]) == 1
            assert elsewhere.call("res.partner", "search_count", [("name", "=", "Only here")]) == 0
            assert (len(postgres.backends(worker)), len(other.backends(elsewhere))) == (1, 1)
            assert postgres.backends(elsewhere) == other.backends(worker) == []
        assert shared.get(other).alive, "it does not end with a database"
    finally:
        databases.drop(other.name)


class MadeUp:
    """Stands in for a Zygote: lives until it is killed."""

    def __init__(self, _name, database, _environment):
        self.database = database
        self.alive = False

    def ready(self):
        self.alive = True

    def kill(self):
        self.alive = False


class Installed:
    """Stands in for a Postgres: tells the addons of a database."""

    def __init__(self, name, addons):
        self.name = name
        self.addons = addons

    def value(self, _query):
        return self.addons


def test_it_is_made_anew_when_it_ended_and_for_other_addons(shared, monkeypatch):
    monkeypatch.setattr(processes_of_harness, "Zygote", MadeUp)
    first = shared.get(Installed("one", "base,mail"))
    assert shared.get(Installed("two", "base,mail")) is first
    first.kill()
    second = shared.get(Installed("two", "base,mail"))
    assert (second.alive, second.database) == (True, "two")
    third = shared.get(Installed("three", "base,mail,sms"))
    assert (second.alive, third.alive, third.database) == (False, True, "three")
    shared.close()
    assert not third.alive
