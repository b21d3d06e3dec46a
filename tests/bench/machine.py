"""Facts of the machine, and whether other processes disturbed a measurement."""

import os
import platform
import subprocess
import sys
import time
from pathlib import Path

from common import ROOT
from get_odoo import odoo_version

# Share of one core that others may use before times mean little.
HONEST_FOREIGN_CORES = 0.35
# A second or two of what Python does most: objects looked up and written to.
SPIN = "d = {}\nfor i in range(6_000_000): d[i % 1000] = i * 2"


def cpu_model():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def memory_gb():
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)


def commit():
    """Short hash of the project's commit, "+" when the working tree differs; empty outside git."""

    def git(*words):
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()

    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain") else "")


def gain_of_two():
    """How much faster this machine works with two processes than with one, when neither waits for the other.

    The best that two billing processes can reach here: cores may be halves of one.
    """
    work = [sys.executable, "-c", SPIN]

    def seconds(count):
        started = time.perf_counter()
        for process in [subprocess.Popen(work) for _ in range(count)]:
            process.wait()
        return time.perf_counter() - started

    return round(2 * min(seconds(1) for _ in range(2)) / min(seconds(2) for _ in range(2)), 2)


def facts(databases):
    """What a reader must know to compare figures."""
    with databases.connected() as cursor:
        cursor.execute("SHOW server_version")
        (server,) = cursor.fetchone()
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'shared_buffers', 'jit')")
        settings = dict(cursor.fetchall())
    return {
        "cpu": cpu_model(),
        "cores": os.cpu_count(),
        "gain_of_two_processes": gain_of_two(),
        "memory_gb": memory_gb(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "odoo": odoo_version(),
        "postgresql": server,
        "postgresql_settings": settings,
        "postgresql_host": databases.settings.get("PGHOST", ""),
        "commit": commit(),
    }


def busy_seconds():
    """CPU seconds that all processes of this machine used since it started; None without /proc."""
    try:
        words = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    except OSError:
        return None
    user, nice, system, _idle, _wait, interrupt, soft_interrupt, *_rest = map(int, words)
    return (user + nice + system + interrupt + soft_interrupt) / os.sysconf("SC_CLK_TCK")


class Watch:
    """How much others worked while a measured process ran."""

    def __enter__(self):
        self.load = os.getloadavg()[0]
        self.busy, self.wall = busy_seconds(), time.perf_counter()
        self.own = own_seconds()
        return self

    def __exit__(self, *_error):
        self.wall = time.perf_counter() - self.wall
        after = busy_seconds()
        self.busy = None if after is None or self.busy is None else after - self.busy
        self.own = own_seconds() - self.own

    def foreign_cores(self, backend_seconds):
        """Cores that others kept busy on average, None when unknown.

        :param backend_seconds: CPU of our own PostgreSQL backends meanwhile (None = unknown)
        """
        if self.busy is None or backend_seconds is None:
            return None
        return max(0.0, (self.busy - self.own - backend_seconds) / self.wall)


def own_seconds():
    """CPU of this process and of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
