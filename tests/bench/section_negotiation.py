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

    # One for all: every run gets a copy of its own.
    @cache
    def late():
        return bench.prepared(f"negotiation_late_{debts}", template, f"{WORK}make_late", debts)

    @cache
    def offered():
        return bench.prepared(f"negotiation_offered_{agreements}", template, f"{WORK}make_offers", agreements)

    @cache
    def to_break():
        accepted = bench.prepared(f"negotiation_accepted_{agreements}", offered(), f"{WORK}accept", agreements)
        return bench.prepared(f"negotiation_warned_{agreements}", accepted, f"{WORK}warn", agreements)

    return [
        Subject(
            name=f"simulate_{debts}",
            run=f"{WORK}simulate",
            check=f"{WORK}count_debts",
            number=debts,
            unit="simulation of debts",
            per=debts,
            database=late,
            note="the dialog: all offers over all debts, within policy and authority; the second one of a process",
        ),
        Subject(
            name=f"accept_{agreements}",
            run=f"{WORK}accept",
            check=f"{WORK}count_active",
            number=agreements,
            unit="agreement",
            database=offered,
            runs=1,
            note="a proposal that stands is accepted: document, transfer entry, everything reconciled",
        ),
        Subject(
            name=f"break_{agreements}",
            run=f"{WORK}break_all",
            check=f"{WORK}count_broken",
            number=agreements,
            unit="agreement",
            database=to_break,
            runs=1,
            note="the nightly job breaks those whose warning is over: the debts open again",
        ),
    ]
