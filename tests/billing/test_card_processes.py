"""Real processes charge the same cards: each debt is charged once, whoever dies or pays meanwhile."""

from collections import Counter

import pytest

from billing.two_at_once import both
from harness.odoo_process import ProcessDied
from harness.worker import CallFailed, at_once

ENGINE, CHARGE, MANDATE = "cobranca.card.engine", "cobranca.card.charge", "cobranca.card.mandate"
# A Friday, 12:00 in São Paulo; and when a lost process has been away for long enough.
NOW, LATER = "2026-03-13 15:00:00", "2026-03-13 15:30:00"
CUSTOMERS = 12


def prepare(worker, service, now=NOW):
    worker.inject("billing.clock:set_now", now)
    worker.inject("billing.carding:add_to_engine", service.url)
    return worker


@pytest.fixture(scope="module")
def runners(processes):
    workers = processes.workers(4)
    assert len({worker.pid for worker in workers}) == 4
    return workers


@pytest.fixture
def service(outside, runners, postgres):
    """The provider: it counts its calls and refuses what is not well formed; nothing of an earlier test waits."""
    body = {"reference": str, "amount": float, "currency": str, "card": str}
    outside.charges = outside.route("POST", "/charges", body=body, answer=lambda call: {**call.body, "status": "paid"})
    for worker in runners:
        prepare(worker, outside)
    postgres.execute("UPDATE account_move_line SET no_followup = TRUE")
    postgres.execute("UPDATE cobranca_card_mandate SET state = 'revoked'")
    postgres.execute("DELETE FROM cobranca_card_charge_line")
    postgres.execute("DELETE FROM cobranca_card_charge")
    return outside


@pytest.fixture
def customers(service, runners):
    return runners[0].call(ENGINE, "make_world_for_test", CUSTOMERS)


def states(postgres):
    return dict(postgres.execute("SELECT state, count(*) FROM cobranca_card_charge GROUP BY 1"))


def assert_each_charged_once(service, customers):
    cards = Counter(call.body["card"] for call in service.charges.calls)
    assert cards == Counter(f"card-{customer}" for customer in customers)
    assert len({call.body["reference"] for call in service.charges.calls}) == len(customers)
    assert {call.body["amount"] for call in service.charges.calls} == {100.0}


def open_debts(postgres, customers):
    return postgres.value(
        "SELECT count(*) FROM account_move_line line JOIN account_account a ON a.id = line.account_id"
        " WHERE a.account_type = 'asset_receivable' AND line.partner_id = ANY(%s) AND NOT line.reconciled",
        [customers],
    )


@pytest.mark.parametrize("count", [2, 4])
def test_processes_charge_each_debt_once(runners, postgres, service, customers, count):
    outcomes = at_once([(worker, (ENGINE, "_cron_charge")) for worker in runners[:count]])
    assert not [outcome for outcome in outcomes if isinstance(outcome, CallFailed)]
    assert all(one.overlaps(other) for one in outcomes for other in outcomes)
    assert_each_charged_once(service, customers)
    assert states(postgres)["done"] == CUSTOMERS
    assert open_debts(postgres, customers) == 0


def test_same_customers_by_all_at_the_same_moment(runners, postgres, service, customers):
    """Everybody claims the same debt, again and again."""
    for customer in customers[:4]:
        outcomes = at_once([(worker, (ENGINE, "_claim_for_test", customer)) for worker in runners])
        claimed = [outcome.value for outcome in outcomes if not isinstance(outcome, CallFailed) and outcome.value]
        assert len(claimed) == 1
    live = "SELECT count(*), count(DISTINCT line_id) FROM cobranca_card_charge_line WHERE is_live"
    assert postgres.execute(live) == [(4, 4)]


@pytest.mark.parametrize(("when", "calls"), [("before", 0), ("after", 1)])
def test_kill_between_claim_and_answer(processes, runners, postgres, service, customers, when, calls):
    """SIGKILL: whether the card was charged nobody knows, so that nobody charges it again before somebody has asked."""
    [victim] = processes.workers(1)
    prepare(victim, service).inject("billing.carding:die_around_call", when)
    with pytest.raises(ProcessDied):
        victim.start(ENGINE, "_cron_charge").outcome()
    assert len(service.charges.calls) == calls
    assert states(postgres) == {"claimed": 1}
    # The others are charged; what the victim had is left alone, and is told as lost after a while.
    for now in (NOW, LATER):
        for worker in runners[:2]:
            prepare(worker, service, now).call(ENGINE, "_cron_charge")
    assert states(postgres) == {"unknown": 1, "done": CUSTOMERS - 1}
    assert len(service.charges.calls) == calls + CUSTOMERS - 1
    # Then somebody asks the provider, and takes the answer over.
    [lost] = postgres.execute("SELECT id, reference FROM cobranca_card_charge WHERE state = 'unknown'")
    if calls:
        answer = {"reference": lost[1], "amount": 100.0, "currency": "BRL", "status": "paid"}
        service.route("GET", f"/charges/{lost[1]}", answer=answer)
        runners[0].call(CHARGE, "action_ask", ids=[lost[0]])
    else:
        runners[0].call(CHARGE, "action_was_not_charged", ids=[lost[0]])
        runners[0].call(ENGINE, "_cron_charge")
    assert_each_charged_once(service, customers)
    assert open_debts(postgres, customers) == 0


def test_lost_connection_and_server_error(runners, postgres, service, customers):
    """The provider took the call and the answer is lost: nothing is charged again."""
    service.charges.cut(times=1)
    service.charges.fail(502, times=1)
    for worker in runners[:2]:
        worker.call(ENGINE, "_cron_charge")
    assert states(postgres) == {"unknown": 2, "done": CUSTOMERS - 2}
    assert_each_charged_once(service, customers)
    pending = "SELECT count(*) FROM payment_transaction WHERE state = 'pending' AND operation = 'offline'"
    assert postgres.value(f"{pending} AND reference IN (SELECT reference FROM cobranca_card_charge)") == 2


def test_payment_while_cards_are_charged(runners, postgres, service, customers):
    """Who is being paid at this moment is left alone; who has paid is not charged."""
    payer, runner = runners[:2]
    payer.begin()
    payer.call(ENGINE, "pay_for_test", customers[:3])
    runner.call(ENGINE, "_cron_charge")
    payer.commit()
    runner.call(ENGINE, "_cron_charge")
    assert_each_charged_once(service, customers[3:])
    assert open_debts(postgres, customers) == 0


@pytest.mark.parametrize("is_ended", [False, True])
def test_somebody_is_at_the_authorisation_after_the_claim(runners, postgres, service, customers, is_ended):
    """Who only looks at it keeps no card from being charged; who ends it has ended it."""
    runner, other = runners[:2]
    [charge] = runner.call(ENGINE, "_claim_for_test", customers[0])
    mandate = postgres.value("SELECT mandate_id FROM cobranca_card_charge WHERE id = %s", [charge])
    other.begin()
    other.call(MANDATE, *(("_end", "staff") if is_ended else ("try_lock_for_update",)), ids=[mandate])
    pending = runner.start(ENGINE, "go_on_for_test", charge)
    postgres.wait_for_lock_wait(runner)
    other.commit()
    # What is not done is tried once more: by then the authorisation is over.
    assert pending.value(60) is not is_ended
    assert states(postgres) == {"cancelled" if is_ended else "done": 1}
    assert len(service.charges.calls) == (0 if is_ended else 1)


def test_authorised_twice_at_once(runners, postgres, customers):
    """A double click: the second waits, is served anew, and takes the place of the first."""
    call = (MANDATE, "accept_for_test", customers[0]), {}
    first, second = both(runners, postgres, call, call)
    assert not isinstance(second, CallFailed), second
    query = "SELECT id, state FROM cobranca_card_mandate WHERE partner_id = %s ORDER BY id DESC LIMIT 2"
    assert postgres.execute(query, [customers[0]]) == [(second.value, "active"), (first, "revoked")]
