"""Remove what make created in this folder; `everything` also Odoo and the environments."""

import contextlib
import shutil
import sys

from common import BUILD_DIR, CACHE_DIR, ODOO_DIR, ROOT, VENV_DIR, main, say
from environment import LINT_DIR
from get_postgres import OWN_FILES, PG_DIR, socket_folder, user_settings


def remove(path):
    if not path.exists():
        return
    say(f"    removing {path}")
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink()


def clean(everything):
    """Remove only what is ours: COBRANCA_PG_DIR may name a folder that holds other things too."""
    if user_settings() is not None:
        say("    the databases on your own PostgreSQL server (cobranca_*) stay: drop them there")
    for name in OWN_FILES:
        remove(PG_DIR / name)
    with contextlib.suppress(OSError):
        PG_DIR.rmdir()  # only when nothing else is in it
    for name in (".pytest_cache", ".hypothesis", ".ruff_cache"):
        remove(ROOT / name)
    for folder in (BUILD_DIR, socket_folder(), *((ODOO_DIR, VENV_DIR, LINT_DIR, CACHE_DIR) if everything else ())):
        remove(folder)


if __name__ == "__main__":
    main(lambda: clean("everything" in sys.argv))
