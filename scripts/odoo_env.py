"""How Odoo is started here: configuration file, environment, command."""

import os

from common import BUILD_DIR, ROOT, VENV_DIR, write_atomically
from get_odoo import odoo_addons_paths

CONFIG = BUILD_DIR / "odoo.conf"
DATA_DIR = BUILD_DIR / "data"
PYTHON = VENV_DIR / "bin/python"


def addons_path(*more):
    return ",".join(map(str, [*odoo_addons_paths(), ROOT, *more]))


def write_config():
    """Write the configuration that server, tests and tools share.

    The database's address and password come from the environment (libpq's variables), so
    the file holds no secret.
    """
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    options = {
        "addons_path": addons_path(),
        "data_dir": DATA_DIR,
        "http_interface": "127.0.0.1",
        "list_db": False,
        "without_demo": True,
        # A password that nobody knows: the database manager stays shut.
        "admin_passwd": os.urandom(24).hex() if not CONFIG.exists() else None,
        "max_cron_threads": 1,
        # No limits on address space and time: Chromium, started by a test, would inherit the first.
        "limit_memory_hard": 0,
        "limit_time_real": 0,
        "limit_time_cpu": 0,
    }
    if CONFIG.exists():
        kept = [line for line in CONFIG.read_text().splitlines() if line.startswith("admin_passwd")]
        options["admin_passwd"] = kept[0].partition("=")[2].strip() if kept else os.urandom(24).hex()
    lines = [f"{key} = {value}" for key, value in options.items()]
    text = "[options]\n" + "\n".join(lines) + "\n"
    if not CONFIG.exists() or CONFIG.read_text() != text:
        write_atomically(CONFIG, text, mode=0o600)
    return CONFIG


def odoo_environment(settings):
    """Environment variables for an Odoo process on the given PostgreSQL."""
    return {
        **os.environ,
        **settings,
        "ODOO_RC": str(write_config()),
        # Kept in step with the Python that runs our tests.
        "PYTHONDONTWRITEBYTECODE": "",
        "TZ": "UTC",
    }


def odoo_command(*arguments):
    return [str(PYTHON), "-m", "odoo", *map(str, arguments)]
