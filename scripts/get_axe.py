"""Fetch axe-core, the rules of accessibility that the browser tests judge public pages by, into `.cache/`.

Only for tests: nothing of it is in an addon. It is taken from a Python package that carries it, so that pip is enough;
one pinned version, known by its checksum.
"""

import hashlib
import os
import zipfile
from pathlib import Path

from common import CACHE_DIR, VENV_DIR, Failure, run, step, write_atomically

# axe-core 4.12.1.
PACKAGE, VERSION = "axe_playwright_python", "0.1.8"
SHA256 = "fdd263c998388f1a8e67cad02677e612d946248bd44d163be5e8650ea31f95f8"
MEMBER = "axe_playwright_python/axe.min.js"
REMEDY = "check the network, or set AXE_CORE=/path/to/axe.min.js"


def get_axe():
    """Path of axe.min.js, fetched when it is not there.

    :raise Failure: when it cannot be fetched or is another file than the one that was tried
    """
    if given := os.environ.get("AXE_CORE"):
        return Path(given)
    folder = CACHE_DIR / f"{PACKAGE}-{VERSION}"
    path = folder / "axe.min.js"
    if not path.exists():
        with step("fetching axe-core for the tests of accessibility"):
            folder.mkdir(parents=True, exist_ok=True)
            write_atomically(path, unpack(fetch(folder)).decode())
    return path


def fetch(folder):
    """:return: path of the package's wheel in a folder"""
    pip = [VENV_DIR / "bin/python", "-m", "pip", "download", "--quiet", "--no-deps"]
    run([*pip, "--dest", folder, f"{PACKAGE}=={VERSION}"], log="axe", remedy=REMEDY)
    return next(folder.glob(f"{PACKAGE}-{VERSION}-*.whl"))


def unpack(archive):
    """The one file of an archive that is needed.

    :raise Failure: for another archive than the one that was tried
    """
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != SHA256:
        raise Failure(f"{archive.name} has the checksum {found}, not {SHA256}", REMEDY)
    with zipfile.ZipFile(archive) as package:
        return package.read(MEMBER)
