"""The outside service knows its calls, refuses all others, and fails as it is told."""

import http.client
import json
import re
import time
import urllib.error
import urllib.request

import pytest

from harness.shapes import ANYTHING, any_of, mismatches, optional

CHARGE = {"amount": float, "currency": "BRL", "payer": {"document": re.compile(r"\d{11}|\d{14}")}}
GOOD = {"amount": 10.5, "currency": "BRL", "payer": {"document": "12345678909"}}


def ask(service, method, path, body=None, **headers):
    """Call the service.

    :return: (status, parsed answer)
    """
    data = None if body is None else json.dumps(body).encode()
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    headers.setdefault("Content-Type", "application/json")
    request = urllib.request.Request(service.url + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


@pytest.fixture
def charges(outside):
    headers = {"authorization": re.compile("Bearer .+")}
    return outside.route("POST", "/charges", headers=headers, body=CHARGE, answer={"id": 7}, status=201)


def charge(outside, body, token="Bearer x"):
    return ask(outside, "POST", "/charges", body, Authorization=token)


def test_a_good_call_is_answered_and_kept(outside, charges):
    assert charge(outside, GOOD) == (201, {"id": 7})
    assert [call.body for call in charges.calls] == [GOOD]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({**GOOD, "amount": "10.5"}, "body.amount: '10.5' is not float"),
        ({**GOOD, "currency": "USD"}, "body.currency: 'USD' is not 'BRL'"),
        ({**GOOD, "extra": 1}, "body.extra: unknown"),
        ({"amount": 1.0, "currency": "BRL"}, "body.payer: missing"),
        ({**GOOD, "payer": {"document": "123"}}, "body.payer.document: '123' is not text like"),
        ([GOOD], "is no object"),
        (None, "body: None is no object"),
    ],
)
def test_a_malformed_body_is_refused_and_recorded(outside, charges, body, reason):
    status, answer = charge(outside, body)
    assert status == 422
    assert reason in answer["problems"][0]
    assert not charges.calls
    with pytest.raises(AssertionError, match=re.escape(reason)):
        outside.check()


def test_other_malformed_calls_are_refused_and_recorded(outside, charges):
    assert charge(outside, GOOD, token="Basic x")[0] == 422
    assert ask(outside, "GET", "/charges")[0] == 405
    assert ask(outside, "POST", "/charge", GOOD)[0] == 404
    assert ask(outside, "POST", "/charges?debug=1", GOOD, Authorization="Bearer x")[0] == 422
    request = urllib.request.Request(outside.url + "/charges", b"{", {"Content-Type": "application/json"})
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(request, timeout=10)
    assert len(outside.take_violations()) == 5


def test_it_fails_as_often_as_told_and_then_works(outside, charges):
    charges.fail(500, times=2)
    assert [charge(outside, GOOD)[0] for _n in range(3)] == [500, 500, 201]
    assert len(charges.calls) == 3


def test_a_lost_answer_has_been_read(outside, charges):
    charges.cut(times=1)
    with pytest.raises((ConnectionError, http.client.HTTPException, urllib.error.URLError)):
        charge(outside, GOOD)
    assert len(charges.calls) == 1
    assert charge(outside, GOOD)[0] == 201


def test_it_can_be_slow(outside, charges):
    charges.slow_down(0.3)
    started = time.monotonic()
    charge(outside, GOOD)
    assert time.monotonic() - started >= 0.3


def test_a_path_with_parts_and_an_answer_made_of_the_call(outside):
    outside.route("GET", r"/charges/\d+", query={optional("page"): "2"}, answer=lambda call: {"path": call.path})
    assert ask(outside, "GET", "/charges/7?page=2") == (200, {"path": "/charges/7"})


def test_odoo_itself_can_call_it(outside, charges, two_workers):
    """Production code reaches the service as it would reach the real one: here by `requests`."""
    two_workers[0].inject("harness_tests.calling:post", f"{outside.url}/charges", GOOD, {"Authorization": "Bearer x"})
    assert charges.wait_for_calls(1)[0].headers["user-agent"].startswith("python-requests")


def test_shapes_of_lists_and_choices():
    assert mismatches([1, 2], [int]) == []
    assert mismatches([1, "2"], [int]) == ["body[1]: '2' is not int"]
    assert mismatches([1], [int, str]) == ["body: 1 items instead of 2"]
    assert mismatches(True, int) == ["body: True is not int"]
    assert mismatches(1, True) == ["body: 1 is not True"]
    assert mismatches(None, any_of(None, str)) == []
    assert mismatches(3, any_of(None, str)) == ["body: 3 fits none of 2 shapes"]
    assert mismatches(object(), ANYTHING) == []
