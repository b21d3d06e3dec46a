"""What it takes to know the debt of many lines on a day: our reader against one SQL statement."""

from functools import cache

from bench import desk, receipts
from bench.framework import Bar, Subject, section
from common import exclusive

WORK = "bench.charges_subjects:"
SIZES = (10_000, 100_000)
QUICK_SIZES = (500,)
QUICK_BELOW = 100
# Promised for 10,000 lines; queries for any number, in a process that has read nothing before.
MOST_SECONDS = 1.0
MOST_QUERIES = 30
PROMISED = 10_000
# The nightly job, for 100,000 invoices.
MOST_SECONDS_A_NIGHT = 60


def bars(by_name):
    """What the product promises of this section, from the figures of this run.

    :param dict by_name: {name of a subject: its summary}
    :return: list of Bar
    """
    found = []
    for name, summary in by_name.items():
        kind, _line, number = name.rpartition("_")
        if kind == "behavior":
            what = f"how customers pay, from {number} lines, seconds"
            found.append(Bar(what, summary["wall_s_min"], MOST_SECONDS_A_NIGHT))
        if kind != "reader":
            continue
        found.append(Bar(f"the debts of {number} lines, queries", summary["queries"], MOST_QUERIES))
        # Facts are the sums in cents: both ways must have computed the same.
        other = by_name[f"one_sql_{number}"]["facts"]
        different = sum(abs(summary["facts"][key] - other[key]) for key in other)
        found.append(Bar(f"the debts of {number} lines, cents that differ from one SQL", different, 0))
        if int(number) == PROMISED:
            found.append(Bar(f"the debts of {number} lines, seconds", summary["wall_s_min"], MOST_SECONDS))
    return found + receipts.bars(by_name) + desk.bars(by_name)


@section("charges", "Charges: the debt of receivable lines today", bars)
def subjects(bench):
    with exclusive("database"):
        template = bench.databases.template()
    found = []
    is_quick = bench.number < QUICK_BELOW
    for number in QUICK_SIZES if is_quick else SIZES:
        found += of_size(bench, template, number)
    received = receipts.QUICK_RECEIPTS if is_quick else receipts.RECEIPTS
    cases = desk.QUICK_CASES if is_quick else desk.CASES
    return found + receipts.subjects(bench, template, received) + desk.subjects(bench, template, cases)


def of_size(bench, template, number):
    filled = f"charges_{number}"
    options = {"number": number, "unit": "line", "per": 1000, "check": WORK + "count_lines"}

    # One for all: every run gets a copy of its own.
    @cache
    def database():
        return bench.prepared(filled, template, WORK + "generate", number)

    return [
        Subject(
            name=f"reader_{number}",
            run=WORK + "run_reader",
            database=database,
            note="_cobranca_get_debts of all receivable lines, paid ones too",
            **options,
        ),
        Subject(
            name=f"one_sql_{number}",
            run=WORK + "run_one_sql",
            database=database,
            note="the sums alone, for the shipped terms only",
            **options,
        ),
        Subject(
            name=f"open_lines_{number}",
            run=WORK + "run_open",
            database=database,
            note="search what may be asked for among them, and its debts",
            **options,
        ),
        Subject(
            name=f"behavior_{number}",
            run=WORK + "run_behavior",
            database=database,
            note="the nightly job: how each customer pays, written anew",
            **options,
        ),
    ]
