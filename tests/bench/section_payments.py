"""What it costs to be paid: the customer's page, and the bank's statements."""

from functools import cache

from bench import statements
from bench.framework import Bar, Subject, section
from common import exclusive

WORK = "bench.payments_subjects:"
# Debts on one page.
DEBTS = 100
QUICK_DEBTS = 10
QUICK_BELOW = 100
# Promised for a page of 100 debts, of a server that has shown one before.
MOST_SECONDS = 0.3
MOST_QUERIES = 40


def bars(by_name):
    """What the product promises of this section, from the figures of this run.

    :param dict by_name: {name of a subject: its summary}
    :return: list of Bar
    """
    if f"page_again_{DEBTS}" not in by_name:
        return statements.bars(by_name)
    facts = by_name[f"page_again_{DEBTS}"]["facts"]
    return [
        Bar(f"the page of {DEBTS} debts, queries", facts["queries"], MOST_QUERIES),
        Bar(f"the page of {DEBTS} debts, seconds", facts["ms"] / 1000, MOST_SECONDS),
        *statements.bars(by_name),
    ]


@section("payments", "Payments: the page of what is open, and statements of the bank", bars)
def subjects(bench):
    with exclusive("database"):
        template = bench.databases.template()
    number = QUICK_DEBTS if bench.number < QUICK_BELOW else DEBTS
    return [*page_subjects(bench, template, number), *statements.subjects(bench, template)]


def page_subjects(bench, template, number):
    # One for all: every run gets a copy of its own.
    @cache
    def database():
        return bench.prepared(f"page_{number}", template, f"{WORK}make_debts", number)

    return [
        Subject(
            name=f"{name}_{number}",
            run=f"{WORK}{name}",
            check=f"{WORK}count_debts",
            number=number,
            unit="page of debts",
            database=database,
            note=note,
        )
        for name, note in (
            ("page", "the customer's page with all that is open, its explanations and the quote of all"),
            ("page_again", "the same in a process that has shown it once: templates are read"),
        )
    ]
