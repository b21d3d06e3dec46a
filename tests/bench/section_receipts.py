"""What it costs to receive the payments of a bank return file: charges booked, everything reconciled."""

from bench.framework import Bar, Subject, section
from common import exclusive

RECEIPTS = 100
MOST_SECONDS = 5
WORK = "bench.receipt_subjects:"


def bars(by_name):
    """What the product promises of this section, from the figures of this run.

    :param dict by_name: {name of a subject: its summary}
    :return: list of Bar
    """
    return [Bar(f"{RECEIPTS} receipts, s of wall-clock time", by_name["receive"]["wall_s_min"], MOST_SECONDS)]


@section("receipts", "Receipts: late payments of one bank return file", bars=bars)
def subjects(bench):
    with exclusive("database"):
        template = bench.databases.template()
    return [
        Subject(
            name=name,
            run=f"{WORK}{name}",
            check=f"{WORK}count_received",
            number=RECEIPTS,
            unit="receipt",
            database=lambda: bench.prepared("receipts", template, f"{WORK}make_debts", RECEIPTS),
            note=note,
        )
        for name, note in (
            ("receive", "one batch: interest and fine of each debt booked by one entry"),
            ("reconcile", "Odoo's plain reconciliation of each payment with its debt, without charges"),
        )
    ]
