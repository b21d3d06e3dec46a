"""Many processes, many contracts, customers with one invoice for all, and people who change what is billed."""

import contextlib
import datetime
import random
import time
import zoneinfo

import pytest

from billing.counting import BILLING, CONTRACT, assert_each_once, assert_nothing_stray, billed, make_contracts
from harness.odoo_process import ProcessDied
from harness.waiting import wait_until
from harness.worker import CallFailed, Outcome, outcome_or_failure

NOW = "2026-01-05 15:00:00"
MANY = 520  # of two lines: more than 1,000 are due
KILLED = 150
BATCH = 20
ONLY_BILLING = """
    UPDATE ir_cron SET active = action.code ~ '_cron_bill' FROM ir_act_server action
     WHERE action.id = ir_cron.ir_actions_server_id
"""
DUE_NOW = "UPDATE ir_cron SET nextcall = now() at time zone 'UTC' - interval '1 hour' WHERE active"


@pytest.fixture(scope="module")
def billers(processes):
    """Five processes for which it is 5 January 2026."""
    workers = processes.workers(5)
    for worker in workers:
        worker.inject("billing.clock:set_now", NOW)
    return workers


@pytest.fixture
def nothing_due(postgres):
    """The contracts of an earlier test are not due any more."""
    postgres.execute("UPDATE cobranca_contract SET state = 'closed'")


def test_four_runs_and_the_button_over_a_thousand_lines(billers, postgres, nothing_due):
    contracts = make_contracts(billers[0], MANY)
    *runs, button = billers
    pending = [run.start(BILLING, "_cron_bill", BATCH) for run in runs]
    for start in range(0, MANY, 100):
        pressed = button.start(CONTRACT, "action_bill", ids=contracts[start : start + 100], retry=True)
        answer = outcome_or_failure(pressed, 120)
        # What the runs hold or have billed is left alone; with nothing left the button says so.
        assert isinstance(answer, Outcome) or answer.error_type.endswith("UserError"), answer
    for run in pending:
        assert isinstance(outcome_or_failure(run, 300), Outcome)
    billers[0].call(BILLING, "_cron_bill", BATCH)
    assert_each_once(postgres, contracts)
    again = [run.start(BILLING, "_cron_bill", BATCH) for run in runs[:2]]
    assert [run.outcome().queries < 30 for run in again] == [True, True], "a second run finds nothing"
    assert_each_once(postgres, contracts)


def test_kills_at_random_moments_lose_a_batch_at_most(processes, billers, postgres, nothing_due):
    contracts = make_contracts(billers[0], KILLED)
    moments, seen = random.Random(11), 0
    for _kill in range(3):
        [victim] = processes.workers(1)
        victim.inject("billing.clock:set_now", NOW)
        pending = victim.start(BILLING, "_cron_bill", BATCH)
        time.sleep(moments.uniform(0.2, 1.5))
        victim.kill()
        with contextlib.suppress(ProcessDied):  # it had ended before
            pending.outcome()
        postgres.wait_until_gone(victim)
        kept, different, invoices = billed(postgres, contracts)
        assert kept == different == invoices
        assert kept >= seen
        # Whole batches stay, of the one in hand nothing does.
        assert kept % BATCH in (0, KILLED % BATCH)
        seen = kept
    billers[0].call(BILLING, "_cron_bill", BATCH)
    assert_each_once(postgres, contracts)


def test_customers_with_one_invoice_for_all_are_never_torn(billers, postgres, nothing_due):
    customers, each = 40, 4
    contracts = make_contracts(billers[0], customers * each, per_customer=each)
    pending = [worker.start(BILLING, "_cron_bill", 7) for worker in billers[:3]]
    for run in pending:
        assert isinstance(outcome_or_failure(run, 120), Outcome)
    billers[0].call(BILLING, "_cron_bill", 7)
    assert billed(postgres, contracts) == (customers * each, customers * each, customers)
    assert_nothing_stray(postgres, contracts)
    lines = "SELECT count(*) FROM cobranca_contract_period WHERE contract_id = ANY(%s) GROUP BY move_id"
    assert {count for (count,) in postgres.execute(lines, [contracts])} == {each}


def test_customer_waits_as_a_whole_while_somebody_holds_one_contract(billers, postgres, nothing_due):
    contracts = make_contracts(billers[0], 8, per_customer=4)
    with postgres.transaction() as cursor:
        # Contracts 0, 2, 4 and 6 are of the first customer.
        cursor.execute("SELECT id FROM cobranca_contract WHERE id = %s FOR UPDATE", [contracts[4]])
        billers[0].call(BILLING, "_cron_bill", BATCH)
        assert billed(postgres, contracts[::2]) == (0, 0, 0)
        assert billed(postgres, contracts[1::2]) == (4, 4, 1)
    billers[0].call(BILLING, "_cron_bill", BATCH)
    assert billed(postgres, contracts) == (8, 8, 2)


def test_contract_is_not_changed_while_it_is_billed(billers, postgres, nothing_due):
    run, person = billers[:2]
    [contract] = make_contracts(run, 1)
    pause = (CONTRACT, "_pause", datetime.date(2026, 1, 12), None, "trip")
    run.begin()
    run.call(CONTRACT, "action_bill", ids=[contract])
    with pytest.raises(CallFailed) as refused:
        person.call(*pause, ids=[contract])
    assert refused.value.error_type.endswith("LockError")
    run.commit()
    assert person.call(*pause, ids=[contract])
    adjustments = "SELECT sum(price_unit) FROM cobranca_contract_line WHERE contract_id = %s AND recurrence = 'once'"
    # 20 of 31 days of 150.00 are given back.
    assert abs(postgres.value(adjustments, [contract]) + 96.78) < 0.001


def test_run_passes_by_what_a_person_changes(billers, postgres, nothing_due):
    run, person = billers[:2]
    [contract] = make_contracts(run, 1)
    person.begin()
    person.call(CONTRACT, "_pause", datetime.date(2026, 1, 12), None, "trip", ids=[contract])
    run.call(BILLING, "_cron_bill", BATCH)
    assert billed(postgres, [contract])[0] == 0
    person.commit()
    run.call(BILLING, "_cron_bill", BATCH)
    assert_each_once(postgres, [contract])
    # 11 of 31 days of 100.00 and 50.00.
    assert postgres.value("SELECT amount FROM cobranca_contract_period WHERE contract_id = %s", [contract]) == 53.22


def test_button_with_an_old_picture_bills_nothing(billers, postgres, nothing_due):
    """Its transaction began before the run that billed the contract: PostgreSQL stops it at the lock."""
    run, person = billers[:2]
    [contract] = make_contracts(run, 1)
    person.begin()
    person.call(CONTRACT, "read", ["next_issue_date"], ids=[contract])
    run.call(BILLING, "_cron_bill", BATCH)
    with pytest.raises(CallFailed) as refused:
        person.call(CONTRACT, "action_bill", ids=[contract])
    assert refused.value.error_type.endswith("SerializationFailure")
    person.rollback()
    with pytest.raises(CallFailed, match="next invoice is issued"):
        person.call(CONTRACT, "action_bill", ids=[contract])
    assert_each_once(postgres, [contract])


def test_two_cron_workers_and_a_lost_lock_of_the_job(processes, billers, postgres, nothing_due):
    """Odoo's own lock of a running job goes with its connection: another worker may start the job beside it."""
    today = datetime.datetime.now(zoneinfo.ZoneInfo("America/Sao_Paulo")).date()
    first = today.replace(day=1)
    values = {"date_start": first.isoformat(), "due_day": 1, "issue_lead_days": 0, "date_end": today.isoformat()}
    contracts = make_contracts(billers[0], KILLED, **values)
    postgres.execute(ONLY_BILLING)
    postgres.execute(DUE_NOW)
    processes.cron_workers(2)
    postgres.wake_cron()

    def is_billing():
        return postgres.holders("cobranca_contract_period", "RowExclusiveLock")

    wait_until(is_billing, "a cron worker bills", 60)
    for holder in postgres.holders("ir_cron", "RowShareLock"):
        if holder.pid not in {backend.pid for backend in is_billing()}:
            postgres.terminate(holder)

    def all_billed():
        time.sleep(0.5)
        postgres.wake_cron()
        return billed(postgres, contracts)[0] >= KILLED

    wait_until(all_billed, "everything is billed", 90)
    assert_each_once(postgres, contracts)
