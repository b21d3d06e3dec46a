"""Run the long forms of the tests (marked `soak`) and append the outcome to docs/soak.log."""

import datetime
import subprocess
import sys
import time

from common import ROOT, main
from run_tests import run_tests

LOG = ROOT / "docs/soak.log"


def revision():
    """The commit that is tested, with a mark when the folder holds more than that."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    return described.stdout.strip() or "no git"


def soak():
    started = time.monotonic()
    code = run_tests(sys.argv[1:], suite=("-m", "soak"))
    outcome = "passed" if code == 0 else f"FAILED (pytest exit {code})"
    day = datetime.datetime.now(datetime.timezone.utc).date()
    line = f"{day} {revision()} {outcome} in {time.monotonic() - started:.0f} s\n"
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("a") as log:
        log.write(line)
    print(line, end="")
    sys.exit(code)


if __name__ == "__main__":
    main(soak)
