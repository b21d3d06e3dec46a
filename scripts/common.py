"""What every set-up script needs: paths, progress, clear failures, one lock."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ODOO_DIR = ROOT / ".odoo"
VENV_DIR = ROOT / ".venv"
BUILD_DIR = ROOT / ".build"
LOG_DIR = BUILD_DIR / "log"
CACHE_DIR = ROOT / ".cache"
ADDONS = ("cobranca_recorrente", "cobranca_negociacao", "cobranca_relatorios")
HEARTBEAT_S = 15


class Failure(Exception):
    """One clear line for the user, with the remedy."""

    def __init__(self, message, remedy="", output=""):
        """:param str output: the end of what a failed command printed"""
        super().__init__(message)
        self.remedy = remedy
        self.output = output


def main(function):
    """Run the function of a script: failures become one line and exit code 2."""
    try:
        function()
    except Failure as failure:
        print(f"\nERROR: {failure}", file=sys.stderr)
        if failure.remedy:
            print(f"  Remedy: {failure.remedy}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("\nInterrupted; run the same command again to go on from here.", file=sys.stderr)
        sys.exit(130)


def say(text):
    print(text, flush=True)


@contextlib.contextmanager
def step(title):
    """Announce a step, show that it lives, and say how long it took."""
    started = time.monotonic()
    done = threading.Event()

    def beat():
        while not done.wait(HEARTBEAT_S):
            say(f"    … {title}: {time.monotonic() - started:.0f} s so far")

    say(f"==> {title}")
    heart = threading.Thread(target=beat, daemon=True)
    heart.start()
    try:
        yield
    finally:
        done.set()
        heart.join()
    say(f"    done in {time.monotonic() - started:.1f} s")


def run(command, *, log, remedy="", env=None, cwd=None, user=None):
    """Run a command, its output in `.build/log/<log>.log`.

    :param command: list of words
    :param str log: name of the log file
    :param str remedy: what the user can do when the command fails
    :param str user: system user to run as (only from root)
    :raise Failure: with the last lines of the output
    """
    LOG_DIR.mkdir(parents=True, exist_ok=True)
    path = LOG_DIR / f"{log}.log"
    with path.open("ab") as output:
        output.write(f"\n$ {' '.join(map(str, command))}\n".encode())
        output.flush()
        start = output.tell()
        process = subprocess.run(
            as_user(command, user),
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=env,
            cwd=cwd,
            check=False,
        )
    if process.returncode:
        tail = path.read_bytes()[start:].decode(errors="replace").strip().splitlines()[-8:]
        for line in tail:
            print(f"    | {line}", file=sys.stderr)
        raise Failure(
            f"'{Path(str(command[0])).name}' failed (exit {process.returncode}), full log: {path}",
            remedy or network_or_disk_remedy("\n".join(tail)),
            "\n".join(tail),
        )


def as_user(command, user):
    """The command, run as another system user when root asks for it."""
    if not user:
        return command
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *command]


def network_or_disk_remedy(output):
    """Guess the usual two causes from a command's output."""
    text = output.lower()
    if "no space left" in text:
        return "free some disk space and run the same command again"
    if any(
        word in text
        for word in ("could not resolve", "temporary failure", "connection refused", "unreachable", "timed out")
    ):
        return "check the network (or proxy) and run the same command again"
    return "read the log; then run the same command again"


def need_disk_space(gigabytes):
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < gigabytes:
        raise Failure(
            f"only {free:.1f} GB free below {ROOT}, {gigabytes} GB are needed",
            "free some disk space and run the same command again",
        )


@contextlib.contextmanager
def exclusive(name):
    """Let one process at a time do a part of the set-up; others wait and say so."""
    BUILD_DIR.mkdir(exist_ok=True)
    with (BUILD_DIR / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"    waiting for another '{name}' of this folder to finish")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def root_command(command):
    """The command with the rights to install system packages, or None."""
    if os.geteuid() == 0:
        return command
    if shutil.which("sudo") and not subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode:
        return ["sudo", "-n", *command]
    if shutil.which("sudo") and sys.stdin.isatty():
        return ["sudo", *command]
    return None


def apt_install(packages, why):
    """Install system packages that are missing.

    :raise Failure: without apt or without the right to install
    """
    wanted = " ".join(packages)
    if not shutil.which("apt-get"):
        raise Failure(f"{why} is missing and this is not a Debian system", f"install: {wanted}")
    command = root_command(["env", "DEBIAN_FRONTEND=noninteractive"])
    if command is None:
        raise Failure(f"{why} is missing", f"as root: apt-get install --no-install-recommends {wanted}")
    with step(f"apt-get install {wanted}"):
        install = [
            *command,
            *("apt-get", "install", "--yes", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0"),
            *packages,
        ]
        try:
            run(install, log="apt")
        except Failure:
            say("    refreshing the package lists and trying again")
            run([*command, "apt-get", "update"], log="apt")
            run(install, log="apt")


def missing_packages(packages):
    """Those of the Debian packages that are not installed."""
    installed = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *packages],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()
    return [name for name in packages if f"{name} installed" not in installed]


def content_hash(paths, salt=""):
    """A short hash of names and contents, to know what must be built again."""
    digest = hashlib.sha256(salt.encode())
    for path in sorted(paths):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def write_atomically(path, text, mode=0o644):
    """Replace a file in one step; with a narrow mode nobody can read it in between.

    :param int mode: permissions of the file
    """
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(text)
    temporary.replace(path)
