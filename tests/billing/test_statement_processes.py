"""Two real processes import the same statement, or match the same money, at the same moment: it happens once."""

import pytest

from harness.worker import CallFailed, at_once

DESK = "cobranca.statement.desk"
SERIALIZATION = "SerializationFailure"


@pytest.fixture(scope="module")
def desks(two_workers):
    for worker in two_workers:
        worker.inject("billing.matching:add_to_desk")
    assert two_workers[0].pid != two_workers[1].pid
    return two_workers


def failures(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, CallFailed)]


def count_of(postgres, text):
    return postgres.value("SELECT count(*) FROM account_bank_statement_line WHERE payment_ref LIKE %s", [text])


def residual(postgres, debts):
    return float(postgres.value("SELECT sum(amount_residual) FROM account_move_line WHERE id = ANY(%s)", [debts]))


def test_same_file_at_once(desks, postgres):
    rows = [(f"AT ONCE {number}", 10.0 + number) for number in range(30)]
    outcomes = at_once([(worker, (DESK, "import_for_test", rows, "once.csv")) for worker in desks])
    failed = failures(outcomes)
    assert len(failed) <= 1
    assert all(SERIALIZATION in failure.error_type for failure in failed), failed
    assert count_of(postgres, "AT ONCE %") == 30
    # As a web request does it: begun again, it finds all there.
    for worker in desks:
        worker.start(DESK, "import_for_test", rows, "once.csv", retry=True).value()
    assert count_of(postgres, "AT ONCE %") == 30


def test_overlapping_files_while_the_first_is_not_committed(desks, postgres):
    first, second = desks
    rows = [(f"OVERLAP {number}", 10.0 + number) for number in range(12)]
    first.begin()
    first.call(DESK, "import_for_test", rows[:8], "one.csv")
    waiting = second.start(DESK, "import_for_test", rows[4:], "two.csv", retry=True)
    assert not waiting.done()
    first.commit()
    assert len(waiting.value()) == 4
    assert count_of(postgres, "OVERLAP %") == 12


def test_first_import_gives_up(desks, postgres):
    first, second = desks
    rows = [(f"GIVEN UP {number}", 10.0 + number) for number in range(3)]
    first.begin()
    first.call(DESK, "import_for_test", rows, "up.csv")
    waiting = second.start(DESK, "import_for_test", rows, "up.csv", retry=True)
    first.rollback()
    assert len(waiting.value()) == 3
    assert count_of(postgres, "GIVEN UP %") == 3


def test_two_users_take_the_same_suggestion(desks, postgres):
    first, second = desks
    debts, lines = first.call(DESK, "make_for_test", 1)
    [suggestion] = first.call(DESK, "suggestions_for_test", lines)
    first.begin()
    first.call(DESK, "desk_take", suggestion)
    waiting = second.start(DESK, "desk_take", suggestion, retry=True)
    assert not waiting.done()
    first.commit()
    with pytest.raises(CallFailed, match="meanwhile"):
        waiting.value()
    assert residual(postgres, debts) == 0
    credits = "SELECT count(*) FROM account_partial_reconcile WHERE debit_move_id = ANY(%s)"
    assert postgres.value(credits, [debts]) == 1


def test_two_users_want_the_same_money_for_different_invoices(desks, postgres):
    first, second = desks
    debts, lines = first.call(DESK, "make_for_test", 2)
    calls = [(DESK, "desk_match", lines[0], [{"line_id": debt, "amount": 100.0}]) for debt in debts]
    outcomes = at_once([(worker, call) for worker, call in zip(desks, calls, strict=True)])
    assert len(failures(outcomes)) == 1
    assert residual(postgres, debts) == 100.0


def test_all_certain_ones_at_once(desks, postgres):
    first, _second = desks
    debts, lines = first.call(DESK, "make_for_test", 10)
    outcomes = at_once([(worker, (DESK, "desk_take_certain")) for worker in desks])
    assert all(SERIALIZATION in failure.error_type for failure in failures(outcomes)), outcomes
    first.start(DESK, "desk_take_certain", retry=True).value()
    assert residual(postgres, debts) == 0
    matched = "SELECT count(*) FROM account_bank_statement_line WHERE id = ANY(%s) AND is_reconciled"
    assert postgres.value(matched, [lines]) == 10
    twice = (
        "SELECT count(*) FROM (SELECT debit_move_id FROM account_partial_reconcile WHERE debit_move_id = ANY(%s)"
        " GROUP BY 1 HAVING count(*) > 1) found"
    )
    assert postgres.value(twice, [debts]) == 0


def test_invoice_is_paid_while_its_money_is_matched(desks, postgres):
    """Somebody registers a payment of the invoice: the money of the bank does not pay it again."""
    first, second = desks
    debts, lines = first.call(DESK, "make_for_test", 1)
    [suggestion] = first.call(DESK, "suggestions_for_test", lines)
    first.begin()
    first.call(DESK, "pay_for_test", debts[0])
    waiting = second.start(DESK, "desk_take", suggestion, retry=True)
    first.commit()
    with pytest.raises(CallFailed, match="meanwhile"):
        waiting.value()
    paid = "SELECT sum(amount) FROM account_partial_reconcile WHERE debit_move_id = ANY(%s)"
    assert float(postgres.value(paid, [debts])) == 100.0
    assert not postgres.value("SELECT is_reconciled FROM account_bank_statement_line WHERE id = %s", lines)
