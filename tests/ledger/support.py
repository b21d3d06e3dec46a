"""What the tests of the ledger share: databases of their own and Odoo in a process of its own."""

import contextlib
import os
import subprocess
from pathlib import Path

from common import ROOT
from database import Databases
from get_postgres import get_postgres
from odoo_env import PYTHON

HERE = Path(__file__).resolve().parent
# What a real company has and the template lacks: a state and bank accounts of its own.
FURNISH_COMPANY = """
    UPDATE res_partner SET state_id = (SELECT res_id FROM ir_model_data WHERE module = 'base' AND name = 'state_br_sp')
     WHERE id IN (SELECT partner_id FROM res_company);
    INSERT INTO res_partner_bank (partner_id, acc_number, sanitized_acc_number, active, sequence, allow_out_payment)
    SELECT partner_id, '1234-5 ' || n, '12345' || n, TRUE, 10, n = 2 FROM res_company, generate_series(1, 2) AS n;
"""


@contextlib.contextmanager
def ledger_databases(*parts):
    """Fresh copies of the template for one test process.

    :return: Databases and the name of each copy
    """
    databases = Databases(get_postgres())
    template = os.environ.get("COBRANCA_TEMPLATE") or databases.template()
    names = [f"cobranca_ledger_{part}_{os.getpid()}" for part in parts]
    try:
        for name in names:
            databases.copy(template, name)
            with databases.connected(name) as cursor:
                cursor.execute(FURNISH_COMPANY)
        yield databases, *names
    finally:
        for name in names:
            databases.drop(name)


def run_script(databases, script, *arguments, given=""):
    """Run one of this folder's scripts as a process of its own."""
    return subprocess.run(
        [PYTHON, HERE / script, *arguments],
        input=given, capture_output=True, text=True, env=databases.env, cwd=ROOT, check=False, timeout=300,
    )  # fmt: skip


def run_orm(databases, database, *options, given=""):
    """Run orm_ledger.py and return what it printed."""
    process = run_script(databases, "orm_ledger.py", database, *options, given=given)
    assert process.returncode == 0, process.stderr[-4000:]
    return process.stdout
