"""`make test-docker`: build the image and run its services, without daemon or registry.

The shipped Dockerfile is built by buildah on a stand-in for the official image; the
commands and environments that compose.yaml gives its services, as the real compose binary
reads them, run in containers of that image on the PostgreSQL of this project.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "scripts"), str(HERE / "standin")]

from base import make_base, pip_volumes  # noqa: E402
from buildah import Buildah  # noqa: E402
from scenario import Scenario  # noqa: E402

from common import (  # noqa: E402
    ADDONS,
    BUILD_DIR,
    LOG_DIR,
    ROOT,
    Failure,
    apt_install,
    exclusive,
    main,
    missing_packages,
    need_disk_space,
    say,
    step,
)
from get_postgres import cluster_settings, get_postgres, user_settings  # noqa: E402

FOLDER = BUILD_DIR / "docker"
IMAGE, NEXT_IMAGE = "localhost/cobranca:test", "localhost/cobranca:test-next"
TOOLS = ("buildah", "debootstrap")
INSIDE = "COBRANCA_TEST_DOCKER_INSIDE"


def prepare():
    """What must be there before: root, the tools, PostgreSQL (which outlives this script)."""
    if os.geteuid() != 0:
        raise Failure("containers without a daemon need root here", "run it as root on Debian: sudo make test-docker")
    if missing := missing_packages(TOOLS):
        apt_install(missing, "building images (buildah, debootstrap)")
    need_disk_space(6)
    get_postgres()


def run_in_own_namespace():
    """Run this script again where mounts and processes end with it, however it ends.

    buildah keeps a cache in /var/lib/containers: in there that is a folder of the project.

    :return: exit code
    """
    own = FOLDER / "containers"
    own.mkdir(parents=True, exist_ok=True)
    Path("/var/lib/containers").mkdir(exist_ok=True)
    script = 'mount --bind "$1" /var/lib/containers && shift && exec "$@"'
    command = [
        *("unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", script),
        *("sh", str(own), sys.executable, str(Path(__file__).resolve())),
    ]
    inside = subprocess.Popen(command, env={**os.environ, INSIDE: "yes"})
    try:
        return inside.wait()
    except KeyboardInterrupt:  # the script inside has got it too, and cleans up
        return inside.wait()


def next_context():
    """A copy of what the image is made of, with one addon at a later version."""
    context = FOLDER / "next"
    shutil.rmtree(context, ignore_errors=True)
    for folder in (*ADDONS, "docker"):
        shutil.copytree(ROOT / folder, context / folder, ignore=shutil.ignore_patterns(".env", "standin"))
    shutil.copy(ROOT / ".dockerignore", context)
    Scenario.bump_version(context / "cobranca_recorrente/__manifest__.py")
    return context


def build_images(buildah):
    base = make_base(buildah)
    for image, context in ((IMAGE, ROOT), (NEXT_IMAGE, next_context())):
        with step(f"building {image} from docker/Dockerfile"):
            buildah.build(image, context / "docker/Dockerfile", context, base, pip_volumes(FOLDER))


def test_image():
    for log in LOG_DIR.glob("docker*.log"):
        log.unlink()
    buildah = Buildah(FOLDER)
    buildah.clean()
    try:
        build_images(buildah)
        # Not get_postgres(): in here the server's process, which outlives us, cannot be seen.
        settings = user_settings() or cluster_settings()
        checks = Scenario(buildah, IMAGE, NEXT_IMAGE, settings, FOLDER).play()
    finally:
        buildah.clean()
    say(f"\n{checks} checks passed on the built image")


def start():
    if INSIDE in os.environ:
        test_image()
        return
    prepare()
    with exclusive("docker"):
        code = run_in_own_namespace()
    sys.exit(code)


if __name__ == "__main__":
    main(start)
