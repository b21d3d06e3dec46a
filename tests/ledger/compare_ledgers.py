"""Read the ledger of a database with record ids replaced by names, and compare two of them.

Two databases that hold the same accounting differ in ids only. Here each id of a record of
the ledger becomes a natural key (a move's name, a line's move, kind, due date and side, …);
everything else is compared as it is stored, NULL and false apart.
"""

import re
from decimal import Decimal

# Columns that two ledgers with the same accounting may differ in, each with its reason.
LEFT_OUT = {
    "id": "a sequence's value; replaced by a natural key wherever it is referred to",
    "create_date": "the moment of the run",
    "write_date": "the moment of the run",
    "write_uid": "the user or, where Odoo itself computes a field again, the system",
    "access_token": "a random secret, made when somebody first opens the portal",
    "cobranca_quality_score": "a judgement of the customer's data, no part of the accounting",
}
# Tables in the order in which their keys can be built.
TABLES = (
    "res_partner",
    "product_template",
    "product_product",
    "account_move",
    "account_payment",
    "account_move_line",
    "account_partial_reconcile",
    "account_full_reconcile",
    "account_move_line_account_tax_rel",
    "account_account_tag_account_move_line_rel",
    "account_move__account_payment",
)
REFERENCES = """
    SELECT conrelid::regclass::text, attribute.attname, confrelid::regclass::text
      FROM pg_constraint
      JOIN pg_attribute attribute ON attribute.attrelid = conrelid AND attribute.attnum = conkey[1]
     WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) AND confrelid = ANY(%s::regclass[])
"""


def read_tables(cursor):
    """All rows of the tables as dictionaries."""
    tables = {}
    for table in TABLES:
        cursor.execute(f'SELECT * FROM "{table}"')
        names = [column.name for column in cursor.description]
        tables[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return tables


def natural_keys(tables):
    """For each table, id -> natural key (a text)."""
    keys = {table: {} for table in TABLES}
    keys["res_partner"] = {row["id"]: row["name"] for row in tables["res_partner"]}
    keys["product_template"] = {row["id"]: row["name"]["en_US"] for row in tables["product_template"]}
    for row in tables["product_product"]:
        keys["product_product"][row["id"]] = keys["product_template"][row["product_tmpl_id"]]
    keys["account_move"] = {row["id"]: row["name"] for row in tables["account_move"]}
    keys["account_payment"] = {row["id"]: row["name"] for row in tables["account_payment"]}
    for row in tables["account_move_line"]:
        side = "debit" if row["balance"] > 0 else "credit"
        move = keys["account_move"][row["move_id"]]
        keys["account_move_line"][row["id"]] = f"{move} {row['display_type']} {row['date_maturity']} {side}"
    lines = keys["account_move_line"]
    for row in tables["account_partial_reconcile"]:
        keys["account_partial_reconcile"][row["id"]] = f"{lines[row['debit_move_id']]} = {lines[row['credit_move_id']]}"
    for row in tables["account_full_reconcile"]:
        matched = [lines[line["id"]] for line in tables["account_move_line"] if line["full_reconcile_id"] == row["id"]]
        keys["account_full_reconcile"][row["id"]] = " = ".join(sorted(matched))
    return keys


def matching_key(number, keys):
    """The matching number with the id in it replaced: "P12" names a partial, "12" a full reconciliation."""
    if number is None:
        return None
    partial, digits = re.fullmatch(r"(P?)(\d+)", number).groups()
    table = "account_partial_reconcile" if partial else "account_full_reconcile"
    return f"{partial} {keys[table].get(int(digits), f'no record {digits}')}"


def read_ledger(cursor):
    """The comparable rows of a database.

    :return: {table: {natural key: {column: value}}}
    :raise ValueError: when two rows of a table have the same natural key
    """
    tables = read_tables(cursor)
    keys = natural_keys(tables)
    cursor.execute(REFERENCES, [list(TABLES), list(TABLES)])
    references = {(table, column): target for table, column, target in cursor.fetchall()}
    ledger = {}
    for table, rows in tables.items():
        ledger[table] = {}
        for row in rows:
            comparable = {
                column: comparable_value(value, keys.get(references.get((table, column))))
                for column, value in row.items()
                if column not in LEFT_OUT
            }
            if "matching_number" in comparable:
                comparable["matching_number"] = matching_key(row["matching_number"], keys)
            key = keys[table].get(row.get("id")) or " / ".join(map(str, comparable.values()))
            if key in ledger[table]:
                raise ValueError(f"{table}: two rows are called '{key}'")
            ledger[table][key] = comparable
    return ledger


def comparable_value(value, keys_of_target):
    if value is not None and keys_of_target is not None:
        return keys_of_target.get(value, f"no record {value}")
    # 340.0 and 340.00 are the same amount (floats already, in a process that has loaded Odoo).
    return value.normalize() if isinstance(value, Decimal) else value


def differences(expected, found):
    """What differs between two ledgers.

    :return: list of texts such as "account_move.state of NFe 1: posted, found draft"
    """
    result = []
    for table in TABLES:
        left, right = expected[table], found[table]
        result += [f"{table}: missing '{key}'" for key in left.keys() - right.keys()]
        result += [f"{table}: too many '{key}'" for key in right.keys() - left.keys()]
        for key in left.keys() & right.keys():
            result += [
                f"{table}.{column} of {key}: {left[key].get(column)!r}, found {right[key].get(column)!r}"
                for column in left[key].keys() | right[key].keys()
                if left[key].get(column) != right[key].get(column)
            ]
    return sorted(result)
