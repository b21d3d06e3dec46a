"""An agency negotiates while its customer is recalled, in two processes: nothing it asks for outlives the recall."""

import pytest

from billing.test_placement_processes import AGREEMENT, NOW, PLACEMENT
from billing.two_at_once import both, set_now
from harness.worker import CallFailed

STATES = "SELECT state FROM cobranca_proposal WHERE placement_id = ANY(%s)"


@pytest.fixture(scope="module")
def desks(two_workers):
    """(first process, second, id of an agency, id of who works there, id of a manager of the company)"""
    set_now(two_workers, NOW)
    for worker in two_workers:
        for added in ("agreeing:add_to_agreements", "placing:add_to_placements", "offering:add_to_placements"):
            worker.inject(f"billing.{added}")
    first, second = two_workers
    _collector, manager, _other = first.call(AGREEMENT, "make_people_for_test")
    agency, _rival = first.call("cobranca.agency", "make_for_test")
    return first, second, agency, first.call("cobranca.agency", "add_people_for_test", ids=[agency]), manager


@pytest.fixture
def placement(desks):
    """A new customer who is with the agency: [id of the placement]."""
    lines = desks[0].call(AGREEMENT, "make_debts_for_test", [500.0, 300.0])[1]
    return desks[0].call(PLACEMENT, "place_for_test", lines, desks[2])


def act(method, placement, user):
    return (PLACEMENT, f"{method}_for_test"), {"ids": placement, "user": user}


@pytest.mark.parametrize("method", ["offer", "ask"])
def test_recalled_a_moment_before(desks, postgres, placement, method):
    _first, _second, _agency, worker, manager = desks
    _done, refused = both(desks, postgres, act("recall", placement, manager), act(method, placement, worker))
    assert isinstance(refused, CallFailed)
    assert refused.error_type == "odoo.exceptions.UserError", refused.error
    assert "not with you" in refused.error
    assert postgres.execute(STATES, [placement]) == []


@pytest.mark.parametrize(("method", "state"), [("offer", "sent"), ("ask", "withdrawn")])
def test_recalled_a_moment_after(desks, postgres, placement, method, state):
    """What was asked for at this moment ends with the placement; what the customer was offered binds."""
    _first, _second, _agency, worker, manager = desks
    _done, recalled = both(desks, postgres, act(method, placement, worker), act("recall", placement, manager))
    assert not isinstance(recalled, CallFailed), recalled
    assert postgres.execute(STATES, [placement]) == [(state,)]
    assert postgres.value("SELECT state FROM cobranca_placement WHERE id = ANY(%s)", [placement]) == "ended"
