"""Run pytest on a fresh database; its summary line is the last line."""

import os
import subprocess
import sys

from common import ROOT, Failure, exclusive, main, say, step
from database import Databases
from get_postgres import get_postgres
from odoo_env import CONFIG, PYTHON

DATABASE = "cobranca_test"
WORKERS = os.environ.get("TEST_WORKERS", "2")


def run_tests(arguments, suite=("-m", "not soak")):
    """Run pytest with the given arguments; without any, every test of every folder.

    :return: pytest's exit code
    """
    settings = get_postgres()
    databases = Databases(settings)
    with exclusive("test"):
        with exclusive("database"):
            template = databases.template()
            for left_behind in [name for name in databases.names() if name.startswith(f"{DATABASE}-")]:
                databases.drop(left_behind)  # by a run that was killed
            with step("copying the test database"):
                databases.copy(template, DATABASE)
                databases.leave_unvacuumed(DATABASE)
        environment = {**databases.env, "COBRANCA_TEMPLATE": template, "PYTHONPATH": str(ROOT / "scripts")}
        command = [
            *(str(PYTHON), "-m", "pytest", "--odoo-database", DATABASE, "--odoo-config", str(CONFIG), "--odoo-http"),
            *("-n", WORKERS, *suite),
            *arguments,
        ]
        say(f"==> pytest {' '.join(command[8:])}")
        try:
            return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode
        finally:
            databases.drop(DATABASE)


def run_main():
    code = run_tests(sys.argv[1:])
    if code == 5:
        raise Failure("pytest found no test", "check ARGS")
    sys.exit(code)


if __name__ == "__main__":
    main(run_main)
