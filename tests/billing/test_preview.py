"""What the preview says, asked without a right to write, is what billing does: to the day and the cent."""

import pickle

import pytest

from billing.counting import BILLING
from billing.varied import COUNT

PERIODS = """
    SELECT contract_id, id, kind, date_start, date_end, date_issue, date_due, state, move_id, amount
      FROM cobranca_contract_period WHERE contract_id = ANY(%s) ORDER BY contract_id, id
"""
LINES = """
    SELECT move_id, name, quantity, price_unit, discount, price_subtotal
      FROM account_move_line WHERE move_id = ANY(%s) AND display_type = 'product' ORDER BY move_id, sequence, id
"""
MOVES = "SELECT id, invoice_date, amount_total FROM account_move WHERE id = ANY(%s)"
DAYS = [f"2026-{month:02}-07" for month in range(1, 13)] + [f"2027-{month:02}-20" for month in (2, 6)]
# Far enough for twelve years.
DAYS += [f"{year}-12-20" for year in range(2027, 2039)]


@pytest.fixture(scope="module")
def previews(two_workers, database, tmp_path_factory):
    path = tmp_path_factory.mktemp("previews") / "previews"
    worker = two_workers[0]
    worker.inject("billing.clock:set_now", "2025-12-01 15:00:00")
    worker.inject("billing.varied:make", database)
    worker.inject("billing.varied:write_previews", database, str(path))
    return pickle.loads(path.read_bytes())


@pytest.fixture(scope="module")
def bills(previews, two_workers, postgres):
    """{contract: [charge]} of what was billed in the years after, each a list of rows of the ledger."""
    for day in DAYS:
        two_workers[1].inject("billing.clock:set_now", f"{day} 15:00:00")
        two_workers[1].call(BILLING, "_cron_bill")
    charges = {contract: {} for contract in previews}
    for contract, *row in postgres.execute(PERIODS, [list(previews)]):
        _id, _kind, _first, _last, issue, due, _state, move, _amount = row
        charges[contract].setdefault((issue, due, move), []).append(row)
    return {contract: list(found.values()) for contract, found in charges.items()}


def test_enough_was_compared(previews, bills):
    assert len(previews) >= 30
    assert sum(len(charges) for charges in previews.values()) > 250
    assert {contract for contract, charges in bills.items() if len(charges) < len(previews[contract])} == set()


def test_preview_is_what_is_billed(previews, bills, postgres):
    invoices = [rows[0][7] for charges in bills.values() for rows in charges if rows[0][7]]
    moves = {move: (day, total) for move, day, total in postgres.execute(MOVES, [invoices])}
    lines = {}
    for move, *values in postgres.execute(LINES, [invoices]):
        lines.setdefault(move, []).append(values)
    for contract, charges in previews.items():
        for expected, rows in zip(charges, bills[contract][:COUNT], strict=True):
            move = rows[0][7]
            where = f"contract {contract}, due {expected['due']}"
            assert (rows[0][4], rows[0][5]) == (expected["issue"], expected["due"]), where
            assert round(float(sum(row[8] for row in rows)) - expected["amount"], 2) == 0, where
            recurring = [row for row in rows if row[1] == "recurring"]
            if recurring:
                span = min(row[2] for row in recurring), max(row[3] for row in recurring)
                assert span == (expected["first"], expected["last"]), where
            if not move:
                assert (expected["total"], expected["lines"]) == (0.0, []), where
                continue
            assert (moves[move][0], float(moves[move][1])) == (expected["issue"], expected["total"]), where
            told = [
                [line["name"], line["quantity"], line["price_unit"], line["discount"]] for line in expected["lines"]
            ]
            found = [[name, *map(float, numbers)] for name, *numbers, _subtotal in lines[move]]
            assert found == told, where
