"""Serve the demo company; build it first when it is not there."""

import os
import socket
import sys

import server
from common import Failure, content_hash, exclusive, main, need_disk_space, run, say, step
from database import ADDONS, ROOT, Databases, addon_sources
from get_postgres import get_postgres
from odoo_env import PYTHON, odoo_command

DATABASE = "cobranca_demo"
KEY = "cobranca.demo.content"


def wished_port():
    text = os.environ.get("PORT") or "8069"
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise Failure(f"PORT={text} is no port number", "give a number such as PORT=8070")
    return int(text)


def refuse_taken_port(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Failure(f"port {port} needs root", "give another: make demo PORT=8070") from None
        except OSError:
            raise Failure(
                f"port {port} is taken by another program", f"make demo PORT={port + 1} (or stop that program)"
            ) from None


def demo_content(databases):
    """Which version of our addons the demo database was built or upgraded with."""
    with databases.connected(DATABASE) as cursor:
        cursor.execute("SELECT to_regclass('ir_config_parameter')")
        if cursor.fetchone()[0] is None:
            return None
        cursor.execute("SELECT value FROM ir_config_parameter WHERE key = %s", [KEY])
        row = cursor.fetchone()
    return row and row[0]


def remember_content(databases, database, content):
    with databases.connected(database) as cursor:
        cursor.execute("DELETE FROM ir_config_parameter WHERE key = %s", [KEY])
        cursor.execute("INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)", [KEY, content])


def build_demo(databases, content):
    """Build the demo under another name; it gets its own when complete."""
    need_disk_space(2)
    building = f"{DATABASE}_building"
    template = databases.template()
    with step("building the Brazilian demo company (customers, contracts, invoices)"):
        databases.copy(template, building)
        run([PYTHON, ROOT / "scripts/demo/build.py", building], log="demo", env=databases.env, cwd=ROOT)
        remember_content(databases, building, content)
        databases.rename(building, DATABASE)


def upgrade_demo(databases, content):
    with step("upgrading the demo database to the addons as they are now (your data stays)"):
        databases.odoo("-d", DATABASE, "-u", ",".join(ADDONS), "--stop-after-init", "--no-http", log="demo")
        databases.require_installed(DATABASE, ADDONS)
        remember_content(databases, DATABASE, content)


def ensure_demo(databases):
    """Make the demo database exist and fit the addons as they are now."""
    content = content_hash(addon_sources())
    with exclusive("database"):
        exists = DATABASE in databases.names()
        if not exists or os.environ.get("FRESH"):
            build_demo(databases, content)
            return
        known = demo_content(databases)
        if known is None:
            # Somebody else's data: ours gets this name only when it is complete.
            raise Failure(
                f"there is a database '{DATABASE}' that is not the demo of this project",
                "rename or drop it, or replace it: make demo FRESH=1",
            )
        if known != content:
            upgrade_demo(databases, content)


def serve():
    """Serve in the foreground until Ctrl-C; say so when it is served already."""
    port = wished_port()
    if found := server.running():
        say(f"Already serving at {server.address(found['port'])} (user admin, password admin); `make stop` ends it.")
        return
    refuse_taken_port(port)
    databases = Databases(get_postgres())
    ensure_demo(databases)
    with step("starting Odoo"):
        command = odoo_command("server", "-d", DATABASE, "--db-filter", f"^{DATABASE}$", "--http-port", port)
        process = server.start(command, databases.env, port, DATABASE)
    say(
        f"\n  Cobrança is served at {server.address(port)}\n"
        "  user admin, password admin · Ctrl-C (or `make stop`) ends it\n"
    )
    try:
        code = process.wait()
    except KeyboardInterrupt:
        say("stopping")
        server.end(process)
        return
    server.PID_FILE.unlink(missing_ok=True)
    # `make stop` ends it by SIGTERM, which Odoo answers with a clean exit.
    sys.exit(0 if code in (0, -15) else code)


if __name__ == "__main__":
    main(serve)
