"""Two processes at one code, one paper or one letter of quittance: each counts once, and each try counts."""

import itertools

import pytest

from billing.accepting import DIGITS
from harness.worker import CallFailed, outcome_or_failure

CODE, ACCEPTANCE, QUITTANCE = "cobranca.acceptance.code", "cobranca.acceptance", "cobranca.quittance"
WRONG = "654321"
NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def pages(two_workers):
    """Two processes, such as two web workers that serve the same visitor."""
    for worker in two_workers:
        worker.inject("billing.accepting:add_to_codes")
    return two_workers


@pytest.fixture
def customer(pages):
    values = {"name": f"Ana Lindoso {next(NUMBERS)}", "email": "ana@example.com", "vat": "529.982.247-25"}
    return pages[0].call("res.partner", "create", values)[0]


@pytest.fixture
def code(pages, customer):
    return pages[0].call(CODE, "send_for_test", customer, "offer")[0]


def both(pages, postgres, first_call, second_call):
    """The second process waits for what the first has not committed yet; as a request it is served again if needed."""
    first, second = pages
    first.begin()
    done = first.call(*first_call)
    pending = second.start(*second_call, retry=True)
    postgres.wait_for_lock_wait()
    first.commit()
    return done, outcome_or_failure(pending, 60)


def test_right_code_typed_twice_at_once(pages, postgres, customer, code):
    ask = (CODE, "verify_for_test", customer, "offer", DIGITS)
    done, again = both(pages, postgres, ask, ask)
    assert done[0] is True
    assert again.value[0] is False
    assert postgres.value("SELECT tries FROM cobranca_acceptance_code WHERE id = %s", [code]) == 1


def test_each_wrong_try_counts(pages, postgres, customer, code):
    ask = (CODE, "verify_for_test", customer, "offer", WRONG)
    for _time in range(2):
        both(pages, postgres, ask, ask)
    assert postgres.value("SELECT tries FROM cobranca_acceptance_code WHERE id = %s", [code]) == 4
    done, last = both(pages, postgres, ask, (CODE, "verify_for_test", customer, "offer", DIGITS))
    assert done == [False, 0]
    assert last.value == [False, 0], "the sixth try, though it is the right code"


def test_codes_sent_at_once_are_counted(pages, postgres, customer, code):
    assert code
    pages[0].call(CODE, "send_for_test", customer, "offer")
    ask = (CODE, "send_for_test", customer, "offer")
    done, refused = both(pages, postgres, ask, ask)
    assert done
    assert isinstance(refused, CallFailed)
    assert "3 codes already" in refused.error
    assert postgres.value("SELECT count(*) FROM cobranca_acceptance_code WHERE partner_id = %s", [customer]) == 3


def test_one_acceptance_by_one_code(pages, postgres, customer, code):
    assert pages[0].call(CODE, "verify_for_test", customer, "offer", DIGITS)[0]
    ask = (ACCEPTANCE, "accept_for_test", customer, "offer", code)
    done, refused = both(pages, postgres, ask, ask)
    assert done
    assert isinstance(refused, CallFailed)
    assert "accepted already" in refused.error
    assert postgres.value("SELECT count(*) FROM cobranca_acceptance WHERE code_id = %s", [code]) == 1


def test_one_letter_of_an_invoice(pages, postgres, customer):
    invoice = pages[0].call(QUITTANCE, "make_paid_for_test", customer)
    ask = (QUITTANCE, "issue_for_test", invoice)
    done, again = both(pages, postgres, ask, ask)
    assert done
    assert isinstance(again, CallFailed)
    assert "just issued" in again.error
    assert postgres.value("SELECT count(*) FROM cobranca_quittance WHERE move_id = %s", [invoice]) == 1
