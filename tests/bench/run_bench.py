"""`make bench`: measure sections against floors and peers in the same run.

    .venv/bin/python tests/bench/run_bench.py [SECTION …]

BENCH_N (default 500): invoices and contracts of the section `billing`; from 200 on also twice and four times as many.
BENCH_RUNS (default 3): interleaved runs of each subject (of long ones fewer); the minimum counts.
BENCH_QUICK=1: 50 and 2, to see that it works; its figures go to .build/bench only.
Writes docs/bench/latest.json and appends to docs/bench/history.jsonl.
"""

import argparse
import datetime
import importlib
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent / "scripts")]

from bench import machine, report  # noqa: E402
from bench.framework import SECTIONS, Bench, WrongResult, run_section  # noqa: E402
from common import BUILD_DIR, ROOT, Failure, exclusive, main, say  # noqa: E402
from database import Databases  # noqa: E402
from get_postgres import get_postgres  # noqa: E402


def load_sections():
    """Import the section files; each registers itself."""
    for path in sorted(HERE.glob("section_*.py")):
        importlib.import_module(f"bench.{path.stem}")


def size_from_environment(name, default):
    text = os.environ.get(name) or str(default)
    if not text.isdecimal() or int(text) < 1:
        raise Failure(f"{name}={text} is not a number above zero", f"for example: {name}={default} make bench")
    return int(text)


def chosen_sections():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sections", nargs="*", help=f"some of: {', '.join(SECTIONS)} (default: all)")
    names = parser.parse_args().sections or list(SECTIONS)
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        raise Failure(f"no section '{unknown[0]}'", f"choose from: {', '.join(SECTIONS)}")
    return names


def run_main():
    load_sections()
    names = chosen_sections()
    quick = os.environ.get("BENCH_QUICK", "0") not in ("", "0")
    runs = size_from_environment("BENCH_RUNS", 2 if quick else 3)
    number = size_from_environment("BENCH_N", 50 if quick else 500)
    databases = Databases(get_postgres())
    facts = machine.facts(databases)
    say("\n".join(f"    {name}: {value}" for name, value in facts.items()))
    say(f"    load: {os.getloadavg()[0]:.2f}")
    sections = {}
    with exclusive("bench"):
        for name in names:
            try:
                sections[name] = run_section(Bench(databases, runs, number), SECTIONS[name])
            except WrongResult as wrong:
                raise Failure(f"section {name}: {wrong}", "nothing was written: mend it and measure again") from None
            report.print_section(sections[name])
    # A look is no result: it must not replace the figures of a real run.
    folder = (BUILD_DIR if quick else ROOT / "docs") / "bench"
    date = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    report.write_latest(folder, date, facts, sections)
    report.append_history(folder, date, facts, sections)
    say(f"\nwritten: {folder / 'latest.json'}, one line in {folder / 'history.jsonl'}")


if __name__ == "__main__":
    main(run_main)
