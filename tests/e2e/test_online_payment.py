"""A customer comes by a link on a telephone, pays by a provider of Odoo, and reads that he has paid."""

import pytest

FORM, PAY = "#o_payment_form", "button[name=o_payment_submit_button]"
STATE = "#simulated_payment_state"


@pytest.fixture(scope="module")
def shop(databases, database, processes):
    """A database with Odoo's provider for tests: (server, worker)."""
    databases.install(database, ["payment_demo"])
    [worker] = processes.workers(1)
    worker.inject("billing.paying:add_link_to_page")
    return processes.server(), worker


def pay(visit, state):
    """Choose how the provider answers, pay, and come back."""
    visit.page.wait_for_selector(STATE)
    visit.page.select_option(STATE, state)
    visit.page.click(PAY)
    visit.page.wait_for_selector(".o_cobranca_notice")
    visit.wait_until_quiet()
    return visit.page.get_attribute(".o_cobranca_notice", "data-kind")


def left(postgres, lines):
    """(what is open of the debts, entries that are not balanced)"""
    opened = postgres.value("SELECT sum(amount_residual) FROM account_move_line WHERE id = ANY(%s)", [lines])
    odd = "SELECT count(*) FROM (SELECT 1 FROM account_move_line GROUP BY move_id HAVING sum(balance) <> 0) odd"
    return float(opened), postgres.value(odd)


def test_link_to_paid(browser, shop, postgres):
    server, worker = shop
    path, _online, lines, amount = worker.call("cobranca.debt.page", "make_link_for_test")
    assert amount > 800
    visit = browser.open_page(server.url, width=390)
    visit.goto(path)
    visit.page.click(".o_cobranca_online")
    visit.page.wait_for_selector(STATE)
    shown = visit.page.inner_text(".o_cobranca_total")
    assert shown.replace("\xa0", " ") == f"R$ {amount:.2f}".replace(".", ",")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert pay(visit, "error") == "error"
    assert left(postgres, lines) == (800.0, 0)
    assert any("não foi concluído" in text for text in visit.texts()), visit.texts()
    assert pay(visit, "done") == "done"
    assert any(text.startswith("Recebemos o seu pagamento de") for text in visit.texts()), visit.texts()
    assert not visit.page.query_selector(FORM)
    assert left(postgres, lines) == (0.0, 0)
    charges = postgres.value(
        "SELECT sum(amount) FROM cobranca_charge WHERE line_id = ANY(%s) AND state = 'paid'", [lines]
    )
    assert round(float(charges), 2) == round(amount - 800, 2)
    visit.page.click(f"a[href='{path}']")
    visit.page.wait_for_selector(".o_cobranca_settled")
    visit.check()


def test_pending_is_not_paid_again(browser, shop, postgres):
    server, worker = shop
    path, online, lines, _amount = worker.call("cobranca.debt.page", "make_link_for_test")
    visit = browser.open_page(server.url, width=390)
    visit.goto(online)
    visit.page.wait_for_selector(STATE)
    visit.page.select_option(STATE, "pending")
    visit.page.click(PAY)
    visit.page.wait_for_url("**/payment/status")
    visit.goto(online)
    assert visit.page.get_attribute(".o_cobranca_notice", "data-kind") == "pending"
    assert not visit.page.query_selector(FORM)
    assert left(postgres, lines) == (800.0, 0)
    visit.check()
    assert path in visit.page.inner_html("body")
