"""Sections, subjects and their interleaved runs in processes of their own.

A section file `section_<name>.py` registers itself:

    @section("billing", "Posting invoices")
    def subjects(bench): return [Subject(...), ...]
"""

import dataclasses
import json
import os
import statistics
import subprocess
from collections.abc import Callable
from pathlib import Path

from bench import machine
from common import BUILD_DIR, ROOT, Failure, say
from odoo_env import PYTHON

TESTS = Path(__file__).resolve().parent.parent
PREFIX = "cobranca_bench"
SECTIONS = {}
TIMES = ("wall_s", "python_cpu_s", "backend_cpu_s", "cpu_s")


class WrongResult(Exception):
    """A subject did not do the work that it was measured for."""


@dataclasses.dataclass
class Section:
    name: str
    title: str
    subjects: Callable
    bars: Callable | None = None


@dataclasses.dataclass
class Bar:
    """A figure that was promised, and what was measured.

    :param str what: in words
    :param float value: measured
    :param float limit: promised
    :param bool at_least: the value must reach the limit, instead of staying within it
    """

    what: str
    value: float
    limit: float
    at_least: bool = False

    @property
    def is_met(self):
        return self.value >= self.limit if self.at_least else self.value <= self.limit


@dataclasses.dataclass
class Subject:
    """One way of doing the section's work.

    :param str name: short name for table and history
    :param str run: "module:function", f(env, number): the measured work
    :param str check: the same, not measured: returns how many units there are afterwards
    :param int number: handed to both, and the units that must be there
    :param str unit: what is made: times and queries are shown per unit
    :param int per: per so many units, when one of them is too small to show
    :param callable database: () -> name of the database that every run gets a fresh copy of
    :param str addons: whole addons path when it is not the usual one (peers)
    :param int runs: fewer runs than the section's, when one takes long
    :param str unavailable: why it cannot be measured now; nothing else is needed then
    """

    name: str
    run: str = ""
    check: str = ""
    number: int = 1
    unit: str = "unit"
    per: int = 1
    database: Callable | None = None
    addons: str = ""
    runs: int = 0
    unavailable: str = ""
    note: str = ""


def section(name, title, bars=None):
    """Register the function that lists a section's subjects.

    :param callable bars: ({name of a subject: its summary}) -> list of Bar
    """

    def register(function):
        SECTIONS[name] = Section(name, title, function, bars)
        return function

    return register


class Bench:
    """Runs subjects and keeps their databases.

    :param databases: Databases of the PostgreSQL server
    :param int runs: how often each subject is measured
    :param int number: size that sections scale with
    :param str prefix: of the names of its databases
    """

    def __init__(self, databases, runs, number, prefix=PREFIX):
        self.databases = databases
        self.prefix = prefix
        self.runs = runs
        self.number = number
        self.kept = []

    def prepared(self, name, source, prepare, number, addons=""):
        """A database copied from another and filled by "module:function", once, outside of any measurement."""
        database = f"{self.prefix}_{name}"
        self.databases.copy(source, database)
        self.kept.append(database)
        if prepare:
            self.child(database, prepare, number, addons=addons)
            with self.databases.connected(database) as cursor:
                # Now, not by PostgreSQL itself in the middle of a measured run.
                cursor.execute("VACUUM ANALYZE")
        return database

    def child(self, database, function, number, *, check="", addons=""):
        """Run a function in a process of its own; with a check it is measured.

        :return: what it wrote: units and cost
        :raise Failure: with the end of its output
        """
        result = BUILD_DIR / "bench" / f"{database}.json"
        result.parent.mkdir(parents=True, exist_ok=True)
        result.unlink(missing_ok=True)
        command = [PYTHON, "-m", "bench.child", database, function, str(number), result]
        command += ["--check", check] if check else []
        command += ["--addons", addons] if addons else []
        # Parallel workers of PostgreSQL would hide CPU from the meter.
        options = "-c max_parallel_workers_per_gather=0 -c max_parallel_maintenance_workers=0"
        path = os.pathsep.join((str(TESTS), str(ROOT / "scripts")))
        environment = {**self.databases.env, "PGOPTIONS": options, "PYTHONPATH": path}
        process = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
        if process.returncode or not result.exists():
            raise Failure(f"{function} failed:\n{process.stderr[-3000:]}", "read the lines above")
        cost = json.loads(result.read_text())
        result.unlink()
        return cost

    def measure_once(self, subject, source):
        """One run of a subject on a fresh copy of its database."""
        database = f"{self.prefix}_run"
        self.databases.copy(source, database)
        try:
            with machine.Watch() as watch:
                cost = self.child(database, subject.run, subject.number, check=subject.check, addons=subject.addons)
        finally:
            self.databases.drop(database)
        if cost["units"] != subject.number:
            raise WrongResult(f"{subject.name}: {cost['units']} {subject.unit}s instead of {subject.number}")
        backend = cost["backend_cpu_s"]
        cost["cpu_s"] = None if backend is None else cost["python_cpu_s"] + backend
        cost["load"] = watch.load
        cost["foreign_cores"] = watch.foreign_cores(backend)
        return cost

    def measure(self, subjects):
        """All runs of all subjects, interleaved (A, B, C, A, B, C, …).

        :return: {subject's name: list of costs}
        """
        ready = [subject for subject in subjects if not subject.unavailable]
        sources = {subject.name: subject.database() for subject in ready}
        costs = {subject.name: [] for subject in ready}
        for turn in range(self.runs):
            for subject in ready:
                if subject.runs and turn >= subject.runs:
                    continue
                cost = self.measure_once(subject, sources[subject.name])
                costs[subject.name].append(cost)
                say(f"    run {turn + 1}/{self.runs} {subject.name}: {cost['wall_s']:.2f} s, {cost['queries']} queries")
        return costs

    def drop_databases(self):
        for database in self.kept:
            self.databases.drop(database)


def run_section(bench, chosen):
    """Measure a section.

    :return: dict of plain values: title, subjects with their summaries, bars
    """
    say(f"==> {chosen.title}")
    try:
        subjects = chosen.subjects(bench)
        costs = bench.measure(subjects)
    finally:
        bench.drop_databases()
    summaries = [summary(subject, costs.get(subject.name, [])) for subject in subjects]
    by_name = {described["name"]: described for described in summaries if "runs" in described}
    return {
        "title": chosen.title,
        "runs": bench.runs,
        "subjects": summaries,
        "bars": [described_bar(bar) for bar in (chosen.bars(by_name) if chosen.bars else [])],
    }


def described_bar(bar):
    return {**dataclasses.asdict(bar), "is_met": bar.is_met}


def summary(subject, costs):
    """Minimum and median of a subject's runs, whole and per unit."""
    keys = ("name", "unit", "per", "number", "note")
    described = {key: getattr(subject, key) for key in keys}
    if not costs:
        return {**described, "unavailable": subject.unavailable}
    counts = sorted({cost["queries"] for cost in costs})
    described["queries"] = counts[0]
    # Equal in all runs, or the count is not exact and says so.
    described["queries_range"] = counts if len(counts) == 1 else [counts[0], counts[-1]]
    units = subject.number / subject.per
    described["queries_per_unit"] = counts[0] / units
    for key in TIMES:
        values = [cost[key] for cost in costs]
        known = None not in values
        described[f"{key}_min"] = min(values) if known else None
        described[f"{key}_median"] = statistics.median(values) if known else None
        described[f"{key.removesuffix('_s')}_ms_per_unit"] = 1000 * min(values) / units if known else None
    # What the work itself had to tell, such as how many units went which way.
    described["facts"] = costs[-1].get("facts") or {}
    described["peak_rss_mb"] = max(cost["peak_rss_mb"] for cost in costs)
    foreign = [cost["foreign_cores"] for cost in costs if cost["foreign_cores"] is not None]
    described["foreign_cores"] = min(foreign) if foreign else None
    described["load"] = max(cost["load"] for cost in costs)
    described["runs"] = costs
    return described
