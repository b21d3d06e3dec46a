"""What working with agencies costs: placing a whole book by rule, a month's statement."""

from functools import cache

from bench import agency_statement_subjects
from bench.framework import Bar, Subject, section
from common import exclusive

WORK = "bench.agency_subjects:"
DEBTS, QUICK_DEBTS = 50_000, 30
QUICK_BELOW = 100
# Promised for proposing and approving them.
MOST_PLACE_S = 60
MOST_LIST_S = 0.3
WAYS = {
    "simulate": ("count_late", "who would get whom and what is left out, in a READ ONLY transaction"),
    "place": ("count_placed", "proposed by rule, drawn among two agencies, looked at again, approved; reminders pause"),
}


def bars(by_name):
    """What the product promises of this section, from the figures of this run.

    :param dict by_name: {name of a subject: its summary}
    :return: list of Bar
    """
    found = agency_statement_subjects.bars(by_name)
    if summary := by_name.get(f"place_{DEBTS}"):
        found.append(Bar(f"{DEBTS} debts placed by rule, seconds", summary["wall_s_min"], MOST_PLACE_S))
    if summary := by_name.get(f"list_{DEBTS}"):
        found.append(
            Bar(f"the list of an agency with {DEBTS} customers, seconds", summary["facts"]["ms"] / 1000, MOST_LIST_S)
        )
    return found


@section("agency", "Agencies: a whole book placed by rule, a month's statement", bars)
def subjects(bench):
    with exclusive("database"):
        template = bench.databases.template()
    is_quick = bench.number < QUICK_BELOW
    debts = QUICK_DEBTS if is_quick else DEBTS
    placed = [*placing(bench, template, debts), listing(bench, template, debts)]
    return [*placed, agency_statement_subjects.stating(bench, template, is_quick)]


def placing(bench, template, number):
    # One for all: every run gets a copy of its own.
    @cache
    def book():
        return bench.prepared(f"agency_book_{number}", template, f"{WORK}make_book", number)

    return [
        Subject(
            name=f"{way}_{number}",
            run=f"{WORK}{way}",
            check=f"{WORK}{count}",
            number=number,
            unit="debt",
            per=1000,
            database=book,
            runs=1,
            note=note,
        )
        for way, (count, note) in WAYS.items()
    ]


def listing(bench, template, number):
    return Subject(
        name=f"list_{number}",
        run=f"{WORK}open_list",
        check=f"{WORK}count_customers",
        number=number,
        unit="customer",
        per=1000,
        database=lambda: bench.prepared(f"agency_placed_{number}", template, f"{WORK}make_placed", number),
        runs=1,
        note="a page of it, five ways, each twice; the slowest of the second time counts",
    )
