"""Peers that are measured beside us: fetched when they are needed, never part of the project."""

import hashlib
import subprocess
import zipfile

from common import BUILD_DIR, LOG_DIR, say
from odoo_env import PYTHON, addons_path

FOLDER = BUILD_DIR / "peers"


class NotFetched(Exception):
    """The package index gave no such wheel (no network?)."""


def fetch(package, version, addon, folder=None):
    """Download a peer's wheel and unpack its addon.

    :param str folder: where to, if not apart from others: that of a peer that needs it
    :return: addons path of an Odoo that has the peer, and the wheel's SHA-256
    :raise NotFetched: with the reason
    """
    wheel = download(package, version)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    say(f"    {wheel.name}: SHA-256 {digest}")
    unpacked = FOLDER / (folder or f"{package}-{version}")
    with zipfile.ZipFile(wheel) as archive:
        # Odoo finds addons by folder: without its parents odoo/addons it is a plain addons folder.
        for name in archive.namelist():
            if name.startswith(f"odoo/addons/{addon}/") and ".." not in name:
                target = unpacked / name.removeprefix("odoo/addons/")
                if not name.endswith("/"):
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(archive.read(name))
    return addons_path(unpacked), digest


def download(package, version):
    """The wheel of exactly this version, from the cache of an earlier run or from the package index."""
    pattern = f"{package.replace('-', '_')}-{version}-*.whl"
    if not list(FOLDER.glob(pattern)):
        LOG_DIR.mkdir(parents=True, exist_ok=True)
        command = [PYTHON, "-m", "pip", "download", "--no-deps", "--dest", FOLDER, f"{package}=={version}"]
        process = subprocess.run(command, capture_output=True, text=True, check=False)
        (LOG_DIR / "peers.log").write_text(process.stdout + process.stderr)
        if process.returncode:
            raise NotFetched(f"{package} {version} could not be downloaded (see .build/log/peers.log)")
    return next(FOLDER.glob(pattern))
