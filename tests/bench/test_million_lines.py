"""The long form of the reports: a million receivable lines, what each way to look at them takes, written down."""

import json
import os

import pytest

from bench.framework import Bench
from bench.section_reports import WAYS
from common import ROOT, exclusive
from database import Databases
from get_postgres import get_postgres

LINES = 1_000_000
WORK = "bench.reports_subjects:"
FIGURES = ROOT / "docs/bench/million_lines.json"


@pytest.mark.soak
def test_a_million_lines():
    bench = Bench(Databases(get_postgres()), runs=1, number=LINES, prefix=f"cobranca_million_{os.getpid()}")
    with exclusive("database"):
        template = bench.databases.template()
    try:
        database = bench.prepared("ledger", template, f"{WORK}fill", LINES)
        found = {way: bench.child(database, f"{WORK}{way}", LINES, check=f"{WORK}count_lines") for way in WAYS}
    finally:
        bench.drop_databases()
    assert {cost["units"] for cost in found.values()} == {LINES}
    assert found["take_positions"]["facts"]["positions"] == 12
    figures = {
        way: {"wall_s": round(cost["wall_s"], 2), "peak_rss_mb": round(cost["peak_rss_mb"]), **cost["facts"]}
        for way, cost in found.items()
    }
    FIGURES.write_text(json.dumps({"lines": LINES, "ways": figures}, indent=1) + "\n")
