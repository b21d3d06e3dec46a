"""The example client of the documentation talks to a real server, which refuses what is not as documented."""

import importlib.util
import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from harness.fake_http import FakeService

from . import trust

CLIENT = Path(__file__).parents[2] / "docs" / "agency_client.py"
CONTACTS = "SELECT count(*) FROM cobranca_interaction WHERE placement_id IS NOT NULL"
PRIVATE = "cobranca_recorrente.webhook_allow_private"


@pytest.fixture(scope="module")
def client():
    """The example, as an agency has it: a file."""
    specification = importlib.util.spec_from_file_location("agency_client", CLIENT)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def worker(two_workers):
    for worker in two_workers:
        worker.inject("webhook.placing:add_to_company")
    return two_workers[0]


@pytest.fixture(scope="module")
def facts(worker):
    """What the worker has prepared, see placing.py."""
    return worker.call("res.company", "make_agency_for_test")


@pytest.fixture
def agency(client, server, facts):
    return client.Agency(server.url, facts["key"], facts["secret"])


def contact(facts, identity, **values):
    first = {"id": identity, "tipo": "contato", "distribuicao": facts["placement"], "canal": "ligacao"}
    return {**first, "resultado": "sem_resposta", **values}


def at_once(actions):
    """What actions answer that begin together."""
    start = threading.Barrier(len(actions))

    def run(action):
        start.wait()
        return action()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def test_client_fetches_and_tells(agency, client, facts, postgres, monkeypatch):
    monkeypatch.setattr(client, "AT_ONCE", 5)
    rows = list(agency.portfolio())
    assert {row["divida"] for row in rows} == set(facts["debts"])
    assert {row["distribuicao"] for row in rows} == {facts["placement"]}
    assert agency.portfolio_file("xlsx")[:2] == b"PK"
    before = postgres.value(CONTACTS)
    events = [contact(facts, f"many-{at}") for at in range(9)]
    events[7]["canal"] = "fax"
    answers = agency.send(events)
    assert [answer["id"] for answer in answers] == [event["id"] for event in events]
    refused = [answer for answer in answers if answer["situacao"] == "recusado"]
    assert [answer["id"] for answer in refused] == ["many-7"] and "fax" in refused[0]["motivo"]
    assert all(answer["repetido"] for answer in agency.send(events[:3]))
    assert postgres.value(CONTACTS) - before == len(events) - 1


def make_call(client, agency, path, header, body):
    """A call as somebody made it who need not know the secret.

    :return: (status, what was answered)
    """
    headers = {client.SIGNATURE: header, "Content-Type": "application/json"}
    request = client.urllib.request.Request(agency.url + path, body, headers)
    try:
        with agency.opener.open(request, timeout=60) as answer:
            return answer.status, answer.read()
    except client.urllib.error.HTTPError as error:
        return error.code, error.read()


def test_server_refuses_what_is_not_as_documented(agency, client, facts):
    """The same calls as the client makes, each with one thing otherwise."""
    path, now = f"/cobranca/assessoria/v1/{facts['key']}/eventos", int(time.time())
    body = json.dumps({"eventos": [contact(facts, "never")]}).encode()
    signed = partial(client.sign, facts["secret"])
    good = signed(now, "POST", path, body)
    for expected, header, sent in (
        (401, good, body + b" "),
        (401, good.replace("v1=", "v2="), body),
        (401, client.sign("wrong", now, "POST", path, body), body),
        (401, signed(now - 330, "POST", path, body), body),
        (401, signed(now, "GET", path, body), body),
        (422, signed(now, "POST", path, b"[]"), b"[]"),
    ):
        status, answer = make_call(client, agency, path, header, sent)
        assert status == expected
        assert client.read_refusal(status, answer).code in ("signature", "clock", "body")
    with pytest.raises(client.Refused, match="signature"):
        client.Agency(agency.url, "ca_other", facts["secret"]).portfolio_file("csv")


def test_two_calls_at_once(agency, client, facts, postgres):
    """The same event by two calls is done once, and one call made twice is taken once."""
    before = postgres.value(CONTACTS)
    # Calls by one key wait for one another: their count is kept.
    systems = [agency, client.Agency(agency.url, *facts["other"])]
    twice, others = contact(facts, "twice"), [contact(facts, "other-1"), contact(facts, "other-2")]
    answers = at_once(
        [lambda pair=pair: pair[0].send([twice, pair[1]])[0] for pair in zip(systems, others, strict=True)]
    )
    assert [answer["situacao"] for answer in answers] == ["aceito", "aceito"]
    assert sorted(answer["repetido"] for answer in answers) == [False, True]
    assert postgres.value(CONTACTS) - before == 3
    path, body = f"/cobranca/assessoria/v1/{facts['key']}/eventos", b'{"eventos": [{"id": "x"}]}'
    header = client.sign(facts["secret"], int(time.time()), "POST", path, body)
    answers = at_once([partial(make_call, client, agency, path, header, body)] * 2)
    assert sorted(status for status, _answer in answers) == [200, 409]


def test_one_event_in_two_transactions(worker, two_workers, facts, postgres):
    """Whatever else holds one of them up: who comes second waits, and begins again."""
    event, other = contact(facts, "race", distribuicao="D/2026/9"), two_workers[1]
    worker.begin()
    assert worker.call("res.company", "take_for_test", event) == ["refused", False]
    pending = other.start("res.company", "take_for_test", event, retry=True)
    postgres.wait_for_lock_wait()
    worker.commit()
    assert pending.value() == ["refused", True]
    assert postgres.value("SELECT count(*) FROM cobranca_agency_event WHERE external_id = 'race'") == 1


def test_agency_is_told_and_can_tell_who_called(client, worker, facts, tmp_path):
    """A recall reaches the system of the agency, which knows the call by its signature; then nothing is fetched."""
    certificate = trust.make_certificate(tmp_path)
    worker.inject("webhook.trust:trust", str(certificate))
    fake = FakeService()
    address = trust.serve_by_tls(fake, certificate)
    fake.start()
    body = {"id": str, "created_at": str, "company": int, "event": "placement.ended", "placements": list}
    route = fake.route("POST", "/hook", headers={"x-cobranca-signature": re.compile("t=.*")}, body=body)
    worker.call("ir.config_parameter", "set_param", PRIVATE, "1")
    values = {"name": "Agency", "url": f"{address}/hook", "agency_id": facts["agency"]}
    endpoint = worker.call("cobranca.webhook.endpoint", "create", values)
    shown = worker.call("cobranca.webhook.endpoint", "action_new_secret", ids=endpoint)["context"]["default_secret"]
    worker.call("res.company", "recall_for_test")
    worker.call("cobranca.webhook.event", "_cron_send")
    fake.stop()
    fake.check()
    [call] = route.calls
    assert call.body["placements"] == [{"placement": facts["placement"], "reason": "recalled"}]
    raw, header = json.dumps(call.body, separators=(",", ":")).encode(), call.headers["x-cobranca-signature"]
    assert client.is_ours(shown, header, raw)
    for bad in ((shown, header, raw + b" "), ("other", header, raw), (shown, "", raw), ("", header, raw)):
        assert not client.is_ours(*bad)
    assert not client.is_ours(shown, header, raw, now=time.time() + 400)
