"""Install what a purpose needs: `run`, `test` or `lint`. Fast when all is there."""

import shutil
import sys

from common import Failure, apt_install, main, missing_packages, say
from environment import find_python, make_environment, make_lint_environment
from get_axe import get_axe
from get_odoo import get_odoo
from get_postgres import get_postgres

# PDF invoices; a missing one only means that no PDF can be printed.
PRINTING = ["wkhtmltopdf", "fonts-dejavu-core"]
# libatomic1: the driver that Playwright brings along needs it.
BROWSER = ["chromium", "fonts-dejavu-core", "libatomic1"]


def install_system_packages(packages, why):
    """Debian packages by apt; on other systems the commands are looked for instead."""
    if shutil.which("dpkg-query"):
        if missing := missing_packages(packages):
            apt_install(missing, why)
    elif not shutil.which(packages[0]):
        say(f"    NOTICE: {packages[0]} was not found: {why} will not work")


def prepare(purpose):
    """:param str purpose: run, test or lint"""
    if purpose == "lint":
        get_odoo()  # two of the linters read Odoo's own checkers and identifiers
        make_lint_environment()
        return
    find_python()
    get_odoo()
    make_environment()
    try:
        install_system_packages(PRINTING, "printing PDF (wkhtmltopdf)")
    except Failure as failure:
        say(f"    NOTICE: {failure}: no PDF can be printed ({failure.remedy})")
    if purpose == "test":
        install_system_packages(BROWSER, "Chromium for the browser tests")
        try:
            get_axe()
        except Failure as failure:
            say(f"    NOTICE: {failure}: the tests of accessibility will fail ({failure.remedy})")
    get_postgres()


if __name__ == "__main__":
    main(lambda: prepare(sys.argv[1]))
