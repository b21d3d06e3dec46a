"""A process that has imported Odoo and the addons of a database, and becomes others by forking.

Started as `python -m harness.zygote <database> <file descriptor>`. Each request names a module and its
arguments; a fork then does what `python -m <module> <arguments>` does, without the second of importing.
What two processes must not share, it has not: no registry and no connection outlives the imports, so
that each fork makes its own, as a process started from nothing does.
"""

import ctypes
import gc
import json
import os
import runpy
import signal
import socket
import sys
import time

import odoo.cli.server  # noqa: F401  (prepares logging and time zone as every command of Odoo does)
from odoo import sql_db
from odoo.modules.registry import Registry
from odoo.tools import config

REQUEST_BYTES = 65536
ADOPTION_LIMIT_S = 60
PR_SET_PDEATHSIG = 1


def import_addons(database):
    """Load the database's registry, for what that imports, and drop it."""
    config.parse_config(["-d", database, "--no-http", "--max-cron-threads=0"])
    Registry(database)
    Registry.delete_all()
    sql_db.close_all()
    gc.collect()
    gc.freeze()


def serve(channel):
    """Fork at each request; only a fork comes back from here.

    :return: what to run: a module and its arguments, the last of them what it inherits; None when the tests closed
    """
    tests = os.getppid()
    while True:
        request, descriptors, _flags, _address = socket.recv_fds(channel, REQUEST_BYTES, 2)
        if not request:
            return None
        child = os.fork()
        if not child:
            if os.fork():
                os._exit(0)
            log, *inherited = descriptors
            begin(channel, tests, log)
            return [*json.loads(request), *map(str, inherited)]
        os.waitpid(child, 0)
        for descriptor in descriptors:
            os.close(descriptor)


def begin(channel, tests, log):
    """Become a process of the tests: its parent is theirs, it has a session and a log of its own."""
    os.setsid()
    deadline = time.monotonic() + ADOPTION_LIMIT_S
    while os.getppid() != tests:  # the one in between has not ended yet, or the tests have
        if time.monotonic() > deadline:
            os._exit(1)
        time.sleep(0.001)
    # Should the tests be killed, the kernel kills what they started.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for standard in (1, 2):
        os.dup2(log, standard)
    os.close(log)
    channel.sendall(b"%d" % os.getpid())
    channel.close()


def main(database, descriptor):
    channel = socket.socket(fileno=descriptor)
    import_addons(database)
    channel.sendall(b"%d" % os.getpid())
    if request := serve(channel):
        module, *arguments = request
        sys.argv = [module, *arguments]
        runpy.run_module(module, run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
