#!/usr/bin/env python3
"""Make the database fit the addons of this image: create, install or upgrade it.

Runs to its end before the web and cron containers start. The address and password of
PostgreSQL and the name of the database are in libpq's variables (PGHOST, PGDATABASE, …).
Safe to interrupt and to repeat: a new database gets its name when it is complete, and
nothing is upgraded when neither the addons nor Odoo have changed.
"""

import configparser
import contextlib
import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
from psycopg2 import sql

ADDONS_DIR = Path(__file__).resolve().parent / "addons"
COUNTRY, LANGUAGE = "BR", "pt_BR"
CONTENT_KEY = "cobranca.image.content"
WAIT_FOR_SERVER_S = 30
WAIT_FOR_OTHERS_S = 30
# For Odoo's commands: the name is given on the command line, and no process needs the rest.
PRIVATE = ("PGDATABASE", "ADMIN_PASSWORD", "REPORT_URL")
SET_PASSWORD = "env.ref('base.user_admin').password = __import__('os').environ['ADMIN_PASSWORD']; env.cr.commit()"


class Failure(Exception):
    """What went wrong, in one line for the log."""


def say(text):
    print(f"init: {text}", flush=True)


def setting(name):
    """An environment variable that must be given.

    :raise Failure: when it is missing or empty
    """
    if not os.environ.get(name):
        raise Failure(f"{name} is not set")
    return os.environ[name]


@contextlib.contextmanager
def connected(database, wait_s=0):
    """A cursor in autocommit, waiting at most `wait_s` seconds for the server."""
    deadline = time.monotonic() + wait_s
    while True:
        try:
            connection = psycopg2.connect(dbname=database)
            break
        except psycopg2.OperationalError as error:
            if time.monotonic() >= deadline:
                raise Failure(f"PostgreSQL refuses '{database}': {str(error).strip()}") from error
            time.sleep(1)
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        yield cursor


def database_state(name):
    """What lies under the name: 'missing', 'empty', 'odoo' or 'foreign' (tables of something else)."""
    with connected("postgres") as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not cursor.fetchone():
            return "missing"
    with connected(name) as cursor:
        cursor.execute(
            "SELECT to_regclass('public.ir_module_module'), count(*) FROM pg_tables WHERE schemaname = 'public'"
        )
        odoo_table, tables = cursor.fetchone()
    return "odoo" if odoo_table else "foreign" if tables else "empty"


def not_installed(name, modules):
    """Those of the modules that are not installed, with their state: {module: state}."""
    with connected(name) as cursor:
        cursor.execute("SELECT name, state FROM ir_module_module WHERE name = ANY(%s)", [list(modules)])
        states = dict(cursor.fetchall())
    return {module: states.get(module, "unknown") for module in modules if states.get(module) != "installed"}


def require_installed(name, modules):
    """Odoo ends with code 0 even when a module is unknown: look at the outcome instead.

    :raise Failure: naming each module that is not installed
    """
    if wrong := not_installed(name, modules):
        raise Failure("not installed: " + ", ".join(f"{module} ({state})" for module, state in sorted(wrong.items())))


def shipped_addons():
    """Names of the addons in this image, sorted."""
    addons = sorted(path.parent.name for path in ADDONS_DIR.glob("*/__manifest__.py"))
    if not addons:
        raise Failure(f"no addon in {ADDONS_DIR}")
    return addons


def shipped_content():
    """A hash of the addons and of Odoo's version: when it changes, the database is upgraded."""
    from odoo import release  # noqa: PLC0415 (slow, and not needed to wait for the server)

    digest = hashlib.sha256(release.version.encode())
    for path in sorted(ADDONS_DIR.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(str(path.relative_to(ADDONS_DIR)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def parameter(name, key):
    """Value of a system parameter of Odoo, or None."""
    with connected(name) as cursor:
        cursor.execute("SELECT value FROM ir_config_parameter WHERE key = %s", [key])
        row = cursor.fetchone()
    return row and row[0]


def set_parameter(name, key, value, replace=True):
    """Write a system parameter; with `replace` false an existing value stays."""
    with connected(name) as cursor:
        cursor.execute(
            """INSERT INTO ir_config_parameter AS old (key, value) VALUES (%s, %s)
               ON CONFLICT (key) DO UPDATE SET value = CASE WHEN %s THEN EXCLUDED.value ELSE old.value END""",
            [key, value, replace],
        )


def odoo(*arguments, environment=None, **options):
    """Run one of Odoo's commands.

    :raise Failure: when it does not end with code 0
    """
    inherited = {key: value for key, value in os.environ.items() if key not in PRIVATE}
    process = subprocess.run(["odoo", *arguments], env={**inherited, **(environment or {})}, check=False, **options)
    if process.returncode:
        raise Failure(f"'odoo {' '.join(arguments[:2])} …' ended with code {process.returncode}; its log is above")


def install_arguments(name, addons):
    """Odoo's arguments: -i alone would leave an installed addon as it is, -u alone would install none."""
    wanted = ",".join(addons)
    return ["--database", name, "-i", wanted, "-u", wanted, "--stop-after-init", "--no-http", "--max-cron-threads=0"]


def install(name, addons):
    odoo(*install_arguments(name, addons))
    require_installed(name, addons)
    set_parameter(name, CONTENT_KEY, shipped_content())


def build(name, addons):
    """Create a Brazilian database without demo data; it gets its name when it is complete."""
    password = setting("ADMIN_PASSWORD")
    building = f"{name}_building"
    say(f"creating the database '{name}' (country {COUNTRY}, language {LANGUAGE})")
    # A throwaway password here: a command line can be read by every user of the host.
    throwaway = secrets.token_urlsafe(24)
    odoo("db", "init", building, "--force", "--country", COUNTRY, "--language", LANGUAGE, "--password", throwaway)
    require_installed(building, ["base"])
    install(building, addons)
    odoo(
        *("shell", "--database", building, "--no-http"),
        environment={"ADMIN_PASSWORD": password},
        input=SET_PASSWORD,
        text=True,
    )
    put_in_place(building, name)


def put_in_place(building, name):
    """Give a complete database and its files their name: the files first, for they can be moved again."""
    options = configparser.RawConfigParser()
    options.read(setting("ODOO_RC"))
    filestore = Path(options.get("options", "data_dir")) / "filestore"
    if (filestore / name).exists():
        kept = filestore / f"{name}.before-{time.strftime('%Y%m%d-%H%M%S')}"
        say(f"files of an earlier database '{name}' are kept in {kept}")
        (filestore / name).rename(kept)
    if (filestore / building).exists():
        shutil.move(filestore / building, filestore / name)
    with connected("postgres") as cursor:
        # An empty one, else we would not be here.
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(name)))


def require_unused(name):
    """An upgrade must not run under a working Odoo.

    :raise Failure: when another Odoo process stays connected to the database
    """
    deadline = time.monotonic() + WAIT_FOR_OTHERS_S
    while True:
        with connected("postgres") as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND application_name LIKE 'odoo-%%'", [name]
            )
            others = cursor.fetchone()[0]
        if not others:
            return
        if time.monotonic() >= deadline:
            raise Failure(f"{others} connections of a running Odoo: stop web and cron, then run this again")
        time.sleep(1)


def upgrade(name, addons):
    """Install what is missing and upgrade what has changed; nothing to do when all is as in the image."""
    if parameter(name, CONTENT_KEY) == shipped_content() and not not_installed(name, addons):
        say(f"'{name}' has the addons of this image already")
        return
    require_unused(name)
    say(f"upgrading '{name}': {', '.join(addons)}")
    install(name, addons)


def prepare_database():
    """Bring the database to the addons of this image.

    :raise Failure: with the reason; the database is then as it was, or upgraded in part
    """
    name, addons = setting("PGDATABASE"), shipped_addons()
    with connected("postgres", wait_s=WAIT_FOR_SERVER_S) as cursor:
        # Held until the end of this block: two of these at once wait for each other.
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
        state = database_state(name)
        if state == "foreign":
            raise Failure(f"the database '{name}' holds tables that are not Odoo's; give PGDATABASE another name")
        (upgrade if state == "odoo" else build)(name, addons)
        require_installed(name, addons)
        if os.environ.get("REPORT_URL"):
            set_parameter(name, "report.url", os.environ["REPORT_URL"], replace=False)
    say(f"'{name}' is ready: {', '.join(addons)}")


if __name__ == "__main__":
    try:
        prepare_database()
    except Failure as failure:
        print(f"init: ERROR: {failure}", file=sys.stderr)
        sys.exit(1)
