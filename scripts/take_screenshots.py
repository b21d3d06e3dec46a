"""Take the named screens (scripts/screens.py) of a copy of the demo into docs/screenshots.

A page that logs an error, shows an error dialog, or shows an English text for which we have
a Portuguese one is a failure: its picture goes to .build/screenshots-failed instead.

    make screenshots ARGS="login apps"      # some of them
    SCREENS_SOURCE=<database>               # another database than the demo's
"""

import os
import re
import secrets
import sys

import polib

from common import ADDONS, BUILD_DIR, ROOT, Failure, exclusive, main, say, step
from database import Databases
from demo_database import DATABASE
from get_postgres import get_postgres
from screens import SCREENS

sys.path.insert(0, str(ROOT / "tests"))
from harness.browser import Browser, action_path
from harness.postgres import Postgres
from harness.processes import OdooProcesses

FOLDER = ROOT / "docs/screenshots"
FAILED = BUILD_DIR / "screenshots-failed"
COPY = "cobranca_screens"
# Texts of Odoo itself that are on most pages: seen in English they mean that the page is.
CANARIES = {"Log in", "Password", "Search...", "New", "Filters", "Group By", "Settings", "Apps", "Invoices"}
PLACEHOLDER = re.compile(r"%\(|%[sd]|\{")


def english_texts():
    """Our English texts whose Portuguese is another, and Odoo's canaries."""
    texts = set(CANARIES)
    for addon in ADDONS:
        path = ROOT / addon / "i18n/pt_BR.po"
        if path.exists():
            texts |= {
                entry.msgid
                for entry in polib.pofile(str(path)).translated_entries()
                if entry.msgid != entry.msgstr and not PLACEHOLDER.search(entry.msgid)
            }
    return texts


def chosen_screens(names):
    """:raise Failure: for a name that no screen has"""
    known = {screen.name: screen for screen in SCREENS}
    if unknown := [name for name in names if name not in known]:
        raise Failure(f"no screen named {', '.join(unknown)}", f"known: {' '.join(known)}")
    return [known[name] for name in names] if names else list(SCREENS)


def open_passwords(processes, screens):
    """Give the screens' users of the copy a password that nobody knows.

    :return: it
    """
    password = secrets.token_urlsafe(12)
    [worker] = processes.workers(1)
    for login in {screen.user for screen in screens if screen.user}:
        user = worker.call("res.users", "search", [("login", "=", login)])
        if not user:
            raise Failure(f"the database has no user {login}", "make demo FRESH=1, or correct scripts/screens.py")
        worker.call("res.users", "write", {"password": password}, ids=user)
    worker.kill()
    return password


def show(visit, screen, password):
    """Bring a visitor to what the picture shows."""
    path = screen.path or (action_path(screen.action) if screen.action else "/odoo")
    if screen.user:
        visit.log_in(screen.user, password, path)
    else:
        visit.goto(path)
    if screen.menu:
        visit.open_menu(screen.menu)
    for do in screen.steps:
        do(visit.page)
        visit.wait_until_quiet()
    for selector in screen.wait_for:
        visit.page.locator(selector).first.wait_for(state="visible")
    visit.wait_until_quiet()


def take(browser, url, screen, password, english):
    """Take one picture.

    :return: list of problems; without any the picture is in its place
    """
    name = f"{screen.name}.png"
    visit = browser.open_page(url, screen.width)
    try:
        show(visit, screen, password)
        problems = [f"not translated: {text!r}" for text in visit.texts() & english]
    except Exception as error:  # noqa: BLE001  (one bad screen does not keep the others from being taken)
        problems = [str(error).partition("\nCall log")[0]]
    problems += visit.take_problems()
    visit.screenshot((FAILED if problems else FOLDER) / name, screen.full_page)
    browser.close_pages()
    if problems:
        (FOLDER / name).unlink(missing_ok=True)
    return problems


def take_all(databases, screens):
    """Serve the copy and take the pictures.

    :return: list of "screen: problem"
    """
    english, found = english_texts(), []
    with OdooProcesses(databases, Postgres(databases, COPY)) as processes:
        with step("starting Odoo on the copy"):
            password = open_passwords(processes, screens)
            server = processes.server()
        browser = Browser()
        try:
            for screen in screens:
                problems = take(browser, server.url, screen, password, english)
                found += [f"{screen.name}: {problem}" for problem in problems]
                say(f"    {'FAILED' if problems else 'taken '} {screen.name}")
        finally:
            browser.close()
    return found


def take_screenshots():
    screens = chosen_screens(sys.argv[1:])
    databases = Databases(get_postgres())
    source = os.environ.get("SCREENS_SOURCE", DATABASE)
    if source not in databases.names():
        raise Failure(f"there is no database {source}", "make demo (once), or set SCREENS_SOURCE")
    with exclusive("screenshots"):
        with step(f"copying {source}"):
            databases.copy(source, COPY)
        try:
            problems = take_all(databases, screens)
        finally:
            databases.drop(COPY)
    if problems:
        raise Failure("\n  ".join([f"{len(problems)} problems", *problems]), "correct the page, or scripts/screens.py")


if __name__ == "__main__":
    main(take_screenshots)
