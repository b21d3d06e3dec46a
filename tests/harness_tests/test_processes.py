"""The harness really runs processes: apart, at the same instant, and dead when killed."""

import pytest

from harness.odoo_process import ProcessDied, serve
from harness.postgres import Postgres
from harness.waiting import wait_until
from harness.worker import CallFailed, at_once

PARTNER = "res.partner"


def test_two_processes_work_on_one_database_at_the_same_instant(two_workers, postgres):
    with postgres.transaction() as cursor:
        # Both come as far as this lock before either can go on.
        cursor.execute("LOCK TABLE res_partner IN SHARE MODE")
        pending = [worker.start(PARTNER, "create", {"name": f"At once {worker.pid}"}) for worker in two_workers]
        waiting = {postgres.wait_for_lock_wait(worker).pid for worker in two_workers}
    first, second = [one.outcome() for one in pending]
    assert first.overlaps(second)
    assert {first.backend, second.backend} == waiting
    assert len({worker.pid for worker in two_workers}) == 2
    names = postgres.execute("SELECT name FROM res_partner WHERE name LIKE 'At once %' ORDER BY id")
    assert {name for (name,) in names} == {f"At once {worker.pid}" for worker in two_workers}


def test_calls_one_after_the_other_do_not_overlap(two_workers):
    first = two_workers[0].start(PARTNER, "search_count", []).outcome()
    second = two_workers[1].start(PARTNER, "search_count", []).outcome()
    assert not first.overlaps(second)
    assert first.value == second.value > 0
    assert first.queries == second.queries >= 1


def test_a_step_by_step_transaction_is_seen_by_others_only_after_its_commit(two_workers):
    writer, reader = two_workers
    backend = writer.begin()
    ids = writer.call(PARTNER, "create", [{"name": "Step one"}, {"name": "Step two"}])
    assert len(ids) == 2
    assert writer.start(PARTNER, "search_count", [("id", "in", ids)]).outcome().backend == backend
    assert reader.call(PARTNER, "search_count", [("id", "in", ids)]) == 0
    writer.commit()
    assert reader.call(PARTNER, "search_count", [("id", "in", ids)]) == 2


def test_a_rolled_back_transaction_leaves_nothing(two_workers, postgres):
    two_workers[0].begin()
    [partner] = two_workers[0].call(PARTNER, "create", {"name": "Never"})
    two_workers[0].rollback()
    assert not postgres.execute("SELECT 1 FROM res_partner WHERE id = %s", [partner])


def test_kill_leaves_the_lock_free_and_the_uncommitted_row_absent(two_workers, postgres):
    victim, survivor = two_workers
    [locked] = survivor.call(PARTNER, "create", {"name": "Locked"})
    victim.begin()
    victim.call(PARTNER, "lock_for_update", ids=[locked])
    [lost] = victim.call(PARTNER, "create", {"name": "Lost"})
    assert survivor.call(PARTNER, "try_lock_for_update", ids=[locked]) == []
    assert victim.kill() == -9
    wait_until(lambda: not postgres.backends(victim), "the killed process is disconnected")
    assert survivor.call(PARTNER, "try_lock_for_update", ids=[locked]) == [locked]
    assert survivor.call(PARTNER, "search_count", [("id", "=", lost)]) == 0
    with pytest.raises(ProcessDied, match="before it was called"):
        victim.call(PARTNER, "search_count", [])


def test_a_process_can_die_exactly_at_its_commit(two_workers, postgres):
    two_workers[0].inject("harness.faults:die_at_commit", 2)
    two_workers[0].call(PARTNER, "create", {"name": "First commit"})
    with pytest.raises(ProcessDied, match="before it answered"):
        two_workers[0].call(PARTNER, "create", {"name": "Second commit"})
    assert two_workers[0].exit_code == -9
    kept = postgres.execute("SELECT name FROM res_partner WHERE name LIKE '%% commit'", [])
    assert kept == [("First commit",)]


def test_terminating_only_the_connection_with_the_lock_is_an_error_in_its_process(two_workers, postgres):
    holder, other = two_workers
    [locked] = other.call(PARTNER, "create", {"name": "Held"})
    other.begin()
    other.call(PARTNER, "search_count", [])
    backend = holder.begin()
    holder.call(PARTNER, "lock_for_update", ids=[locked])
    [held_by] = postgres.holders(PARTNER.replace(".", "_"))
    assert (held_by.pid, held_by.application) == (backend, holder.application)
    assert held_by.in_transaction
    postgres.terminate(held_by)
    with pytest.raises(CallFailed) as failure:
        holder.call(PARTNER, "search_count", [])
    assert failure.value.error_type in ("psycopg2.errors.AdminShutdown", "psycopg2.OperationalError")
    holder.rollback()
    other.rollback()
    assert holder.alive
    assert holder.call(PARTNER, "try_lock_for_update", ids=[locked]) == [locked]


def test_who_blocks_whom_is_seen(two_workers, postgres):
    holder, waiter = two_workers
    [locked] = holder.call(PARTNER, "create", {"name": "Blocked"})
    backend = holder.begin()
    holder.call(PARTNER, "lock_for_update", ids=[locked])
    pending = waiter.start(PARTNER, "write", {"name": "After"}, ids=[locked])
    waiting = postgres.wait_for_lock_wait(waiter)
    assert [blocker.pid for blocker in postgres.blockers(waiting)] == [backend]
    assert not pending.done()
    holder.rollback()
    pending.value()
    assert postgres.value("SELECT name FROM res_partner WHERE id = %s", [locked]) == "After"


def test_a_serialization_failure_is_real_and_repeated_only_on_demand(two_workers, postgres):
    first, second = two_workers
    [partner] = first.call(PARTNER, "create", {"name": "Contended"})

    def collide(**options):
        first.begin()
        first.call(PARTNER, "write", {"name": "First"}, ids=[partner])
        pending = second.start(PARTNER, "write", {"name": "Second"}, ids=[partner], **options)
        postgres.wait_for_lock_wait(second)
        first.commit()
        return pending

    with pytest.raises(CallFailed) as failure:
        collide().value()
    assert failure.value.error_type == "psycopg2.errors.SerializationFailure"
    assert postgres.value("SELECT name FROM res_partner WHERE id = %s", [partner]) == "First"
    collide(retry=True).value()
    assert postgres.value("SELECT name FROM res_partner WHERE id = %s", [partner]) == "Second"


def test_at_once_gives_each_outcome_and_each_failure(two_workers):
    good, bad = at_once(
        [(two_workers[0], (PARTNER, "search_count", [])), (two_workers[1], (PARTNER, "no_such_method"))]
    )
    assert good.value > 0
    assert bad.error_type == "builtins.AttributeError"


def test_a_call_has_the_rights_of_its_user(two_workers, postgres):
    visitor = postgres.value("SELECT res_id FROM ir_model_data WHERE module = 'base' AND name = 'public_user'")
    with pytest.raises(CallFailed, match="AccessError"):
        two_workers[0].call(PARTNER, "create", {"name": "Forbidden"}, user=visitor)
    two_workers[0].call(PARTNER, "create", {"name": "Allowed"})
    assert postgres.execute("SELECT name FROM res_partner WHERE name IN ('Forbidden', 'Allowed')") == [("Allowed",)]


def test_one_answer_must_be_taken_before_the_next_call(two_workers):
    pending = two_workers[0].start(PARTNER, "search_count", [])
    with pytest.raises(RuntimeError, match="still owes"):
        two_workers[0].call(PARTNER, "search_count", [])
    assert pending.value() > 0


def test_a_process_that_cannot_start_says_why(processes, databases):
    elsewhere = type(processes)(databases, Postgres(databases, f"{processes.database}_missing"))
    with elsewhere, pytest.raises(ProcessDied, match="does not exist"):
        elsewhere.workers(1)


def test_closing_ends_every_process(processes, databases, postgres):
    with type(processes)(databases, postgres) as more:
        process = more._add("server", serve)
        assert process.alive
    assert process.exit_code == -9
