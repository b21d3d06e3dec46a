"""Run a private PostgreSQL in `.pg/`, or use the one that the environment names.

DATABASE_URL or PGHOST given by the user wins. Otherwise a cluster of our own listens on
a free loopback port and a socket in a short folder below the temp directory (a socket
path has at most 107 bytes). PostgreSQL refuses to run as root, so from root it runs as
the system user `postgres`.
The cluster serves development and tests: it does not wait for the disk (fsync off).
"""

import contextlib
import hashlib
import os
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.parse
from pathlib import Path

from common import (
    ROOT,
    Failure,
    apt_install,
    as_user,
    exclusive,
    main,
    need_disk_space,
    run,
    say,
    step,
    write_atomically,
)

OLDEST = 13
PG_DIR = Path(os.environ.get("COBRANCA_PG_DIR") or ROOT / ".pg").expanduser().resolve()
DATA = PG_DIR / "data"
OWN_FILES = ("data", "building", "password", "port", "initdb.password")
ROLE = "cobranca"
SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "max_connections": "150",
    "shared_buffers": "512MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
    "random_page_cost": "1.1",
    "timezone": "'UTC'",
    "log_min_messages": "'fatal'",
}


def user_settings():
    """libpq variables when the user names a server, else None.

    :return: dict such as {"PGHOST": "…", "PGPORT": "…"}
    """
    if url := os.environ.get("DATABASE_URL"):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("postgres", "postgresql"):
            raise Failure(f"DATABASE_URL starts with '{parts.scheme}:'", "give postgresql://user:password@host:port/")
        if parts.query and not re.fullmatch(r"sslmode=[a-z-]+", parts.query):
            raise Failure(f"DATABASE_URL ends with '?{parts.query}'", "only ?sslmode=… is understood there")
        given = {"PGHOST": parts.hostname, "PGPORT": parts.port, "PGUSER": parts.username, "PGPASSWORD": parts.password}
        given["PGSSLMODE"] = parts.query.partition("=")[2]
        return {key: urllib.parse.unquote(str(value)) for key, value in given.items() if value}
    if os.environ.get("PGHOST"):
        return {key: os.environ[key] for key in ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD") if os.environ.get(key)}
    return None


def system_user():
    """Who must run PostgreSQL: another user when we are root."""
    return "postgres" if os.geteuid() == 0 else None


def find_binaries():
    """Folder of initdb and pg_ctl of the newest PostgreSQL, or None."""
    folders = [Path(path) for path in Path("/usr/lib/postgresql").glob("*/bin")]
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    usable = {binary_version(folder): folder for folder in folders if (folder / "initdb").exists()}
    made_by = DATA / "PG_VERSION"
    with contextlib.suppress(OSError):  # only `postgres` may look into a cluster that runs as `postgres`
        if made_by.exists():
            return usable.get(int(made_by.read_text()))
    newest = max(usable, default=0)
    return usable[newest] if newest >= OLDEST else None


def binary_version(folder):
    shown = subprocess.run([folder / "initdb", "--version"], capture_output=True, text=True, check=False).stdout
    match = re.search(r"(\d+)", shown)
    return int(match.group(1)) if match else 0


def binaries():
    folder = find_binaries()
    if not folder:
        apt_install(["postgresql"], f"PostgreSQL (≥ {OLDEST})")
        folder = find_binaries()
    if not folder:
        raise Failure(f"PostgreSQL ≥ {OLDEST} was not found after installing it", "set PGHOST to a server of yours")
    return folder


def socket_folder():
    name = hashlib.sha256(str(PG_DIR).encode()).hexdigest()[:8]
    return Path(tempfile.gettempdir()) / f"cobranca-pg-{name}"


def refuse_closed_parents():
    """A data folder below a private home cannot be entered by the user `postgres`."""
    if not system_user():
        return
    for folder in PG_DIR.resolve().parents:
        if folder.exists() and not folder.stat().st_mode & 0o001:
            raise Failure(
                f"PostgreSQL runs as user '{system_user()}', which cannot enter {folder}",
                "set COBRANCA_PG_DIR=/var/tmp/cobranca-pg (or another open folder), or move the project",
            )


def own_environment():
    """The environment without libpq's variables, which mean another server than ours."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PG")}


def password_file(user):
    """A copy of the cluster's password that initdb, which may run as another user, can read."""
    password = PG_DIR / "password"
    if not password.exists():
        write_atomically(password, secrets.token_urlsafe(24), mode=0o600)
    handed = PG_DIR / "initdb.password"
    write_atomically(handed, password.read_text(), mode=0o600)
    if user:
        shutil.chown(handed, user, user)
    return handed


def initialise(bin_folder):
    """Create the cluster; in place only when it is complete."""
    if (DATA / "PG_VERSION").exists():
        return
    refuse_closed_parents()
    need_disk_space(3)
    user = system_user()
    with step("creating the private PostgreSQL cluster"):
        building = PG_DIR / "building"
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(parents=True)
        if user:
            shutil.chown(building, user, user)
        handed = password_file(user)
        arguments = {"pgdata": building, "encoding": "UTF8", "locale": "C.UTF-8", "username": ROLE}
        arguments |= {"auth": "scram-sha-256", "pwfile": handed}
        options = [f"--{name}={value}" for name, value in arguments.items()]
        run([bin_folder / "initdb", *options], log="postgres", user=user, cwd="/", env=own_environment())
        handed.unlink()
        lines = "".join(f"{key} = {value}\n" for key, value in SETTINGS.items())
        with (building / "postgresql.conf").open("a") as conf:
            conf.write(f"\n# Cobrança: development and tests\n{lines}")
        shutil.rmtree(DATA, ignore_errors=True)
        building.rename(DATA)


def answers(settings):
    """Does a server answer there?"""
    try:
        with socket.create_connection((settings["PGHOST"], int(settings["PGPORT"])), timeout=2):
            return True
    except OSError:
        return False


def cluster_settings():
    """libpq variables of the private cluster, or None before it was ever started."""
    port, password = PG_DIR / "port", PG_DIR / "password"
    if not (port.exists() and password.exists()):
        return None
    return {
        "PGHOST": "127.0.0.1",
        "PGPORT": port.read_text().strip(),
        "PGUSER": ROLE,
        "PGPASSWORD": password.read_text().strip(),
    }


def free_port(preferred):
    """The preferred loopback port when it is free, else any free one."""
    for port in (preferred, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return probe.getsockname()[1]
    raise Failure("no free loopback port", "close some servers and try again")


def server_is_running(bin_folder):
    command = as_user([str(bin_folder / "pg_ctl"), "status", "--pgdata", str(DATA)], system_user())
    return not subprocess.run(command, capture_output=True, check=False, cwd="/").returncode


def start(bin_folder):
    """Start the cluster on a free port; nothing to do when it runs."""
    if server_is_running(bin_folder):
        wait_until_it_answers()
        return
    user, sockets = system_user(), socket_folder()
    with step("starting PostgreSQL"):
        sockets.mkdir(mode=0o755, exist_ok=True)
        if user:
            shutil.chown(sockets, user, user)
        earlier = PG_DIR / "port"
        port = free_port(int(earlier.read_text()) if earlier.exists() else 54329)
        # Written first: a server whose starter is killed now must be found again.
        write_atomically(earlier, f"{port}\n")
        run(
            [
                bin_folder / "pg_ctl",
                "start",
                "--wait",
                "--pgdata",
                DATA,
                "--log",
                DATA / "server.log",
                "--options",
                f"-p {port} -k {sockets}",
            ],
            log="postgres",
            user=user,
            cwd="/",
            env=own_environment(),
            remedy=f"read {DATA / 'server.log'}",
        )


def wait_until_it_answers(limit_s=60):
    """A server that was started a moment ago, by a run that was cut short, may still be starting."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if (settings := cluster_settings()) and answers(settings):
            return
        time.sleep(0.2)
    raise Failure(f"the private PostgreSQL runs but does not answer within {limit_s} s", "make stop, then try again")


def stop():
    """Stop the private cluster if it runs."""
    folder = find_binaries()
    if user_settings() is None and folder and (DATA / "PG_VERSION").exists() and server_is_running(folder):
        with step("stopping PostgreSQL"):
            run(
                [folder / "pg_ctl", "stop", "--wait", "--mode", "fast", "--pgdata", DATA],
                log="postgres",
                user=system_user(),
                cwd="/",
                env=own_environment(),
            )


def get_postgres():
    """Make a PostgreSQL server answer.

    :return: libpq variables (PGHOST, PGPORT, PGUSER, PGPASSWORD)
    :raise Failure: with the remedy
    """
    if (given := user_settings()) is not None:
        if "PGHOST" in given and not given["PGHOST"].startswith("/") and not answers({"PGPORT": 5432, **given}):
            raise Failure(f"no PostgreSQL answers at {given['PGHOST']}", "start it, or unset PGHOST and DATABASE_URL")
        return given
    with exclusive("postgres"):
        folder = binaries()
        initialise(folder)
        start(folder)
    return cluster_settings()


if __name__ == "__main__":
    main(lambda: say(f"    PostgreSQL at {(settings := get_postgres())['PGHOST']}:{settings.get('PGPORT', 5432)}"))
