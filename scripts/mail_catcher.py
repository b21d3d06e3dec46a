"""Catches the mails of the demo: they leave Odoo as any mail does, and end in a folder of this project."""

import socket

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

from common import BUILD_DIR

# A Maildir: mail programs can open it, each mail is a file in `new`.
FOLDER = BUILD_DIR / "mails"
HOST = "127.0.0.1"


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def start():
    """Listen until `stop` is called on what is returned.

    :return: aiosmtpd.controller.Controller, with its `port`
    """
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    catcher = Controller(Mailbox(str(FOLDER)), hostname=HOST, port=free_port())
    catcher.start()
    return catcher


def options(catcher):
    """What tells Odoo of it."""
    return ("--smtp", HOST, "--smtp-port", str(catcher.port))
