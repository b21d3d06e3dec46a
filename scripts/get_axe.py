"""Fetch axe-core, the rules of accessibility that the browser tests judge public pages by, into `.cache/`.

Only for tests: nothing of it is in an addon. One pinned version, known by its checksum, fetched by npm.
"""

import hashlib
import os
import shutil
import tarfile
from pathlib import Path

from common import CACHE_DIR, Failure, run, step, write_atomically

PACKAGE, VERSION = "axe-core", "4.10.3"
SHA256 = "0f2b4d7dcdf7d1219df8d1959ad68e565f51d14c3f0d88bb71cd59abeb956292"
MEMBER = "package/axe.min.js"
REMEDY = "check the network, install npm, or set AXE_CORE=/path/to/axe.min.js"


def get_axe():
    """Path of axe.min.js, fetched when it is not there.

    :raise Failure: when it cannot be fetched or is another file than the one that was tried
    """
    if given := os.environ.get("AXE_CORE"):
        return Path(given)
    folder = CACHE_DIR / f"{PACKAGE}-{VERSION}"
    path = folder / "axe.min.js"
    if not path.exists():
        with step(f"fetching {PACKAGE} {VERSION} for the tests of accessibility"):
            folder.mkdir(parents=True, exist_ok=True)
            write_atomically(path, unpack(fetch(folder)).decode())
    return path


def fetch(folder):
    """:return: path of the package's archive in a folder"""
    if not shutil.which("npm"):
        raise Failure("npm is not there", REMEDY)
    archive = folder / f"{PACKAGE}-{VERSION}.tgz"
    archive.unlink(missing_ok=True)
    run(["npm", "pack", f"{PACKAGE}@{VERSION}", "--silent"], log="axe", cwd=folder, remedy=REMEDY)
    return archive


def unpack(archive):
    """The one file of an archive that is needed.

    :raise Failure: for another archive than the one that was tried
    """
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != SHA256:
        raise Failure(f"{archive.name} has the checksum {found}, not {SHA256}", REMEDY)
    with tarfile.open(archive) as package:
        return package.extractfile(MEMBER).read()
