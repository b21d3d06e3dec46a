"""The measured work of the section `payments`; run by child.py inside Odoo."""

import contextlib
import time
from datetime import timedelta

from werkzeug.test import EnvironBuilder

from odoo import http
from odoo.fields import Command

NAME = "Mensalidade {}"
LOGIN = "bench-page"


def make_debts(env, number):
    """A customer with so many open invoices, late and to come, and a user of the portal who is he."""
    today = env.company._cobranca_today()
    partner = env["res.partner"].create({"name": "Ana do Banco", "lang": "pt_BR", "customer_rank": 1})
    group = env.ref("base.group_portal")
    env["res.users"].with_context(no_reset_password=True).create(
        {"name": partner.name, "login": LOGIN, "partner_id": partner.id, "group_ids": [Command.set(group.ids)]}
    )
    moves = env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": today - timedelta(days=place + 30),
                "invoice_date_due": today - timedelta(days=place - 10),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {"name": NAME.format(place), "price_unit": 100 + place, "tax_ids": [Command.clear()]}
                    )
                ],
            }
            for place in range(number)
        ]
    )
    moves.action_post()


def count_debts(env, number):
    """How many debts the customer's page has."""
    lines = env["cobranca.debt.page"]._get_all_open(env.company, find_user(env).partner_id)
    return len(lines)


def find_user(env):
    return env["res.users"].search([("login", "=", LOGIN)])


def page(env, number):
    """The page of open payments as the customer gets it, from the address to the HTML, with the quote of all.

    :return: how often a payment is on it
    """
    # Not at the top: this module is read before the addons are.
    from odoo.addons.cobranca_recorrente.controllers.open_payments import OpenPaymentsPortal

    user = find_user(env)
    with asked_for(env(user=user, context={"lang": "pt_BR"}), "/my/pagamentos"):
        response = OpenPaymentsPortal().portal_open_payments()
        response.flatten()
        text = response.get_data(as_text=True)
    assert response.status_code == 200
    quotes = env["cobranca.payment.quote"].search_count([])
    return {"payments on the page": text.count('name="pagamento"'), "quotes": quotes}


def page_again(env, number):
    """The same once templates and configuration are in memory, as on a server that has run for a minute.

    :return: as `page`, with the milliseconds and queries of the second page alone
    """
    page(env, number)
    env.flush_all()
    env.invalidate_all()
    started, queries = time.monotonic(), env.cr.sql_log_count
    facts = page(env, number)
    return {**facts, "ms": round(1000 * (time.monotonic() - started)), "queries": env.cr.sql_log_count - queries}


@contextlib.contextmanager
def asked_for(env, path):
    """What Odoo has at hand while it answers a browser."""
    session = {**http.get_default_session(), "db": env.cr.dbname, "uid": env.uid, "context": {"lang": "pt_BR"}}
    environ = EnvironBuilder(path, headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)"}).get_environ()
    request = http.Request(http.HTTPRequest(environ))
    request.session = http.Session(session, "bench", new=True)
    request.db, request.registry, request.env = env.cr.dbname, env.registry, env
    request.future_response = http.FutureResponse()
    request.lang = env["res.lang"]._get_data(code="pt_BR")
    request.is_frontend = True
    http._request_stack.push(request)
    try:
        yield request
    finally:
        http._request_stack.pop()
