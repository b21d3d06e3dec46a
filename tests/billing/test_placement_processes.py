"""Two processes at one placed debt: one agency at most, and neither money nor a term is lost to a race."""

from datetime import datetime, timedelta

import pytest

from billing.two_at_once import both, set_now
from harness.worker import CallFailed

AGREEMENT, PLACEMENT, PAGE = "cobranca.agreement", "cobranca.placement", "cobranca.placement.page"
NOW = datetime(2026, 11, 19, 15)
LIVE = "SELECT count(*) FROM cobranca_placement_line WHERE line_id = ANY(%s) AND is_live"
HELD = """
    SELECT count(*) FROM cobranca_hold
     WHERE line_id = ANY(%s) AND reason = 'placement' AND ended_on IS NULL
"""


@pytest.fixture(scope="module")
def desks(two_workers):
    """(first process, second, ids of agencies, ids of people: collector and managers)"""
    set_now(two_workers, NOW)
    for worker in two_workers:
        worker.inject("billing.agreeing:add_to_agreements")
        worker.inject("billing.placing:add_to_placements")
    first, second = two_workers
    people = first.call(AGREEMENT, "make_people_for_test")
    return first, second, first.call("cobranca.agency", "make_for_test"), people


@pytest.fixture
def debts(desks):
    """Ids of the debts of a new customer; who moved the clock puts it back."""
    set_now(desks[:2], NOW)
    return desks[0].call(AGREEMENT, "make_debts_for_test", [500.0, 300.0])[1]


@pytest.fixture
def placement(desks, debts):
    return desks[0].call(PLACEMENT, "place_for_test", debts, desks[2][0])


def standing(postgres, placement):
    query = "SELECT state, end_reason FROM cobranca_placement WHERE id = %s"
    return postgres.execute(query, placement)[0]


def test_placed_twice(desks, postgres, debts):
    """Two agencies, two runs, one debt in common: one of them has it."""
    agencies = desks[2]
    calls = [
        ((PLACEMENT, "place_for_test", lines, agency), {})
        for lines, agency in zip((debts, debts[1:]), agencies, strict=True)
    ]
    done, refused = both(desks, postgres, *calls)
    assert len(done) == 1
    assert isinstance(refused, CallFailed)
    assert "with an agency already" in refused.error
    assert postgres.value(LIVE, [debts]) == postgres.value(HELD, [debts]) == 2


@pytest.mark.parametrize("payer_is_first", [True, False])
def test_recalled_and_paid_at_once(desks, postgres, debts, placement, payer_is_first):
    """No payment is refused because somebody recalls at this moment, and what ended once stays as it ended."""
    pay = (AGREEMENT, "receive_for_test", debts, 2000.0), {}
    recall = (PLACEMENT, "_recall", "Back to us"), {"ids": placement, "user": desks[3][1]}
    calls = [pay, recall] if payer_is_first else [recall, pay]
    _done, later = both(desks, postgres, *calls)
    assert not isinstance(later, CallFailed), later
    assert standing(postgres, placement) == ("ended", "paid" if payer_is_first else "recalled")
    assert postgres.value("SELECT bool_and(reconciled) FROM account_move_line WHERE id = ANY(%s)", [debts])
    assert postgres.value(LIVE, [debts]) == postgres.value(HELD, [debts]) == 0


def test_recalled_twice_at_once(desks, postgres, placement):
    calls = [((PLACEMENT, "_recall", note), {"ids": placement, "user": desks[3][1]}) for note in ("First", "Second")]
    _done, later = both(desks, postgres, *calls)
    assert later.value == []
    assert postgres.value("SELECT end_note FROM cobranca_placement WHERE id = %s", placement) == "First"


def test_agreement_on_the_night_in_which_the_term_ends(desks, postgres, debts, placement):
    """The nightly run waits for who signs, and finds a term that goes on."""
    set_now(desks[:2], NOW + timedelta(days=91))
    sign = (AGREEMENT, "sign_for_test", debts), {"user": desks[3][0]}
    _done, later = both(desks, postgres, sign, ((PLACEMENT, "_cron_follow"), {"retry": False}))
    assert not isinstance(later, CallFailed), later
    assert standing(postgres, placement) == ("active", None)
    assert postgres.value("SELECT ends_on > base_ends_on FROM cobranca_placement WHERE id = %s", placement)
    assert postgres.value("SELECT count(*) FROM cobranca_placement_line WHERE placement_id = %s", placement) == 5


def test_agreement_right_after_the_term_ended(desks, postgres, debts, placement):
    """Who signs waits for the end, begins again, and signs without the agency."""
    end = (PLACEMENT, "_end", "term"), {"ids": placement}
    sign = (AGREEMENT, "sign_for_test", debts), {"user": desks[3][0]}
    _done, later = both(desks, postgres, end, sign)
    assert not isinstance(later, CallFailed), later
    assert standing(postgres, placement) == ("ended", "term")
    assert postgres.value("SELECT state FROM cobranca_agreement WHERE id = %s", later.value) == "active"
    assert postgres.value("SELECT count(*) FROM cobranca_placement_line WHERE placement_id = %s", placement) == 2


@pytest.mark.parametrize("method", ["_take_contact", "_take_promise"])
def test_a_form_sent_twice_at_once(desks, postgres, placement, method):
    """A double click: the second waits for the first, is served anew and finds what it wrote."""
    form = {"canal": "call", "visto": "0"}
    form |= {"dia": "2026-11-24", "valor": "100,00"} if method == "_take_promise" else {"resultado": "no_answer"}
    call = (PAGE, "take_for_test", method, placement[0], form), {}
    _done, second = both(desks, postgres, call, call)
    assert not isinstance(second, CallFailed), second
    assert postgres.value("SELECT count(*) FROM cobranca_interaction WHERE placement_id = %s", placement) == 1
