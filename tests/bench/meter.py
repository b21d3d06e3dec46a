"""What a piece of work costs: wall time, CPU of Python and of its PostgreSQL backends, queries, peak memory.

Imported by the measured process only (it needs Odoo).
"""

import contextlib
import os
import resource
import time
from pathlib import Path

import psycopg2

from odoo import sql_db

LOCAL_HOSTS = ("", "localhost", "127.0.0.1", "::1")


def is_local(connection):
    """Does the server run on this machine, so that /proc tells of its processes?"""
    host = connection.info.host or ""
    return host in LOCAL_HOSTS or host.startswith("/")


def backend_seconds(pid):
    """CPU seconds (user and system) of a PostgreSQL process.

    :return: None when there is no such process here
    """
    try:
        name, _close, rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
    except OSError:
        return None
    if "postgres" not in name:
        return None
    user, system = rest.split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def resident_mb(key):
    """What the kernel says of this process's memory: VmRSS now, VmHWM at its peak; 0 without /proc."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{key}:")), 0)


class Growth:
    """Context manager: how many MB of memory the work inside took at its peak, beyond what there was."""

    def __enter__(self):
        with contextlib.suppress(OSError):
            # Forgets the peak so far.
            Path("/proc/self/clear_refs").write_text("5")
        self.before = resident_mb("VmRSS")
        return self

    def __exit__(self, *_error):
        self.mb = round(resident_mb("VmHWM") - self.before, 1)


class Meter:
    """Context manager around the measured work; `cost` tells afterwards.

    Its own look at the server goes through a connection apart, so it is in no count.
    """

    def __init__(self, database):
        self.watch = psycopg2.connect(dbname=database)
        self.watch.autocommit = True
        self.cost = {}

    def backends(self):
        """CPU seconds by process of the other connections to this database; None when they are out of sight."""
        if not is_local(self.watch):
            return None
        with self.watch.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            )
            seconds = {pid: backend_seconds(pid) for (pid,) in cursor.fetchall()}
        return None if None in seconds.values() else seconds

    def __enter__(self):
        self.backends_before = self.backends()
        self.queries_before = sql_db.sql_counter
        self.python_before = time.process_time()
        self.wall_before = time.perf_counter()
        return self

    def __exit__(self, *_error):
        wall = time.perf_counter() - self.wall_before
        python = time.process_time() - self.python_before
        queries = sql_db.sql_counter - self.queries_before
        after, backend = self.backends(), None
        if after is not None and self.backends_before is not None:
            # Odoo keeps its connections open: none that worked has ended.
            backend = sum(seconds - self.backends_before.get(pid, 0) for pid, seconds in after.items())
        self.watch.close()
        self.cost = {
            "wall_s": wall,
            "python_cpu_s": python,
            "backend_cpu_s": backend,
            "queries": queries,
            "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
