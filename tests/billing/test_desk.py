"""Real processes at the collection desk: one case for each debtor, one collector for each customer."""

import pytest

from harness.worker import CallFailed, at_once

CASE = "cobranca.case"


@pytest.fixture(scope="module")
def desks(two_workers):
    """Two processes of one company."""
    for worker in two_workers:
        worker.inject("billing.desking:add_to_case")
    assert two_workers[0].pid != two_workers[1].pid
    return two_workers


@pytest.fixture(scope="module")
def collectors(desks):
    """Ids of two users who work the queue."""
    return desks[0].call(CASE, "make_collectors_for_test", ["mesa-um", "mesa-dois"])


@pytest.fixture
def debtors(desks):
    return desks[0].call(CASE, "make_debtors_for_test", 12)


def open_cases(postgres, debtors):
    """(open cases, different debtors of them)"""
    [row] = postgres.execute(
        "SELECT count(*), count(DISTINCT partner_id) FROM cobranca_case WHERE partner_id = ANY(%s) AND state = 'open'",
        [debtors],
    )
    return tuple(row)


def test_two_refreshes_open_one_case_each(desks, postgres, debtors):
    """The night's run and an event at the same moment: no debtor gets two cases, and nothing fails."""
    outcomes = at_once([(worker, (CASE, "refresh_for_test", debtors)) for worker in desks])
    assert not [outcome for outcome in outcomes if isinstance(outcome, CallFailed)]
    assert open_cases(postgres, debtors) == (12, 12)


def test_second_waits_and_finds_the_cases_of_the_first(desks, postgres, debtors):
    first, second = desks
    first.begin()
    first.call(CASE, "refresh_for_test", debtors)
    waiting = second.start(CASE, "refresh_for_test", debtors, retry=True)
    first.commit()
    waiting.value()
    assert open_cases(postgres, debtors) == (12, 12)


def test_two_collectors_take_one_customer(desks, collectors, postgres, debtors):
    """Whoever comes second is told so: nobody is called by two."""
    cases = desks[0].call(CASE, "refresh_for_test", debtors)
    for case in cases[:6]:
        calls = [
            worker.start(CASE, "desk_take", ids=[case], user=user, retry=True)
            for worker, user in zip(desks, collectors, strict=True)
        ]
        taken = [call.value()["is_taken"] for call in calls]
        assert sorted(taken) == [False, True]
        [winner] = postgres.execute("SELECT attendant_id FROM cobranca_case WHERE id = %s", [case])
        assert winner[0] == collectors[taken.index(True)]


def test_one_promise_when_two_register_it(desks, collectors, postgres, debtors):
    """Two screens of one customer, one of them forgotten in a tab: the second promise is refused."""
    [case] = desks[0].call(CASE, "refresh_for_test", debtors[:1])
    today = postgres.value("SELECT refreshed_on FROM cobranca_case WHERE id = %s", [case])
    told = {"outcome": "promised", "promise_date": today.isoformat(), "promise_amount": 100.0}
    calls = [worker.start(CASE, "desk_register", told, ids=[case], user=collectors[0], retry=True) for worker in desks]
    outcomes = []
    for call in calls:
        try:
            outcomes.append(call.value())
        except CallFailed as failure:
            # Refused by the unique index, or by the rule where the first one is written already.
            assert failure.error_type.endswith(("ValidationError", "UserError")), failure
            assert "promised" in failure.error, failure
            outcomes.append(None)
    assert sum(outcome is not None for outcome in outcomes) == 1
    promises = "SELECT count(*) FROM cobranca_promise WHERE partner_id = %s AND state = 'open'"
    assert postgres.value(promises, [debtors[0]]) == 1


def test_locked_customer_is_looked_at_later(desks, collectors, postgres, debtors):
    """Somebody opens a customer at this moment: the others are refreshed, and he right afterwards."""
    cases = desks[0].call(CASE, "refresh_for_test", debtors)
    first, second = desks
    first.begin()
    first.call(CASE, "desk_take", ids=cases[:1], user=collectors[0])
    assert second.call(CASE, "refresh_for_test", debtors) == cases[1:]
    first.commit()
    touched = "SELECT count(*) FROM cobranca_case_touch WHERE partner_id = %s"
    assert postgres.value(touched, [debtors[0]]) >= 1
