"""Two real processes hear of the same payment by a provider at the same moment: it is booked once."""

import pytest

from harness.worker import CallFailed, at_once

TRANSACTION = "payment.transaction"
PROCESS = (TRANSACTION, "process_for_test")


@pytest.fixture(scope="module")
def listeners(two_workers):
    """Two processes, such as a web worker and a cron worker."""
    for worker in two_workers:
        worker.inject("billing.paying:add_to_transaction")
    assert two_workers[0].pid != two_workers[1].pid
    return two_workers


def make(listeners, number=4, windows=1):
    return listeners[0].call(TRANSACTION, "make_paid_for_test", number, windows)


def read_open_credits(postgres, transactions):
    """What is left of the money of some transactions."""
    return postgres.execute(
        """
        SELECT item.amount_residual
          FROM account_payment payment
          JOIN account_move_line item ON item.move_id = payment.move_id
          JOIN account_account account ON account.id = item.account_id AND account.account_type = 'asset_receivable'
         WHERE payment.payment_transaction_id = ANY(%s) AND item.amount_residual <> 0
        """,
        [transactions],
    )


def assert_booked_once(postgres, transactions, too_much=0):
    """One payment for each, balanced; every debt is paid, its charges are income once.

    :param int too_much: so many payments found their debt paid
    """
    payments = postgres.execute(
        """
        SELECT tx.id, count(payment.id), bool_and(tx.payment_id = payment.id), bool_and(tx.is_post_processed)
          FROM payment_transaction tx
          LEFT JOIN account_payment payment ON payment.payment_transaction_id = tx.id
         WHERE tx.id = ANY(%s) GROUP BY tx.id
        """,
        [transactions],
    )
    assert {tuple(row[1:]) for row in payments} == {(1, True, True)}
    assert len(payments) == len(transactions)
    debts = postgres.execute(
        """
        SELECT DISTINCT line.id, line.amount_residual, line.reconciled, quote.state, quote.amount
          FROM payment_transaction tx
          JOIN cobranca_payment_quote quote ON quote.id = tx.cobranca_quote_id
          JOIN cobranca_payment_quote_line chosen ON chosen.quote_id = quote.id
          JOIN account_move_line line ON line.id = chosen.line_id
         WHERE tx.id = ANY(%s)
        """,
        [transactions],
    )
    assert {(float(left), is_paid, state) for _line, left, is_paid, state, _amount in debts} == {(0.0, True, "paid")}
    memos = "SELECT COALESCE(sum(amount), 0) FROM cobranca_charge WHERE line_id = ANY(%s) AND state = 'paid'"
    charges = sum(float(amount) - 100 for *_others, amount in debts)
    assert charges > 0
    assert round(float(postgres.value(memos, [[row[0] for row in debts]])), 2) == round(charges, 2)
    open_credits = read_open_credits(postgres, transactions)
    assert [float(left) for (left,) in open_credits] == [-float(debts[0][4])] * too_much
    assert postgres.value("SELECT count(*) FROM account_move WHERE state = 'draft'") == 0
    contacts = "SELECT count(*) FROM cobranca_interaction WHERE outcome = 'paid' AND partner_id = ANY(%s)"
    partners = "SELECT DISTINCT partner_id FROM payment_transaction WHERE id = ANY(%s)"
    customers = [row[0] for row in postgres.execute(partners, [transactions])]
    assert postgres.value(contacts, [customers]) == len(transactions) - too_much


def test_both_at_once(listeners, postgres):
    """Who comes second fails as a whole; when it comes again nothing is left to do."""
    transactions = make(listeners)
    outcomes = at_once([(worker, (*PROCESS, transactions)) for worker in listeners])
    failed = [outcome for outcome in outcomes if isinstance(outcome, CallFailed)]
    assert len(failed) <= 1
    assert all("SerializationFailure" in failure.error_type for failure in failed), failed
    for worker in listeners:
        worker.start(*PROCESS, transactions, retry=True).value()
    assert_booked_once(postgres, transactions)


def test_second_waits_for_the_first(listeners, postgres):
    first, second = listeners
    transactions = make(listeners, 1)
    first.begin()
    first.call(*PROCESS, transactions)
    waiting = second.start(*PROCESS, transactions, retry=True)
    assert not waiting.done()
    first.commit()
    waiting.value()
    assert_booked_once(postgres, transactions)


def test_first_gives_up(listeners, postgres):
    first, second = listeners
    transactions = make(listeners, 1)
    first.begin()
    first.call(*PROCESS, transactions)
    waiting = second.start(*PROCESS, transactions, retry=True)
    first.rollback()
    waiting.value()
    assert_booked_once(postgres, transactions)


def test_page_and_cron(listeners, postgres):
    """The cron commits one after the other, and leaves to its next run what the page books at the same moment."""
    first, second = listeners
    transactions = make(listeners, 6)
    cron = first.start(TRANSACTION, "_cron_post_process")
    page = [second.start(*PROCESS, [number], retry=True).value() for number in reversed(transactions)]
    cron.value()
    assert len(page) == 6
    first.call(TRANSACTION, "_cron_post_process")
    assert_booked_once(postgres, transactions)


def test_paid_in_two_windows(listeners, postgres):
    """Two payments of one debt, both real: one pays it, the other one is the customer's, in sight."""
    first, second = make(listeners, 1, 2)
    pending = [
        worker.start(*PROCESS, [number], retry=True) for worker, number in zip(listeners, (first, second), strict=True)
    ]
    for one in pending:
        one.value()
    assert_booked_once(postgres, [first, second], too_much=1)
