"""What a posted two-line taxed invoice costs: Odoo's own floor, our billing run, OCA's contract."""

from bench import peers
from bench.framework import Subject, section
from common import ADDONS, ROOT, exclusive

PEER = ("odoo-addon-contract", "19.0.1.2.1", "contract")
CHECK = "bench.billing_subjects:count_posted"


@section("billing", "Billing: create and post invoices of two taxed lines")
def subjects(bench):
    with exclusive("database"):
        odoo_alone = bench.databases.base_template()
        with_ours = bench.databases.template()
    return [floor(bench, odoo_alone), ours(bench, with_ours), peer(bench, odoo_alone)]


def floor(bench, template):
    return Subject(
        name="floor",
        run="bench.billing_subjects:run_floor",
        check=CHECK,
        number=bench.number,
        unit="invoice",
        database=lambda: bench.prepared("floor", template, "bench.billing_subjects:prepare_floor", bench.number),
        note="account.move.create + action_post by 100, tracking off, commit after each 100",
    )


def ours(bench, template):
    if not (ROOT / ADDONS[0] / "models/cobranca_contract_billing.py").exists():
        return Subject("cobranca", unit="invoice", unavailable="not installed: there is no cobranca.contract.billing")
    return Subject(
        name="cobranca",
        run="bench.billing_subjects:run_ours",
        check=CHECK,
        number=bench.number,
        unit="invoice",
        database=lambda: bench.prepared("ours", template, "bench.billing_subjects:prepare_ours", bench.number),
        note="cron of cobranca.contract.billing: claims the period, creates, posts",
    )


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
        return bench.prepared("peer", bare, "bench.billing_subjects:prepare_peer", bench.number, addons=path)

    return Subject(
        name="oca_contract",
        run="bench.billing_subjects:run_peer",
        check=CHECK,
        number=bench.number,
        unit="invoice",
        database=database,
        addons=path,
        note=f"{package} {version} (AGPL, SHA-256 {digest[:16]}…): its cron, then action_post",
    )
