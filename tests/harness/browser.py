"""A real browser: Debian's Chromium, headless, driven by Playwright.

A page of it remembers everything that went wrong (errors on the console, uncaught errors,
failed requests, Odoo's error dialogs): `check` raises for any of it.
"""

import os
import re
import shutil
import time
import urllib.parse

from playwright.sync_api import Error, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
SWITCHES = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--font-render-hinting=none"),
    # Whatever a page wants from outside fails at once, and so becomes a problem of the page.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
HEIGHTS = {1366: 768, 390: 844}
# On a machine that does other things at the same time.
LIMIT_S = 180
# So many looks in a row that find nothing under way: longer than the pause between an answer and what the page asks
# because of it. The page's own clock gives the pace, which stands still while the page is busy.
QUIET_LOOKS = 12
LOOK = "() => new Promise((seen) => setTimeout(() => seen(true), 25))"
ERROR_DIALOGS = ".o_error_dialog, .o_notification:has(.o_notification_bar.bg-danger)"
# The action has arrived and nothing covers it.
CLIENT_READY = "document.querySelector('.o_web_client .o_action_manager > *') && !document.querySelector('.o_blockUI')"
# Public pages take no choice before their scripts have come.
SCRIPTS_READY = "!document.body.classList.contains('o_lazy_js_waiting')"


def find_chromium():
    """Path of the browser.

    :raise FileNotFoundError: when there is none
    """
    for name in (os.environ.get("CHROMIUM"), *CHROMIUM):
        if name and (path := shutil.which(name)):
            return path
    raise FileNotFoundError("no Chromium; install Debian's package `chromium` or set CHROMIUM")


class Browser:
    """One browser process; each page of `open_page` is a visitor with cookies of its own."""

    def __init__(self):
        self._playwright = sync_playwright().start()
        self._chromium = self._playwright.chromium.launch(
            executable_path=find_chromium(), args=list(SWITCHES), timeout=LIMIT_S * 1000
        )
        self.visits = []

    def open_page(self, url, width=1366):
        """A new visitor's empty page.

        :param str url: address of the server
        :param int width: 1366 (desktop) or 390 (telephone)
        :return: Visit
        """
        narrow = width < 600
        context = self._chromium.new_context(
            viewport={"width": width, "height": HEIGHTS[width]},
            is_mobile=narrow,
            has_touch=narrow,
            locale="pt-BR",
            timezone_id="America/Sao_Paulo",
        )
        context.set_default_timeout(LIMIT_S * 1000)
        visit = Visit(context, url)
        self.visits.append(visit)
        return visit

    def close_pages(self):
        """Close every page.

        :return: the problems that no test has taken
        """
        problems = [problem for visit in self.visits for problem in visit.take_problems()]
        for visit in self.visits:
            visit.close()
        self.visits.clear()
        return problems

    def close(self):
        self.close_pages()
        self._chromium.close()
        self._playwright.stop()


class Visit:
    """One page with all that went wrong on it; `page` is Playwright's."""

    def __init__(self, context, url):
        self.url = url
        self._context = context
        self._problems = []
        self._under_way = set()
        self.page = context.new_page()
        self.page.on("request", self._on_request)
        self.page.on("requestfinished", lambda request: self._under_way.discard(request))
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self._problems.append(f"uncaught error: {error}"))
        self.page.on("requestfailed", self._on_request_failed)
        self.page.on("response", self._on_response)

    def _on_console(self, message):
        if message.type == "error":
            self._problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _on_request(self, request):
        # The script of a worker is never reported as finished.
        if "/bus/websocket_worker_bundle" not in request.url:
            self._under_way.add(request)

    def _on_request_failed(self, request):
        self._under_way.discard(request)
        # A page that is left aborts what it was still loading.
        if request.failure != "net::ERR_ABORTED":
            self._problems.append(f"failed request: {request.method} {request.url}: {request.failure}")

    def _on_response(self, response):
        if response.status >= 400:
            self._problems.append(f"HTTP {response.status}: {response.request.method} {response.url}")

    # --- getting somewhere ---

    def log_in(self, login, password, path="/odoo"):
        """Log in through the login page and wait for where it leads.

        :param str path: the page to come to; a path is faster than the default, which is the first app
        :raise PermissionError: with what the page says when it does not let in
        """
        self.goto(f"/web/login?{urllib.parse.urlencode({'redirect': path})}")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password)
        with self.page.expect_navigation():
            self.page.click("form.oe_login_form button[type=submit]")
        self.wait_until_quiet()
        if "/web/login" in self.page.url:
            raise PermissionError(f"{login}: {self.page.inner_text('form.oe_login_form .alert')}")
        return self

    def goto(self, path):
        """Open a path of the server and wait until it is quiet."""
        response = self.page.goto(urllib.parse.urljoin(self.url, path))
        self.wait_until_quiet()
        return response

    def open_action(self, action):
        """Open an action of the web client.

        :param str action: its xmlid, or its path such as `apps`
        """
        self.goto(action_path(action))

    def open_menu(self, menu):
        """Open a menu of the web client as a click on it does.

        :param str menu: its xmlid
        :raise LookupError: when the user does not see such a menu
        """
        if not self.page.url.startswith(f"{self.url}/odoo"):
            self.goto("/odoo")
        found = self.page.evaluate(
            """async (xmlid) => {
                const menus = odoo.__WOWL_DEBUG__.root.env.services.menu;
                const menu = menus.getAll().find((menu) => menu.xmlid === xmlid);
                if (menu) await menus.selectMenu(menu);
                return Boolean(menu);
            }""",
            menu,
        )
        if not found:
            raise LookupError(f"no menu {menu} for this user")
        self.wait_until_quiet()

    def wait_until_quiet(self):
        """Wait until the page has loaded, asks the server for nothing and, in the web client, shows its action."""
        self.page.wait_for_load_state("load")
        self.page.wait_for_function(SCRIPTS_READY)
        self._wait_for_requests()
        if re.match(r"/(odoo|web)(/|$|\?|#)(?!login)", self.page.url.removeprefix(self.url)):
            self.page.wait_for_function(CLIENT_READY)
            self._wait_for_requests()
        self.page.evaluate("document.fonts.ready.then(() => true)")

    def _wait_for_requests(self):
        deadline = time.monotonic() + LIMIT_S
        looks = 0
        while looks < QUIET_LOOKS:
            looks = looks + 1 if self._look() and not self._under_way else 0
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.page.url} still asks for {[request.url for request in self._under_way]}")

    def _look(self):
        """Let the page do what it has to do; False while it is being left."""
        try:
            return self.page.evaluate(LOOK)
        except Error:
            if self.page.is_closed():
                raise
            return False

    # --- judging it ---

    def texts(self):
        """The texts that a visitor sees: each piece of text, placeholder and button value of its own."""
        return set(self.page.evaluate(VISIBLE_TEXTS))

    def error_dialogs(self):
        """The texts of the error dialogs and red notifications that are open, each told once."""
        texts = self.page.evaluate(
            """(selector) => [...document.querySelectorAll(`:is(${selector}):not([data-told])`)].map((element) => {
                element.dataset.told = "1";
                return element.innerText;
            })""",
            ERROR_DIALOGS,
        )
        return [f"error shown: {text[:300]}" for text in texts]

    def take_problems(self):
        """Return what went wrong so far and forget it: for a test that provokes it."""
        problems, self._problems = self._problems, []
        return problems + (self.error_dialogs() if not self.page.is_closed() else [])

    def check(self):
        """Fail when anything went wrong on the page.

        :raise AssertionError: with every problem
        """
        if problems := self.take_problems():
            raise AssertionError(f"problems on {self.page.url}:\n  " + "\n  ".join(problems))

    def screenshot(self, path, full_page=False):
        """Write a PNG of what is seen, without moving parts."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, full_page=full_page, animations="disabled", caret="hide")

    def close(self):
        self._context.close()


def action_path(action):
    """Path of an action of the web client, given by its xmlid or by its own path such as `apps`."""
    return f"/odoo/action-{action}" if "." in action else f"/odoo/{action}"


VISIBLE_TEXTS = """() => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE"].includes(element.tagName) && element.checkVisibility()) {
            found.push(walker.currentNode.textContent);
        }
    }
    for (const element of document.querySelectorAll("[placeholder], [title], input[type=submit]")) {
        if (element.checkVisibility()) {
            found.push(element.placeholder, element.title, element.type === "submit" ? element.value : "");
        }
    }
    return found.filter((text) => typeof text === "string").map((text) => text.trim()).filter(Boolean);
}"""
