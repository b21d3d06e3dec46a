"""On a telephone: a customer comes by a link and pays by a provider of Odoo; another one lets his card be charged."""

import datetime

import pytest

from e2e.paying import LOGIN
from e2e.test_payment_page import OURS, fits, violations

FORM, PAY = "#o_payment_form", "button[name=o_payment_submit_button]"
STATE = "#simulated_payment_state"
CARD_PATH = "/my/pagamentos/cartao"
# No closure of the banks is longer, with the days before and after it.
MOST_DAYS = 6
# With the discount of who pays in time.
PRICE, CHARGED = 189.9, 180.4
LINE = "SELECT amount_residual, reconciled FROM account_move_line WHERE id = %s"
CHARGES = "SELECT state, amount FROM payment_transaction WHERE operation = 'offline'"


@pytest.fixture(scope="module")
def shop(databases, database, processes):
    """A database with Odoo's provider for tests: (server, worker)."""
    databases.install(database, ["payment_demo"])
    [worker] = processes.workers(1)
    worker.inject("billing.paying:add_link_to_page")
    worker.inject("e2e.carding:add_to_company")
    return processes.server(), worker


def pay(visit, state):
    """Choose how the provider answers, pay, and come back."""
    visit.page.wait_for_selector(STATE)
    visit.page.select_option(STATE, state)
    # What an earlier try was told must not be taken for the answer to this one.
    visit.page.evaluate("document.querySelector('.o_cobranca_notice')?.remove()")
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


def save_card(visit):
    """Save a card with the provider, as its form asks for it."""
    page = visit.page
    page.click(".o_cobranca_card_none .btn-primary")
    page.wait_for_selector("#customer_input")
    page.fill("#customer_input", "4242 4242 4242 4242")
    page.select_option("#simulated_payment_state", "done")
    page.click("button[name=o_payment_submit_button]")
    page.wait_for_url("**/payment/status*")
    visit.wait_until_quiet()


def authorise(visit):
    page = visit.page
    assert page.locator("input[name=cartao]:checked").count() == 1, "the only card is chosen"
    page.fill("#card_expiry", "08/49")
    page.check("input[name=aceito]")
    with page.expect_navigation():
        page.click(".o_cobranca_card_accept")
    visit.wait_until_quiet()


def run_cron(worker):
    cron = worker.call("ir.model.data", "_xmlid_to_res_id", "cobranca_recorrente.ir_cron_cobranca_card")
    worker.call("ir.cron", "method_direct_trigger", ids=[cron])


def test_saved_authorised_and_charged_by_the_cron(browser, shop, postgres, tmp_path):
    server, worker = shop
    facts = worker.call("res.company", "make_card_customer_for_test")
    visit = browser.open_page(server.url, 390).log_in(LOGIN, LOGIN, "/my/pagamentos")
    visit.page.click(".o_cobranca_card_link")
    visit.wait_until_quiet()
    save_card(visit)
    visit.goto(CARD_PATH)
    found = violations(visit, OURS)
    assert fits(visit)
    authorise(visit)
    visit.page.wait_for_selector(".o_cobranca_card_active")
    found += violations(visit, OURS)
    visit.screenshot(tmp_path / "card.png", full_page=True)
    assert not found, "\n".join(found)

    due = datetime.date.fromisoformat(facts["due"])
    for days in range(-1, MOST_DAYS):
        worker.inject("billing.clock:set_now", f"{due + datetime.timedelta(days=days)} 15:00:00")
        run_cron(worker)
        if done := postgres.execute(CHARGES):
            break
        assert postgres.execute(LINE, [facts["line"]]) == [(PRICE, False)]
    assert days >= 0, "nobody's card is charged before the invoice falls due"
    assert done == [("done", CHARGED)]
    assert postgres.execute(LINE, [facts["line"]]) == [(0, True)]
    run_cron(worker)
    assert len(postgres.execute(CHARGES)) == 1, "once"

    visit.goto("/my/pagamentos")
    assert visit.page.locator(".o_cobranca_settled").count()
    visit.check()
