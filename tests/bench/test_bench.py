"""The measuring is right: queries exact, runs interleaved, wrong work refused, output readable by machines."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from bench import framework, machine, report, run_bench
from bench.framework import Bar, Bench, Section, Subject, WrongResult
from common import ROOT, Failure
from database import Databases
from get_postgres import get_postgres
from odoo_env import PYTHON

FACTS = {"cpu": "c", "cores": 2, "odoo": "19", "postgresql": "15", "commit": "abc"}


@pytest.fixture(scope="module")
def databases():
    return Databases(get_postgres())


@pytest.fixture
def bench(databases):
    bench = Bench(databases, runs=2, number=7, prefix=f"cobranca_benchtest_{os.getpid()}")
    yield bench
    bench.drop_databases()


def subject(bench, name, run, check="count_right", number=7):
    template = os.environ.get("COBRANCA_TEMPLATE") or bench.databases.template()
    return Subject(
        name=name,
        run=f"bench.known_subjects:{run}",
        check=f"bench.known_subjects:{check}",
        number=number,
        unit="query",
        database=lambda: bench.prepared("known", template, "", 0),
    )


@pytest.fixture
def interleaved(bench, monkeypatch):
    """A measured section of two subjects, one of them not available; the order of the real runs."""
    order, measure_once = [], bench.measure_once

    def noted(measured, source):
        order.append(measured.name)
        return measure_once(measured, source)

    monkeypatch.setattr(bench, "measure_once", noted)
    subjects = [
        subject(bench, "seven", "seven_queries"),
        subject(bench, "postgresql", "work_in_postgresql", number=900),
        Subject("peer", unit="query", unavailable="not installed"),
    ]
    return framework.run_section(bench, Section("known", "Known work", lambda _bench: subjects)), order


def test_a_measured_section(interleaved, bench, tmp_path, capsys):
    measured, order = interleaved
    assert order == ["seven", "postgresql", "seven", "postgresql"]
    seven, postgresql, peer = measured["subjects"]
    assert (seven["queries"], seven["queries_range"], seven["queries_per_unit"]) == (7, [7], 1.0)
    assert postgresql["queries_range"] == [1]
    assert peer["unavailable"] == "not installed"
    # Python waits while PostgreSQL works: the work shows up on the right side.
    assert postgresql["backend_cpu_s_min"] > 0
    assert postgresql["cpu_s_min"] >= postgresql["backend_cpu_s_min"]
    assert seven["peak_rss_mb"] > 50
    assert not [name for name in bench.databases.names() if name.startswith(bench.prefix)]

    report.print_section(measured)
    printed = capsys.readouterr().out
    line = next(line for line in printed.splitlines() if line.strip().startswith("seven "))
    assert line.split()[1:3] == ["1.00", "7"]
    assert "peer: not installed" in printed

    report.write_latest(tmp_path, "2026-01-01", FACTS, {"known": measured})
    report.append_history(tmp_path, "2026-01-01", FACTS, {"known": measured})
    latest = json.loads((tmp_path / "latest.json").read_text())
    assert latest["sections"]["known"]["subjects"][0]["queries"] == 7
    (history,) = [json.loads(line) for line in (tmp_path / "history.jsonl").read_text().splitlines()]
    assert history["sections"]["known"]["seven"]["queries"] == 7
    assert set(history["sections"]["known"]) == {"seven", "postgresql"}


def test_work_not_done_is_refused(bench):
    lazy = subject(bench, "lazy", "seven_queries", check="count_one_less")
    with pytest.raises(WrongResult, match="lazy: 6 querys instead of 7"):
        framework.run_section(bench, Section("known", "Known work", lambda _bench: [lazy]))
    assert not [name for name in bench.databases.names() if name.startswith(bench.prefix)]


def test_failing_work_tells_why(bench):
    failing = subject(bench, "failing", "fail")
    with pytest.raises(Failure, match="ValueError: cannot do 7"):
        bench.measure([failing])


def made_up(**changes):
    """The costs of a run that never was."""
    cost = {"units": 10, "wall_s": 2.0, "python_cpu_s": 1.0, "backend_cpu_s": 0.5, "cpu_s": 1.5, "queries": 20}
    return {**cost, "peak_rss_mb": 99.0, "load": 0.1, "foreign_cores": 0.0, **changes}


def section_of(*costs):
    measured = framework.summary(Subject("made_up", number=10, unit="thing"), list(costs))
    return {"title": "Made up", "runs": len(costs), "subjects": [measured]}


def test_the_minimum_counts_and_the_median_is_told():
    (measured,) = section_of(made_up(wall_s=5.0), made_up(), made_up(wall_s=3.0))["subjects"]
    assert (measured["wall_s_min"], measured["wall_s_median"]) == (2.0, 3.0)
    assert (measured["wall_ms_per_unit"], measured["cpu_ms_per_unit"], measured["queries_per_unit"]) == (200, 150, 2)


def test_figures_for_many_units_at_once():
    measured = framework.summary(Subject("made_up", number=10, per=100, unit="thing"), [made_up()])
    assert (measured["wall_ms_per_unit"], measured["queries_per_unit"]) == (20_000, 200)


def test_counts_that_differ_between_runs_are_shown():
    table = report.table(section_of(made_up(), made_up(queries=23)))
    assert "20–23" in table[1]


def test_a_server_elsewhere_is_told():
    elsewhere = made_up(backend_cpu_s=None, cpu_s=None, foreign_cores=None)
    text = "\n".join(report.table(section_of(elsewhere, elsewhere)))
    assert "CPU of PostgreSQL is left out" in text
    assert "LOAD TOO HIGH" not in text


def test_too_much_load_is_told_unless_one_run_was_undisturbed():
    busy = made_up(foreign_cores=machine.HONEST_FOREIGN_CORES + 0.1)
    assert "LOAD TOO HIGH" in "\n".join(report.table(section_of(busy, busy)))
    assert "LOAD TOO HIGH" not in "\n".join(report.table(section_of(busy, made_up())))


def test_foreign_work_is_what_is_neither_ours_nor_our_backend():
    watch = machine.Watch()
    watch.wall, watch.busy, watch.own = 10.0, 17.0, 6.0
    assert watch.foreign_cores(1.0) == 1.0
    assert watch.foreign_cores(None) is None


def test_promised_figures_are_judged_and_told():
    bars = [Bar("low enough", 6.5, 7), Bar("too high", 7.5, 7), Bar("too slow", 1.4, 1.5, at_least=True)]
    lines = report.verdicts({"bars": [framework.described_bar(bar) for bar in bars]})
    assert [line.split("  ")[0].strip() for line in lines] == ["ok", "NOT MET", "NOT MET"]
    assert lines[2].endswith("too slow: 1.40 (at least 1.5)")


def test_gain_of_two_processes_compares_the_same_work(monkeypatch):
    """Once 2 s for one process and 2.5 s for two at a time: those do 1.6 times as much."""
    clock = iter([0.0, 2.0, 10.0, 12.5, 20.0, 22.5, 30.0, 33.0])
    started = []
    monkeypatch.setattr(machine.time, "perf_counter", lambda: next(clock))
    monkeypatch.setattr(machine.subprocess, "Popen", lambda command: started.append(command) or Ended())
    assert machine.gain_of_two() == 1.6
    assert len(started) == 1 + 1 + 2 + 2


class Ended:
    def wait(self):
        return 0


def test_latest_keeps_the_sections_that_were_not_run(tmp_path):
    report.write_latest(tmp_path, "2026-01-01", FACTS, {"old": section_of(made_up())})
    report.write_latest(tmp_path, "2026-02-02", FACTS, {"new": section_of(made_up())})
    sections = json.loads((tmp_path / "latest.json").read_text())["sections"]
    assert {name: section["date"] for name, section in sections.items()} == {"old": "2026-01-01", "new": "2026-02-02"}


def test_every_section_file_registers_a_section():
    run_bench.load_sections()
    files = {path.stem.removeprefix("section_") for path in Path(run_bench.HERE).glob("section_*.py")}
    assert files == set(framework.SECTIONS) >= {"billing", "ledger"}


@pytest.mark.parametrize(
    ("arguments", "environment", "message"),
    [
        (["nonsense"], {}, "no section 'nonsense'"),
        (["ledger"], {"BENCH_N": "many"}, "BENCH_N=many is not a number above zero"),
        (["ledger"], {"BENCH_RUNS": "0"}, "BENCH_RUNS=0 is not a number above zero"),
    ],
)
def test_wrong_arguments_are_refused_with_a_remedy(databases, arguments, environment, message):
    process = subprocess.run(
        [PYTHON, ROOT / "tests/bench/run_bench.py", *arguments],
        capture_output=True, text=True, env={**databases.env, **environment}, check=False,
    )  # fmt: skip
    assert process.returncode == 2
    assert message in process.stderr
    assert "Remedy:" in process.stderr
