"""The demo server as a process: start, find, wait for, stop."""

import contextlib
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from common import BUILD_DIR, LOG_DIR, ROOT, Failure, say, write_atomically
from odoo_env import PYTHON

PID_FILE = BUILD_DIR / "server.json"
START_LIMIT_S = 180


def address(port):
    return f"http://127.0.0.1:{port}"


def answers(port, path="/web/login"):
    """Does a page of an Odoo answer there?"""
    try:
        with urllib.request.urlopen(address(port) + path, timeout=30) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def running():
    """What the running server of this folder said of itself, or None."""
    with contextlib.suppress(FileNotFoundError, ValueError, OSError):
        server = json.loads(PID_FILE.read_text())
        words = Path(f"/proc/{server['pid']}/cmdline").read_bytes().decode().split("\0")
        # A number may be another program's by now: it must be our Python on our database.
        if words[0] == str(PYTHON) and server["database"] in words:
            return server
    return None


def forget(pid):
    """Remove the note about a server, if it is about this one."""
    with contextlib.suppress(FileNotFoundError, ValueError):
        if json.loads(PID_FILE.read_text())["pid"] == pid:
            PID_FILE.unlink()


def start(command, env, port, database):
    """Start a server and wait until its login page answers.

    :return: the process
    :raise Failure: when it ends or does not answer in time
    """
    LOG_DIR.mkdir(parents=True, exist_ok=True)
    log = LOG_DIR / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
    write_atomically(PID_FILE, json.dumps({"pid": process.pid, "port": port, "database": database}))
    deadline = time.monotonic() + START_LIMIT_S
    try:
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            if answers(port) and process.poll() is None:
                return process
            time.sleep(0.3)
    except KeyboardInterrupt:
        end(process)
        raise
    end(process)
    tail = log.read_text(errors="replace").strip().splitlines()[-5:]
    raise Failure("the server did not start:\n    " + "\n    ".join(tail), f"read {log}")


def end(process):
    """Ask a server to stop; insist after ten seconds."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    forget(process.pid)


def stop():
    """Stop the running server of this folder, if there is one."""
    server = running()
    if not server:
        PID_FILE.unlink(missing_ok=True)
        return
    say(f"==> stopping the server at {address(server['port'])}")
    for insist in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(server["pid"], insist)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if not running():
                PID_FILE.unlink(missing_ok=True)
                return
            time.sleep(0.1)
