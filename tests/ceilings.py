"""How long each part of the tests may take, so that all of them fit into their 25 minutes.

Not a test: times depend on the machine. The table at the end of a run shows what grows.
A file is never divided among the workers: a long one that starts last leaves the others idle.
"""

# Seconds of test time on 2 cores (two workers run side by side), for the product when complete.
CEILINGS_S = {
    "cobranca_recorrente": 1020,
    "cobranca_negociacao": 620,
    "cobranca_relatorios": 180,
    "tests/billing": 350,
    "tests/bench": 131,
    "tests/docker": 25,
    "tests/e2e": 360,
    "tests/harness_tests": 45,
    "tests/house": 50,
    "tests/install": 112,
    "tests/ledger": 35,
    "tests/price_index": 32,
    "tests/setup": 10,
    "tests/webhook": 20,
}

# Files, and folders that stay together, which take more than half a minute; the longest first.
LONG_ONES = (
    "cobranca_recorrente/tests/test_ladder_random.py",
    "cobranca_recorrente/tests/test_dunning_batch.py",
    "cobranca_recorrente/tests/test_invoice_more_shapes.py",
    "cobranca_recorrente/tests/test_billing_history.py",
    "cobranca_recorrente/tests/test_billing_conference_random.py",
    "cobranca_recorrente/tests/test_invoice_factory.py",
    "cobranca_recorrente/tests/test_receipt_random.py",
    "tests/billing/test_preview.py",
    "cobranca_recorrente/tests/test_tours.py",
    "cobranca_recorrente/tests/test_billing_conference.py",
    "tests/install/test_life.py",
    "tests/billing/test_processes.py",
    "tests/billing/test_dunning_processes.py",
    "tests/bench/test_section_dunning.py",
    "tests/billing/test_many_processes.py",
    "cobranca_negociacao/tests/test_agreement_break.py",
    "cobranca_negociacao/tests/test_agreement_scenarios.py",
    "tests/e2e/",
    "tests/harness_tests/",
    "tests/price_index/",
)


def turn_of(nodeid):
    """Sort key that brings the tests which take long to the front; all others stay as they are."""
    places = (place for place, path in enumerate(LONG_ONES) if nodeid.startswith(path))
    return next(places, len(LONG_ONES))


def part_of(path):
    """The part that a test file belongs to; its folder when it is none of them."""
    return next((part for part in CEILINGS_S if path.startswith(f"{part}/")), path.rpartition("/")[0])


def table(seconds_by_path):
    """Lines that compare what each part took with its ceiling.

    :param dict seconds_by_path: {path of a test file: seconds of its tests}
    :return: list of str
    """
    taken = {}
    for path, seconds in seconds_by_path.items():
        taken[part_of(path)] = taken.get(part_of(path), 0.0) + seconds
    lines = []
    for part, seconds in sorted(taken.items()):
        ceiling = CEILINGS_S.get(part)
        verdict = "NO CEILING" if ceiling is None else "OVER ITS CEILING" if seconds > ceiling else ""
        lines.append(f"{part:24}{seconds:8.0f} s of {ceiling or '-':>5} {verdict}".rstrip())
    return lines
