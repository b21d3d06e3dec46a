"""The subjects of the section `payments` do their work."""

import os

import pytest

from bench import section_payments
from bench.framework import Bench
from common import exclusive
from database import Databases
from get_postgres import get_postgres


@pytest.fixture
def bench():
    bench = Bench(Databases(get_postgres()), runs=1, number=6, prefix=f"cobranca_benchtest_{os.getpid()}")
    yield bench
    bench.drop_databases()


def test_each_subject_does_its_work(bench):
    with exclusive("database"):
        template = bench.databases.template()
    database = bench.prepared("payments", template, "", bench.number)
    by_name = bench.child(database, "bench.rehearsal:rehearse_payments", bench.number)["facts"]
    number = section_payments.QUICK_DEBTS
    assert set(by_name) == {f"page_{number}", f"page_again_{number}"}
    for found in by_name.values():
        assert found["units"] == number
        assert found["facts"]["payments on the page"] == number
        assert found["facts"]["quotes"] == 1
    again = by_name[f"page_again_{number}"]["facts"]
    assert again["queries"] <= section_payments.MOST_QUERIES, "a query for each debt is too many"


def test_figures_are_judged_by_what_was_promised():
    figures = {
        "page_100": {"queries": 100, "wall_s_min": 1.0, "facts": {}},
        "page_again_100": {"queries": 160, "wall_s_min": 1.0, "facts": {"ms": 301, "queries": 41}},
    }
    assert [bar.what for bar in section_payments.bars(figures) if not bar.is_met] == [
        "the page of 100 debts, queries",
        "the page of 100 debts, seconds",
    ]
    assert section_payments.bars({}) == []
