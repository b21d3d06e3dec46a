"""Real processes send the same invoices and Odoo's own mail queue really delivers: each invoice arrives once."""

from collections import Counter

import pytest

from billing.test_processes import BILLING, NOW, make_contracts
from harness.odoo_process import ProcessDied
from harness.worker import CallFailed, at_once

MANY, SOME = 60, 20
BATCH = 8
DELIVERY = "cobranca.invoice.delivery"


def prepare(worker, now=NOW):
    """A worker for which it is 5 January 2026 and that makes small PDFs at once."""
    worker.inject("billing.clock:set_now", now)
    worker.inject("billing.pdf:render_at_once")
    return worker


@pytest.fixture(scope="module")
def senders(processes):
    return [prepare(worker) for worker in processes.workers(3)]


@pytest.fixture
def queue(senders, postgres, smtp):
    """Makes posted contract invoices that wait to be sent by the fake mail server; none of an earlier test does."""
    maker = senders[0]
    postgres.execute("UPDATE cobranca_contract SET state = 'closed'")
    postgres.execute("UPDATE account_move SET cobranca_delivery_state = NULL")
    postgres.execute("DELETE FROM mail_mail")
    postgres.execute("DELETE FROM ir_mail_server")
    postgres.execute("UPDATE res_partner SET email = NULL, email_normalized = NULL WHERE name LIKE 'Customer %'")
    [company] = maker.call("res.company", "search", [], limit=1)
    maker.call("res.company", "write", {"email": "cobranca@example.com"}, ids=[company])
    server = {"name": "Fake", "smtp_host": smtp.host, "smtp_port": smtp.port, "smtp_encryption": "none"}
    maker.call("ir.mail_server", "create", server)

    def make(count):
        contracts = make_contracts(maker, count)
        postgres.execute(
            """
            UPDATE res_partner customer
               SET email = lower(replace(customer.name, ' ', '')) || '@example.com',
                   email_normalized = lower(replace(customer.name, ' ', '')) || '@example.com'
              FROM cobranca_contract contract
             WHERE contract.partner_id = customer.id AND contract.id = ANY(%s)
            """,
            [contracts],
        )
        maker.call(BILLING, "_cron_bill", 100)
        waiting = postgres.execute("SELECT id FROM account_move WHERE cobranca_delivery_state = 'to_send' ORDER BY id")
        assert len(waiting) == count
        return [move for (move,) in waiting]

    return make


@pytest.fixture
def invoices(queue):
    return queue(SOME)


def states(postgres, invoices):
    """How many invoices are in each state."""
    query = "SELECT cobranca_delivery_state, count(*) FROM account_move WHERE id = ANY(%s) GROUP BY 1"
    return dict(postgres.execute(query, [invoices]))


def queued(postgres, invoices):
    """(mails, different invoices) in the mail queue."""
    query = """
        SELECT count(*), count(DISTINCT message.res_id)
          FROM mail_mail mail JOIN mail_message message ON message.id = mail.mail_message_id
         WHERE message.model = 'account.move' AND message.res_id = ANY(%s)
    """
    [row] = postgres.execute(query, [invoices])
    return row


def assert_each_arrives_once(worker, postgres, invoices, smtp):
    """One mail for each invoice in the queue; the queue delivers each to its own customer."""
    assert states(postgres, invoices) == {"sent": len(invoices)}
    assert queued(postgres, invoices) == (len(invoices), len(invoices))
    worker.call("mail.mail", "process_email_queue")
    arrived = Counter(recipient for mail in smtp.mails for recipient in mail.recipients)
    assert arrived == {f"customer{number}@example.com": 1 for number in range(len(invoices))}
    assert len({mail.subject for mail in smtp.mails}) == len(invoices)
    attachments = [part for mail in smtp.mails for part in mail.message.iter_attachments()]
    assert [part.get_content_type() for part in attachments] == ["application/pdf"] * len(invoices)
    # The queue deletes what it has delivered, and nothing of it comes back.
    worker.call("cobranca.delivery.follow", "_cron_follow")
    assert states(postgres, invoices) == {"sent": len(invoices)}


def test_processes_share_the_invoices(senders, postgres, queue, smtp):
    invoices = queue(MANY)
    outcomes = at_once([(worker, (DELIVERY, "_cron_send", BATCH)) for worker in senders])
    failures = [outcome for outcome in outcomes if isinstance(outcome, CallFailed)]
    assert not failures, failures
    assert all(one.overlaps(other) for one in outcomes for other in outcomes)
    assert_each_arrives_once(senders[0], postgres, invoices, smtp)


def test_second_run_sends_nothing(senders, postgres, invoices, smtp):
    senders[0].call(DELIVERY, "_cron_send", BATCH)
    senders[1].call(DELIVERY, "_cron_send", BATCH)
    assert_each_arrives_once(senders[0], postgres, invoices, smtp)
    senders[1].call(DELIVERY, "_cron_send", BATCH)
    senders[0].call("mail.mail", "process_email_queue")
    assert len(smtp.mails) == SOME


# The first commit of a run only reads; each later one holds one invoice.
@pytest.mark.parametrize("commit", [2, 12])
def test_kill_loses_nothing_and_queues_nothing_twice(processes, senders, postgres, invoices, smtp, commit):
    """SIGKILL just before a commit: what was committed is sent, the rest still waits."""
    [victim] = processes.workers(1)
    prepare(victim).inject("harness.faults:die_at_commit", commit)
    with pytest.raises(ProcessDied):
        victim.start(DELIVERY, "_cron_send", 100).outcome()
    sent = commit - 2
    assert states(postgres, invoices).get("sent", 0) == sent
    assert queued(postgres, invoices) == (sent, sent)
    senders[0].call(DELIVERY, "_cron_send", BATCH)
    assert_each_arrives_once(senders[0], postgres, invoices, smtp)


def test_lost_connection_doubles_nothing(senders, postgres, invoices, smtp):
    """The server ends the session while it holds an invoice."""
    first, second, _third = senders
    pending = first.start(DELIVERY, "_cron_send", BATCH)
    holder = None
    while not pending.done() and not holder:
        holder = next(iter(postgres.holders("mail_mail", "RowExclusiveLock")), None)
    assert holder, "the run was over before it could be disturbed"
    postgres.terminate(holder)
    with pytest.raises(Exception, match="(?i)connection|terminat"):
        pending.outcome()
    second.call(DELIVERY, "_cron_send", BATCH)
    assert_each_arrives_once(second, postgres, invoices, smtp)


def test_held_invoices_are_left_alone_without_waiting(senders, postgres, invoices, smtp):
    held, free = invoices[:5], invoices[5:]
    with postgres.transaction() as cursor:
        cursor.execute("SELECT id FROM account_move WHERE id = ANY(%s) FOR UPDATE", [held])
        senders[0].start(DELIVERY, "_cron_send", 100).outcome()
        assert states(postgres, free) == {"sent": len(free)}
        assert states(postgres, held) == {"to_send": len(held)}
    senders[0].call(DELIVERY, "_cron_send", BATCH)
    assert_each_arrives_once(senders[0], postgres, invoices, smtp)


def test_payment_before_the_lock_is_seen(senders, postgres, invoices, smtp):
    """An invoice that is paid after the run has looked, and before it comes to it, is not sent."""
    late = invoices[-1]
    with postgres.transaction() as cursor:
        # The run has looked, and comes no further than to its first mail.
        cursor.execute("LOCK TABLE mail_mail IN SHARE MODE")
        pending = senders[0].start(DELIVERY, "_cron_send", 100)
        postgres.wait_for_lock_wait(senders[0])
        postgres.execute("UPDATE account_move SET payment_state = 'paid' WHERE id = %s", [late])
    pending.outcome()
    assert states(postgres, [late]) == {"none": 1}
    assert queued(postgres, [late]) == (0, 0)


def test_commit_of_each_invoice(senders, postgres, invoices, smtp):
    """What is sent is seen by others at once, long before the run is over."""
    pending = senders[0].start(DELIVERY, "_cron_send", 100)
    seen = set()
    while not pending.done():
        seen.add(states(postgres, invoices).get("sent", 0))
    pending.outcome()
    assert len(seen) > 2, f"seen only at {sorted(seen)}"


def test_refused_address_is_listed_and_a_busy_server_is_asked_again(senders, postgres, invoices, smtp):
    worker, follow = senders[0], ("cobranca.delivery.follow", "_cron_follow")
    smtp.refuse("customer3@example.com")
    smtp.defer("customer4@example.com")
    worker.call(DELIVERY, "_cron_send", 100)
    worker.call("mail.mail", "process_email_queue")
    worker.call(*follow)
    assert states(postgres, invoices) == {"sent": SOME - 2, "undelivered": 1, "to_send": 1}
    reasons = "SELECT cobranca_delivery_reason FROM account_move WHERE id = ANY(%s) ORDER BY 1"
    assert [reason for (reason,) in postgres.execute(reasons, [invoices]) if reason] == ["failed", "retry"]
    smtp.faults.answers.clear()
    worker.call(DELIVERY, "_cron_send", 100)
    worker.call("mail.mail", "process_email_queue")
    assert not smtp.to("customer4@example.com"), "not before a quarter of an hour"
    worker.inject("billing.clock:set_now", "2026-01-05 15:16:00")
    worker.call(DELIVERY, "_cron_send", 100)
    worker.call("mail.mail", "process_email_queue")
    worker.inject("billing.clock:set_now", NOW)
    assert len(smtp.to("customer4@example.com")) == 1
    assert not smtp.to("customer3@example.com")
    assert len(smtp.mails) == SOME - 1


def test_a_real_pdf_arrives(processes, postgres, invoices, smtp):
    """With wkhtmltopdf, for one invoice."""
    [worker] = processes.workers(1)
    worker.inject("billing.clock:set_now", NOW)
    postgres.execute("UPDATE account_move SET cobranca_delivery_state = NULL WHERE id = ANY(%s)", [invoices[1:]])
    worker.call(DELIVERY, "_cron_send", BATCH)
    worker.call("mail.mail", "process_email_queue")
    [mail] = smtp.mails
    [pdf] = [part for part in mail.message.iter_attachments() if part.get_content_type() == "application/pdf"]
    content = pdf.get_content()
    assert content.startswith(b"%PDF")
    assert len(content) > 5000


def test_two_numbers_at_once_for_one_invoice(senders, postgres, invoices):
    """A fiscal addon and a person register a note at the same moment: one of them is told, none is overwritten."""
    addon, person, _third = senders
    invoice = invoices[0]
    postgres.execute("UPDATE account_move SET cobranca_nfse_state = 'pending' WHERE id = %s", [invoice])
    addon.begin()
    addon.call("account.move", "_cobranca_set_nfse", "issued", {"number": "1"}, ids=[invoice])
    try:
        with pytest.raises(CallFailed, match="LockError"):
            person.start("account.move", "_cobranca_set_nfse", "issued", {"number": "2"}, ids=[invoice]).outcome()
    finally:
        addon.commit()
    assert postgres.value("SELECT cobranca_nfse_number FROM account_move WHERE id = %s", [invoice]) == "1"
