"""Two processes at one promise: it is made once, and a payment is never overlooked by the nightly decision."""

from datetime import date, datetime, timedelta

import pytest

from harness.worker import CallFailed, outcome_or_failure

PROMISE = "cobranca.promise"
WIZARD = "cobranca.promise.register"
TODAY = date(2026, 11, 19)
AFTERWARDS = "2026-12-01 15:00:00"
STATES = """
    SELECT p.state FROM cobranca_promise p JOIN cobranca_promise_line i ON i.promise_id = p.id
      JOIN account_move_line l ON l.id = i.line_id WHERE l.move_id = %s ORDER BY p.id
"""


@pytest.fixture(scope="module")
def people(two_workers):
    for worker in two_workers:
        worker.inject("billing.clock:set_now", str(datetime(2026, 11, 19, 15)))
    return two_workers


@pytest.fixture
def debt(people, postgres):
    """(customer, invoice) of 500.00, overdue."""
    worker = people[0]
    customer = worker.call("res.partner", "create", {"name": "Ana Lindoso"})[0]
    values = {
        "move_type": "out_invoice",
        "partner_id": customer,
        "invoice_date": "2026-10-10",
        "invoice_date_due": "2026-10-10",
        "invoice_line_ids": [(0, 0, {"name": "Fee", "price_unit": 500.0, "tax_ids": [(5,)]})],
    }
    invoice = worker.call("account.move", "create", values)[0]
    worker.call("account.move", "action_post", ids=[invoice])
    return customer, invoice


def dialog(worker, customer):
    return worker.call(WIZARD, "create", {"partner_id": customer, "date": str(TODAY + timedelta(days=4))})


def pay(worker, invoice):
    """The steps of a payment of the promised day; the caller has begun a transaction."""
    line = worker.call(
        "account.move.line", "search", [("move_id", "=", invoice), ("display_type", "=", "payment_term")]
    )
    [values] = worker.call("account.move.line", "read", ["account_id", "partner_id"], ids=line)
    journal = worker.call("account.journal", "search", [("type", "=", "bank")], limit=1)[0]
    [bank] = worker.call("account.journal", "read", ["default_account_id"], ids=[journal])
    account, partner = values["account_id"][0], values["partner_id"][0]
    entry = worker.call(
        "account.move",
        "create",
        {
            "journal_id": journal,
            "date": "2026-11-23",
            "line_ids": [
                (0, 0, {"account_id": bank["default_account_id"][0], "debit": 500.0}),
                (0, 0, {"account_id": account, "partner_id": partner, "credit": 500.0}),
            ],
        },
    )
    worker.call("account.move", "action_post", ids=entry)
    credit = worker.call("account.move.line", "search", [("move_id", "in", entry), ("credit", ">", 0)])
    worker.call("account.move.line", "reconcile", ids=[*credit, *line])


def states(postgres, invoice):
    return [state for (state,) in postgres.execute(STATES, [invoice])]


def test_two_collectors_promise_the_same_invoice(people, postgres, debt):
    customer, invoice = debt
    first, second = people
    dialogs = [dialog(worker, customer) for worker in people]
    first.begin()
    first.call(WIZARD, "action_register", ids=dialogs[0])
    pending = second.start(WIZARD, "action_register", ids=dialogs[1], retry=True)
    assert not pending.done()
    first.commit()
    refused = outcome_or_failure(pending, 60)
    assert isinstance(refused, CallFailed)
    assert "promised" in refused.error or "UniqueViolation" in refused.error_type
    assert states(postgres, invoice) == ["open"]
    assert postgres.value("SELECT count(*) FROM cobranca_hold WHERE partner_id = %s", [customer]) == 1
    assert postgres.value("SELECT count(*) FROM cobranca_interaction WHERE partner_id = %s", [customer]) == 1


@pytest.mark.parametrize("payer_is_first", [True, False])
def test_payment_and_nightly_decision_at_once(people, postgres, debt, payer_is_first):
    """Whoever is first: a payment of the promised day keeps the promise, at the next run at the latest."""
    customer, invoice = debt
    payer, night = people
    payer.call(WIZARD, "action_register", ids=dialog(payer, customer))
    for worker in people:
        worker.inject("billing.clock:set_now", AFTERWARDS)
    try:
        if payer_is_first:
            payer.begin()
            pay(payer, invoice)
            night.call(PROMISE, "_cron_decide")
            payer.commit()
        else:
            promise = night.call(PROMISE, "search", [("partner_id", "=", customer)])
            night.begin()
            night.call(PROMISE, "_decide", ids=promise)
            payer.begin()
            pay(payer, invoice)
            payer.commit()
            night.commit()
            assert states(postgres, invoice) == ["broken"]
        night.call(PROMISE, "_cron_decide")
        assert states(postgres, invoice) == ["kept"]
    finally:
        for worker in people:
            worker.inject("billing.clock:set_now", str(datetime(2026, 11, 19, 15)))
