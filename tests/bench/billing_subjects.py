"""The measured work of the section `billing` and what it stands on; run by child.py inside Odoo.

All subjects make the same invoices: one customer each, two lines (100.00 and 25.12) with 2 % ISSQN.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from unittest.mock import patch

from odoo import fields, sql_db
from odoo.exceptions import UserError
from odoo.fields import Command

from bench.section_billing import TOGETHER, WARM

BATCH = 100
PRICES = (100.00, 25.12)
TOTAL_OF_EACH = 127.62
QUIET = {
    "tracking_disable": True,
    "mail_notrack": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}


class WrongTotal(Exception):
    """An invoice has not the amount that all subjects must bill."""


def make_parties(env, number):
    """The customers and the two products, with the tax and the income account that every subject uses."""
    chart = env["account.chart.template"]
    products = env["product.product"].create(
        [
            {
                "name": f"Serviço {place}",
                "type": "service",
                "list_price": price,
                "taxes_id": [Command.set(chart.ref("tax_template_out_issqn2").ids)],
                "property_account_income_id": chart.ref("account_template_30101010106").id,
            }
            for place, price in enumerate(PRICES, start=1)
        ]
    )
    partners = env["res.partner"].create(
        [{"name": f"Cliente {n:06}", "country_id": env.ref("base.br").id} for n in range(1, number + 1)]
    )
    return partners, products


def count_posted(env, number):
    """How many of the wanted invoices there really are.

    :raise WrongTotal: when one has another amount
    """
    env.cr.execute(
        "SELECT move.amount_total, count(DISTINCT move.id) FROM account_move move "
        "JOIN account_move_line line ON line.move_id = move.id AND line.display_type = 'product' "
        "WHERE move.move_type = 'out_invoice' AND move.state = 'posted' GROUP BY move.id, move.amount_total "
        "HAVING count(*) = 2"
    )
    totals = [float(total) for total, _count in env.cr.fetchall()]
    if wrong := [total for total in totals if abs(total - TOTAL_OF_EACH) > 0.001]:
        raise WrongTotal(f"{len(wrong)} of {number} invoices have another total, for example {wrong[0]}")
    return len(totals)


# --- floor: Odoo alone ---


def prepare_floor(env, number):
    make_parties(env, number)


def run_floor(env, number):
    Move = env["account.move"].with_context(**QUIET)
    partners = env["res.partner"].search([("name", "like", "Cliente 0")], order="id")
    products = env["product.product"].search([("name", "like", "Serviço ")], order="id")
    today = fields.Date.context_today(env.user)
    for start in range(0, number, BATCH):
        moves = Move.create([floor_values(partner, products, today) for partner in partners[start : start + BATCH]])
        moves.action_post()
        env.cr.commit()


def floor_values(partner, products, today):
    return {
        "move_type": "out_invoice",
        "partner_id": partner.id,
        "invoice_date": today,
        "invoice_date_due": fields.Date.add(today, days=10),
        "invoice_line_ids": [
            Command.create(
                {
                    "product_id": product.id,
                    "name": product.name,
                    "quantity": 1,
                    "price_unit": product.list_price,
                    "account_id": product.property_account_income_id.id,
                    "tax_ids": [Command.set(product.taxes_id.ids)],
                }
            )
            for product in products
        ],
    }


# --- ours ---


def prepare_ours(env, number):
    partners, products = make_parties(env, number)
    today = env.company._cobranca_today()
    contracts = env["cobranca.contract"].create(
        [
            {
                "partner_id": partner.id,
                "date_start": today,
                "due_day": today.day,
                "issue_lead_days": 0,
                "line_ids": [Command.create({"product_id": product.id}) for product in products],
            }
            for partner in partners
        ]
    )
    contracts.action_activate()


def prepare_fast(env, number):
    """On top of `prepare_ours`: the company's opt-in."""
    env.company.cobranca_fast_posting = True


def prepare_nothing_due(env, number):
    """On top of `prepare_ours`: all contracts wait for a day to come."""
    env.cr.execute("UPDATE cobranca_contract SET next_issue_date = '2100-01-01'")


def run_ours(env, number):
    """Bill all that is due.

    :return: dict, how many invoices went which way
    """
    ways = Counter()
    with watching(env, ways):
        env["cobranca.contract.billing"]._cron_bill(batch_size=BATCH)
    return {way: count for way, count in ways.items() if count}


def run_nothing_due(env, number):
    """A first run, and another that finds what Odoo itself reads once in a process in its caches.

    :return: dict, the queries of the second
    """
    run_ours(env, number)
    env.invalidate_all()
    before = sql_db.sql_counter
    run_ours(env, number)
    return {WARM: sql_db.sql_counter - before}


@contextlib.contextmanager
def watching(env, ways):
    """Count which way invoices go."""
    Factory = type(env["cobranca.invoice.factory"])
    with patch.object(Factory, "_report", lambda _factory, made: ways.update(made)):
        yield


def run_one_bad(env, number):
    """The same, while one contract fails when nobody expects it."""
    Contract = type(env["cobranca.contract"])
    prepare = Contract._prepare_invoice_values
    bad = env["cobranca.contract"].search([], order="id", offset=number // 2, limit=1).id

    def fail(contract, charges):
        if contract.id == bad:
            raise UserError("one bad contract")
        return prepare(contract, charges)

    with patch.object(Contract, "_prepare_invoice_values", fail):
        return run_ours(env, number)


def count_posted_or_parked(env, number):
    """Invoices, and contracts that wait with a reason."""
    return count_posted(env, number) + env["cobranca.contract"].search_count([("park_reason", "!=", False)])


def run_two(env, number):
    """Two processes bill the same contracts; their own seconds are told, without those of loading Odoo.

    :return: dict
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "bench.child",
            env.cr.dbname,
            "bench.billing_subjects:run_when_told",
            str(number),
        ]
        environment = {**os.environ, "BENCH_SIGNALS": folder}
        results = [f"{folder}/result-{place}" for place in (1, 2)]
        processes = [subprocess.Popen([*command, result], env=environment) for result in results]
        while len(list(Path(folder).glob("ready-*"))) < len(processes):
            if any(process.poll() for process in processes):
                raise RuntimeError("a process ended before it began")
            time.sleep(0.02)
        Path(folder, "go").touch()
        started = time.perf_counter()
        if any(process.wait() for process in processes):
            raise RuntimeError("a process failed")
        seconds = time.perf_counter() - started
    return {TOGETHER: round(seconds, 2)}


def run_when_told(env, number):
    """Wait until the other process is ready too, then bill."""
    folder = os.environ["BENCH_SIGNALS"]
    Path(folder, f"ready-{os.getpid()}").touch()
    while not Path(folder, "go").exists():
        time.sleep(0.005)
    run_ours(env, number)


def count_nothing(env, number):
    """Nothing was due: one run, no invoice."""
    return number - count_posted(env, number)


# --- peer: OCA contract ---


def prepare_peer(env, number):
    partners, products = make_parties(env, number)
    today = fields.Date.context_today(env.user)
    env["contract.contract"].create(
        [
            {
                "name": f"Contrato {partner.name}",
                "partner_id": partner.id,
                "contract_type": "sale",
                "line_recurrence": False,
                "recurring_rule_type": "monthly",
                "date_start": today,
                "recurring_next_date": today,
                "contract_line_ids": [
                    Command.create({"product_id": product.id, "name": product.name, "price_unit": product.list_price})
                    for product in products
                ],
            }
            for partner in partners
        ]
    )


def run_peer(env, number):
    env["contract.contract"].cron_recurring_create_invoice()
    drafts = env["account.move"].search([("move_type", "=", "out_invoice"), ("state", "=", "draft")])
    drafts.action_post()
