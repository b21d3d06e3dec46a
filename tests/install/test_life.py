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
    [customer] = worker.call("res.partner", "create", {"name": "Ana", "email": "ana@example.com"})
    make_open_invoice(worker, customer, product)
    terms = {"partner_id": customer, "date_start": "2026-01-01", "line_ids": [(0, 0, {"product_id": product})]}
    worker.inject("billing.clock:set_now", "2026-01-05 15:00:00")
    ids = worker.call("cobranca.contract", "create", terms)
    worker.call("cobranca.contract", "action_activate", ids=ids)
    worker.call("cobranca.contract.billing", "_cron_bill")
    worker.terminate()
    return database


def make_open_invoice(worker, customer, product):
    """An invoice that has nothing to do with contracts, posted and not paid."""
    sale = {"name": "Own invoices", "code": "OWN", "type": "sale", "l10n_latam_use_documents": False}
    [journal] = worker.call("account.journal", "create", sale)
    values = {"move_type": "out_invoice", "partner_id": customer, "journal_id": journal}
    lines = [(0, 0, {"product_id": product, "price_unit": 77.0, "tax_ids": [(5, 0, 0)]})]
    dates = {"invoice_date": "2025-12-01", "invoice_date_due": "2025-12-10", "invoice_line_ids": lines}
    [move] = worker.call("account.move", "create", {**values, **dates})
    worker.call("account.move", "action_post", ids=[move])


def run_odoo(databases, database, *arguments):
    databases.odoo("-d", database, *arguments, "--stop-after-init", "--no-http", log="tests-install")


def test_upgrade_twice_keeps_the_data(databases, billed_database, postgres):
    contracts = "SELECT id, name, state FROM cobranca_contract ORDER BY id"
    before = postgres.execute(contracts)
    journals = postgres.value("SELECT count(*) FROM account_journal")
    for _time in range(2):
        run_odoo(databases, billed_database, "-u", ",".join(ADDONS))
    assert postgres.execute(contracts) == before != []
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


def test_open_invoices_of_before_stay_what_they_were(billed_database, postgres, processes):
    """Installed into a house that invoices already: nothing is sent, billed or counted that was there before."""
    open_invoices = """SELECT journal.code, move.amount_residual FROM account_move move
        JOIN account_journal journal ON journal.id = move.journal_id
        WHERE move.move_type = 'out_invoice' AND move.state = 'posted' AND move.payment_state = 'not_paid' ORDER BY 1"""
    assert postgres.execute(open_invoices) == [("FATC", 100), ("OWN", 77)]
    assert postgres.value("SELECT count(*) FROM account_move WHERE cobranca_delivery_state IS NOT NULL") == 0
    assert postgres.value("SELECT count(*) FROM cobranca_contract_period") == 0
    [worker] = processes.workers(1)
    worker.inject("billing.clock:set_now", "2026-01-05 15:00:00")
    customer, product = postgres.execute(
        "SELECT partner_id, product_id FROM account_move_line WHERE price_unit = 77 AND product_id IS NOT NULL"
    )[0]
    terms = {"partner_id": customer, "date_start": "2026-01-01", "line_ids": [(0, 0, {"product_id": product})]}
    ids = worker.call("cobranca.contract", "create", terms)
    worker.call("cobranca.contract", "action_activate", ids=ids)
    worker.call("cobranca.contract.billing", "_cron_bill")
    worker.terminate()
    assert postgres.execute(open_invoices) == [("FATC", 100), ("FATC", 100), ("OWN", 77)]
    assert postgres.value("SELECT count(*) FROM account_move WHERE cobranca_delivery_state IS NOT NULL") == 1


def test_the_ladder_only_watches_what_was_open_before(billed_database, postgres, processes):
    """Nothing is sent by installing: the shipped ladders look on, and tell what they would send."""
    [worker] = processes.workers(1)
    worker.inject("billing.clock:set_now", "2026-01-20 15:00:00")
    worker.call("cobranca.dunning.engine", "_cron_run")
    worker.call("cobranca.dunning.engine", "_cron_deliver")
    assert set(postgres.execute("SELECT state FROM cobranca_dunning_policy")) == {("observing",)}
    for table in ("cobranca_message", "cobranca_dunning_notice", "mail_mail", "sms_sms"):
        assert postgres.value(f"SELECT count(*) FROM {table}") == 0
    [own] = postgres.execute(
        "SELECT move.name FROM account_move_line line JOIN account_move move ON move.id = move_id"
        " WHERE price_unit = 77 AND product_id IS NOT NULL"
    )[0]
    shown = worker.call("cobranca.dunning.simulation", "simulate", "2026-01-20")
    worker.terminate()
    told = [row for group in shown["groups"] for row in group["rows"]]
    assert told, "who would get a message is told"
    assert own in str(told)


def run_odoo_uninstall(databases, database, addon):
    databases.odoo("module", "uninstall", "-d", database, addon, log="tests-install")
