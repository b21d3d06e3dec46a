"""What it costs to import a bank's statement with suggestions, and to book what is certain of it.

Subjects of the section `payments`.
"""

from functools import cache

from bench.framework import Bar, Subject

WORK = "bench.statement_subjects:"
LINES, QUICK_LINES = 10_000, 20
QUICK_BELOW = 100
# Promised for 10,000 movements.
MOST_IMPORT_S, MOST_BOOK_S = 180, 480
MOST_GROWTH_MB = 100
GROWTH = "MB more at its peak"


def bars(by_name):
    """What the product promises of statements, from the figures of this run.

    :param dict by_name: {name of a subject: its summary}
    :return: list of Bar
    """
    found = []
    for way, most in (("import", MOST_IMPORT_S), ("book", MOST_BOOK_S)):
        for name, summary in by_name.items():
            if not name.startswith(f"statement_{way}_"):
                continue
            number = name.rpartition("_")[2]
            found.append(Bar(f"a statement of {number} lines, {way}, seconds", summary["wall_s_min"], most))
            growth = summary["facts"][GROWTH]
            found.append(Bar(f"a statement of {number} lines, {way}, MB more at its peak", growth, MOST_GROWTH_MB))
    return found


def subjects(bench, template, number=None):
    """Import and booking of a statement.

    :param int number: of its lines; None: as many as are promised for, few in a quick run
    """
    number = number or (QUICK_LINES if bench.number < QUICK_BELOW else LINES)

    # One for all: every run gets a copy of its own.
    @cache
    def ready():
        return bench.prepared(f"statement_{number}", template, f"{WORK}prepare", number)

    @cache
    def imported():
        certain = bench.prepared(f"statement_certain_{number}", template, f"{WORK}prepare_certain", number)
        return bench.prepared(f"statement_in_{number}", certain, f"{WORK}run_import", number)

    return [
        Subject(
            name=f"statement_import_{number}",
            run=f"{WORK}run_import",
            check=f"{WORK}count_imported",
            number=number,
            unit="line",
            database=ready,
            note="a CSV of the bank: movements, their entries, and suggestions for each",
        ),
        Subject(
            name=f"statement_book_{number}",
            run=f"{WORK}run_book",
            check=f"{WORK}count_booked",
            number=number,
            unit="receipt",
            database=imported,
            note="all that are certain: each looked at again, charges booked, everything reconciled",
        ),
    ]
