"""Fresh databases for tests: copies of the template, named so that nobody else's is touched."""

import hashlib
import itertools
import os
import re
import shutil
import socket
from contextlib import suppress
from pathlib import Path

from common import LOG_DIR, ROOT

PREFIX = "cobranca_t_"
TEST_LOGS = LOG_DIR / "tests"
KEPT_LOG_FOLDERS = 40
_counter = itertools.count(1)


def place():
    """Four letters for this folder on this machine: several may share one PostgreSQL server."""
    return hashlib.sha256(f"{socket.gethostname()} {ROOT}".encode()).hexdigest()[:4]


def new_name():
    """A database name that no other process and no earlier test uses."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return f"{PREFIX}{place()}_{os.getpid()}_{worker}_{next(_counter)}"


def create(databases, source):
    """Copy a database with its filestore under a new name.

    :param databases: scripts/database.py `Databases`
    :param str source: the database to copy; nothing may be connected to it
    :return: name of the copy
    """
    name = new_name()
    databases.copy(source, name)
    with databases.connected(name) as cursor:
        # It would ask the real service; a test that wants it gives an address and wakes it.
        cursor.execute(
            """
            UPDATE ir_cron SET active = false
             WHERE id = (SELECT res_id FROM ir_model_data WHERE name = 'ir_cron_cobranca_price_index_fetch')
            """
        )
    return name


def drop_orphans(databases):
    """Drop the databases that a killed test run of this folder left behind.

    :return: the names that were dropped
    """
    mine = re.compile(rf"{PREFIX}{place()}_(\d+)_")
    orphans = [name for name in databases.names() if (match := mine.match(name)) and not is_alive(match[1])]
    for name in orphans:
        databases.drop(name)
    return orphans


def is_alive(pid):
    return Path(f"/proc/{pid}").exists()


def prune_logs():
    """Keep the logs of the latest test databases only."""
    if not TEST_LOGS.is_dir():
        return
    with suppress(FileNotFoundError):  # another worker may prune at the same moment
        folders = sorted(TEST_LOGS.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
        for folder in folders[KEPT_LOG_FOLDERS:]:
            shutil.rmtree(folder, ignore_errors=True)
