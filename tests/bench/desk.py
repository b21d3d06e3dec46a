"""What the collection queue costs: its nightly refresh, its list, opening and registering one customer.

Subjects of the section `charges`.
"""

from functools import cache

from bench.framework import Bar, Subject

CASES, QUICK_CASES = 10_000, 50
# What a collector waits for, each: list with summary, opening a customer, registering and the next one.
MOST_SECONDS = 1.0
WORK = "bench.desk_subjects:"
WAYS = {
    "queue_refresh": "the nightly job, from nothing: every case is opened",
    "queue_again": "the nightly job the day after: every amount is another",
    "queue_list": "the first page of the queue with its summary",
    "queue_open": "opening a customer: lock, refresh, the whole screen",
    "queue_register": "registering a promise, with its pause and the case refreshed",
}
SCREENS = ("queue_list", "queue_open", "queue_register")


def bars(by_name):
    """What the product promises of the desk, from the figures of this run.

    :param dict by_name: {name of a subject: its summary}
    :return: list of Bar
    """
    return [
        Bar(f"{WAYS[way].split(':')[0]}, {CASES} cases, seconds", summary["wall_s_min"], MOST_SECONDS)
        for way in SCREENS
        if (summary := by_name.get(f"{way}_{CASES}"))
    ]


def subjects(bench, template, number=CASES):
    made = f"desk_{number}"

    # One for all: every run gets a copy of its own.
    @cache
    def debtors():
        return bench.prepared(made, template, f"{WORK}make_debtors", number)

    @cache
    def opened():
        return bench.prepared(f"{made}_opened", debtors(), f"{WORK}open_cases", number)

    return [
        Subject(
            name=f"{way}_{number}",
            run=f"{WORK}{way}",
            check=f"{WORK}count_cases",
            number=number,
            unit="case",
            per=1000,
            database=debtors if way == "queue_refresh" else opened,
            note=note,
        )
        for way, note in WAYS.items()
    ]
