"""Two processes at one subscribed report, and one that dies at it: each period goes out once."""

from datetime import datetime

import pytest

from billing.two_at_once import set_now
from harness.waiting import wait_until

SUBSCRIPTION, JOB = "cobranca.report.subscription", "cobranca.report.job"
NOW = datetime(2026, 11, 19, 15)
MAILS = """
    SELECT count(*) FROM mail_mail mail JOIN mail_message said ON said.id = mail.mail_message_id
     WHERE said.model = 'cobranca.report.sending'
"""
SENT = "SELECT count(*) FROM cobranca_report_sending WHERE subscription_id = %s"
STATE = "SELECT state, attempts, attachment_id IS NOT NULL FROM cobranca_report_job WHERE id = %s"


@pytest.fixture(scope="module")
def desks(two_workers):
    """Two processes that know reports."""
    set_now(two_workers, NOW)
    for worker in two_workers:
        worker.inject("billing.reporting:add_to_reports")
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
    assert postgres.execute(STATE, [job]) == [("running", 1, False)]
    postgres.execute("UPDATE cobranca_report_job SET started_at = started_at - INTERVAL '1 hour' WHERE id = %s", [job])
    first.call(JOB, "_cron_run")
    assert postgres.execute(STATE, [job]) == [("done", 2, True)]
