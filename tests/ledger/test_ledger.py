"""The ledger that SQL makes is the one that Odoo's ORM makes: every column of every row."""

import json
from decimal import Decimal

import pytest
from psycopg2.extras import execute_values

from ledger import cases, compare_ledgers, make_ledger
from ledger.support import ledger_databases, run_orm


def load_cases(cursor):
    """Put the chosen cases into the temporary tables, the customers as the generator draws them."""
    make_ledger.run_file(cursor, "tables")
    make_ledger.find_facts(cursor, cases.TODAY)
    make_ledger.draw_cases(cursor, cases.CUSTOMERS * make_ledger.LINES_PER_CUSTOMER, 1, cases.TODAY)
    cursor.execute("TRUNCATE ledger_invoice, ledger_title, ledger_receipt")
    execute_values(cursor, "INSERT INTO ledger_invoice VALUES %s", cases.invoice_rows())
    make_ledger.run_file(cursor, "titles")
    # As text: in a process that has loaded Odoo, psycopg2 gives floats for numeric.
    cursor.execute("SELECT n, instalment, amount::text FROM ledger_title")
    titles = {(n, instalment): Decimal(amount) for n, instalment, amount in cursor.fetchall()}
    execute_values(cursor, "INSERT INTO ledger_receipt VALUES %s", cases.receipt_amounts(cases.receipt_rows(), titles))


def cases_as_json(cursor):
    """The same cases for the ORM's process."""
    result = {"today": str(cases.TODAY)}
    for key, table, order in (
        ("customers", "ledger_customer", "customer"),
        ("invoices", "ledger_invoice", "n"),
        ("receipts", "ledger_receipt", "date, n, instalment, k"),
    ):
        cursor.execute(f"SELECT json_agg(row_to_json(t)) FROM (SELECT * FROM {table} ORDER BY {order}) t")
        result[key] = cursor.fetchone()[0]
    return json.dumps(result)


@pytest.fixture(scope="module")
def places():
    """The databases, one for the ORM's ledger and one for that of SQL."""
    with ledger_databases("orm", "sql") as found:
        yield found


@pytest.fixture(scope="module")
def by_orm(places):
    """The chosen cases made by the ORM in one database and by SQL in another; what the ORM's holds."""
    databases, orm, by_sql = places
    with databases.connected(by_sql) as cursor:
        load_cases(cursor)
        given = cases_as_json(cursor)
        make_ledger.book_cases(cursor)
    run_orm(databases, orm, given=given)
    with databases.connected(orm) as cursor:
        return compare_ledgers.read_ledger(cursor)


def found_differences(places, expected):
    databases, _orm, by_sql = places
    with databases.connected(by_sql) as cursor:
        return compare_ledgers.differences(expected, compare_ledgers.read_ledger(cursor))


def test_sql_writes_what_the_orm_writes(places, by_orm):
    lines = by_orm["account_move_line"]
    assert len(by_orm["account_move"]) == len(cases.CASES) + len(cases.receipt_rows())
    assert len([key for key in lines if " payment_term " in key]) == len(cases.CASES) + 6
    states = {row["payment_state"] for row in by_orm["account_move"].values() if row["move_type"] == "out_invoice"}
    assert states == {"paid", "partial", "not_paid"}
    assert all(row["partner_bank_id"] for row in by_orm["account_move"].values() if row["move_type"] == "out_invoice")
    assert found_differences(places, by_orm) == []


@pytest.mark.parametrize(
    ("table", "column", "change"),
    [
        ("account_move", "amount_residual", "amount_residual + 0.01"),
        ("account_move", "is_manually_modified", "NOT is_manually_modified"),
        ("account_move", "invoice_payment_term_id", "NULL"),
        ("account_move_line", "matching_number", "'P999999'"),
        ("account_move_line", "reconciled", "NULL"),
        ("account_move_line", "tax_base_amount", "0"),
        ("account_partial_reconcile", "full_reconcile_id", "NULL"),
        ("account_payment", "is_reconciled", "NOT is_reconciled"),
        ("res_partner", "customer_rank", "customer_rank + 1"),
    ],
)
def test_one_changed_value_is_found(places, by_orm, table, column, change):
    databases, _orm, by_sql = places
    with databases.connected(by_sql) as cursor:
        cursor.execute(f"SELECT max(id), count(*) FROM {table} WHERE {column} IS NOT NULL AND {column}::text <> '0'")
        record, _count = cursor.fetchone()
        cursor.execute(f"SELECT {column} FROM {table} WHERE id = %s", [record])
        before = cursor.fetchone()
        cursor.execute(f"UPDATE {table} SET {column} = {change} WHERE id = %s", [record])
        found = found_differences(places, by_orm)
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [*before, record])
    assert any(text.startswith(f"{table}.{column} of") for text in found), found
    assert found_differences(places, by_orm) == []


@pytest.mark.parametrize("table", ["account_move_line_account_tax_rel", "account_full_reconcile"])
def test_a_missing_row_is_found(places, by_orm, table):
    databases, _orm, by_sql = places
    with databases.connected(by_sql) as cursor:
        cursor.execute("BEGIN")
        cursor.execute(f"DELETE FROM {table} WHERE ctid = (SELECT max(ctid) FROM {table})")
        found = compare_ledgers.differences(by_orm, compare_ledgers.read_ledger(cursor))
        cursor.execute("ROLLBACK")
    assert any(text.startswith(f"{table}: missing") for text in found), found


@pytest.mark.usefixtures("by_orm")
def test_recomputing_finds_a_wrong_value(places):
    databases, _orm, by_sql = places
    assert json.loads(run_orm(databases, by_sql, "--recompute"))["changed"] == {}
    with databases.connected(by_sql) as cursor:
        cursor.execute("SELECT max(id) FROM account_move WHERE payment_state = 'paid'")
        (move,) = cursor.fetchone()
        cursor.execute("UPDATE account_move SET payment_state = 'partial' WHERE id = %s", [move])
        result = json.loads(run_orm(databases, by_sql, "--recompute"))
        cursor.execute("UPDATE account_move SET payment_state = 'paid' WHERE id = %s", [move])
    assert result["changed"] == {"account.move.payment_state": 1}
