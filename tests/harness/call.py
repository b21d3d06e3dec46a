"""Child process of `worker.py`: runs methods of Odoo with real cursors and commits.

Does what `python -m harness.call <database> <file descriptor>` does (see zygote.py). It reads one request after
the other from the descriptor and answers each; it ends when the other side closes.
"""

import contextlib
import importlib
import os
import sys
import threading
import time
import traceback
from multiprocessing.connection import Connection

import odoo.cli  # noqa: F401  (prepares logging and time zone as every command of Odoo does)
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.orm.models import BaseModel
from odoo.service.model import retrying
from odoo.tools import config


class Caller:
    """Keeps the database's registry and, between `begin` and `commit`, one cursor."""

    def __init__(self, database):
        self.database = database
        self.registry = Registry(database)
        self.cursor = None

    def answer(self, request):
        """Do one request; an exception becomes an answer too."""
        threading.current_thread().query_count = 0
        threading.current_thread().query_time = 0
        reply = {"started": time.monotonic(), "backend": None}
        try:
            reply["value"] = plain(getattr(self, f"do_{request.pop('do')}")(reply, **request))
        except Exception as error:  # noqa: BLE001  (the test decides what an error means)
            reply["error"] = str(error)
            reply["error_type"] = f"{type(error).__module__}.{type(error).__qualname__}"
            reply["traceback"] = traceback.format_exc()
            traceback.print_exc()
        return {**reply, "ended": time.monotonic(), "queries": threading.current_thread().query_count}

    def do_call(self, reply, **call):
        if self.cursor:
            return self.run(self.cursor, reply, **call)
        with self.transaction() as cursor:
            return self.run(cursor, reply, **call)

    @contextlib.contextmanager
    def transaction(self):
        """A cursor that is committed at the end, with caches kept in step with other processes."""
        self.registry = Registry(self.database).check_signaling()
        try:
            with self.registry.cursor() as cursor:
                yield cursor
        except BaseException:
            self.registry.reset_changes()
            raise
        self.registry.signal_changes()

    def run(self, cursor, reply, model, method, ids, args, kwargs, user, context, retry):
        reply["backend"] = cursor._cnx.info.backend_pid
        env = api.Environment(cursor, user or SUPERUSER_ID, context)
        records = env[model].browse(ids) if ids is not None else env[model]
        function = getattr(records, method)
        result = retrying(lambda: function(*args, **kwargs), env) if retry else function(*args, **kwargs)
        env.flush_all()
        return result

    def do_begin(self, reply):
        if self.cursor:
            raise RuntimeError("a transaction is open already")
        self.registry = Registry(self.database).check_signaling()
        self.cursor = self.registry.cursor()
        reply["backend"] = self.cursor._cnx.info.backend_pid

    def do_commit(self, reply):
        with contextlib.closing(self.end()) as cursor:
            cursor.commit()
        self.registry.signal_changes()

    def do_rollback(self, reply):
        self.end().close()
        self.registry.reset_changes()

    def end(self):
        if not self.cursor:
            raise RuntimeError("no transaction is open")
        cursor, self.cursor = self.cursor, None
        return cursor

    def do_inject(self, reply, function, args):
        module, _, name = function.partition(":")
        getattr(importlib.import_module(module), name)(*args)


def plain(value):
    """What can travel to a process that has no Odoo: records become their ids."""
    if isinstance(value, BaseModel):
        return value.ids
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in value]
    if isinstance(value, str):
        return str(value)
    is_plain = value is None or type(value).__module__ in ("builtins", "datetime", "decimal")
    return value if is_plain else repr(value)


def main(database, descriptor):
    # PostgreSQL then shows this process in pg_stat_activity as odoo-<pid>, like any Odoo.
    config.parse_config(["-d", database, "--no-http", "--max-cron-threads=0"], setup_logging=True)
    connection = Connection(descriptor)
    caller = Caller(database)
    connection.send({"pid": os.getpid()})
    with contextlib.suppress(EOFError):
        while True:
            connection.send(caller.answer(connection.recv()))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
