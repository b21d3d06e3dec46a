"""Faults that happen at an exact point inside of a worker (see `Worker.inject`)."""

import os
import signal

from odoo.sql_db import Cursor


def die_at_commit(number):
    """Let this process kill itself with SIGKILL in place of its n-th commit from now on.

    :param int number: 1 for the next commit
    """
    commits = iter(range(1, number + 1))
    original = Cursor.commit

    def commit(cursor):
        if cursor.dbname == "postgres":
            # Odoo wakes its cron workers there, after a commit: no work of its own.
            return original(cursor)
        if next(commits) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(cursor)

    Cursor.commit = commit
