"""What reminding late debtors costs: our ladder, and OCA's account_credit_control, each with its whole cycle."""

from functools import cache

from bench import peers
from bench.dunning_mail import GROWTH, ROWS, WARM, WARM_S
from bench.framework import Bar, Subject, section
from common import exclusive

PEER = ("odoo-addon-account-credit-control", "19.0.1.0.0.13", "account_credit_control")
WORK = "bench.dunning_subjects:"
# Debtors with three late invoices each: a third of the size, the size that figures are promised for.
SIZES, QUICK_SIZES = (333, 1000), (2, 4)
LINES, QUICK_LINES = 100_000, 30
QUICK_BELOW = 100

MOST_QUERIES = 5
# With the look after what waits since other days.
MOST_QUERIES_AGAIN = 6
# Of a message, selection to sending: what is promised, and what is tried for.
MOST_OF_A_MESSAGE = {"queries": (15, 13), "ms of CPU in Python": (25, 20)}
MOST_GROWTH_MB = 40
GROWTH_FACTOR, LINKS_FACTOR, ONE_BAD_FACTOR = 1.1, 1.3, 1.25
MOST_SECONDS = 1.0


def bars(by_name):
    """What the product promises of this section, from the figures of this run.

    :param dict by_name: {name of a subject: its summary}
    :return: list of Bar
    """
    sizes = sorted(int(name.removeprefix("cycle_")) for name in by_name if name.startswith("cycle_"))
    least, most = (by_name[f"cycle_{size}"] for size in (sizes[0], sizes[-1]))
    debtors = sizes[-1]
    select, repeat = by_name[f"select_{debtors}"]["facts"], by_name[f"repeat_{debtors}"]["facts"]
    growth, bad = cpu(most) / cpu(least), by_name[f"one_bad_of_{debtors}"]
    return [
        Bar(f"selecting {debtors} debtors, queries in all", select[WARM], MOST_QUERIES),
        *bars_of_a_message(most, debtors),
        Bar(f"MB of memory more at the peak of {debtors} messages", most["facts"][GROWTH], MOST_GROWTH_MB),
        Bar(f"{debtors} messages against {sizes[0]}, CPU of each", growth, GROWTH_FACTOR),
        Bar("the day again, rows more in all tables", repeat[ROWS], 0),
        Bar("the day again, queries", repeat[WARM], MOST_QUERIES_AGAIN),
        Bar("with links against without, CPU", cpu(most) / cpu(by_name[f"no_links_{debtors}"]), LINKS_FACTOR),
        Bar("one bad record, CPU against a clean run", cpu(bad) / cpu(most), ONE_BAD_FACTOR),
        *(
            Bar(f"selecting among {name.removeprefix('day_')} lines, seconds", summary["facts"][WARM_S], MOST_SECONDS)
            for name, summary in by_name.items()
            if name.startswith("day_")
        ),
    ]


def bars_of_a_message(summary, debtors):
    """Two for each: what is promised, and what is tried for."""
    measured = {"queries": summary["queries_per_unit"], "ms of CPU in Python": summary["python_cpu_ms_per_unit"]}
    return [
        Bar(f"the whole cycle of {debtors} messages, {what} each{aim}", measured[what], limit)
        for what, limits in MOST_OF_A_MESSAGE.items()
        for aim, limit in zip(("", " (tried for)"), limits, strict=True)
    ]


def cpu(summary):
    """CPU of a unit, of Python and PostgreSQL; wall time where the server's is out of sight."""
    return summary["cpu_ms_per_unit"] or summary["wall_ms_per_unit"]


@section("dunning", "Dunning: find, write and send reminders of three late invoices each", bars)
def subjects(bench):
    with exclusive("database"):
        template, odoo_alone = bench.databases.template(), bench.databases.base_template()
    is_quick = bench.number < QUICK_BELOW
    sizes = QUICK_SIZES if is_quick else SIZES
    return [*ours(bench, template, sizes, QUICK_LINES if is_quick else LINES), peer(bench, odoo_alone, sizes[-1])]


def ours(bench, template, sizes, lines):
    """Our subjects, the largest of the sizes for all but the cycle's growth."""

    @cache
    def ready(size):
        return bench.prepared(f"dunning_{size}", template, f"{WORK}prepare", size)

    size = sizes[-1]
    many = {"number": lines, "unit": "line", "per": 1000}
    many |= {"run": f"{WORK}run_select_day", "check": f"{WORK}count_lines"}
    same = {"number": size, "unit": "message", "check": f"{WORK}count_sent"}
    return [
        *(cycle(ready, each) for each in sizes),
        Subject(
            name=f"no_links_{size}",
            run=f"{WORK}run_no_links",
            database=lambda: ready(size),
            note="the same, with one address for all instead of a link for each",
            **same,
        ),
        Subject(
            name=f"one_bad_of_{size}",
            run=f"{WORK}run_one_bad",
            database=lambda: ready(size),
            note="the same while the text of one debtor fails",
            **{**same, "check": f"{WORK}count_sent_or_failed"},
        ),
        Subject(
            name=f"repeat_{size}",
            run=f"{WORK}run_repeat",
            database=lambda: bench.prepared("dunning_sent", ready(size), f"{WORK}run_cycle", size),
            note="the day again after all was sent; all rows of all tables are counted before and after",
            **same,
        ),
        Subject(
            name=f"select_{size}",
            run=f"{WORK}run_select",
            check=f"{WORK}count_debtors",
            number=size,
            unit="debtor",
            database=lambda: ready(size),
            note="the selection twice, each in all; only the first reads what Odoo caches",
        ),
        Subject(
            name=f"day_{lines}",
            database=lambda: bench.prepared("dunning_day", template, f"{WORK}prepare_day", lines),
            note="the selection of a day, twice: a twentieth of the lines has reached its next step",
            **many,
        ),
        Subject(
            name=f"first_day_{lines}",
            database=lambda: bench.prepared("dunning_first_day", template, f"{WORK}prepare_lines", lines),
            note="the selection of the first day of all, twice: every line has a step, every debtor gets a message",
            **many,
        ),
    ]


def cycle(ready, size):
    return Subject(
        name=f"cycle_{size}",
        run=f"{WORK}run_cycle",
        check=f"{WORK}count_sent",
        number=size,
        unit="message",
        database=lambda: ready(size),
        note="the day's cron: select, claim, write, render, send to a mail server of another process",
    )


def peer(bench, template, debtors):
    package, version, addon = PEER
    try:
        path, digest = peers.fetch(package, version, addon)
    except peers.NotFetched as reason:
        return Subject(f"oca_{debtors}", unit="message", unavailable=f"not measured: {reason}")
    work = "bench.dunning_peer_subjects:"

    def database():
        bare = bench.prepared("dunning_peer_bare", template, "", 0)
        bench.databases.odoo(
            "-d", bare, "-i", addon, "--stop-after-init", "--no-http", "--addons-path", path, log="peers"
        )
        bench.databases.require_installed(bare, [addon])
        return bench.prepared("dunning_peer", bare, f"{work}prepare_peer", debtors, addons=path)

    return Subject(
        name=f"oca_{debtors}",
        run=f"{work}run_peer",
        check=f"{work}count_messages",
        number=debtors,
        runs=2,
        unit="message",
        database=database,
        addons=path,
        note=f"{package} {version} (AGPL, SHA-256 {digest[:16]}…): its whole cycle, without PDF, to the same server",
    )
