"""Two real processes receive the same money at the same moment: it is booked once."""

import pytest

from harness.worker import CallFailed, at_once

RECEIVE = ("cobranca.receipt", "receive_for_test")
CHARGES = {"interest": 5.9, "fine": 2.0}
SERIALIZATION = "SerializationFailure"


@pytest.fixture(scope="module")
def receivers(two_workers):
    """Two processes of one company, with a customer that owes."""
    for worker in two_workers:
        worker.inject("billing.receiving:add_to_receipt")
    assert two_workers[0].pid != two_workers[1].pid
    return two_workers


@pytest.fixture
def debts(receivers):
    """Ids of (debts of 100.00, credits of 107.90), one for each other."""
    return receivers[0].call("cobranca.receipt", "make_debts_for_test", 12)


def totals(postgres, debts):
    """(charge entries' income, memos, different memos) of the debts."""
    lines, _credits = debts
    [row] = postgres.execute(
        """
        SELECT count(*), count(DISTINCT (line_id, kind)), COALESCE(sum(amount), 0)
          FROM cobranca_charge WHERE line_id = ANY(%s) AND state = 'paid'
        """,
        [lines],
    )
    booked = postgres.value(
        """
        SELECT COALESCE(sum(item.balance), 0)
          FROM account_move_line item
         WHERE item.id IN (SELECT item_id FROM cobranca_charge WHERE line_id = ANY(%s))
        """,
        [lines],
    )
    return (*row, booked)


def assert_booked_once(postgres, debts):
    lines, credits = debts
    count, different, amount, booked = totals(postgres, debts)
    assert count == different == 2 * len(lines)
    assert float(amount) == float(booked) == round(7.9 * len(lines), 2)
    left = (
        "SELECT count(*) FROM account_move_line WHERE id = ANY(%s) AND (reconciled IS NOT TRUE OR amount_residual <> 0)"
    )
    assert postgres.value(left, [lines + credits]) == 0


def test_same_credit_twice(receivers, postgres, debts):
    """As a web request does it: who comes second begins again, and finds nothing left to do."""
    outcomes = at_once([(worker, (*RECEIVE, *debts, CHARGES)) for worker in receivers])
    failed = [outcome for outcome in outcomes if isinstance(outcome, CallFailed)]
    assert len(failed) <= 1
    assert all(SERIALIZATION in failure.error_type for failure in failed), failed
    assert_booked_once(postgres, debts)
    entries = totals(postgres, debts)
    for worker in receivers:
        assert worker.start(*RECEIVE, *debts, CHARGES, retry=True).value() == []
    assert totals(postgres, debts) == entries


def test_second_waits_for_the_first(receivers, postgres, debts):
    """The first has booked and not committed: the second waits, fails, and books nothing when it comes again."""
    first, second = receivers
    first.begin()
    first.call(*RECEIVE, *debts, CHARGES)
    waiting = second.start(*RECEIVE, *debts, CHARGES, retry=True)
    assert not waiting.done()
    first.commit()
    assert waiting.value() == []
    assert_booked_once(postgres, debts)


def test_first_gives_up(receivers, postgres, debts):
    """The first rolls back: the second goes on with what is still open."""
    first, second = receivers
    first.begin()
    first.call(*RECEIVE, *debts, CHARGES)
    waiting = second.start(*RECEIVE, *debts, CHARGES, retry=True)
    first.rollback()
    assert len(waiting.value()) == 1
    assert_booked_once(postgres, debts)


def test_other_order_of_the_same_debts(receivers, postgres, debts):
    """Both want the same rows, each in its own order: none waits for ever."""
    lines, credits = debts
    calls = [(*RECEIVE, lines, credits, CHARGES), (*RECEIVE, lines[::-1], credits[::-1], CHARGES)]
    outcomes = at_once([(worker, call) for worker, call in zip(receivers, calls, strict=True)])
    failed = [outcome for outcome in outcomes if isinstance(outcome, CallFailed)]
    assert len(failed) <= 1
    assert all(SERIALIZATION in failure.error_type for failure in failed), failed
    assert_booked_once(postgres, debts)


def test_open_charge_is_waived_while_it_is_paid(receivers, postgres):
    """The row of the debt does not change by either: still only one of both happens."""
    first, second = receivers
    lines, credits = first.call("cobranca.receipt", "make_debts_for_test", 1, 100.0)
    first.call("cobranca.receipt", "receive_for_test", lines, credits, CHARGES, "principal")
    charges = postgres.execute("SELECT id FROM cobranca_charge WHERE line_id = ANY(%s) AND state = 'open'", [lines])
    ids = [row[0] for row in charges]
    assert len(ids) == 2
    _none, [credit] = first.call("cobranca.receipt", "make_debts_for_test", 1, 7.9)
    second.begin()
    second.call("cobranca.charge", "search_count", [])
    first.begin()
    first.call("cobranca.receipt", "waive_for_test", ids)
    waiting = second.start("cobranca.receipt", "receive_for_test", lines, [credit], None)
    first.commit()
    with pytest.raises(CallFailed, match=SERIALIZATION):
        waiting.value()
    second.rollback()
    second.call("cobranca.receipt", "receive_for_test", lines, [credit], None)
    states = postgres.execute("SELECT DISTINCT state FROM cobranca_charge WHERE line_id = ANY(%s)", [lines])
    assert states == [("waived",)]
    assert postgres.value("SELECT amount_residual FROM account_move_line WHERE id = %s", [credit]) < 0


def test_running_charge_is_waived_while_it_is_paid(receivers, postgres):
    """The waiver only adds a row of its own: who read the debt before must not pay what is waived by now."""
    first, second = receivers
    lines, credits = first.call("cobranca.receipt", "make_debts_for_test", 1, 103.5)
    second.begin()
    second.call("cobranca.charge", "search_count", [])
    first.call("cobranca.receipt", "waive_accrued_for_test", lines)
    with pytest.raises(CallFailed, match=SERIALIZATION):
        second.call("cobranca.receipt", "receive_for_test", lines, credits, None)
    second.rollback()
    second.call("cobranca.receipt", "receive_for_test", lines, credits, None)
    rows = postgres.execute("SELECT kind, state, amount FROM cobranca_charge WHERE line_id = ANY(%s)", [lines])
    assert sorted((kind, state, float(amount)) for kind, state, amount in rows) == [
        ("fine", "waived", 2.0),
        ("interest", "waived", 1.5),
    ]
    assert float(postgres.value("SELECT amount_residual FROM account_move_line WHERE id = %s", credits)) == -3.5
