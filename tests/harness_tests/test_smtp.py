"""The mail server keeps what Odoo sends, and fails in each way as it says."""

import smtplib
import time

import pytest

HEADERS = b"From: a@example.com\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\nMessage-Id: <1@x>\r\n"
GOOD = HEADERS + b"Subject: Hi\r\n\r\nText\r\n"


@pytest.fixture
def client(smtp):
    with smtplib.SMTP(smtp.host, smtp.port, timeout=10) as connection:
        connection.ehlo()
        yield connection


@pytest.fixture
def worker(two_workers, smtp):
    """A process whose Odoo sends by the fake server."""
    sender = two_workers[0]
    old = sender.call("ir.mail_server", "search", [])
    sender.call("ir.mail_server", "unlink", ids=old)
    values = {"name": "Fake", "smtp_host": smtp.host, "smtp_port": smtp.port, "smtp_encryption": "none"}
    sender.call("ir.mail_server", "create", values)
    return sender


def send(worker, *recipients):
    """Let Odoo send one mail; its state and reason afterwards."""
    values = {"subject": "Cobrança de março", "body_html": "<p>Olá</p>", "email_from": "a@example.com"}
    [mail] = worker.call("mail.mail", "create", values | {"email_to": ",".join(recipients), "auto_delete": False})
    worker.call("mail.mail", "send", ids=[mail])
    [row] = worker.call("mail.mail", "read", ["state", "failure_reason"], ids=[mail])
    return row["state"], row["failure_reason"]


def test_a_real_mail_of_odoo_arrives(worker, smtp):
    assert send(worker, "ana@example.com") == ("sent", False)
    [mail] = smtp.wait_for_mails(1)
    assert mail.recipients == ("ana@example.com",)
    assert mail.subject == "Cobrança de março"
    assert "Olá" in mail.text()
    assert smtp.to("ana@example.com") == [mail]
    assert smtp.to("other@example.com") == []


def test_a_refused_recipient_is_an_error_in_odoo(worker, smtp):
    smtp.refuse("ana@example.com")
    state, reason = send(worker, "ana@example.com")
    assert state == "exception"
    assert "550" in reason
    assert not smtp.mails


def test_a_deferred_recipient_is_an_error_in_odoo(worker, smtp):
    smtp.defer("ana@example.com")
    state, reason = send(worker, "ana@example.com")
    assert state == "exception"
    assert "451" in reason


def test_faults_end_with_reset(worker, smtp):
    smtp.refuse("ana@example.com")
    smtp.reset()
    assert send(worker, "ana@example.com")[0] == "sent"


def test_one_refused_recipient_of_two_leaves_the_other(client, smtp):
    smtp.refuse("bad@example.com")
    refused = client.sendmail("a@example.com", ["good@example.com", "bad@example.com"], GOOD)
    assert refused == {"bad@example.com": (550, b"5.1.1 no such user here")}
    assert [mail.recipients for mail in smtp.mails] == [("good@example.com",)]


def test_a_connection_cut_during_data_accepts_nothing_and_the_next_is_fine(smtp):
    smtp.cut_during_data(times=1)
    with pytest.raises(smtplib.SMTPServerDisconnected), smtplib.SMTP(smtp.host, smtp.port, timeout=10) as connection:
        connection.sendmail("a@example.com", ["b@example.com"], GOOD)
    assert not smtp.mails
    with smtplib.SMTP(smtp.host, smtp.port, timeout=10) as connection:
        connection.sendmail("a@example.com", ["b@example.com"], GOOD)
    assert len(smtp.mails) == 1
    assert smtp.connections == 2


def test_a_connection_cut_after_data_has_accepted_the_mail(smtp):
    smtp.cut_after_data(times=1)
    with pytest.raises(smtplib.SMTPServerDisconnected), smtplib.SMTP(smtp.host, smtp.port, timeout=10) as connection:
        connection.sendmail("a@example.com", ["b@example.com"], GOOD)
    assert len(smtp.mails) == 1


def test_a_slow_server_makes_its_client_wait(client, smtp):
    smtp.slow_down(0.4)
    started = time.monotonic()
    client.sendmail("a@example.com", ["b@example.com"], GOOD)
    assert time.monotonic() - started >= 0.4


@pytest.mark.parametrize(
    ("commands", "code", "reason"),
    [
        (["DATA"], 503, "DATA before MAIL"),
        (["RCPT TO:<a@example.com>"], 503, "RCPT before MAIL"),
        (["MAIL FROM:<a@example.com>", "DATA"], 503, "without an accepted recipient"),
        (["MAIL FROM:<a@example.com>", "MAIL FROM:<a@example.com>"], 503, "out of order"),
        (["MAIL FROM:<a@example.com>", "RCPT TO:<nobody>"], 501, "malformed recipient"),
        (["MAIL FROM:<a@example.com>", "RCPT TO:<>"], 501, "malformed recipient"),
        (["MAIL FROM:a@example.com"], 501, "malformed sender"),
        (["EHLO"], 501, "a name must follow"),
        (["FETCH"], 500, "unknown command"),
    ],
)
def test_a_malformed_call_is_refused_and_recorded(client, smtp, commands, code, reason):
    answers = [client.docmd(command)[0] for command in commands]
    assert answers[-1] == code
    assert all(answer == 250 for answer in answers[:-1])
    [violation] = smtp.take_violations()
    assert reason in violation


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (GOOD.replace(b"Date:", b"X-Date:"), "Date is missing"),
        (GOOD.replace(b"From:", b"X-From:"), "From is missing"),
        (GOOD + b"x" * 999 + b"\r\n", "longer than 998"),
    ],
)
def test_a_malformed_message_is_refused_and_recorded(client, smtp, content, reason):
    with pytest.raises(smtplib.SMTPDataError):
        client.sendmail("a@example.com", ["b@example.com"], content)
    assert not smtp.mails
    with pytest.raises(AssertionError, match=reason):
        smtp.check()
