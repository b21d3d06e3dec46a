"""What a posted two-line taxed invoice costs: Odoo's own floor, our billing run both ways, OCA's contract."""

from bench import peers
from bench.framework import Bar, Subject, section
from common import exclusive

PEER = ("odoo-addon-contract", "19.0.1.2.1", "contract")
WORK = "bench.billing_subjects:"
# From this size on also twice and four times as many, the larger with fewer runs.
GROWING_FROM = 200
GROWTH = ((1, 0), (2, 2), (4, 1))
TOGETHER = "s of wall-clock time for both together"
WARM = "queries of the second run"

# Of both ways: most queries an invoice, and most CPU as a share of Odoo's own.
MOST = {"cobranca": ("the normal way", 7, 0.7), "cobranca_fast": ("the fast way", 2, 0.4)}
MOST_GROWTH_MB = 20
ONE_BAD_FACTOR = 1.25
TWO_PROCESSES_FACTOR = 1.5


def bars(by_name):
    """What the product promises of this section, from the figures of this run.

    :param dict by_name: {name of a subject: its summary}
    :return: list of Bar
    """
    numbers = sorted(int(name.removeprefix("floor_")) for name in by_name if name.startswith("floor_"))
    found = [Bar("a run while nothing is due, queries", by_name["nothing_due"]["facts"][WARM], 1)]
    for number in numbers:
        floor_ = by_name[f"floor_{number}"]
        for subject, (way, queries, share) in MOST.items():
            ours_ = by_name[f"{subject}_{number}"]
            found.append(Bar(f"{way}, {number} invoices, queries each", ours_["queries_per_unit"], queries))
            found.append(Bar(f"{way}, {number} invoices, CPU against Odoo's own", ratio(ours_, floor_), share))
    for subject, (way, *_limits) in MOST.items():
        least, most = by_name[f"{subject}_{numbers[0]}"], by_name[f"{subject}_{numbers[-1]}"]
        growth = most["peak_rss_mb"] - least["peak_rss_mb"]
        found.append(Bar(f"{way}, peak MB more at {numbers[-1]} than at {numbers[0]}", growth, MOST_GROWTH_MB))
    return found + special_bars(by_name)


def special_bars(by_name):
    one_bad = next(name for name in by_name if name.startswith("one_bad_of_"))
    two = next(name for name in by_name if name.startswith("two_processes_"))
    clean = by_name["cobranca_" + one_bad.rpartition("_")[2]]
    together = by_name[two]["facts"][TOGETHER]
    alone = by_name["cobranca_" + two.rpartition("_")[2]]["wall_s_min"]
    return [
        Bar("one bad contract, CPU against a clean run", ratio(by_name[one_bad], clean), ONE_BAD_FACTOR),
        Bar("two processes, times as fast as one", alone / together, TWO_PROCESSES_FACTOR, at_least=True),
    ]


def ratio(one, other):
    """CPU of one subject by that of another; wall time where the server's CPU is out of sight."""
    key = "wall_ms_per_unit" if None in (one["cpu_ms_per_unit"], other["cpu_ms_per_unit"]) else "cpu_ms_per_unit"
    return one[key] / other[key]


@section("billing", "Billing: create and post invoices of two taxed lines", bars)
def subjects(bench):
    with exclusive("database"):
        odoo_alone = bench.databases.base_template()
        with_ours = bench.databases.template()
    return [*without_peer(bench, odoo_alone, with_ours), peer(bench, odoo_alone)]


def without_peer(bench, odoo_alone, with_ours):
    growth = GROWTH if bench.number >= GROWING_FROM else GROWTH[:1]
    found = []
    for factor, runs in growth:
        number = factor * bench.number
        options = {"number": number, "runs": runs, "unit": "invoice", "check": WORK + "count_posted"}
        found += [floor(bench, odoo_alone, options), *ours(bench, with_ours, options)]
    return [*found, *special_cases(bench, growth[min(1, len(growth) - 1)][0])]


def floor(bench, template, options):
    number = options["number"]
    return Subject(
        name=f"floor_{number}",
        run=WORK + "run_floor",
        database=lambda: bench.prepared(f"floor_{number}", template, WORK + "prepare_floor", number),
        note="account.move.create + action_post by 100, tracking off, commit after each 100",
        **options,
    )


def ours(bench, template, options):
    number = options["number"]
    normal = Subject(
        name=f"cobranca_{number}",
        run=WORK + "run_ours",
        database=lambda: bench.prepared(f"ours_{number}", template, WORK + "prepare_ours", number),
        note="cron of cobranca.contract.billing: claims the period, creates, posts",
        **options,
    )
    fast = Subject(
        name=f"cobranca_fast_{number}",
        run=WORK + "run_ours",
        # On the copy that was filled for the normal way: measured after it.
        database=lambda: copy_of_ours(bench, f"fast_{number}", number, "prepare_fast"),
        note="the same with the company's opt-in",
        **options,
    )
    return normal, fast


def copy_of_ours(bench, name, number, prepare):
    return bench.prepared(name, f"{bench.prefix}_ours_{number}", WORK + prepare if prepare else "", number)


def special_cases(bench, factor):
    """One bad contract among many, two processes, nothing due; each to be compared with `cobranca_<same number>`."""
    number = factor * bench.number
    return [
        Subject(
            name=f"one_bad_of_{number}",
            run=WORK + "run_one_bad",
            check=WORK + "count_posted_or_parked",
            number=number,
            unit="invoice",
            runs=2,
            database=lambda: copy_of_ours(bench, "one_bad", number, ""),
            note="the normal way while one contract fails without warning",
        ),
        Subject(
            name=f"two_processes_{number}",
            run=WORK + "run_two",
            check=WORK + "count_posted",
            number=number,
            unit="invoice",
            runs=2,
            database=lambda: copy_of_ours(bench, "two", number, ""),
            note="two processes at once; its columns hold the time of loading Odoo, the line below does not",
        ),
        Subject(
            name="nothing_due",
            run=WORK + "run_nothing_due",
            check=WORK + "count_nothing",
            number=1,
            unit="run",
            runs=2,
            database=lambda: copy_of_ours(bench, "nothing_due", number, "prepare_nothing_due"),
            note=f"two runs over {number} contracts none of which is due; only the first reads what Odoo caches",
        ),
    ]


def peer(bench, template):
    package, version, addon = PEER
    try:
        path, digest = peers.fetch(package, version, addon)
    except peers.NotFetched as reason:
        return Subject("oca_contract", unit="invoice", unavailable=f"not measured: {reason}")

    def database():
        bare = bench.prepared("peer_bare", template, "", 0)
        bench.databases.odoo(
            "-d", bare, "-i", addon, "--stop-after-init", "--no-http", "--addons-path", path, log="peers"
        )
        bench.databases.require_installed(bare, [addon])
        return bench.prepared("peer", bare, WORK + "prepare_peer", bench.number, addons=path)

    return Subject(
        name=f"oca_contract_{bench.number}",
        run=WORK + "run_peer",
        check=WORK + "count_posted",
        number=bench.number,
        runs=2,
        unit="invoice",
        database=database,
        addons=path,
        note=f"{package} {version} (AGPL, SHA-256 {digest[:16]}…): its cron, then action_post; too slow for more",
    )
