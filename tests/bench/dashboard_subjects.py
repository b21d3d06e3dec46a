"""The dashboard as somebody sees it, measured in a browser; run by child.py inside Odoo."""

import subprocess
import time
from contextlib import contextmanager

from common import LOG_DIR
from harness.browser import Browser
from harness.sheets import wait_until_complete
from harness.waiting import free_port, wait_until
from odoo_env import odoo_command
from server import answers

MONTHS = 12
LOGIN = "nara"
LIMIT_S = 120
TIMES = 3


def show(env, number):
    """The dashboard in Chromium, from its address until each cell has its value: later times, with warm caches.

    :return: ms of the quickest of some times, and of the first one
    """
    prepare(env)
    dashboard = env.ref("cobranca_relatorios.cobranca_dashboard_overview").id
    with served(env.cr.dbname) as url:
        browser = Browser()
        visit = browser.open_page(url).log_in(LOGIN, LOGIN, "/odoo")
        first, *later = [look(visit, dashboard) for _time in range(1 + TIMES)]
        visit.check()
        browser.close()
    return {"ms": min(later), "first_ms": first}


def prepare(env):
    """What the jobs of the night compute, and who looks at it."""
    env["cobranca.cash.forecast"]._refresh(env.company)
    env["cobranca.portfolio.snapshot"]._take_months(env.company, MONTHS)
    groups = env.ref("cobranca_recorrente.cobranca_group_manager") | env.ref("base.group_user")
    env["res.users"].create(
        {"name": "Nara", "login": LOGIN, "password": LOGIN, "lang": "pt_BR", "group_ids": [(6, 0, groups.ids)]}
    )
    env.cr.commit()


def look(visit, dashboard):
    """:return: ms until all is there"""
    visit.goto("/web/login")
    started = time.monotonic()
    visit.page.goto(f"{visit.url}/odoo/dashboards?dashboard_id={dashboard}")
    wait_until_complete(visit)
    spent = time.monotonic() - started
    visit.wait_until_quiet()
    return round(1000 * spent)


@contextmanager
def served(database):
    """A server on this database."""
    port = free_port()
    command = odoo_command("server", "-d", database, "--db-filter", f"^{database}$", "--http-port", port)
    with (LOG_DIR / "bench_server.log").open("ab") as log:
        process = subprocess.Popen([*command, "--max-cron-threads=0"], stdout=log, stderr=log)
    try:
        wait_until(lambda: answers(port), "the server answers", LIMIT_S)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
