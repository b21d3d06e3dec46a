"""What reports cost over a ledger of 100 000 receivable lines, beside one plain SQL and a peer's aged balance."""

from functools import cache

from bench import peers
from bench.framework import Bar, Subject, section
from common import exclusive

WORK = "bench.reports_subjects:"
LINES, QUICK_LINES = 100_000, 500
QUICK_BELOW = 100
PEER = ("odoo-addon-account_financial_report", "19.0.0.0.26.3", "account_financial_report")
PEER_NEEDS = (
    ("odoo-addon-date_range", "19.0.1.0.1", "date_range"),
    ("odoo-addon-report_xlsx", "19.0.1.0.2.2", "report_xlsx"),
)
# Promised: times of the plain SQL, of the peer, and seconds.
MOST_OF_PLAIN, LEAST_OF_PEER = 1.5, 20
MOST_AS_OF_S, MOST_POSITIONS_S, MOST_LOOK_S, MOST_DASHBOARD_S = 0.6, 15, 1.0, 0.3
MOST_WORKBOOK_S, MOST_WORKBOOK_MB = 60, 100
MOST_VISIBLE_S = 5
GROWTH = "MB more at its peak"
WAYS = {
    "plain": "one SQL over the tables: open by customer and band",
    "age": "the same by the report, as a pivot asks it, with agreements and kinds of payers",
    "age_as_of": "the same as of half a year ago",
    "take_positions": "twelve monthly positions with bands, rolls and figures",
    "look": "lists, pivots and pages as they open",
    "open_dashboard": "the data of each dashboard, and its lists and pivots",
}


def bars(by_name):
    """What the product promises of this section, from the figures of this run.

    :param dict by_name: {name of a subject: its summary}
    :return: list of Bar
    """
    ms = {name: summary["facts"].get("ms") for name, summary in by_name.items()}
    found = []
    if "age" in ms and "plain" in ms:
        found.append(Bar("receivables by delay, times the plain SQL", ms["age"] / ms["plain"], MOST_OF_PLAIN))
    if "age" in ms and "oca" in ms:
        found.append(Bar("the peer's aged balance, times ours", ms["oca"] / ms["age"], LEAST_OF_PEER, at_least=True))
    for name, what, limit in (
        ("age_as_of", "as of half a year ago, seconds", MOST_AS_OF_S),
        ("look", "the slowest list, pivot or page, seconds", MOST_LOOK_S),
        ("open_dashboard", "the slowest data of a dashboard, seconds", MOST_DASHBOARD_S),
        ("show_dashboard", "the dashboard with all its figures in a browser, seconds", MOST_VISIBLE_S),
        ("look_at_revenue", "the slowest list or pivot of recurring revenue, seconds", MOST_LOOK_S),
    ):
        if name in ms:
            found.append(Bar(what, ms[name] / 1000, limit))
    if summary := by_name.get("take_positions"):
        found.append(Bar("twelve monthly positions, seconds", summary["wall_s_min"], MOST_POSITIONS_S))
    if summary := by_name.get("make_workbook"):
        found.append(Bar(f"a workbook of {summary['number']} lines, seconds", summary["facts"]["s"], MOST_WORKBOOK_S))
        found.append(Bar("a workbook, MB more at its peak", summary["facts"][GROWTH], MOST_WORKBOOK_MB))
    return found


# Recurring revenue stands on contracts alone: a subject of its own.
CONTRACTS, QUICK_CONTRACTS = 10_000, 50


def revenue(bench, template):
    number = CONTRACTS if bench.number >= QUICK_BELOW else QUICK_CONTRACTS
    work = "bench.reports_contracts:"
    return Subject(
        name="look_at_revenue",
        run=f"{work}look_at_revenue",
        check=f"{work}count_contracts",
        number=number,
        unit="contract",
        per=10_000,
        database=lambda: bench.prepared(f"reports_contracts_{number}", template, f"{work}fill_contracts", number),
        note="lists and pivots of recurring revenue, over two years of contracts",
    )


@section("reports", "Reports: receivables by delay, monthly positions, screens, workbooks", bars)
def subjects(bench):
    with exclusive("database"):
        template, odoo_alone = bench.databases.template(), bench.databases.base_template()
    lines = LINES if bench.number >= QUICK_BELOW else QUICK_LINES
    own = ours(bench, template, lines)
    # The browser needs what is committed: it is no part of a rehearsal, which undoes all it does.
    return [*own, browser(lines, own[0].database), revenue(bench, template), peer(bench, odoo_alone, lines)]


def ours(bench, template, lines):
    # One for all: every run gets a copy of its own.
    @cache
    def full():
        return bench.prepared(f"reports_{lines}", template, f"{WORK}fill", lines)

    own = [
        Subject(
            name=way,
            run=f"{WORK}{way}",
            check=f"{WORK}count_lines",
            number=lines,
            unit="line",
            per=100_000,
            database=full,
            note=note,
        )
        for way, note in WAYS.items()
    ]
    return [*own, workbook(bench, template, lines)]


def browser(lines, database):
    return Subject(
        name="show_dashboard",
        run="bench.dashboard_subjects:show",
        check=f"{WORK}count_lines",
        number=lines,
        unit="line",
        per=100_000,
        runs=1,
        database=database,
        note="the dashboard in Chromium until each cell has its value, with warm caches",
    )


def workbook(bench, template, lines):
    """All titles are open in it: so many rows are written."""
    number = 2 * lines
    return Subject(
        name="make_workbook",
        run=f"{WORK}make_workbook",
        check=f"{WORK}count_lines",
        number=number,
        unit="line",
        per=100_000,
        runs=1,
        database=lambda: bench.prepared(f"reports_open_{number}", template, f"{WORK}fill_open", number),
        note="the workbook of receivables with a row for each title",
    )


def peer(bench, template, lines):
    try:
        for needed in PEER_NEEDS:
            peers.fetch(*needed, folder="-".join(PEER[:2]))
        path, digest = peers.fetch(*PEER)
    except peers.NotFetched as reason:
        return Subject("oca", unit="line", unavailable=f"not measured: {reason}")
    package, version, addon = PEER

    def database():
        bare = bench.prepared("reports_peer_bare", template, "", 0)
        bench.databases.odoo(
            "-d", bare, "-i", addon, "--stop-after-init", "--no-http", "--addons-path", path, log="peers"
        )
        bench.databases.require_installed(bare, [addon])
        return bench.prepared("reports_peer", bare, f"{WORK}prepare_peer", lines, addons=path)

    return Subject(
        name="oca",
        run=f"{WORK}age_by_peer",
        check=f"{WORK}count_lines",
        number=lines,
        unit="line",
        per=100_000,
        runs=2,
        database=database,
        addons=path,
        note=f"{package} {version} (AGPL, SHA-256 {digest[:16]}…): its aged partner balance, figures only",
    )
