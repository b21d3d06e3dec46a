"""A small bench for the sections of a module, whose `NUMBER` says how many contracts or debts there are."""

import os

import pytest

from bench.framework import Bench
from common import exclusive
from database import Databases
from get_postgres import get_postgres


@pytest.fixture
def bench(request):
    number = request.module.NUMBER
    bench = Bench(Databases(get_postgres()), runs=1, number=number, prefix=f"cobranca_benchtest_{os.getpid()}")
    yield bench
    bench.drop_databases()


@pytest.fixture
def template(bench):
    """Name of the database that those of the bench are copies of."""
    with exclusive("database"):
        return bench.databases.template()


@pytest.fixture
def rehearse(bench, template):
    """Runs the subjects of a part of the bench once: a function of its name, which returns what each of them found.

    All of them run in one process, see `rehearsal`; `test_bench` shows that the framework measures each in its own.
    """

    def rehearsed(part):
        database = bench.prepared(part, template, "", bench.number)
        return bench.child(database, f"bench.rehearsal:rehearse_{part}", bench.number)["facts"]

    return rehearsed
