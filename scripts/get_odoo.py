"""Put Odoo 19 into `.odoo/`, or use the checkout that ODOO_SOURCE names.

PyPI has no Odoo server. Debian has one: the package `odoo-19` of the suite sid. It is
fetched by an apt configuration of the project's own, verified by Debian's archive key,
and unpacked; the system's package sources and packages stay untouched, and no root is
needed. Other packages (jQuery, fonts) hold the files that its links point to.
"""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from common import ODOO_DIR, Failure, main, need_disk_space, run, say, step, write_atomically

MAJOR = "19.0"
TRIED_VERSION = "19.0.0+dfsg-1"
TRIED_SHA256 = "9d2f598b0555db17e291d48ed24df184c70823c053c4c5ed53c467ca7f629bbf"
# Font Awesome of sid is version 7 and lacks the icons that Odoo names: stable's 4.7 has them.
COMPANIONS = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "fonts-montserrat",
)
STABLE_SUITE = "bookworm"
TREE = ODOO_DIR / "root"
PACKAGE = TREE / "usr/lib/python3/dist-packages"
# Debian removed this file as non-free; the browser would log an error on every page.
STRIPPED_FILE = PACKAGE / "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
REMEDY_SOURCE = "or set ODOO_SOURCE=/path/to/odoo (a checkout of branch 19.0)"


def odoo_path():
    """The folder that must be on Python's path for `import odoo`.

    :raise Failure: when ODOO_SOURCE is no Odoo 19 or Odoo was not fetched yet
    """
    source = os.environ.get("ODOO_SOURCE")
    path = Path(source).expanduser().resolve() if source else PACKAGE
    release = path / "odoo/release.py"
    if not release.is_file():
        if source:
            raise Failure(f"ODOO_SOURCE={source} holds no odoo/release.py", "give a checkout of branch 19.0")
        raise Failure("Odoo is not there yet", "make setup")
    match = re.search(r"version_info = \((\d+), (\d+)", release.read_text())
    if not match or ".".join(match.groups()) != MAJOR:
        raise Failure(f"{release} is not Odoo {MAJOR}", "give a checkout of branch 19.0")
    return path


def odoo_addons_paths():
    """Folders of Odoo's own addons, for a checkout and for the Debian package."""
    path = odoo_path()
    # Beside Debian's package lies a second `addons` folder with the Python files only.
    return [folder for folder in (path / "addons", path / "odoo/addons") if any(folder.glob("*/data/*.xml"))]


def odoo_version():
    """What the databases are keyed by: the version and where it came from."""
    record = ODOO_DIR / "version"
    if os.environ.get("ODOO_SOURCE") or not record.exists():
        return f"source {odoo_path()}"
    return record.read_text().strip()


def debian_mirror():
    """Address of a Debian mirror: DEBIAN_MIRROR, else what this machine's apt uses."""
    if mirror := os.environ.get("DEBIAN_MIRROR"):
        return mirror.rstrip("/")
    if not shutil.which("apt-get"):
        raise Failure("this is not a Debian system", f"set ODOO_SOURCE or install apt; {REMEDY_SOURCE}")
    targets = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split("\n")
    for line in targets:
        uri, _, release = line.partition(" ")
        if "security" not in uri and re.fullmatch(r"(bookworm|trixie|forky|sid|stable|testing|unstable)", release):
            return uri.rstrip("/")
    raise Failure(
        "this machine's apt names no Debian mirror", f"set DEBIAN_MIRROR=<address of a Debian mirror> {REMEDY_SOURCE}"
    )


class ProjectApt:
    """apt with lists, cache and sources of the project's own."""

    def __init__(self, mirror):
        self.stale = False
        self.folder = ODOO_DIR / "apt"
        self.debs = ODOO_DIR / "debs"
        for folder in (
            self.debs,
            self.folder / "lists/partial",
            self.folder / "cache/archives/partial",
            self.folder / "etc",
        ):
            folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "status").touch()
        keyring = self._keyring()
        sources = [f"deb [signed-by={keyring}] {mirror} {suite} main" for suite in ("sid", STABLE_SUITE)]
        write_atomically(self.folder / "sources.list", "\n".join(sources) + "\n")
        write_atomically(self.folder / "apt.conf", self._configuration())
        self.env = {**os.environ, "APT_CONFIG": str(self.folder / "apt.conf")}

    @staticmethod
    def _keyring():
        for name in ("debian-archive-keyring.gpg", "debian-archive-keyring.pgp"):
            path = Path("/usr/share/keyrings") / name
            if path.exists():
                return path
        raise Failure("Debian's archive key is missing", "apt-get install debian-archive-keyring")

    def _configuration(self):
        settings = {
            "Dir::State::Lists": self.folder / "lists",
            "Dir::State::status": self.folder / "status",
            "Dir::Cache": self.folder / "cache",
            "Dir::Etc::sourcelist": self.folder / "sources.list",
            "Dir::Etc::sourceparts": self.folder / "etc",
            "Dir::Etc::preferences": self.folder / "preferences",
            "Dir::Etc::preferencesparts": self.folder / "etc",
            "APT::Get::List-Cleanup": "false",
            "APT::Architecture": "all" if not shutil.which("dpkg") else self._architecture(),
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
        }
        # apt drops root for downloads; its user may be unable to write below a private home.
        if os.geteuid() == 0:
            settings["APT::Sandbox::User"] = "root"
        return "".join(f'{key} "{value}";\n' for key, value in settings.items())

    @staticmethod
    def _architecture():
        return subprocess.run(
            ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
        ).stdout.strip()

    def update(self):
        """Read the lists; those of a mirror that lags behind count, but with `self.stale` set."""
        remedy = f"check the network, or DEBIAN_MIRROR; {REMEDY_SOURCE}"
        try:
            run(["apt-get", "update"], log="odoo-apt", env=self.env, remedy=remedy)
        except Failure as failure:
            if "is expired" not in failure.output:
                raise
            say("    NOTICE: the mirror's lists are older than Debian allows: only the tried Odoo is taken from it")
            self.stale = True
            keep = ["-o", "Acquire::Check-Valid-Until=false"]
            run(["apt-get", *keep, "update"], log="odoo-apt", env=self.env, remedy=remedy)

    def candidates(self, packages):
        """{(package, suite): version} of what the suites offer."""
        listed = subprocess.run(
            ["apt-cache", "madison", *packages], capture_output=True, text=True, env=self.env, check=False
        ).stdout
        rows = (re.split(r"\s*\|\s*", line.strip()) for line in listed.splitlines())
        return {
            (package, suite): version
            for package, version, source in rows
            for suite in ("sid", STABLE_SUITE)
            if f" {suite}/" in source and source.endswith(" Packages")
        }

    def download(self, packages):
        """Download packages, given as (name, suite); apt verifies each."""
        run(
            ["apt-get", "download", *(f"{name}/{suite}" for name, suite in packages)],
            log="odoo-apt",
            env=self.env,
            cwd=self.debs,
            remedy=f"check the network and run the same command again; {REMEDY_SOURCE}",
        )

    def cached(self, package):
        """The newest downloaded file of a package, or None."""
        files = sorted(self.debs.glob(f"{package}_*.deb"), key=lambda path: path.stat().st_mtime)
        return files[-1] if files else None


def cached_odoo(apt):
    """An earlier download of the accepted major version, when the suite has moved on."""
    package = apt.cached("odoo-19")
    return package if package and package.name.startswith(f"odoo-19_{MAJOR}") else None


def fetch_packages(apt):
    """Download Odoo and its companions; return {package: file} and a record of the version."""
    offered = apt.candidates(["odoo-19", *COMPANIONS])
    version = offered.get(("odoo-19", "sid"), "none")
    wanted = [(name, STABLE_SUITE if (name, STABLE_SUITE) in offered else "sid") for name in COMPANIONS]
    if version.startswith(MAJOR):
        wanted.insert(0, ("odoo-19", "sid"))
        if version != TRIED_VERSION:
            say(f"    NOTICE: Debian now has Odoo {version}; {TRIED_VERSION} was tried with this project")
    elif cached := cached_odoo(apt):
        version = cached.name.split("_")[1]
        say(f"    NOTICE: Debian sid has no Odoo {MAJOR} any more; using the earlier download {cached.name}")
    else:
        raise Failure(f"Debian sid has no odoo-19 {MAJOR} any more (found: {version})", REMEDY_SOURCE[3:])
    with step(f"downloading Odoo {version} (about 123 MB) and the libraries its pages link to"):
        apt.download(wanted)
    files = {name: apt.cached(name) for name in ("odoo-19", *COMPANIONS)}
    sha256 = hashlib.sha256(files["odoo-19"].read_bytes()).hexdigest()
    if apt.stale and sha256 != TRIED_SHA256:
        raise Failure(
            f"the mirror's lists are out of date and its Odoo {version} is not the tried one",
            f"set DEBIAN_MIRROR to a mirror that is up to date, {REMEDY_SOURCE}",
        )
    if version == TRIED_VERSION and sha256 != TRIED_SHA256:
        say("    NOTICE: this Odoo has the tried version but another checksum; apt verified its signature")
    return files, f"{version} {sha256}"


def unpack(files):
    """Unpack all packages into one tree, put in place in one move."""
    building = ODOO_DIR / "root.building"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    for file in files.values():
        run(["dpkg", "-x", str(file), str(building)], log="odoo-apt")
    broken = [
        link for link in (building / PACKAGE.relative_to(TREE)).rglob("*") if link.is_symlink() and not link.exists()
    ]
    if broken:
        raise Failure(
            f"{len(broken)} broken links in Odoo's tree, such as {broken[0]}", "report this; " + REMEDY_SOURCE
        )
    stub = building / STRIPPED_FILE.relative_to(TREE)
    if not stub.exists():
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.write_text("")
    shutil.rmtree(TREE, ignore_errors=True)
    building.rename(TREE)


def get_odoo():
    """Make `import odoo` possible.

    :raise Failure: with the remedy, when neither source can be had
    """
    if os.environ.get("ODOO_SOURCE"):
        say(f"==> Odoo from ODOO_SOURCE: {odoo_path()}")
        return
    if (ODOO_DIR / "version").exists() and PACKAGE.is_dir():
        return
    need_disk_space(3)
    mirror = debian_mirror()
    apt = ProjectApt(mirror)
    with step("reading Debian's package lists (sid, verified by Debian's key)"):
        apt.update()
    files, version = fetch_packages(apt)
    with step("unpacking Odoo"):
        unpack(files)
    write_atomically(ODOO_DIR / "version", version + "\n")
    say(f"    Odoo {version}")


if __name__ == "__main__":
    main(get_odoo)
