"""Fill a Brazilian Odoo database with posted customer invoices, receipts and reconciliations by SQL.

    .venv/bin/python tests/ledger/make_ledger.py DATABASE LINES [--seed N] [--today YYYY-MM-DD] [--company ID]

The rows are those that Odoo's ORM writes for the same cases (`test_ledger.py` compares every
column), at some thousands of lines a second. The same seed and day give the same ledger.
Messages and followers are not written. The database must have Odoo's Brazilian chart.
"""

import argparse
import contextlib
import datetime
import sys
import time
from pathlib import Path

from psycopg2 import sql

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "scripts"))

from common import Failure, main, say  # noqa: E402
from database import Databases  # noqa: E402
from get_postgres import get_postgres  # noqa: E402

LINES_PER_CUSTOMER = 12
TABLES = (
    "account_move",
    "account_move_line",
    "account_payment",
    "account_partial_reconcile",
    "account_full_reconcile",
    "account_move_line_account_tax_rel",
    "account_account_tag_account_move_line_rel",
    "account_move__account_payment",
)
# The chart of another country has none of these.
NEEDED_FACTS = (
    "company_id",
    "country_id",
    "fiscal_position_id",
    "income_account_id",
    "receivable_account_id",
    "outstanding_account_id",
    "sale_journal_id",
    "bank_journal_id",
    "document_type_id",
    "method_line_id",
    "tax_account_id",
    "term_id",
)
INDEXES = """
    SELECT index.relname, pg_get_indexdef(index.oid), obj_description(index.oid, 'pg_class')
      FROM pg_index
      JOIN pg_class index ON index.oid = pg_index.indexrelid
     WHERE indrelid = ANY(%s::regclass[])
       AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = index.oid AND contype IN ('p', 'u', 'x'))
     ORDER BY index.relname
"""
FOREIGN_KEYS = """
    SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid), obj_description(oid, 'pg_constraint')
      FROM pg_constraint
     WHERE conrelid = ANY(%s::regclass[]) AND contype = 'f'
     ORDER BY conname
"""


def run_file(cursor, name, **parameters):
    """Run one of the files of `sql/` with named parameters."""
    cursor.execute((HERE / "sql" / f"{name}.sql").read_text(), parameters or None)


@contextlib.contextmanager
def without_indexes_and_keys(cursor):
    """Drop the indexes and foreign keys of the filled tables, and make them again at the end.

    Millions of rows go in several times faster; a row that breaks a key fails when the key comes back.
    """
    cursor.execute(INDEXES, [list(TABLES)])
    indexes = cursor.fetchall()
    cursor.execute(FOREIGN_KEYS, [list(TABLES)])
    keys = cursor.fetchall()
    for name, table, _definition, _comment in keys:
        cursor.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.Identifier(table), sql.Identifier(name)))
    for name, _definition, _comment in indexes:
        cursor.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    yield
    for name, definition, comment in indexes:
        cursor.execute(definition)
        if comment:
            cursor.execute(sql.SQL("COMMENT ON INDEX {} IS %s").format(sql.Identifier(name)), [comment])
    for name, table, definition, comment in keys:
        words = {"table": sql.Identifier(table), "name": sql.Identifier(name), "definition": sql.SQL(definition)}
        cursor.execute(sql.SQL("ALTER TABLE {table} ADD CONSTRAINT {name} {definition}").format(**words))
        if comment:
            cursor.execute(sql.SQL("COMMENT ON CONSTRAINT {name} ON {table} IS %s").format(**words), [comment])


def find_facts(cursor, today, company=None):
    """Look up what the ledger refers to.

    :param datetime.date today: the day on which everything is made
    :param int company: id of the company, None = the main one
    :raise Failure: when the company lacks the Brazilian chart
    """
    stamp = datetime.datetime.combine(today, datetime.time(12))
    run_file(cursor, "facts", today=today, stamp=stamp, company=company)
    cursor.execute("SELECT * FROM ledger_fact")
    names = [column.name for column in cursor.description]
    rows = cursor.fetchall()
    facts = dict(zip(names, rows[0], strict=True)) if rows else {}
    missing = [name for name in NEEDED_FACTS if facts.get(name) is None]
    if missing or len(rows) != 1:
        raise Failure(
            f"the company lacks: {', '.join(missing) or 'a single set of accounts'}",
            "use a database with Odoo's Brazilian chart (l10n_br)",
        )
    return facts


def draw_cases(cursor, lines, seed, today):
    """Draw customers, invoices and receipts from the seed into the temporary tables.

    :param int lines: number of receivable lines of invoices
    """
    customers = -(-lines // LINES_PER_CUSTOMER)
    parameters = {"lines": lines, "customers": customers, "seed": str(seed), "today": today}
    run_file(cursor, "cases", **parameters)
    run_file(cursor, "titles")
    run_file(cursor, "receipts_drawn", **parameters)


def book_cases(cursor):
    """Turn the cases of the temporary tables into accounting."""
    run_file(cursor, "parties")
    run_file(cursor, "booked")
    with without_indexes_and_keys(cursor):
        run_file(cursor, "invoices")
        run_file(cursor, "receipts")
    run_file(cursor, "finish")


def fill(cursor, lines, seed=1, today=None, company=None):
    """Draw and book a ledger in the cursor's transaction.

    :param int lines: receivable lines of invoices to make
    :param int seed: what the cases are drawn from
    :param datetime.date today: the day on which everything is made (default: today in UTC)
    :param int company: id of the company, None = the main one
    """
    today = today or datetime.datetime.now(datetime.UTC).date()
    run_file(cursor, "tables")
    find_facts(cursor, today, company)
    draw_cases(cursor, lines, seed, today)
    book_cases(cursor)
    cursor.execute("ANALYZE res_partner, " + ", ".join(TABLES))


def make_ledger(cursor, lines, **options):
    """Fill a database in one transaction of its own (the cursor's autocommit must be on).

    :param options: seed, today and company as in `fill`
    :return: seconds that it took
    """
    started = time.monotonic()
    cursor.execute("BEGIN")
    try:
        fill(cursor, lines, **options)
        cursor.execute("COMMIT")
    except BaseException:
        cursor.execute("ROLLBACK")
        raise
    return time.monotonic() - started


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database")
    parser.add_argument("lines", type=int, help="receivable lines of invoices to make")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--today", type=datetime.date.fromisoformat, help="day on which all is made (default: today)")
    parser.add_argument("--company", type=int, help="id of the company (default: the main one)")
    arguments = parser.parse_args()
    if arguments.lines < 1:
        parser.error("LINES must be at least 1")
    return arguments


def run_main():
    arguments = parse_arguments()
    databases = Databases(get_postgres())
    if arguments.database not in databases.names():
        raise Failure(f"there is no database '{arguments.database}'", "create it first, for example with make demo")
    with databases.connected(arguments.database) as cursor:
        seconds = make_ledger(
            cursor, arguments.lines, seed=arguments.seed, today=arguments.today, company=arguments.company
        )
    per_line = 1e6 * seconds / arguments.lines
    say(f"{arguments.lines} receivable lines in {seconds:.1f} s ({per_line:.0f} microseconds each)")


if __name__ == "__main__":
    main(run_main)
