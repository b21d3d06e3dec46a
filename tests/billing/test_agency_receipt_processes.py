"""Two processes at the money of one agency: each payment is in the ledger once, and on one statement."""

from datetime import datetime

import pytest

from harness.worker import CallFailed, outcome_or_failure

LEDGER, STATEMENT = "cobranca.agency.receipt", "cobranca.agency.statement"
NOW = datetime(2026, 11, 19, 15)
ROWS = "SELECT count(*), SUM(amount), SUM(commission) FROM cobranca_agency_receipt WHERE agency_id = %s"


@pytest.fixture(scope="module")
def desks(two_workers):
    """Two processes that know agencies."""
    for worker in two_workers:
        worker.inject("billing.clock:set_now", str(NOW))
        worker.inject("billing.agreeing:add_to_agreements")
        worker.inject("billing.collecting:add_to_ledger")
    first, second = two_workers
    assert first.pid != second.pid
    return first, second


@pytest.mark.parametrize("method", ["collect_for_test", "state_for_test"])
def test_collected_twice_at_once(desks, postgres, method):
    """The second waits for the first, and finds that nothing is left to add."""
    first, second = desks
    agency, lines = first.call(LEDGER, "make_placed_for_test", [500.0, 300.0])
    first.call(LEDGER, "pay_for_test", lines, 200.0)
    first.begin()
    first.call(LEDGER, method)
    pending = second.start(LEDGER, method, retry=True)
    postgres.wait_for_lock_wait(second)
    first.commit()
    found = outcome_or_failure(pending, 60)
    assert not isinstance(found, CallFailed), found
    assert postgres.execute(ROWS, [agency]) == [(1, 200, 40)]
    if method == "state_for_test":
        query = "SELECT receipt_count, amount_commission FROM cobranca_agency_statement WHERE agency_id = %s"
        assert postgres.execute(query, [agency]) == [(1, 40)]


def test_run_twice_at_once(desks, postgres):
    """The daily job of two servers, without anybody who serves it anew: no row twice, and none of them fails."""
    first, second = desks
    agency, lines = first.call(LEDGER, "make_placed_for_test", [500.0])
    first.call(LEDGER, "pay_for_test", lines, 100.0)
    pending = [worker.start(LEDGER, "_cron_collect") for worker in (first, second)]
    failed = [each for each in (outcome_or_failure(one, 60) for one in pending) if isinstance(each, CallFailed)]
    assert not failed
    assert postgres.execute(ROWS, [agency]) == [(1, 100, 20)]


@pytest.mark.parametrize("job", [(LEDGER, "_cron_collect"), (STATEMENT, "_cron_prepare")])
def test_job_meets_somebody(desks, postgres, job):
    """Who takes the payments over by hand does not make the job fail: it looks at the company once more."""
    first, second = desks
    agency, lines = first.call(LEDGER, "make_placed_for_test", [500.0, 300.0])
    first.call(LEDGER, "pay_for_test", lines[:1], 100.0)
    first.begin()
    first.call(LEDGER, "collect_for_test")
    pending = second.start(*job)
    postgres.wait_for_lock_wait(second)
    first.commit()
    found = outcome_or_failure(pending, 60)
    assert not isinstance(found, CallFailed), found
    assert postgres.execute(ROWS, [agency]) == [(1, 100, 20)]
