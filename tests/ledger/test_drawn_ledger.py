"""A drawn ledger: its invariants, its variety, and that Odoo computes the same."""

import json
import re

import pytest
from stdnum.br import cpf

from common import Failure
from ledger import cases, make_ledger
from ledger.support import ledger_databases, run_orm, run_script

DRAWN_LINES = 2000


@pytest.fixture(scope="module")
def place():
    """The databases and the name of one with a ledger drawn from a seed."""
    with ledger_databases("drawn") as (databases, name):
        yield databases, name


@pytest.fixture(scope="module")
def drawn(place):
    """A cursor on it, and its indexes and keys as they were before the ledger was made."""
    databases, name = place
    with databases.connected(name) as cursor:
        before = catalogue(cursor)
        make_ledger.make_ledger(cursor, DRAWN_LINES, seed=7, today=cases.TODAY)
        yield cursor, before


def catalogue(cursor):
    cursor.execute(make_ledger.INDEXES, [list(make_ledger.TABLES)])
    # PostgreSQL writes the casts of a condition in another order after a round trip.
    indexes = [
        (name, re.sub(r"::character varying|::text|\[\]|[()]", "", definition), comment)
        for name, definition, comment in cursor.fetchall()
    ]
    cursor.execute(make_ledger.FOREIGN_KEYS, [list(make_ledger.TABLES)])
    return indexes, cursor.fetchall()


INVARIANTS = {
    "each move is balanced": """
        SELECT move_id FROM account_move_line GROUP BY move_id HAVING sum(balance) <> 0 OR sum(debit) <> sum(credit)
    """,
    "each move has lines": """
        SELECT id FROM account_move WHERE id NOT IN (SELECT move_id FROM account_move_line)
    """,
    "a line's residual is its balance less what was matched": """
        WITH debited AS (
            SELECT debit_move_id AS id, sum(amount) AS amount FROM account_partial_reconcile GROUP BY 1
        ), credited AS (
            SELECT credit_move_id AS id, sum(amount) AS amount FROM account_partial_reconcile GROUP BY 1
        )
        SELECT line.id FROM account_move_line line
          JOIN account_account account ON account.id = line.account_id AND account.reconcile
          LEFT JOIN debited ON debited.id = line.id
          LEFT JOIN credited ON credited.id = line.id
         WHERE line.amount_residual <> line.balance - COALESCE(debited.amount, 0) + COALESCE(credited.amount, 0)
            OR line.reconciled <> (line.amount_residual = 0)
    """,
    "a move's residual is that of its receivable lines": """
        SELECT move.id FROM account_move move JOIN account_move_line line ON line.move_id = move.id
         WHERE move.move_type = 'out_invoice' AND line.display_type = 'payment_term'
         GROUP BY move.id
        HAVING move.amount_residual <> sum(line.amount_residual) OR move.amount_total <> sum(line.balance)
    """,
    "a payment state tells the residual": """
        SELECT id FROM account_move WHERE move_type = 'out_invoice'
           AND payment_state <> CASE WHEN amount_residual = 0 THEN 'paid'
                                     WHEN amount_residual = amount_total THEN 'not_paid' ELSE 'partial' END
    """,
    "numbers have no gap": """
        SELECT sequence_prefix FROM account_move GROUP BY journal_id, sequence_prefix
        HAVING min(sequence_number) <> 1 OR max(sequence_number) <> count(*) OR count(DISTINCT name) <> count(*)
    """,
    "a full reconciliation leaves nothing open": """
        SELECT full_reconcile_id FROM account_move_line WHERE full_reconcile_id IS NOT NULL GROUP BY full_reconcile_id
        HAVING sum(balance) <> 0 OR bool_or(amount_residual <> 0) OR count(*) < 2
    """,
    "nothing happens after the day of the ledger": """
        SELECT id FROM account_move WHERE date > '2026-11-22' AND origin_payment_id IS NOT NULL
    """,
}


@pytest.mark.parametrize("name", INVARIANTS)
def test_invariant_of_a_drawn_ledger(drawn, name):
    cursor, _before = drawn
    cursor.execute(INVARIANTS[name])
    assert cursor.fetchall() == []


def test_a_drawn_ledger_has_every_kind(drawn):
    cursor, _before = drawn
    cursor.execute("SELECT count(*) FROM account_move_line WHERE display_type = 'payment_term'")
    assert cursor.fetchone() == (DRAWN_LINES,)
    cursor.execute(
        """
        SELECT width_bucket(%s::date - date_maturity, ARRAY[1, 31, 61, 91, 181, 361]) AS band,
               bool_or(amount_residual = balance) AS open,
               bool_or(amount_residual BETWEEN 0.01 AND balance - 0.01) AS part
          FROM account_move_line WHERE display_type = 'payment_term' GROUP BY band ORDER BY band
        """,
        [cases.TODAY],
    )
    assert cursor.fetchall() == [(0, True, False), *((band, True, True) for band in range(1, 7))]
    cursor.execute("SELECT count(*) FROM account_move_line WHERE credit > 0 AND amount_residual < 0")
    assert cursor.fetchone()[0] > 0, "no customer has a credit"
    cursor.execute(
        "SELECT min(titles) FROM (SELECT count(*) AS titles FROM account_move_line "
        "WHERE display_type = 'payment_term' GROUP BY partner_id) t"
    )
    assert cursor.fetchone()[0] > 1


def test_indexes_and_keys_are_back(drawn):
    cursor, before = drawn
    assert len(before[0]) > 40
    assert len(before[1]) > 40
    assert catalogue(cursor) == before


@pytest.mark.usefixtures("drawn")
def test_the_orm_computes_the_same_again(place):
    result = json.loads(run_orm(*place, "--recompute"))
    assert result["looked_at"] > 100_000
    assert result["changed"] == {}


def test_same_seed_same_ledger_other_seed_another(drawn):
    cursor, _before = drawn

    def digest(seed):
        make_ledger.run_file(cursor, "tables")
        make_ledger.find_facts(cursor, cases.TODAY)
        make_ledger.draw_cases(cursor, 300, seed, cases.TODAY)
        cursor.execute("SELECT md5(string_agg(r::text, '' ORDER BY n, instalment, k)) FROM ledger_receipt r")
        return cursor.fetchone()[0]

    assert digest(1) == digest(1) != digest(2)


def test_a_second_ledger_continues_the_first(drawn):
    cursor, _before = drawn
    make_ledger.make_ledger(cursor, 24, seed=9, today=cases.TODAY)
    for name in ("each move is balanced", "numbers have no gap"):
        cursor.execute(INVARIANTS[name])
        assert cursor.fetchall() == []


def test_a_company_without_the_chart_is_refused(drawn):
    cursor, _before = drawn
    with pytest.raises(Failure, match="the company lacks"):
        make_ledger.make_ledger(cursor, 10, today=cases.TODAY, company=999_999)


def test_tax_numbers_pass_the_check(drawn):
    cursor, _before = drawn
    cursor.execute("SELECT vat FROM res_partner WHERE name LIKE 'Cliente %'")
    numbers = [number for (number,) in cursor.fetchall()]
    assert len(numbers) > 100
    assert all(cpf.is_valid(number) for number in numbers)


@pytest.mark.usefixtures("drawn")
def test_command_line(place):
    databases, name = place
    made = run_script(databases, "make_ledger.py", name, "12", "--seed", "3", "--today", str(cases.TODAY))
    assert re.match(r"12 receivable lines in \d", made.stdout), made.stderr
    refused = run_script(databases, "make_ledger.py", "no_such_database", "12")
    assert refused.returncode == 2
    assert "there is no database 'no_such_database'" in refused.stderr
