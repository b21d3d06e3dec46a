"""Real processes call a service by TLS that refuses every call it does not know."""

import hashlib
import hmac
import json
import re
import time

import pytest

from harness.fake_http import FakeService
from harness.worker import at_once

from . import trust

ENDPOINT, EVENT = "cobranca.webhook.endpoint", "cobranca.webhook.event"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SIGNATURE = re.compile(r"t=\d+,v1=[0-9a-f]{64}")
# Seconds for a step of a call and for all of it, on a machine that does other things too.
PATIENT = (10, 20)
PRIVATE = "cobranca_recorrente.webhook_allow_private"
TEST = {"id": UUID, "created_at": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "company": int, "event": "test"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return trust.make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def workers(two_workers, certificate):
    """Two processes that trust the service."""
    for worker in two_workers:
        worker.inject("webhook.trust:trust", str(certificate))
        worker.inject("webhook.trust:set_limits", *PATIENT)
    return two_workers


@pytest.fixture
def service(certificate):
    """The other company's system."""
    fake = FakeService()
    fake.tls_url = trust.serve_by_tls(fake, certificate)
    fake.start()
    yield fake
    fake.stop()
    fake.check()


@pytest.fixture
def route(service):
    headers = {"x-cobranca-signature": SIGNATURE, "x-cobranca-event": UUID, "content-type": "application/json"}
    return service.route("POST", "/hook", headers=headers, body=TEST)


@pytest.fixture
def endpoint(workers, postgres, service):
    """The only address; calls to this machine are allowed."""
    postgres.execute("DELETE FROM cobranca_webhook_endpoint")
    workers[0].call("ir.config_parameter", "set_param", PRIVATE, "1")
    [made] = workers[0].call(ENDPOINT, "create", {"name": "ERP", "url": f"{service.tls_url}/hook"})
    return made


def queue(worker, endpoint, count=1):
    for _call in range(count):
        worker.call(ENDPOINT, "action_test", ids=[endpoint])


def rows(postgres):
    return postgres.execute("SELECT state, attempts, status, error FROM cobranca_webhook_event ORDER BY id")


def due_again(postgres):
    postgres.execute("UPDATE cobranca_webhook_event SET next_try_at = create_date WHERE state = 'waiting'")


def test_signed_call_arrives(workers, postgres, endpoint, route):
    queue(workers[0], endpoint)
    assert rows(postgres) == [("waiting", 0, None, None)]
    assert not route.calls, "nothing is sent before the transaction is committed"
    workers[1].call(EVENT, "_cron_send")
    [call] = route.calls
    assert rows(postgres) == [("sent", 1, 200, None)]
    [[secret]] = postgres.execute("SELECT secret FROM cobranca_webhook_endpoint")
    seconds, digest = re.fullmatch(r"t=(\d+),v1=(\w+)", call.headers["x-cobranca-signature"]).groups()
    body = json.dumps(call.body, separators=(",", ":"))
    assert digest == hmac.new(secret.encode(), f"{seconds}.{body}".encode(), hashlib.sha256).hexdigest()
    assert abs(time.time() - int(seconds)) < 600
    assert call.headers["x-cobranca-event"] == call.body["id"]


@pytest.mark.parametrize(
    "change",
    [
        {"path": re.compile("/other")},
        {"method": "GET"},
        {"headers": {"x-cobranca-signature": "t=1"}},
        {"body": {"event": "test"}},
    ],
)
def test_a_call_that_the_service_does_not_know_is_refused(workers, postgres, service, endpoint, route, change):
    """The service stands for a real one: had we called otherwise, it would not have taken it."""
    for name, value in change.items():
        setattr(route, name, value)
    queue(workers[0], endpoint)
    workers[0].call(EVENT, "_cron_send")
    assert service.take_violations()
    [(state, attempts, _status, error)] = rows(postgres)
    assert (state, attempts) == ("waiting", 1)
    assert "4" in error


def test_trouble_that_passes(workers, postgres, endpoint, route):
    queue(workers[0], endpoint)
    route.fail(500)
    route.cut()
    for attempt in (1, 2):
        workers[0].call(EVENT, "_cron_send")
        assert rows(postgres)[0][:2] == ("waiting", attempt)
        workers[0].call(EVENT, "_cron_send")
        assert len(route.calls) == attempt, "not before its time"
        due_again(postgres)
    workers[0].call(EVENT, "_cron_send")
    assert rows(postgres) == [("sent", 3, 200, None)]
    assert len({call.headers["x-cobranca-event"] for call in route.calls}) == 1, "the same call, so that it counts once"


def test_slow_answer_is_given_up(workers, postgres, endpoint, route):
    queue(workers[0], endpoint)
    route.slow_down(30)
    workers[0].inject("webhook.trust:set_limits", 1, 2)
    began = time.monotonic()
    try:
        workers[0].call(EVENT, "_cron_send")
    finally:
        workers[0].inject("webhook.trust:set_limits", *PATIENT)
    assert time.monotonic() - began < 20
    [(state, _attempts, _status, error)] = rows(postgres)
    assert state == "waiting" and "TimeoutError" in error


def test_unknown_certificate(workers, postgres, certificate, endpoint, route):
    queue(workers[0], endpoint)
    workers[0].inject("webhook.trust:distrust")
    workers[0].call(EVENT, "_cron_send")
    workers[0].inject("webhook.trust:trust", str(certificate))
    assert not route.calls
    [(state, _attempts, _status, error)] = rows(postgres)
    assert state == "waiting" and "SSLCertVerificationError" in error


def test_own_network_is_not_called_unless_allowed(workers, postgres, endpoint, route):
    workers[0].call("ir.config_parameter", "set_param", PRIVATE, "0")
    queue(workers[0], endpoint)
    workers[0].call(EVENT, "_cron_send")
    assert not route.calls
    [(state, attempts, _status, error)] = rows(postgres)
    assert (state, attempts) == ("failed", 1)
    assert "private" in error


def test_two_processes_send_each_call_once(workers, postgres, endpoint, route):
    queue(workers[0], endpoint, 12)
    route.slow_down(0.05)
    at_once([(worker, (EVENT, "_cron_send")) for worker in workers])
    due_again(postgres)
    workers[0].call(EVENT, "_cron_send")
    assert [row[:2] for row in rows(postgres)] == [("sent", 1)] * 12
    sent = [call.body["id"] for call in route.calls]
    assert len(sent) == len(set(sent)) == 12
