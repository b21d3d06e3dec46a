"""Make the Python environments: `.venv` to run and test, `.venv-lint` for the linters."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from common import CACHE_DIR, ROOT, VENV_DIR, Failure, apt_install, main, need_disk_space, run, step, write_atomically
from get_odoo import odoo_path

OLDEST, NEWEST = (3, 10), (3, 13)
# Distributions compile theirs with the profile of real programs; one compiled at home rarely is,
# and takes a sixth more CPU time for the same work of Odoo.
DISTRIBUTION = "/usr/bin/python3"
LINT_DIR = ROOT / ".venv-lint"


def python_version(command):
    """(major, minor) of a Python command, or None."""
    shown = subprocess.run(
        [command, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True, check=False
    )
    return tuple(map(int, shown.stdout.split())) if shown.returncode == 0 else None


def find_python():
    """A Python that Odoo 19 runs on: PYTHON, the distribution's, the one in use, or another on the path.

    :raise Failure: when all are too old or too new
    """
    wished = os.environ.get("PYTHON")
    others = [sys.executable, *(f"python3.{n}" for n in range(NEWEST[1], OLDEST[1] - 1, -1))]
    candidates = [wished] if wished else [*([DISTRIBUTION] if makes_venvs(DISTRIBUTION) else []), *others]
    seen = []
    for candidate in candidates:
        path = shutil.which(candidate)
        version = path and python_version(path)
        if version and OLDEST <= version <= NEWEST:
            return path, version
        seen.append(f"{candidate}: {'.'.join(map(str, version)) if version else 'not found'}")
    raise Failure(
        f"no Python 3.{OLDEST[1]} to 3.{NEWEST[1]} ({'; '.join(seen)})",
        "install one of them, then: make PYTHON=/path/to/python3.x …",
    )


def makes_venvs(python):
    """Can it make a virtual environment as it is? Debian divides that part off."""
    return (
        bool(shutil.which(python))
        and not subprocess.run([python, "-c", "import ensurepip"], capture_output=True, check=False).returncode
    )


def create_venv(folder, python):
    """Make an empty virtual environment, installing Debian's venv part when it is missing."""
    if (folder / "bin/pip").exists() and python_version(str(folder / "bin/python")) == python[1]:
        return
    shutil.rmtree(folder, ignore_errors=True)
    if not makes_venvs(python[0]):
        apt_install([f"python{python[1][0]}.{python[1][1]}-venv"], "Python's venv module")
    if not Path("/etc/ssl/certs/ca-certificates.crt").exists() and shutil.which("apt-get"):
        apt_install(["ca-certificates"], "the list of certificate authorities")
    run([python[0], "-m", "venv", str(folder)], log="environment")


def install(folder, requirements, title, python):
    """Install a requirements file into an environment; nothing to do when that was done."""
    wanted = hashlib.sha256(requirements.read_bytes() + str(python[1]).encode()).hexdigest()
    stamp = folder / ".installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    need_disk_space(2)
    with step(title):
        create_venv(folder, python)
        pip = [str(folder / "bin/python"), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
        run(
            [*pip, "--requirement", str(requirements)],
            log="environment",
            env={**os.environ, "PIP_CACHE_DIR": str(CACHE_DIR / "pip")},
            remedy="check the network (or proxy) and run the same command again",
        )
    write_atomically(stamp, wanted)


def link_odoo(folder):
    """Let `import odoo` find Odoo, whichever way it came."""
    site = next((folder / "lib").glob("python3.*/site-packages"))
    pth = site / "odoo19.pth"
    line = f"{odoo_path()}\n"
    if not pth.exists() or pth.read_text() != line:
        write_atomically(pth, line)


def make_environment():
    """Make `.venv` with all that `requirements.txt` names, and Odoo on its path."""
    install(VENV_DIR, ROOT / "requirements.txt", "Python environment (.venv)", find_python())
    link_odoo(VENV_DIR)


def make_lint_environment():
    """Make `.venv-lint` with the linters."""
    install(LINT_DIR, ROOT / "requirements-lint.txt", "environment of the linters (.venv-lint)", find_python())


if __name__ == "__main__":
    main(make_environment)
