"""Two processes at one debt: one agreement at most, whatever they do at the same moment, and no money is lost."""

from datetime import datetime, timedelta

import pytest

from billing.two_at_once import both, set_now
from harness.worker import CallFailed, outcome_or_failure

AGREEMENT, PROPOSAL, APPROVAL = "cobranca.agreement", "cobranca.proposal", "cobranca.offer.approval"
NOW = datetime(2026, 11, 19, 15)
LIVE = "SELECT count(*) FROM cobranca_agreement_origin WHERE line_id = ANY(%s) AND is_live"
LEDGER = """
    SELECT SUM(l.balance) FROM account_move_line l JOIN account_account a ON a.id = l.account_id
     WHERE l.partner_id = %s AND a.account_type = 'asset_receivable' AND l.parent_state = 'posted'
"""


@pytest.fixture(scope="module")
def desks(two_workers):
    """Two processes with people of the collection team: (first, second, id of the collector, ids of the managers)."""
    set_now(two_workers, NOW)
    for worker in two_workers:
        worker.inject("billing.agreeing:add_to_agreements")
    first, second = two_workers
    assert first.pid != second.pid
    return first, second, first.call(AGREEMENT, "make_people_for_test")


@pytest.fixture
def debts(desks):
    """(customer, lines) of a new customer; who moved the clock puts it back."""
    set_now(desks[:2], NOW)
    return desks[0].call(AGREEMENT, "make_debts_for_test", [500.0, 300.0])


def accept(proposal, user):
    return (PROPOSAL, "accept_for_test"), {"ids": proposal, "user": user}


@pytest.mark.parametrize("is_double_click", [True, False])
def test_accepted_twice(desks, postgres, debts, is_double_click):
    """One proposal twice, or two that have one debt in common."""
    first, _second, people = desks
    _customer, lines = debts
    proposal = first.call(PROPOSAL, "offer_for_test", lines, user=people[0])
    other = proposal if is_double_click else first.call(PROPOSAL, "offer_for_test", lines[1:], user=people[0])
    done, refused = both(desks, postgres, accept(proposal, people[0]), accept(other, people[1]))
    assert len(done) == 1
    assert isinstance(refused, CallFailed)
    assert refused.error_type == "odoo.exceptions.UserError"
    assert postgres.value(LIVE, [lines]) == 2
    assert postgres.value("SELECT count(*) FROM cobranca_agreement_origin WHERE line_id = ANY(%s)", [lines]) == 2
    state = postgres.value("SELECT state FROM cobranca_proposal WHERE id = %s", other)
    assert state == ("accepted" if is_double_click else "withdrawn")


def test_accepted_in_the_last_second(desks, postgres, debts):
    """By the clock of the company: its last second counts, and the run that ends proposals leaves it alone."""
    first, second, people = desks
    lines = debts[1]
    late, last = (first.call(PROPOSAL, "offer_for_test", [line], user=people[0]) for line in lines)
    day = postgres.value("SELECT max(expires_on) FROM cobranca_proposal WHERE id = ANY(%s)", [late + last])
    midnight = datetime(day.year, day.month, day.day, 3) + timedelta(days=1)
    set_now([first], midnight - timedelta(seconds=1))
    set_now([second], midnight)
    first.begin()
    [agreement] = first.call(PROPOSAL, "accept_for_test", ids=last, user=people[0])
    second.call(PROPOSAL, "_cron_expire")
    first.commit()
    second.call(PROPOSAL, "_cron_expire")
    refused = outcome_or_failure(second.start(PROPOSAL, "accept_for_test", ids=late, user=people[0], retry=True))
    assert isinstance(refused, CallFailed)
    assert "UserError" in refused.error_type
    states = postgres.execute("SELECT state FROM cobranca_proposal WHERE id = ANY(%s) ORDER BY id", [late + last])
    assert states == [("expired",), ("accepted",)]
    assert postgres.value("SELECT date FROM cobranca_agreement WHERE id = %s", [agreement]) == day
    assert postgres.value(LIVE, [lines]) == 1


def test_decided_by_two(desks, postgres, debts):
    first, second, people = desks
    approval = first.call(PROPOSAL, "ask_for_test", debts[1], user=people[0])
    first.begin()
    first.call(APPROVAL, "_approve", ids=approval, user=people[1])
    refuse = (APPROVAL, "_refuse", "Too little"), {"ids": approval, "user": people[2], "retry": True}
    for words in ("at this moment", "decided already"):
        refused = outcome_or_failure(second.start(*refuse[0], **refuse[1]), 60)
        assert isinstance(refused, CallFailed)
        assert words in refused.error
        if words == "at this moment":
            first.commit()
    query = "SELECT state, decided_by_id FROM cobranca_offer_approval WHERE id = %s"
    assert postgres.execute(query, approval) == [("approved", people[1])]
    assert postgres.value("SELECT state FROM cobranca_proposal WHERE approval_id = %s", approval) == "sent"


def test_signed_in_opposite_order(desks, postgres, debts):
    """Two agreements over the same debts, named the other way round: one comes to be, and nobody is deadlocked."""
    first, second, people = desks
    lines = debts[1]
    for worker in (first, second):
        worker.call(AGREEMENT, "search", [])  # so that both begin with warm caches
    calls = [(first, lines, people[0]), (second, lines[::-1], people[1])]
    pending = [worker.start(AGREEMENT, "sign_for_test", ids, user=user, retry=True) for worker, ids, user in calls]
    found = [outcome_or_failure(each, 60) for each in pending]
    [failed] = [each for each in found if isinstance(each, CallFailed)]
    assert failed.error_type == "odoo.exceptions.UserError", failed.error
    assert postgres.value(LIVE, [lines]) == 2
    assert postgres.value("SELECT count(*) FROM cobranca_agreement WHERE partner_id = %s", [debts[0]]) == 1


@pytest.mark.parametrize("payer_is_first", [True, False])
def test_broken_and_paid_at_once(desks, postgres, debts, payer_is_first):
    """Money that comes while the agreement breaks is in the books once, for the debts or as the customer's credit."""
    first, _second, people = desks
    customer, lines = debts
    agreement = first.call(AGREEMENT, "sign_for_test", lines, user=people[0])
    query = "SELECT line_id FROM cobranca_agreement_installment WHERE agreement_id = %s ORDER BY due"
    items = [line for (line,) in postgres.execute(query, agreement)]
    pay = (AGREEMENT, "receive_for_test", items, 100.0), {}
    end = (AGREEMENT, "break_for_test"), {"ids": agreement, "user": people[1]}
    calls = [pay, end] if payer_is_first else [end, pay]
    _done, later = both(desks, postgres, *calls)
    assert not isinstance(later, CallFailed), later
    assert postgres.value("SELECT state FROM cobranca_agreement WHERE id = %s", agreement) == "broken"
    assert (
        postgres.value(
            "SELECT count(*) FROM account_move WHERE cobranca_agreement_role = 'break' AND cobranca_agreement_id = %s",
            agreement,
        )
        == 1
    )
    query = "SELECT SUM(amount_residual), bool_and(reconciled) FROM account_move_line WHERE id = ANY(%s)"
    assert postgres.execute(query, [items]) == [(0, True)]
    charges = postgres.value(
        "SELECT COALESCE(SUM(amount), 0) FROM cobranca_charge WHERE line_id = ANY(%s) AND state = 'paid'", [lines]
    )
    assert postgres.value(LEDGER, [customer]) == 700 + charges
    opened = postgres.value("SELECT SUM(amount_residual) FROM account_move_line WHERE id = ANY(%s)", [lines])
    assert opened == (700 + charges if payer_is_first else 800)
    assert postgres.value(LIVE, [lines]) == 0


def test_nightly_run_twice_at_once(desks, postgres, debts):
    first, second, people = desks
    customer, lines = debts
    agreement = first.call(AGREEMENT, "sign_for_test", lines, user=people[0])
    set_now(desks[:2], NOW + timedelta(days=20))
    first.call(AGREEMENT, "_cron_follow")
    assert postgres.value("SELECT warned_on FROM cobranca_agreement WHERE id = %s", agreement)
    set_now(desks[:2], NOW + timedelta(days=25))
    pending = [worker.start(AGREEMENT, "_cron_follow") for worker in (first, second)]
    outcomes = [each.outcome() for each in pending]
    assert outcomes[0].overlaps(outcomes[1])
    row = postgres.execute("SELECT state, turn, follow_error FROM cobranca_agreement WHERE id = %s", agreement)
    assert row == [("broken", 1, None)]
    breaks = "SELECT count(*) FROM account_move WHERE cobranca_agreement_role = 'break' AND cobranca_agreement_id = %s"
    assert postgres.value(breaks, agreement) == 1
    assert postgres.value(LEDGER, [customer]) == 800
