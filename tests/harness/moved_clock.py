"""Odoo whose "now" is some days ahead of the machine's: `python -m harness.moved_clock DAYS server …`.

For stories that take months; the clocks of the process itself go on as they are.
"""

import sys
from datetime import timedelta

from odoo import fields
from odoo.cli.command import main


def move(days):
    """:param int days: how far"""
    now = fields.Datetime.now
    fields.Datetime.now = staticmethod(lambda *_arguments: now() + timedelta(days=days))


if __name__ == "__main__":
    move(int(sys.argv.pop(1)))
    main()
