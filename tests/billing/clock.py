"""A fixed day inside of a worker (see `Worker.inject`)."""

from datetime import datetime

from odoo import fields


def set_now(text):
    """Make Odoo's "now" stand still; the process' own clocks go on.

    :param str text: moment in UTC, such as "2026-01-05 15:00:00"
    """
    now = datetime.fromisoformat(text)
    fields.Datetime.now = staticmethod(lambda *_arguments: now)
