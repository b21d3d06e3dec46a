"""Real processes bill the same contracts: each period exactly once, whatever happens."""

import pytest

from billing.counting import BILLING, CONTRACT, assert_each_once, billed, make_contracts
from harness.odoo_process import ProcessDied
from harness.worker import CallFailed, at_once

CONTRACTS = 80
BATCH = 10  # eight of them: enough for two processes to come between each other
NOW = "2026-01-05 15:00:00"


@pytest.fixture(scope="module")
def billers(two_workers):
    """Two processes for which it is 5 January 2026."""
    for worker in two_workers:
        worker.inject("billing.clock:set_now", NOW)
    return two_workers


@pytest.fixture
def contracts(billers, postgres):
    """Contracts to bill; those of an earlier test are not due any more."""
    postgres.execute("UPDATE cobranca_contract SET state = 'closed'")
    return make_contracts(billers[0], CONTRACTS)


def test_two_processes_share_the_work(billers, postgres, contracts):
    first, second = at_once([(worker, (BILLING, "_cron_bill", BATCH)) for worker in billers])
    assert first.overlaps(second)
    # No run ends because another one holds what comes first.
    assert min(first.queries, second.queries) > 0.06 * max(first.queries, second.queries)
    assert_each_once(postgres, contracts)


@pytest.mark.parametrize("fast", [False, True])
def test_numbers_have_no_gap(billers, postgres, contracts, fast):
    """Two processes number the invoices of one journal, either way: one after the other, none left out."""
    postgres.execute("UPDATE res_company SET cobranca_fast_posting = %s", [fast])
    at_once([(worker, (BILLING, "_cron_bill", BATCH)) for worker in billers])
    # Who lost too many races has stopped; what is left is billed now.
    billers[0].call(BILLING, "_cron_bill", BATCH)
    assert_each_once(postgres, contracts)
    [(count, different, first, last)] = postgres.execute(
        """
        SELECT count(*), count(DISTINCT name), min(sequence_number), max(sequence_number)
          FROM account_move move JOIN cobranca_contract_period period ON period.move_id = move.id
         WHERE contract_id = ANY(%s)
        """,
        [contracts],
    )
    assert count == different == last - first + 1 == len(contracts)
    # The self-check found nothing: the option is as it was.
    assert postgres.value("SELECT bool_and(cobranca_fast_posting) FROM res_company") == fast


def test_button_against_cron(billers, postgres, contracts):
    cron, button = billers
    running = cron.start(BILLING, "_cron_bill", BATCH)
    for start in range(0, CONTRACTS, CONTRACTS // 5):
        # What the cron has locked or billed already is left alone; with nothing left the button says so.
        pressed = button.start(CONTRACT, "action_bill", ids=contracts[start : start + CONTRACTS // 5], retry=True)
        try:
            pressed.outcome()
        except CallFailed as refused:
            assert refused.error_type.endswith("UserError"), refused
    running.outcome()
    cron.call(BILLING, "_cron_bill", BATCH)
    assert_each_once(postgres, contracts)


def test_second_run_the_same_day_finds_nothing(billers, postgres, contracts):
    billers[0].call(BILLING, "_cron_bill", BATCH)
    billers[1].call(BILLING, "_cron_bill", BATCH)
    assert_each_once(postgres, contracts)


@pytest.mark.parametrize("commit", [1, 2, 4])
def test_kill_loses_at_most_one_batch(processes, billers, postgres, contracts, commit):
    """SIGKILL just before a commit: what was committed stays, the rest is billed by the next run."""
    [victim] = processes.workers(1)
    victim.inject("billing.clock:set_now", NOW)
    victim.inject("harness.faults:die_at_commit", commit)
    pending = victim.start(BILLING, "_cron_bill", BATCH)
    with pytest.raises(ProcessDied):
        pending.outcome()
    postgres.wait_until_gone(victim)
    kept, different, invoices = billed(postgres, contracts)
    assert kept == different == invoices == (commit - 1) * BATCH
    billers[0].call(BILLING, "_cron_bill", BATCH)
    assert_each_once(postgres, contracts)


def test_lost_connection_doubles_nothing(billers, postgres, contracts):
    """The server ends the session in the middle of a batch."""
    first, second = billers
    pending = first.start(BILLING, "_cron_bill", BATCH)
    holder = None
    while not pending.done() and not holder:
        holder = next(iter(postgres.holders("cobranca_contract_period", "RowExclusiveLock")), None)
    assert holder, "the run was over before it could be disturbed"
    postgres.terminate(holder)
    with pytest.raises(Exception, match="(?i)connection|terminat"):
        pending.outcome()
    second.call(BILLING, "_cron_bill", BATCH)
    assert_each_once(postgres, contracts)


def test_held_contracts_are_left_alone_without_waiting(billers, postgres, contracts):
    """Another run holds some contracts: this one bills the others at once and comes back to nothing."""
    held, free = contracts[:5], contracts[5:]
    with postgres.transaction() as cursor:
        cursor.execute("SELECT id FROM cobranca_contract WHERE id = ANY(%s) FOR UPDATE", [held])
        billers[0].start(BILLING, "_cron_bill", CONTRACTS).outcome()
        assert billed(postgres, free) == (len(free),) * 3
        assert billed(postgres, held) == (0,) * 3
    billers[0].call(BILLING, "_cron_bill", BATCH)
    assert_each_once(postgres, contracts)
