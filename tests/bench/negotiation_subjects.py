"""The measured work of the section `negotiation`; run by child.py inside Odoo."""

import time
from datetime import timedelta

from freezegun import freeze_time

from odoo.fields import Date

from bench.debts import make_debts
from bench.meter import Growth

GROWTH = "MB more at its peak"
# Nothing is paid: so many days later each agreement is announced, and some days after that it is over.
LATE_DAYS, WARNED_DAYS = 75, 80
BATCH = 50


def make_late(env, number):
    """One customer with so many late debts."""
    make_debts(env, 1, number)


def make_offers(env, number):
    """So many customers with one late debt and one proposal each, that is told by phone."""
    make_debts(env, number, number)
    desk = env["cobranca.proposal.desk"]
    for place, line in enumerate(open_lines(env), 1):
        values = desk.simulate_open(line.partner_id.id, line.ids)["values"]
        values["columns"] = values["columns"][-1:]
        desk.send(values, [0], "call")
        if not place % BATCH:
            forget(env)


def open_lines(env):
    return env["account.move.line"]._cobranca_search_open_lines(env.company, Date.context_today(env.user))


def forget(env):
    """As between two calls of a server."""
    env.cr.commit()
    env.invalidate_all()


def simulate(env, number):
    """The dialog over all debts, twice.

    :return: what the second simulation took, and how many offers it has
    """
    desk = env["cobranca.proposal.desk"]
    lines = open_lines(env)
    values = desk.simulate_open(lines.partner_id.id, lines.ids)["values"]
    env.invalidate_all()
    started, queries = time.monotonic(), env.cr.sql_log_count
    result = desk.simulate(values)
    return {
        "ms": round(1000 * (time.monotonic() - started)),
        "queries": env.cr.sql_log_count - queries,
        "offers": len(result["columns"]),
    }


def count_debts(env, number):
    return len(open_lines(env))


def accept(env, number):
    """All that was offered, one by one, committed as calls are."""
    proposals = env["cobranca.proposal"].search([("state", "=", "sent")], order="id").ids
    with Growth() as growth:
        for place, proposal in enumerate(proposals, 1):
            env["cobranca.proposal"].browse(proposal)._accept({"channel": "call", "text": "Aceitou ao telefone."})
            env.cr.commit()
            if not place % BATCH:
                forget(env)
    return {GROWTH: growth.mb}


def warn(env, number):
    """The day on which what is late is announced as ending."""
    with freeze_time(noon_in(env, LATE_DAYS), tick=True):
        env["cobranca.agreement"].sudo()._cron_follow()
        # Their days count from when the e-mails left.
        env["cobranca.message"].sudo().search([("agreement_id", "!=", False), ("state", "=", "queued")])._note_sent()


def break_all(env, number):
    """The job of the night some days later."""
    with Growth() as growth, freeze_time(noon_in(env, WARNED_DAYS), tick=True):
        env["cobranca.agreement"].sudo()._cron_follow()
    return {GROWTH: growth.mb}


def noon_in(env, days):
    return f"{env.company._cobranca_today() + timedelta(days=days)} 15:00:00"


def count_active(env, number):
    return env["cobranca.agreement"].search_count([("state", "=", "active")])


def count_broken(env, number):
    return env["cobranca.agreement"].search_count([("state", "=", "broken")])
