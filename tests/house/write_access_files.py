"""Write the lists of this folder that say who may reach what, from the code as it is now.

Run as `.venv/bin/python tests/house/write_access_files.py`; review the difference before a commit.
"""

import os
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parent
ROOT = HOUSE.parents[1]
sys.path[:0] = [str(ROOT / "scripts"), str(HOUSE.parent)]
DATABASE = "cobranca_house"


def in_odoo():
    """Inside an Odoo process: read the facts and write the files."""
    from odoo.tools import config

    config.parse_config(["--log-level=warn"])
    from house import access_facts
    from house.files import python_files
    from house.lists import SUDO_LIST, sudo_lines

    with access_facts.superuser_environment(DATABASE) as env:
        lists = {name: facts(env) for name, facts in access_facts.FACTS.items()}
    lists[SUDO_LIST] = sudo_lines(python_files())
    for name, lines in lists.items():
        (HOUSE / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        print(f"tests/house/{name}: {len(lines)} lines")


def with_fresh_database():
    """Make a database with the three addons and read it in a process of its own."""
    from common import exclusive
    from database import Databases
    from get_postgres import get_postgres

    databases = Databases(get_postgres())
    with exclusive("access-files"):
        with exclusive("database"):
            databases.copy(databases.template(), DATABASE)
        try:
            command = [sys.executable, __file__, "in-odoo"]
            return subprocess.run(command, env=databases.env, cwd=ROOT, check=False).returncode
        finally:
            databases.drop(DATABASE)


if __name__ == "__main__":
    if sys.argv[1:] == ["in-odoo"]:
        os.umask(0o022)
        in_odoo()
    else:
        from common import main

        main(lambda: sys.exit(with_fresh_database()))
