"""Odoo's Python shell on the demo database."""

import os

from common import Failure, main
from database import Databases
from demo_database import DATABASE
from get_postgres import get_postgres
from odoo_env import odoo_command


def shell():
    databases = Databases(get_postgres())
    if DATABASE not in databases.names():
        raise Failure("there is no demo database yet", "make demo")
    os.execve(odoo_command()[0], odoo_command("shell", "-d", DATABASE, "--no-http"), databases.env)


if __name__ == "__main__":
    main(shell)
