"""Serve the demo company, building it first when it is not there."""

import os
import socket
import sys

import mail_catcher
import server
from common import Failure, exclusive, main, say, step
from database import Databases
from demo_database import DATABASE, ensure_demo, wants_fresh
from get_postgres import get_postgres
from odoo_env import odoo_command


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


def refuse_other_wishes(found, port):
    """What was asked for cannot be done while the demo serves: say so instead of ignoring it."""
    if wants_fresh() or (os.environ.get("PORT") and port != found["port"]):
        raise Failure(
            f"the demo is being served at {server.address(found['port'])}", "make stop, then the same command again"
        )


def start(catcher):
    """Start the server unless it runs already; two calls at the same time start one.

    :param catcher: the mail server of the demo
    :return: the process, or None when another call serves
    """
    port = wished_port()
    with exclusive("server"):
        if found := server.running():
            refuse_other_wishes(found, port)
            say(
                f"Already serving at {server.address(found['port'])} (user admin, password admin); `make stop` ends it."
            )
            return None
        refuse_taken_port(port)
        databases = Databases(get_postgres())
        ensure_demo(databases)
        with step("starting Odoo"):
            command = odoo_command("server", "-d", DATABASE, "--db-filter", f"^{DATABASE}$", "--http-port", port)
            command += [*mail_catcher.options(catcher)]
            process = server.start(command, databases.env, port, DATABASE)
    say(
        f"\n  Cobrança is served at {server.address(port)}\n"
        "  user admin, password admin · Ctrl-C (or `make stop`) ends it\n"
        f"  its e-mails go to no one: they are kept in {mail_catcher.FOLDER / 'new'}\n"
    )
    return process


def serve():
    """Serve in the foreground until Ctrl-C; say so when it is served already."""
    catcher = mail_catcher.start()
    try:
        process = start(catcher)
        if process is not None:
            wait_for(process)
    finally:
        catcher.stop()


def wait_for(process):
    """Until the server ends, or Ctrl-C ends it."""
    try:
        code = process.wait()
    except KeyboardInterrupt:
        say("stopping")
        server.end(process)
        return
    server.forget(process.pid)
    # `make stop` ends it by SIGTERM, which Odoo answers with a clean exit.
    sys.exit(0 if code in (0, -15) else code)


if __name__ == "__main__":
    main(serve)
