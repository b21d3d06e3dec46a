"""The addons come, are upgraded, go and come again, in a database with data."""

import pytest

ADDONS = ("cobranca_relatorios", "cobranca_negociacao", "cobranca_recorrente")
INDEX = "SELECT indexdef FROM pg_indexes WHERE indexname = 'cobranca_contract_period_uniq_live'"
STATES = "SELECT name, state FROM ir_module_module WHERE name = ANY(%s) ORDER BY name"
OUR_TABLES = "SELECT tablename FROM pg_tables WHERE tablename LIKE 'cobranca\\_%%'"
OUR_COLUMNS = "SELECT table_name, column_name FROM information_schema.columns WHERE column_name LIKE 'cobranca\\_%%'"
LEFT_BEHIND = "SELECT model, name FROM ir_model_data WHERE module = ANY(%s) AND model != 'ir.module.module'"


@pytest.fixture(scope="module")
def billed_database(databases, database, processes):
    """The fresh database with one contract that was billed."""
    [worker] = processes.workers(1)
    service = {"name": "Fee", "type": "service", "list_price": 100.0, "taxes_id": [(5, 0, 0)]}
    [product] = worker.call("product.product", "create", service)
    [customer] = worker.call("res.partner", "create", {"name": "Ana"})
    terms = {"partner_id": customer, "date_start": "2026-01-01", "line_ids": [(0, 0, {"product_id": product})]}
    worker.inject("billing.clock:set_now", "2026-01-05 15:00:00")
    ids = worker.call("cobranca.contract", "create", terms)
    worker.call("cobranca.contract", "action_activate", ids=ids)
    worker.call("cobranca.contract.billing", "_cron_bill")
    worker.terminate()
    return database


def run_odoo(databases, database, *arguments):
    databases.odoo("-d", database, *arguments, "--stop-after-init", "--no-http", log="tests-install")


def test_upgrade_twice_keeps_the_data(databases, billed_database, postgres):
    before = postgres.execute("SELECT id, name, state FROM cobranca_contract")
    journals = postgres.value("SELECT count(*) FROM account_journal")
    for _time in range(2):
        run_odoo(databases, billed_database, "-u", ",".join(ADDONS))
    assert postgres.execute("SELECT id, name, state FROM cobranca_contract") == before != []
    assert postgres.value("SELECT count(*) FROM account_journal") == journals
    assert "UNIQUE" in postgres.value(INDEX)


def test_uninstall_and_install_again(databases, billed_database, postgres):
    invoices = "SELECT id, name, state, amount_total FROM account_move WHERE move_type = 'out_invoice' ORDER BY id"
    billed = postgres.execute(invoices)
    for addon in ADDONS:
        run_odoo_uninstall(databases, billed_database, addon)
    assert set(postgres.execute(STATES, [list(ADDONS)])) == {(addon, "uninstalled") for addon in ADDONS}
    assert postgres.execute(OUR_TABLES) == []
    assert postgres.execute(OUR_COLUMNS) == []
    assert postgres.execute(LEFT_BEHIND, [list(ADDONS)]) == []
    assert postgres.execute(invoices) == billed != [], "what was billed belongs to the books and stays"
    run_odoo(databases, billed_database, "-i", ",".join(ADDONS))
    assert set(postgres.execute(STATES, [list(ADDONS)])) == {(addon, "installed") for addon in ADDONS}
    assert "UNIQUE" in postgres.value(INDEX)
    journals = "SELECT count(*) FROM account_journal WHERE code = 'FATC'"
    assert postgres.value(journals) == 1, "the journal with the invoices is taken again, not made twice"


def run_odoo_uninstall(databases, database, addon):
    databases.odoo("module", "uninstall", "-d", database, addon, log="tests-install")
