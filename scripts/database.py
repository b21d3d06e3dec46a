"""Databases with their filestores: create, copy, rename, drop; the two templates.

A template with Odoo alone (keyed by Odoo's version) and one with our addons on top
(keyed by their content) make a fresh database a matter of a second. Both are built under
another name and renamed when complete: an interruption leaves nothing half-built in use.
"""

import contextlib
import shutil
import subprocess
import time

import psycopg2
from psycopg2 import sql

from common import ADDONS, ROOT, Failure, content_hash, need_disk_space, run, step
from get_odoo import odoo_version
from odoo_env import DATA_DIR, PYTHON, odoo_command, odoo_environment

FILESTORE = DATA_DIR / "filestore"
LANGUAGE = "pt_BR"
COUNTRY = "BR"
# What our addons stand on, installed once for all versions of ours.
BASE_MODULES = (
    "account",
    "account_payment",
    "auth_totp_mail",
    "base_vat",
    "l10n_br",
    "mail",
    "portal",
    "sms",
    "base_import",
)
BASE_MODULES += ("spreadsheet_dashboard", "digest")
SOURCE_SUFFIXES = {".json", ".py", ".xml", ".csv", ".po", ".pot", ".js", ".scss", ".sql"}
KEPT_TEMPLATES = 3
# All but the last addon, which changes without them.
EARLIER = ADDONS[:-1]
# Raised when the steps that build the first template change.
RECIPE = 2
UNVACUUMED = """
    DO $$ DECLARE name regclass;
    BEGIN
        FOR name IN SELECT relid FROM pg_stat_user_tables LOOP
            EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = false)', name);
        END LOOP;
    END $$
"""


class Databases:
    """The databases of one PostgreSQL server and their filestores."""

    def __init__(self, settings):
        self.settings = settings
        self.env = odoo_environment(settings)

    @contextlib.contextmanager
    def connected(self, database="postgres"):
        """A cursor in autocommit on one of the server's databases."""
        names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password", "PGSSLMODE": "sslmode"}
        arguments = {names[key]: value for key, value in self.settings.items()}
        connection = psycopg2.connect(dbname=database, **arguments)
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            yield cursor

    def names(self):
        with self.connected() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")
            return {name for (name,) in cursor.fetchall()}

    def is_complete(self, name):
        """Is the database there with its filestore? Without it pages have no images, CSS or JavaScript."""
        return name in self.names() and (FILESTORE / name).is_dir()

    def disconnect(self, name):
        """End what is connected to a database, so that it can be copied or dropped."""
        with self.connected() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and self.connections(name):
            time.sleep(0.05)

    def connections(self, name):
        with self.connected() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [name])
            return cursor.fetchone()[0]

    def drop(self, name):
        self.disconnect(name)
        with self.connected() as cursor:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        shutil.rmtree(FILESTORE / name, ignore_errors=True)

    def copy(self, source, target):
        """Copy a database with its filestore; an existing target is replaced."""
        self.drop(target)
        self.disconnect(source)
        with self.connected() as cursor:
            # A copy by files is several times faster than by WAL for a database of this size.
            strategy = " STRATEGY file_copy" if cursor.connection.server_version >= 150000 else ""
            cursor.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}" + strategy).format(
                    sql.Identifier(target), sql.Identifier(source)
                )
            )
        if (FILESTORE / source).is_dir():
            # Odoo never changes a stored file in place, so hard links are copies.
            subprocess.run(["cp", "-al", FILESTORE / source, FILESTORE / target], check=True)

    def leave_unvacuumed(self, name):
        """Keep PostgreSQL from counting rows of a database whose rows are all taken back.

        Autovacuum would find empty tables. Then PostgreSQL takes each of them for one row, however many an open
        transaction has written, and loops over loops of them: a query of milliseconds takes minutes. Tables that
        were never counted it judges by their size.
        """
        with self.connected(name) as cursor:
            cursor.execute(UNVACUUMED)

    def rename(self, source, target):
        self.drop(target)
        self.disconnect(source)
        # The files first: a database under the new name is complete, whenever this is cut short.
        if (FILESTORE / source).is_dir():
            (FILESTORE / source).rename(FILESTORE / target)
        with self.connected() as cursor:
            cursor.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(source), sql.Identifier(target))
            )

    def odoo(self, *arguments, log):
        run(odoo_command(*arguments), log=log, env=self.env, cwd=ROOT)

    # --- templates ---

    def base_template(self):
        """Name of the template with Odoo's own modules in Portuguese, built when missing."""
        key = content_hash([], salt=f"{odoo_version()} {BASE_MODULES} {LANGUAGE} {COUNTRY} {RECIPE}")
        name = f"cobranca_base_{key}"
        if not self.is_complete(name):
            need_disk_space(2)
            building = f"{name}_building"
            self.drop(building)
            with step("building the database with Odoo's own modules (once, about 2 minutes)"):
                self.odoo("db", "init", building, "--country", COUNTRY, "--language", LANGUAGE, log="database")
                self.odoo(
                    "-d",
                    building,
                    "-i",
                    ",".join(BASE_MODULES),
                    "--stop-after-init",
                    "--no-http",
                    "--load-language",
                    LANGUAGE,
                    log="database",
                )
            self.require_installed(building, BASE_MODULES)
            self.build_assets(building)
            self.rename(building, name)
        return name

    def template(self):
        """Name of the template with our addons, built when their content has changed."""
        base = self.base_template()
        name = f"cobranca_addons_{content_hash(addon_sources(), salt=base)}"
        if not self.is_complete(name):
            building = f"{name}_building"
            earlier = self.earlier_template(base)
            with step("installing the three addons into a fresh database"):
                self.copy(earlier, building)
                self.odoo("-d", building, "-i", ADDONS[-1], "--stop-after-init", "--no-http", log="database")
            self.require_installed(building, ADDONS)
            self.build_assets(building)
            self.rename(building, name)
            self.drop_old_templates(keep=name)
        return name

    def earlier_template(self, base):
        """Name of the template without the last addon, so that who works on that one need not wait for the others."""
        name = f"cobranca_earlier_{content_hash(addon_sources(EARLIER), salt=base)}"
        if not self.is_complete(name):
            building = f"{name}_building"
            with step(f"installing {' and '.join(EARLIER)} into a fresh database"):
                self.copy(base, building)
                self.odoo("-d", building, "-i", ",".join(EARLIER), "--stop-after-init", "--no-http", log="database")
            self.require_installed(building, EARLIER)
            self.rename(building, name)
            self.drop_old_templates(keep=name, prefix="cobranca_earlier_")
        return name

    def install(self, name, modules):
        """Install more of Odoo's own modules into a database, with the pages' CSS and JavaScript."""
        self.odoo("-d", name, "-i", ",".join(modules), "--stop-after-init", "--no-http", log="database")
        self.require_installed(name, modules)
        self.build_assets(name)

    def build_assets(self, name):
        """Build the pages' CSS and JavaScript that changed, so that no copy has to."""
        with step("building the pages' CSS and JavaScript"):
            run([PYTHON, ROOT / "scripts/build_assets.py", name], log="database", env=self.env, cwd=ROOT)

    def drop_old_templates(self, keep, prefix="cobranca_addons_"):
        """Keep the disk free of templates of earlier contents."""
        with self.connected() as cursor:
            cursor.execute(
                """
                SELECT datname FROM pg_database
                 WHERE starts_with(datname, %s) ORDER BY oid DESC OFFSET %s
                """,
                [prefix, KEPT_TEMPLATES],
            )
            old = [name for (name,) in cursor.fetchall() if name != keep]
        for name in old:
            self.drop(name)

    def require_installed(self, name, modules):
        """Odoo exits 0 even when a module is unknown: look at the outcome instead."""
        with self.connected(name) as cursor:
            cursor.execute(
                "SELECT name FROM ir_module_module WHERE state = 'installed' AND name = ANY(%s)", [list(modules)]
            )
            missing = set(modules) - {module for (module,) in cursor.fetchall()}
        if missing:
            raise Failure(f"{name}: not installed: {', '.join(sorted(missing))}", "read .build/log/database.log")


def addon_sources(addons=ADDONS):
    """The files of our addons that a database depends on (tests do not count)."""
    return [
        path
        for addon in addons
        for path in (ROOT / addon).rglob("*")
        if path.suffix in SOURCE_SUFFIXES and "tests" not in path.relative_to(ROOT).parts
    ]
