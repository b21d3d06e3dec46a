"""`make test-oca`: go on with contracts that the real OCA addon made and billed.

Downloads the addon as the benchmark does, installs it beside ours in a copy of the template
database, lets it bill, adopts its contracts and compares our next invoices with its own.
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent / "scripts")]

from bench import peers  # noqa: E402
from bench.section_billing import PEER  # noqa: E402
from common import ROOT, Failure, exclusive, main, say, step  # noqa: E402
from database import Databases  # noqa: E402
from get_postgres import get_postgres  # noqa: E402
from odoo_env import PYTHON  # noqa: E402

DATABASE = "cobranca_adopt_oca"
INSIDE = """
import sys
sys.path.insert(0, "tests")
from bench import adopt_oca_inside
adopt_oca_inside.run(env)
"""


def run_main():
    databases = Databases(get_postgres())
    try:
        path, _digest = peers.fetch(*PEER)
    except peers.NotFetched as reason:
        raise Failure(str(reason), "this needs the package index") from None
    with exclusive("adopt-oca"):
        with step("installing the addon beside ours"):
            databases.copy(databases.template(), DATABASE)
            databases.odoo(
                *("-d", DATABASE, "-i", PEER[2], "--stop-after-init", "--no-http", "--addons-path", path),
                log="adopt-oca",
            )
        try:
            command = [PYTHON, "-m", "odoo", "shell", "-d", DATABASE, "--no-http", "--addons-path", path]
            process = subprocess.run(
                [*command, "--log-level", "error"],
                input=INSIDE,
                env=databases.env,
                cwd=ROOT,
                text=True,
                capture_output=True,
                check=False,
            )
        finally:
            databases.drop(DATABASE)
    say(process.stdout.strip())
    if "ADOPTED" not in process.stdout:
        raise Failure(f"adopting failed:\n{process.stderr[-3000:]}", "mend it, or the mapping in tools/oca_contract.py")


if __name__ == "__main__":
    main(run_main)
