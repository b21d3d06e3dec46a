"""A manager reads the overview at a desk and on a phone, and the same figures in Odoo's dashboards."""

import pytest

from harness.browser import action_path
from harness.sheets import read_cells, wait_until_complete

OVERVIEW = action_path("cobranca_relatorios.cobranca_overview_action")


@pytest.fixture(scope="module")
def facts(processes):
    """What the worker has prepared, see overviewing.py."""
    [worker] = processes.workers(1)
    worker.inject("e2e.overviewing:add_to_company")
    found = worker.call("res.company", "make_overview_for_test")
    worker.terminate()
    return found


def spaces(text):
    return " ".join(text.split())


@pytest.mark.parametrize("width", [1366, 390])
def test_the_page_shows_the_figures_and_leads_to_their_records(browser, server, facts, width):
    visit = browser.open_page(server.url, width).log_in("marta", "marta", OVERVIEW)
    page = visit.page
    page.wait_for_selector(".o_cobranca_card_value")
    assert [spaces(text) for text in page.locator(".o_cobranca_card_value").all_inner_texts()] == [
        spaces(text) for text in facts["cards"]
    ]
    said = [spaces(text) for text in page.locator(".o_cobranca_words_text").all_text_contents()]
    assert len(said) == len(facts["sentences"])
    for text, sentence in zip(said, facts["sentences"], strict=True):
        assert text.endswith(spaces(sentence))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways"
    page.locator(".o_cobranca_words a").first.click()
    page.wait_for_selector(".o_list_view, .o_list_renderer")
    visit.wait_until_quiet()
    page.go_back()
    page.wait_for_selector(".o_cobranca_card_value")
    visit.check()


def test_the_dashboard_shows_the_same_figures(browser, server, facts, postgres):
    number = postgres.value("SELECT res_id FROM ir_model_data WHERE name = 'cobranca_dashboard_overview'")
    visit = browser.open_page(server.url).log_in("marta", "marta", f"/odoo/dashboards?dashboard_id={number}")
    values = [["data", 1, row] for row in range(6)]
    assert read_cells(visit, values) == [spaces(text) for text in facts["cards"]]
    assert read_cells(visit, [["data", 6, row] for row in range(6)]) == facts["owners"]
    sentences = [["dashboard", 0, 18 + row] for row in range(len(facts["sentences"]))]
    assert read_cells(visit, sentences) == [spaces(text) for text in facts["sentences"]]
    # The map of due months: what was open of each on its due dates, with the comma of the reader.
    open_then = postgres.execute("SELECT rate FROM cobranca_portfolio_cohort WHERE after = '000' ORDER BY month")
    assert open_then
    assert read_cells(visit, [["dashboard", 5, 43 + row] for row in range(len(open_then))]) == [
        f"{rate:.1f}".replace(".", ",") for (rate,) in open_then
    ]
    visit.check()


def test_the_map_of_months_is_behind_advanced(browser, server, facts, postgres):
    number = postgres.value("SELECT res_id FROM ir_model_data WHERE name = 'cobranca_dashboard_months'")
    visit = browser.open_page(server.url).log_in("marta", "marta", f"/odoo/dashboards?dashboard_id={number}")
    months = postgres.value("SELECT count(*) FROM cobranca_portfolio_snapshot")
    # The last one late over 30 days.
    [rate] = read_cells(visit, [["dashboard", 3, 1 + months]])
    assert rate == facts["cards"][1].split("\N{NO-BREAK SPACE}")[0]
    wait_until_complete(visit)
    visit.check()
