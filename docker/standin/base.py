"""A stand-in for the official image `odoo:19.0`, made without any registry.

A debootstrapped Debian with the Odoo of this project in the place where the official
image has it, and the same user, paths, volumes, ports, environment and entrypoint
contract. As there, a few Python packages come from apt, where pip cannot replace them.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

from buildah import ISOLATION

from common import ROOT, content_hash, run, step
from get_odoo import STABLE_SUITE, TREE, debian_mirror, odoo_path, odoo_version

HERE = Path(__file__).resolve().parent
REPOSITORY = "localhost/odoo-standin"
FROM_APT = {"python-dateutil": "python3-dateutil", "phonenumbers": "python3-phonenumbers"}
TOOLS = ("python3", "python3-pip", "curl", "ca-certificates", "postgresql-client", "libmagic1")
ODOO_COMMAND = "#!/usr/bin/python3\nimport odoo.cli\n\nodoo.cli.main()\n"
CONFIG = "[options]\naddons_path = /mnt/extra-addons\ndata_dir = /var/lib/odoo\n"
CA_VARIABLES = ("PIP_CERT", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
PIP_VARIABLES = {
    "PIP_INDEX_URL": "index-url",
    "PIP_EXTRA_INDEX_URL": "extra-index-url",
    "PIP_TRUSTED_HOST": "trusted-host",
}


def odoo_requirements():
    """The lines of requirements.txt that Odoo itself needs, less what apt brings."""
    text = (ROOT / "requirements.txt").read_text()
    section = text.partition("# --- Odoo 19")[2].partition("\n# ---")[0]
    lines = [line for line in section.splitlines()[1:] if line.strip()]
    return [line for line in lines if line.partition("==")[0] not in FROM_APT]


def pip_volumes(folder):
    """What this machine's pip was told (certificates, index), as mounts for a build.

    :return: list of buildah's volume words
    """
    volumes = []
    bundle = next((os.environ[name] for name in CA_VARIABLES if os.environ.get(name)), None)
    if bundle:
        volumes.append(f"{Path(bundle).resolve()}:/etc/ssl/certs/ca-certificates.crt:ro")
    given = {option: os.environ[name] for name, option in PIP_VARIABLES.items() if os.environ.get(name)}
    if given:
        configuration = folder / "pip.conf"
        configuration.write_text("[global]\n" + "".join(f"{key} = {value}\n" for key, value in given.items()))
        volumes.append(f"{configuration}:/etc/pip.conf:ro")
    return volumes


def base_key():
    """What the stand-in is made of, as a hash."""
    salt = f"{odoo_version()} {STABLE_SUITE} {odoo_requirements()}"
    return content_hash([Path(__file__), HERE / "entrypoint.sh"], salt=salt)


def make_base(buildah):
    """Build the stand-in when it is not there.

    :return: name of the image
    :raise Failure: with the remedy
    """
    name = f"{REPOSITORY}:{base_key()}"
    images = buildah.images()
    if name in images:
        return name
    for old in images:
        if old.startswith(REPOSITORY):
            buildah.call("rmi", "--force", old)
    container = buildah.output("from", "--name", "standin", "scratch")
    root = Path(buildah.output("mount", container))
    with step("stand-in: a bare Debian by debootstrap"):
        bootstrap(root, buildah.folder / "debs")
    with step("stand-in: Odoo's Python requirements"):
        install_requirements(buildah, container, root)
    with step("stand-in: Odoo in the place where the official image has it"):
        copy_odoo(root)
        lay_out(root)
    with step("stand-in: committing the image"):
        configure(buildah, container)
        buildah.call("umount", container)
        buildah.call("commit", "--format", "docker", "--rm", container, name)
    return name


def bootstrap(root, cache):
    cache.mkdir(exist_ok=True)
    run(
        [
            *("debootstrap", "--variant=minbase", f"--include={','.join([*TOOLS, *FROM_APT.values()])}"),
            f"--cache-dir={cache}",
            *(STABLE_SUITE, root, debian_mirror()),
        ],
        log="docker",
        remedy="check the network, or set DEBIAN_MIRROR; read the log",
    )
    for leftovers in ("var/cache/apt/archives", "var/lib/apt/lists"):
        shutil.rmtree(root / leftovers)
        (root / leftovers / "partial").mkdir(parents=True)


def install_requirements(buildah, container, root):
    wanted = root / "requirements.txt"
    wanted.write_text("\n".join(odoo_requirements()) + "\n")
    buildah.call(
        *("run", *ISOLATION, *(word for volume in pip_volumes(buildah.folder) for word in ("--volume", volume))),
        *(container, "--", "pip", "install", "--quiet", "--no-cache-dir", "--break-system-packages"),
        *("--root-user-action=ignore", "--requirement", "/requirements.txt"),
        remedy="check the network (or proxy) and run the same command again",
    )
    wanted.unlink()


def copy_odoo(root):
    """Odoo as the Debian package lays it: addons inside the package, links into /usr/share."""
    packages = root / "usr/lib/python3/dist-packages"
    source = odoo_path()
    subprocess.run(["cp", "--archive", source / "odoo", packages], check=True)
    if (source / "addons").is_dir():
        subprocess.run(["cp", "--archive", f"{source}/addons/.", packages / "odoo/addons"], check=True)
    if source.is_relative_to(TREE):
        subprocess.run(["cp", "--archive", f"{TREE}/usr/share/.", root / "usr/share"], check=True)
    subprocess.run(["chown", "--recursive", "--no-dereference", "root:root", packages / "odoo"], check=True)


def lay_out(root):
    """User, configuration, data folder, folder of further addons, commands."""
    run(
        ["chroot", root, "useradd", "--system", "--user-group", "--home-dir", "/var/lib/odoo", "odoo"],
        log="docker",
    )
    for folder in ("var/lib/odoo", "mnt/extra-addons", "etc/odoo"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "etc/odoo/odoo.conf").write_text(CONFIG)
    (root / "usr/bin/odoo").write_text(ODOO_COMMAND)
    shutil.copyfile(HERE / "entrypoint.sh", root / "entrypoint.sh")
    for command in ("usr/bin/odoo", "entrypoint.sh"):
        (root / command).chmod(0o755)
    owned = ("/var/lib/odoo", "/mnt/extra-addons", "/etc/odoo/odoo.conf")
    run(["chroot", root, "chown", "odoo:odoo", *owned], log="docker")


def configure(buildah, container):
    """The contract of the official image."""
    environment = {"LANG": "C.UTF-8", "ODOO_VERSION": "19.0", "ODOO_RC": "/etc/odoo/odoo.conf"}
    buildah.call(
        "config",
        *(word for key, value in environment.items() for word in ("--env", f"{key}={value}")),
        *(word for path in ("/var/lib/odoo", "/mnt/extra-addons") for word in ("--volume", path)),
        *(word for port in (8069, 8071, 8072) for word in ("--port", str(port))),
        *("--user", "odoo", "--entrypoint", json.dumps(["/entrypoint.sh"]), "--cmd", "odoo", container),
    )
