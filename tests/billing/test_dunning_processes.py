"""Real processes run the same ladder: each debtor gets one reminder, whoever dies or pays meanwhile."""

from collections import Counter

import pytest

from harness.odoo_process import ProcessDied
from harness.waiting import wait_until
from harness.worker import CallFailed, at_once

ENGINE = "cobranca.dunning.engine"
# A Friday, 12:00 in São Paulo.
NOW = "2026-03-13 15:00:00"
DEBTORS = 51
BATCH = 10


def prepare(worker):
    """A worker for which it is that Friday."""
    worker.inject("billing.clock:set_now", NOW)
    worker.inject("billing.dunning:add_to_engine")
    return worker


@pytest.fixture(scope="module")
def runners(processes):
    workers = [prepare(worker) for worker in processes.workers(4)]
    assert len({worker.pid for worker in workers}) == 4
    return workers


@pytest.fixture
def debtors(runners, postgres, smtp):
    """Ids of debtors with a line at D+3 whom nobody reminded yet; none of an earlier test is left."""
    postgres.execute("DELETE FROM cobranca_dunning_notice")
    postgres.execute("DELETE FROM cobranca_message_line")
    postgres.execute("DELETE FROM cobranca_message")
    postgres.execute("UPDATE account_move_line SET no_followup = TRUE")
    return runners[0].call(ENGINE, "make_world_for_test", DEBTORS, 3, smtp.host, smtp.port)


def assert_each_reminded_once(postgres, smtp, debtors, more=()):
    """One claim, one message that was sent and one mail for each debtor.

    :param more: addresses that got the same mail again, which nobody can prevent
    """
    rows = postgres.execute("SELECT state, count(*), count(DISTINCT partner_id) FROM cobranca_message GROUP BY 1")
    assert rows == [("sent", len(debtors), len(debtors))]
    [claims] = postgres.execute("SELECT count(*), count(DISTINCT line_id) FROM cobranca_dunning_notice")
    assert claims == (len(debtors), len(debtors))
    arrived = Counter(recipient for mail in smtp.mails for recipient in mail.recipients)
    emails = postgres.execute("SELECT email FROM res_partner WHERE id = ANY(%s)", [debtors])
    assert arrived == Counter([email for (email,) in emails]) + Counter(more)


def fail_of(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, CallFailed)]


@pytest.mark.parametrize("count", [2, 4])
def test_processes_remind_each_debtor_once(runners, postgres, debtors, smtp, count):
    """All claim at once, then all deliver at once."""
    own = runners[:count]
    claims = at_once([(worker, (ENGINE, "_cron_run")) for worker in own])
    assert not fail_of(claims)
    assert postgres.value("SELECT count(*) FROM cobranca_message") == DEBTORS
    sent = at_once([(worker, (ENGINE, "_cron_deliver", BATCH)) for worker in own])
    assert not fail_of(sent)
    assert all(one.overlaps(other) for one in sent for other in sent)
    assert_each_reminded_once(postgres, smtp, debtors)


def test_claims_and_deliveries_at_the_same_time(runners, postgres, debtors, smtp):
    jobs = [(ENGINE, "_cron_run"), (ENGINE, "_cron_run"), (ENGINE, "_cron_deliver"), (ENGINE, "_cron_deliver")]
    assert not fail_of(at_once(list(zip(runners, jobs, strict=True))))
    runners[0].call(ENGINE, "_cron_deliver")
    assert_each_reminded_once(postgres, smtp, debtors)


def test_repeating_the_day_sends_nothing(runners, postgres, debtors, smtp):
    for worker in runners[:2]:
        worker.call(ENGINE, "_cron_run")
        worker.call(ENGINE, "_cron_deliver")
    assert_each_reminded_once(postgres, smtp, debtors)


def test_one_run_claims_while_another_holds_the_company(runners, postgres, debtors, smtp):
    """The second leaves the claims to the first, and does not wait."""
    first, second = runners[:2]
    first.begin()
    first.call(ENGINE, "_run_for_test")
    second.call(ENGINE, "_cron_run")
    assert postgres.value("SELECT count(*) FROM cobranca_message") == 0
    first.commit()
    second.call(ENGINE, "_cron_run")
    second.call(ENGINE, "_cron_deliver")
    assert_each_reminded_once(postgres, smtp, debtors)


@pytest.mark.parametrize("commit", [1, 2])
def test_kill_while_claims_are_made(processes, runners, postgres, debtors, smtp, commit):
    """SIGKILL just before a commit of the claims: nothing is half done, the next run claims all."""
    [victim] = processes.workers(1)
    prepare(victim).inject("harness.faults:die_at_commit", commit)
    with pytest.raises(ProcessDied):
        victim.start(ENGINE, "_cron_run").outcome()
    postgres.wait_until_gone(victim)
    assert postgres.value("SELECT count(*) FROM cobranca_message") == 0
    runners[0].call(ENGINE, "_cron_run")
    runners[0].call(ENGINE, "_cron_deliver")
    assert_each_reminded_once(postgres, smtp, debtors)


def test_kill_between_mail_server_and_commit_repeats_that_mail_only(processes, runners, postgres, debtors, smtp):
    """The one thing nobody can undo: the repeated mail has the same Message-Id, mail programs show it once."""
    runners[0].call(ENGINE, "_cron_run")
    [victim] = processes.workers(1)
    prepare(victim).inject("billing.dunning:die_after_mail", 20)
    with pytest.raises(ProcessDied):
        victim.start(ENGINE, "_cron_deliver").outcome()
    assert len(smtp.mails) == 20
    assert postgres.value("SELECT count(*) FROM cobranca_message WHERE state = 'sent'") == 19
    [twice] = smtp.mails[19].recipients
    runners[0].call(ENGINE, "_cron_deliver")
    assert_each_reminded_once(postgres, smtp, debtors, more=[twice])
    assert len({mail.message["Message-Id"] for mail in smtp.mails}) == DEBTORS


def test_kill_before_any_mail_sends_each_once(processes, runners, postgres, debtors, smtp):
    """SIGKILL after the texts are written and before the first mail."""
    runners[0].call(ENGINE, "_cron_run")
    [victim] = processes.workers(1)
    prepare(victim).inject("harness.faults:die_at_commit", 2)
    with pytest.raises(ProcessDied):
        victim.start(ENGINE, "_cron_deliver").outcome()
    assert not smtp.mails
    runners[0].call(ENGINE, "_cron_deliver")
    assert_each_reminded_once(postgres, smtp, debtors)


def test_payment_on_its_way_is_not_reminded(runners, postgres, debtors, smtp):
    """A payment that is being booked while reminders leave: its debtor gets none, before or after."""
    payer, sender = runners[:2]
    sender.call(ENGINE, "_cron_run")
    payers, others = debtors[:5], debtors[5:]
    payer.begin()
    payer.call(ENGINE, "pay_for_test", payers)
    sender.call(ENGINE, "_cron_deliver")
    payer.commit()
    sender.call(ENGINE, "_cron_deliver")
    states = dict(postgres.execute("SELECT state, count(*) FROM cobranca_message GROUP BY 1"))
    assert states == {"sent": len(others), "cancelled": len(payers)}
    arrived = {recipient for mail in smtp.mails for recipient in mail.recipients}
    emails = postgres.execute("SELECT email FROM res_partner WHERE id = ANY(%s)", [others])
    assert arrived == {email for (email,) in emails}


def test_payment_never_waits_for_reminders_to_be_sent(runners, postgres, debtors, smtp):
    """A mail server that takes its time keeps nobody from paying: only the debtor of that very mail waits."""
    smtp.slow_down(120)
    payer, sender = runners[:2]
    sender.call(ENGINE, "_cron_run")
    sending = sender.start(ENGINE, "_cron_deliver")
    wait_until(lambda: smtp.connections, "the first mail is under way")
    payer.call(ENGINE, "pay_for_test", debtors[-5:], retry=True)
    assert not sending.done()
    smtp.slow_down(0)
    sending.value()
    states = dict(postgres.execute("SELECT state, count(*) FROM cobranca_message GROUP BY 1"))
    assert states == {"sent": DEBTORS - 5, "cancelled": 5}
    assert len(smtp.mails) == DEBTORS - 5


def test_one_poisoned_message_leaves_the_others_alone(runners, postgres, debtors, smtp):
    sick = debtors[24]
    poisoned = runners[3]
    poisoned.call(ENGINE, "_cron_run")
    poisoned.call(ENGINE, "poison_for_test", sick)
    poisoned.call(ENGINE, "_cron_deliver")
    [row] = postgres.execute("SELECT state, reason, detail FROM cobranca_message WHERE partner_id = %s", [sick])
    assert row[:2] == ("undelivered", "failed")
    assert "poison" in row[2]
    assert len(smtp.mails) == DEBTORS - 1
    task = "SELECT count(*) FROM mail_activity WHERE res_model = 'res.partner' AND res_id = %s"
    assert postgres.value(task, [sick]) == 1
