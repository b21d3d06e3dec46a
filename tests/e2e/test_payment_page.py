"""The pages of open payments in a real browser: nobody is kept out (WCAG 2 A and AA, judged by axe-core)."""

import pytest

from get_axe import get_axe

# By which axe-core judges: WCAG 2.0 and 2.1, levels A and AA.
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
# Pages of a link, below its address, and what must be on them.
PAGES = {
    "": ".o_cobranca_total",
    "?escolha=1": ".o_cobranca_choice",
    "?valor=999999": "#choice_error",
    "/outro-dia": ".o_cobranca_day_form",
    "/ja-paguei": ".o_cobranca_claim_form",
    "/duvida": ".o_cobranca_doubt_form",
}
# Odoo's own frame around the pages of who is logged in is Odoo's to mend.
OURS = ".o_cobranca_payments"


@pytest.fixture(scope="module")
def facts(processes):
    """What the worker has prepared, see paying.py."""
    [worker] = processes.workers(1)
    worker.inject("e2e.paying:add_to_company")
    found = worker.call("res.company", "make_page_for_test")
    worker.terminate()
    return found


def enter(visit, link):
    """Open a link as the customer does: with the first digits of the CPF."""
    visit.goto(link)
    if visit.page.locator("#question_digits").count():
        visit.page.fill("#question_digits", "5299")
        with visit.page.expect_navigation():
            visit.page.click(".o_cobranca_question button[type=submit]")
        visit.wait_until_quiet()


def violations(visit, inside=None):
    """What axe-core finds wrong on a page, or in a part of it: list of texts."""
    visit.page.add_script_tag(content=get_axe().read_text())
    # Closed parts are read too.
    visit.page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))")
    found = visit.page.evaluate(
        "([where, rules]) => axe.run(where || document, rules).then((result) => result.violations)", [inside, RULES]
    )
    return [
        f"{visit.page.url} {item['id']}: {item['help']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
        for item in found
        for node in item["nodes"]
    ]


def fits(visit):
    """Is nothing wider than the screen?"""
    return visit.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_pages_of_a_link_keep_nobody_out(browser, server, facts, tmp_path):
    visit = browser.open_page(server.url, 390)
    visit.goto(facts["link"])
    found = violations(visit)
    enter(visit, facts["link"])
    for path, expected in PAGES.items():
        visit.goto(facts["link"] + path)
        assert visit.page.locator(expected).count(), f"{path}: {visit.page.url}"
        found += violations(visit)
        assert fits(visit), path
    visit.goto(facts["link"])
    visit.screenshot(tmp_path / "page.png", full_page=True)
    assert not visit.page.locator(".o_cobranca_no_means, #payments_means:empty").count(), "the Pix is judged too"
    visit.goto(facts["paid"])
    assert visit.page.locator(".o_cobranca_settled").count()
    found += violations(visit)
    visit.check()
    visit.goto(facts["expired"])
    visit.take_problems()  # the page of a link that expired is no page: 410
    found += violations(visit)
    assert not found, "\n".join(found)


def test_pages_of_who_is_logged_in(browser, server, facts):
    visit = browser.open_page(server.url, 390).log_in(facts["login"], facts["login"], "/my/pagamentos")
    found = violations(visit, OURS)
    assert fits(visit)
    visit.goto("/my/pagamentos/duvida")
    found += violations(visit, OURS)
    assert fits(visit)
    assert not found, "\n".join(found)


def test_the_total_follows_each_choice(browser, server, facts):
    """On a phone: the bar with the total stays in sight until the means are; a tap changes both."""
    visit = browser.open_page(server.url, 390)
    enter(visit, facts["link"])
    page = visit.page
    total = page.locator(".o_cobranca_total").inner_text()
    # Longer than a screen.
    page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))")
    page.wait_for_selector(".o_cobranca_bar:not(.d-none)")
    page.locator("input[name=pagamento]").first.uncheck()
    page.wait_for_function("(old) => document.querySelector('.o_cobranca_total').innerText !== old", arg=total)
    visit.wait_until_quiet()
    assert page.locator("input[name=pagamento]:checked").count() == len(facts["lines"]) - 1
    assert not page.locator(".o_cobranca_update").is_visible()
    assert "escolha=1" in page.url, "the address tells what is chosen: a reload shows the same"
    page.fill("#choice_amount", "50,00")
    page.locator(".o_cobranca_less button").click()
    page.wait_for_selector(".o_cobranca_part")
    assert "50,00" in page.locator(".o_cobranca_part").inner_text()
    page.locator("#payments_means").scroll_into_view_if_needed()
    page.wait_for_selector(".o_cobranca_bar.d-none", state="attached")


def test_works_without_javascript(browser, server, facts):
    """Reading, choosing and the forms: plain HTML."""
    context = browser._chromium.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 844}, locale="pt-BR"
    )
    try:
        page = context.new_page()
        page.goto(server.url + facts["link"])
        page.fill("#question_digits", "5299")
        page.click(".o_cobranca_question button[type=submit]")
        total = page.locator(".o_cobranca_total").inner_text()
        page.locator("input[name=pagamento]").first.uncheck()
        with page.expect_navigation():
            page.click(".o_cobranca_update")
        assert page.locator(".o_cobranca_total").inner_text() != total
        page.click(".o_cobranca_doubt")
        page.wait_for_selector(".o_cobranca_doubt_form")
    finally:
        context.close()


def test_odoos_own_buttons_lead_to_the_page(browser, server, facts):
    visit = browser.open_page(server.url, 1366).log_in(facts["login"], facts["login"], "/my/invoices/overdue")
    assert visit.page.url.endswith("/my/pagamentos")
    visit.goto(f"/my/invoices/{facts['invoice']}")
    with visit.page.expect_navigation():
        visit.page.click(".o_cobranca_pay")
    visit.wait_until_quiet()
    assert "/my/pagamentos?pagamento=" in visit.page.url
    assert visit.page.locator("input[name=pagamento]:checked").count() == 1
