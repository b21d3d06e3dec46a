"""How long the ledger generator takes, and the plain query of open receivable lines on its ledger."""

from bench.framework import Subject, section
from common import exclusive

LINES = 50_000
QUICK_LINES = 5_000
QUICK_BELOW = 100
PER = 100_000


@section("ledger", "Ledger: make receivable lines by SQL, read the open ones")
def subjects(bench):
    with exclusive("database"):
        template = bench.databases.base_template()
    lines = LINES if bench.number >= QUICK_BELOW else QUICK_LINES
    made = f"a ledger of {lines} receivable lines"
    return [
        Subject(
            name="generate",
            run="bench.ledger_subjects:generate",
            check="bench.ledger_subjects:count_lines",
            number=lines,
            unit="line",
            per=PER,
            database=lambda: bench.prepared("ledger_empty", template, "", 0),
            note=made,
        ),
        Subject(
            name="open_lines",
            run="bench.ledger_subjects:read_open_lines",
            check="bench.ledger_subjects:count_lines",
            number=lines,
            unit="line",
            per=PER,
            database=lambda: bench.prepared("ledger_full", template, "bench.ledger_subjects:generate", lines),
            note=f"sums by customer over {made} (the other query reads the user's company)",
        ),
    ]
