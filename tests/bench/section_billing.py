"""What a posted two-line taxed invoice costs: Odoo's own floor, our billing run both ways, OCA's contract."""

from bench import peers
from bench.framework import Subject, section
from common import exclusive

PEER = ("odoo-addon-contract", "19.0.1.2.1", "contract")
WORK = "bench.billing_subjects:"
# From this size on also twice and four times as many, the larger with fewer runs.
GROWING_FROM = 200
GROWTH = ((1, 0), (2, 2), (4, 1))


@section("billing", "Billing: create and post invoices of two taxed lines")
def subjects(bench):
    with exclusive("database"):
        odoo_alone = bench.databases.base_template()
        with_ours = bench.databases.template()
    growth = GROWTH if bench.number >= GROWING_FROM else GROWTH[:1]
    found = []
    for factor, runs in growth:
        number = factor * bench.number
        options = {"number": number, "runs": runs, "unit": "invoice", "check": WORK + "count_posted"}
        found += [floor(bench, odoo_alone, options), *ours(bench, with_ours, options)]
    return [*found, *special_cases(bench, growth[min(1, len(growth) - 1)][0]), peer(bench, odoo_alone)]


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
            run=WORK + "run_ours",
            check=WORK + "count_nothing",
            number=1,
            unit="run",
            runs=2,
            database=lambda: copy_of_ours(bench, "nothing_due", number, "prepare_nothing_due"),
            note=f"a run over {number} contracts none of which is due",
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
