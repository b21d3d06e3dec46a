"""Two processes at one subscribed report, file, monthly position or forecast, and one that dies: each is there once."""

from datetime import datetime

import pytest

from billing.two_at_once import both, set_now
from harness.waiting import wait_until
from harness.worker import CallFailed, at_once

SUBSCRIPTION, JOB = "cobranca.report.subscription", "cobranca.report.job"
POSITION, FORECAST = "cobranca.portfolio.snapshot", "cobranca.cash.forecast"
NOW = datetime(2026, 11, 19, 15)
MAILS = """
    SELECT count(*) FROM mail_mail mail JOIN mail_message said ON said.id = mail.mail_message_id
     WHERE said.model = 'cobranca.report.sending'
"""
SENT = "SELECT count(*) FROM cobranca_report_sending WHERE subscription_id = %s"
TOLD = "SELECT count(*) FROM mail_message WHERE message_type = 'user_notification'"
FILES = "SELECT count(*) FROM ir_attachment WHERE res_model = 'cobranca.report.job' AND res_id = %s"
# One row for each month, and no part of it twice.
MONTHS = """
    SELECT count(*), count(DISTINCT (company_id, month)),
           (SELECT count(*) - count(DISTINCT (snapshot_id, basis, band)) FROM cobranca_portfolio_band)
      FROM cobranca_portfolio_snapshot
"""
WEEKS = """
    SELECT (SELECT count(*) FROM cobranca_cash_forecast),
           (SELECT count(*) - count(DISTINCT (partner_id, week, source)) FROM cobranca_cash_forecast_line),
           (SELECT count(*) - count(DISTINCT (cutoff, week)) FROM cobranca_cash_forecast_test)
"""
STATE = "SELECT state, attempts, attachment_id IS NOT NULL FROM cobranca_report_job WHERE id = %s"


@pytest.fixture(scope="module")
def desks(two_workers):
    """Two processes that know reports."""
    set_now(two_workers, NOW)
    for worker in two_workers:
        worker.inject("billing.reporting:add_to_reports")
    two_workers[0].call(POSITION, "write_for_test")
    return two_workers


def test_sent_by_two_at_once(desks, postgres):
    """The second passes over what the first holds, and finds it sent afterwards."""
    first, second = desks
    subscription = first.call(SUBSCRIPTION, "make_for_test")
    before = postgres.value(MAILS)
    first.begin()
    first.call(SUBSCRIPTION, "send_for_test", ids=[subscription])
    second.call(SUBSCRIPTION, "send_for_test", ids=[subscription])
    assert postgres.value(SENT, [subscription]) == 0
    first.commit()
    second.call(SUBSCRIPTION, "send_for_test", ids=[subscription])
    assert postgres.value(SENT, [subscription]) == 1
    assert postgres.value(MAILS) == before + 1


def test_killed_while_it_is_made(processes, desks, postgres):
    """What a killed process had begun is done by the next one, and nothing of it is seen twice."""
    first, _second = desks
    job = first.call(JOB, "make_for_test")
    [dying] = processes.workers(1)
    dying.inject("billing.clock:set_now", str(NOW))
    dying.inject("billing.reporting:make_slow")
    dying.start(JOB, "_cron_run")
    wait_until(lambda: postgres.execute(STATE, [job]) == [("running", 1, False)], "the claim of the file")
    dying.kill()
    postgres.wait_until_gone(dying)
    assert postgres.execute(STATE, [job]) == [("running", 1, False)]
    postgres.execute("UPDATE cobranca_report_job SET started_at = started_at - INTERVAL '1 hour' WHERE id = %s", [job])
    first.call(JOB, "_cron_run")
    assert postgres.execute(STATE, [job]) == [("done", 2, True)]


def test_subscriptions_by_two_crons(desks, postgres):
    """Both come at the same moment to several that are due."""
    first, _second = desks
    made = [first.call(SUBSCRIPTION, "make_for_test") for _time in range(3)]
    before = postgres.value(MAILS)
    done = at_once([(worker, (SUBSCRIPTION, "_cron_send")) for worker in desks])
    assert not [failed for failed in done if isinstance(failed, CallFailed)]
    assert done[0].overlaps(done[1])
    assert len({worker.pid for worker in desks}) == 2
    assert [postgres.value(SENT, [one]) for one in made] == [1, 1, 1]
    assert postgres.value(MAILS) == before + 3


def test_a_file_that_somebody_claims(desks, postgres):
    """Whoever comes second neither waits for it nor makes it."""
    first, second = desks
    job = first.call(JOB, "make_for_test")
    first.begin()
    first.call(JOB, "try_lock_for_update", ids=[job])
    second.start(JOB, "_cron_run").value()
    assert postgres.execute(STATE, [job]) == [("queued", None, False)]
    first.commit()
    second.call(JOB, "_cron_run")
    assert postgres.execute(STATE, [job]) == [("done", 1, True)]


def test_files_by_two_crons(desks, postgres):
    """One makes a file, the other one passes over it; who asked is told once."""
    first, _second = desks
    made = [first.call(JOB, "make_for_test") for _time in range(2)]
    before = postgres.value(TOLD)
    for worker in desks:
        worker.inject("billing.reporting:make_slow", 0.5)
    done = at_once([(worker, (JOB, "_cron_run")) for worker in desks])
    assert not [failed for failed in done if isinstance(failed, CallFailed)]
    assert done[0].overlaps(done[1])
    assert [postgres.execute(STATE, [job]) for job in made] == [[("done", 1, True)]] * 2
    assert [postgres.value(FILES, [job]) for job in made] == [1, 1]
    assert postgres.value(TOLD) == before + 2


def test_somebody_looks_at_a_file_that_is_ready(desks, postgres):
    """Who only looks whether it waits does not make the maker throw it away."""
    first, second = desks
    job = first.call(JOB, "make_for_test")
    second.inject("billing.reporting:make_slow", 5)
    pending = second.start(JOB, "_cron_run")
    wait_until(lambda: postgres.execute(STATE, [job]) == [("running", 1, False)], "the claim of the file")
    first.begin()
    first.call(JOB, "try_lock_for_update", ids=[job])
    postgres.wait_for_lock_wait(second)
    first.commit()
    pending.value()
    assert postgres.execute(STATE, [job]) == [("done", 1, True)]


# --- monthly positions ---


def test_a_position_by_two_buttons(desks, postgres):
    """The second waits and takes it anew: the same row."""
    taken = both(desks, postgres, ((POSITION, "take_for_test"), {}), ((POSITION, "take_for_test"), {}))
    assert taken[0] == taken[1].value
    assert postgres.execute(MONTHS) == [(1, 1, 0)]
    # And once more, now that it is there.
    again = both(desks, postgres, ((POSITION, "take_for_test"), {}), ((POSITION, "take_for_test"), {}))
    assert again[1].value == taken[0]
    assert postgres.execute(MONTHS) == [(1, 1, 0)]


def test_a_position_by_cron_and_button(desks, postgres):
    """A cron is not served again: it leaves the month to who was first, and goes on with the others."""
    call = ((POSITION, "_cron_take"), {"retry": False})
    _taken, cron = both(desks, postgres, ((POSITION, "take_for_test"), {}), call)
    assert not isinstance(cron, CallFailed), cron
    total, months, twice = postgres.execute(MONTHS)[0]
    assert (total, twice) == (months, 0)
    assert total > 1


def assert_all_taken(desks, postgres):
    """Only the running month is taken again and again."""
    total, months, twice = postgres.execute(MONTHS)[0]
    assert (total, twice) == (months, 0)
    assert total > 1
    assert desks[0].call(POSITION, "left_for_test") == [NOW.date().replace(day=1)]


def test_positions_by_two_crons(desks, postgres):
    postgres.execute("DELETE FROM cobranca_portfolio_snapshot")
    done = at_once([(worker, (POSITION, "_cron_take")) for worker in desks])
    assert not [failed for failed in done if isinstance(failed, CallFailed)]
    assert done[0].overlaps(done[1])
    assert_all_taken(desks, postgres)


def test_positions_that_another_job_passed_over(desks, postgres):
    """At the end a job waits for the one that it has met: two that pass over one another leave no month."""
    postgres.execute("DELETE FROM cobranca_portfolio_snapshot")
    first, second = desks
    first.begin()
    assert first.call(POSITION, "hold_for_test")
    pending = second.start(POSITION, "_cron_take")
    postgres.wait_for_lock_wait(second)
    first.rollback()
    pending.value(60)
    assert_all_taken(desks, postgres)


# --- the cash forecast ---


def test_the_first_forecast_by_two_buttons(desks, postgres):
    postgres.execute("DELETE FROM cobranca_cash_forecast")
    made, second = both(desks, postgres, ((FORECAST, "refresh_for_test"), {}), ((FORECAST, "refresh_for_test"), {}))
    assert not isinstance(second, CallFailed), second
    assert second.value == made
    assert postgres.execute(WEEKS) == [(1, 0, 0)]


def test_the_first_forecast_by_cron_and_button(desks, postgres):
    postgres.execute("DELETE FROM cobranca_cash_forecast")
    call = ((FORECAST, "_cron_refresh"), {"retry": False})
    _made, cron = both(desks, postgres, ((FORECAST, "refresh_for_test"), {}), call)
    assert not isinstance(cron, CallFailed), cron
    assert postgres.execute(WEEKS) == [(1, 0, 0)]


def test_a_forecast_that_somebody_computes(desks, postgres):
    """Who comes second does not wait for the same work: he sees what is there."""
    first, second = desks
    first.begin()
    made = first.call(FORECAST, "refresh_for_test")
    assert second.call(FORECAST, "refresh_for_test") == made
    first.commit()
    assert postgres.execute(WEEKS) == [(1, 0, 0)]
