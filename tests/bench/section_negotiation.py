"""What negotiating costs: a simulation over many debts, and agreements made and broken in masses."""

from functools import cache

from bench.framework import Bar, Subject, section
from common import exclusive

WORK = "bench.negotiation_subjects:"
DEBTS, AGREEMENTS = 100, 1000
QUICK_DEBTS, QUICK_AGREEMENTS = 10, 4
QUICK_BELOW = 100
# Promised for a simulation of 100 debts and for 1,000 agreements.
MOST_SIMULATE_S = 0.3
MOST_AGREEMENTS_S = 600
MOST_GROWTH_MB = 100
GROWTH = "MB more at its peak"


def bars(by_name):
    """What the product promises of this section, from the figures of this run.

    :param dict by_name: {name of a subject: its summary}
    :return: list of Bar
    """
    found = []
    if simulated := by_name.get(f"simulate_{DEBTS}"):
        seconds = simulated["facts"]["ms"] / 1000
        found.append(Bar(f"a simulation of {DEBTS} debts, seconds", seconds, MOST_SIMULATE_S))
    for way in ("accept", "break"):
        if summary := by_name.get(f"{way}_{AGREEMENTS}"):
            what = f"{AGREEMENTS} agreements, {way}"
            found.append(Bar(f"{what}, seconds", summary["wall_s_min"], MOST_AGREEMENTS_S))
            found.append(Bar(f"{what}, MB more at its peak", summary["facts"][GROWTH], MOST_GROWTH_MB))
    return found


@section("negotiation", "Negotiation: simulations, and agreements in masses", bars)
def subjects(bench):
    with exclusive("database"):
        template = bench.databases.template()
    is_quick = bench.number < QUICK_BELOW
    debts = QUICK_DEBTS if is_quick else DEBTS
    agreements = QUICK_AGREEMENTS if is_quick else AGREEMENTS
    return [simulation(bench, template, debts), *masses(bench, template, agreements)]


def simulation(bench, template, number):
    return Subject(
        name=f"simulate_{number}",
        run=f"{WORK}simulate",
        check=f"{WORK}count_debts",
        number=number,
        unit="simulation of debts",
        per=number,
        database=lambda: bench.prepared(f"negotiation_late_{number}", template, f"{WORK}make_late", number),
        note="the dialog: all offers over all debts, within policy and authority; the second one of a process",
    )


def masses(bench, template, number):
    # One for all: every run gets a copy of its own.
    @cache
    def offered():
        return bench.prepared(f"negotiation_offered_{number}", template, f"{WORK}make_offers", number)

    @cache
    def to_break():
        accepted = bench.prepared(f"negotiation_accepted_{number}", offered(), f"{WORK}accept", number)
        return bench.prepared(f"negotiation_warned_{number}", accepted, f"{WORK}warn", number)

    return [
        Subject(
            name=f"{way}_{number}",
            run=f"{WORK}{work}",
            check=f"{WORK}{count}",
            number=number,
            unit="agreement",
            database=database,
            runs=1,
            note=note,
        )
        for way, work, count, database, note in (
            (
                *("accept", "accept", "count_active", offered),
                "a proposal that stands is accepted: document, transfer entry, everything reconciled",
            ),
            (
                *("break", "break_all", "count_broken", to_break),
                "the nightly job breaks those whose warning is over: the debts open again",
            ),
        )
    ]
