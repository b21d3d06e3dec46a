"""The browser shows Odoo, and tells when a page has an error."""

import pytest

from harness.browser import action_path

USERS = action_path("base.action_res_users")


@pytest.mark.parametrize("width", [1366, 390])
def test_the_web_client_opens_without_errors(browser, server, width, tmp_path):
    visit = browser.open_page(server.url, width).log_in("admin", "admin", USERS)
    visit.check()
    assert visit.page.evaluate("window.innerWidth") == width
    assert visit.page.locator(".o_control_panel").is_visible()
    assert "Usuários" in visit.texts()
    picture = tmp_path / "users.png"
    visit.screenshot(picture)
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_menus_open_as_by_a_click_and_error_dialogs_are_caught(browser, server):
    visit = browser.open_page(server.url).log_in("admin", "admin", action_path("apps"))
    visit.open_menu("base.menu_action_res_users")
    visit.page.wait_for_selector(".o_list_view")
    with pytest.raises(LookupError):
        visit.open_menu("base.no_such_menu")
    visit.check()
    visit.page.evaluate('odoo.__WOWL_DEBUG__.root.env.services.orm.call("res.users", "no_such_method", []); true')
    visit.page.wait_for_selector(".o_error_dialog")
    with pytest.raises(AssertionError, match="error shown"):
        visit.check()
    visit.check()


def test_errors_of_a_page_are_caught(browser, server):
    visit = browser.open_page(server.url)
    visit.goto("/web/login")
    visit.check()
    visit.page.evaluate("console.error('said by the page'); setTimeout(() => { throw new Error('not caught') })")
    visit.page.evaluate("fetch('/no/such/page')")
    visit.page.evaluate("fetch('http://outside.example.com/').catch(() => true)")
    visit.wait_until_quiet()
    problems = "\n".join(visit.take_problems())
    for expected in ("said by the page", "uncaught error: not caught", "HTTP 404", "ERR_NAME_NOT_RESOLVED"):
        assert expected in problems
    visit.check()


def test_a_problem_that_a_test_leaves_is_returned_at_the_end(browser, server):
    browser.open_page(server.url).page.evaluate("console.error('left behind')")
    assert any("left behind" in problem for problem in browser.close_pages())
    assert browser.close_pages() == []


def test_a_wrong_password_does_not_log_in(browser, server):
    visit = browser.open_page(server.url)
    with pytest.raises(PermissionError, match="Login ou senha"):
        visit.log_in("admin", "wrong")
