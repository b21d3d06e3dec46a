"""What it costs to receive the payments of a bank return file: charges booked, everything reconciled.

Subjects of the section `charges`.
"""

from bench.framework import Bar, Subject

RECEIPTS, QUICK_RECEIPTS = 100, 10
MOST_SECONDS = 5
WORK = "bench.receipt_subjects:"
WAYS = {
    "receive": "one batch: interest and fine of each debt booked by one entry",
    "reconcile": "Odoo's plain reconciliation of each payment with its debt, without charges",
}


def bars(by_name):
    """What the product promises of receipts, from the figures of this run.

    :param dict by_name: {name of a subject: its summary}
    :return: list of Bar
    """
    name = f"receive_{RECEIPTS}"
    if name not in by_name:
        return []
    return [Bar(f"{RECEIPTS} receipts, s of wall-clock time", by_name[name]["wall_s_min"], MOST_SECONDS)]


def subjects(bench, template, number=RECEIPTS):
    return [
        Subject(
            name=f"{way}_{number}",
            run=f"{WORK}{way}",
            check=f"{WORK}count_received",
            number=number,
            unit="receipt",
            database=lambda way=way: bench.prepared(f"receipts_{way}", template, f"{WORK}make_debts", number),
            note=note,
        )
        for way, note in WAYS.items()
    ]
