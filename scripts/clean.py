"""Remove what make created in this folder; `everything` also Odoo and the environments."""

import shutil
import sys

from common import BUILD_DIR, ODOO_DIR, ROOT, VENV_DIR, main, say
from environment import LINT_DIR
from get_postgres import PG_DIR, socket_folder, user_settings


def clean(everything):
    folders = [BUILD_DIR, socket_folder(), *(ROOT / name for name in (".pytest_cache", ".hypothesis", ".ruff_cache"))]
    if user_settings() is None:
        folders.append(PG_DIR)
    else:
        say("    the databases on your own PostgreSQL server (cobranca_*) stay: drop them there")
    if everything:
        folders += [ODOO_DIR, VENV_DIR, LINT_DIR]
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(lambda: clean("everything" in sys.argv))
