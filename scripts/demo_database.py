"""The demo's database: built once, upgraded when the addons change, never replaced unasked."""

import os

from common import ADDONS, ROOT, Failure, content_hash, exclusive, need_disk_space, run, say, step
from database import addon_sources
from odoo_env import PYTHON

DATABASE = "cobranca_demo"
ADDONS_KEY = "cobranca.demo.content"
SCRIPTS_KEY = "cobranca.demo.scripts"
# Not needed by the addons: a provider of payments that moves no money.
DEMO_MODULES = ("payment_demo",)


def wants_fresh():
    """Did the user ask for a new demo (FRESH=1)?"""
    return os.environ.get("FRESH", "").lower() not in ("", "0", "no", "false")


def scripts_content():
    """Which version of the scripts that build the demo this is."""
    return content_hash((ROOT / "scripts/demo").glob("*.py"))


def remembered(databases, key):
    """What was noted in the demo database when it was built or upgraded; None: never."""
    with databases.connected(DATABASE) as cursor:
        cursor.execute("SELECT to_regclass('ir_config_parameter')")
        if cursor.fetchone()[0] is None:
            return None
        cursor.execute("SELECT value FROM ir_config_parameter WHERE key = %s", [key])
        row = cursor.fetchone()
    return row and row[0]


def remember(databases, database, key, value):
    with databases.connected(database) as cursor:
        cursor.execute("DELETE FROM ir_config_parameter WHERE key = %s", [key])
        cursor.execute("INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)", [key, value])


def build_demo(databases, content):
    """Build the demo under another name; it gets its own when complete."""
    need_disk_space(2)
    building = f"{DATABASE}_building"
    template = databases.template()
    with step("building the Brazilian demo company (customers, contracts, invoices)"):
        databases.copy(template, building)
        databases.install(building, DEMO_MODULES)
        run([PYTHON, ROOT / "scripts/demo/build.py", building], log="demo", env=databases.env, cwd=ROOT)
        remember(databases, building, ADDONS_KEY, content)
        remember(databases, building, SCRIPTS_KEY, scripts_content())
        databases.rename(building, DATABASE)


def upgrade_demo(databases, content):
    with step("upgrading the demo database to the addons as they are now (your data stays)"):
        databases.odoo("-d", DATABASE, "-u", ",".join(ADDONS), "--stop-after-init", "--no-http", log="demo")
        databases.require_installed(DATABASE, ADDONS)
        remember(databases, DATABASE, ADDONS_KEY, content)


def ensure_demo(databases):
    """Make the demo database exist and fit the addons as they are now."""
    content = content_hash(addon_sources())
    with exclusive("database"):
        if DATABASE not in databases.names() or wants_fresh():
            build_demo(databases, content)
            return
        known = remembered(databases, ADDONS_KEY)
        if known is None:
            # Somebody else's data: ours gets this name only when it is complete.
            raise Failure(
                f"there is a database '{DATABASE}' that is not the demo of this project",
                "rename or drop it, or replace it: make demo FRESH=1",
            )
        if not databases.is_complete(DATABASE):
            raise Failure("the files of the demo database are gone (.build/data)", "make demo FRESH=1 builds it anew")
        if remembered(databases, SCRIPTS_KEY) != scripts_content():
            say("    NOTICE: the demo was built by an earlier version; make demo FRESH=1 builds it anew")
        if known != content:
            upgrade_demo(databases, content)
