"""Images and containers by Debian's buildah: no daemon, no registry, storage of our own."""

import json
import os
import subprocess

from common import LOG_DIR, run

ISOLATION = ("--isolation", "chroot", "--network", "host")


class Buildah:
    """buildah with its storage below a folder of the project."""

    def __init__(self, folder):
        """:param Path folder: where storage and temporary files go"""
        self.folder = folder
        temporary = folder / "tmp"
        temporary.mkdir(parents=True, exist_ok=True)
        self.env = {**os.environ, "TMPDIR": str(temporary)}
        self.prefix = [
            *("buildah", "--storage-driver", "overlay"),
            *("--root", str(folder / "storage"), "--runroot", str(folder / "run")),
        ]

    def call(self, *arguments, remedy=""):
        """Run a buildah command; its output goes to the log.

        :raise Failure: when it fails
        """
        run([*self.prefix, *map(str, arguments)], log="docker", env=self.env, remedy=remedy)

    def output(self, *arguments):
        """What a buildah command prints."""
        command = [*self.prefix, *map(str, arguments)]
        return subprocess.run(command, env=self.env, capture_output=True, text=True, check=True).stdout.strip()

    def images(self):
        """Names of the images in the storage."""
        listed = json.loads(self.output("images", "--json") or "[]") or []
        return {name for image in listed for name in image.get("names") or []}

    def configuration(self, image):
        """The OCI configuration of an image: User, Env, Entrypoint, Volumes, …"""
        return json.loads(self.output("inspect", "--type", "image", image))["Docker"]["config"]

    def build(self, image, dockerfile, context, base, volumes=()):
        """Build an image as `docker build` would, on a base that is already in the storage."""
        self.call(
            *("bud", *ISOLATION, "--format", "docker", "--pull=never", "--tag", image),
            *(word for volume in volumes for word in ("--volume", volume)),
            *("--build-arg", f"ODOO_IMAGE={base}", "--file", dockerfile, context),
        )

    def clean(self):
        """Remove containers (also those of an interrupted run) and images without a name."""
        self.call("rm", "--all")
        self.call("rmi", "--prune")

    def container(self, name, image):
        """Create a container, replacing one of that name."""
        subprocess.run([*self.prefix, "rm", name], env=self.env, capture_output=True, check=False)
        self.call("from", "--pull=never", "--name", name, image)
        return Container(self, name, self.configuration(image).get("Entrypoint") or [])


class Container:
    """A container in which commands run as the image's user, by the image's entrypoint."""

    def __init__(self, buildah, name, entrypoint):
        self.buildah = buildah
        self.name = name
        self.entrypoint = entrypoint

    def start(self, command, environment, volumes=(), direct=False, **options):
        """Start a command; its log is `.build/log/docker-<name>.log`.

        :param bool direct: without the entrypoint, as `docker exec` does
        :return: the process
        """
        words = [
            *(*self.buildah.prefix, "run", *ISOLATION),
            *(word for key, value in environment.items() for word in ("--env", f"{key}={value}")),
            *(word for volume in volumes for word in ("--volume", volume)),
            *(self.name, "--", *([] if direct else self.entrypoint), *command),
        ]
        with self.log().open("ab") as log:
            options = {"stdout": log, "stderr": log, "stdin": subprocess.DEVNULL, **options}
            return subprocess.Popen(words, env=self.buildah.env, **options)

    def log(self):
        return LOG_DIR / f"docker-{self.name}.log"

    def said(self):
        """What the container has written so far."""
        return self.log().read_text(errors="replace")
