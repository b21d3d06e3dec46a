"""The measured work of the section `dunning`; run by child.py inside Odoo.

Debtors have three late invoices each, the ladder is the shipped one. It is let send at any hour of any day, so
that the bench can be run at any time.
"""

import time
from unittest.mock import patch

from odoo import api, sql_db
from odoo.exceptions import UserError
from odoo.tools import SQL

from bench import dunning_mail
from bench.debts import LINES_EACH, make_debts
from bench.mail_sink import MailSink
from bench.meter import Growth

CREDITOR = {
    "vat": "11.222.333/0001-81",
    "street": "Avenida Paulista, 1000",
    "city": "São Paulo",
    "zip": "01310-100",
    "email": "financeiro@example.com",
    "phone": "(11) 3333-4444",
}
CLAIM, DELIVER = "ir_cron_cobranca_dunning", "ir_cron_cobranca_dunning_delivery"
LINKS = ("pay", "paid", "refuse")
ALL_DAY = {"weekday": (0, 24), "saturday": (0, 24), "sunday": (0, 24)}


class NotClaimed(Exception):
    """A step was not claimed, or twice."""


def prepare(env, number):
    """So many debtors."""
    make_debts(env, number)
    make_ready(env)


def prepare_lines(env, number):
    """So many lines, of a third as many debtors."""
    make_debts(env, -(-number // LINES_EACH), number)
    make_ready(env)


def prepare_day(env, number):
    """The same on a day like any other: all steps up to yesterday were taken, a twentieth is reached today."""
    prepare_lines(env, number)
    env.cr.execute(
        """
        INSERT INTO cobranca_dunning_notice (line_id, level_id, source, partner_id, company_id, date)
        SELECT DISTINCT ON (line.id) line.id, level.id, 0, line.partner_id, line.company_id, %(today)s
          FROM account_move_line line
          JOIN account_account account ON account.id = line.account_id AND account.account_type = 'asset_receivable'
          JOIN cobranca_dunning_level level
               ON level.policy_id = %(ladder)s AND level.active AND level.trigger = 'days' AND level.days > 0
              AND line.date_maturity + level.days < %(today)s
         ORDER BY line.id, level.days DESC
        """,
        {"ladder": find_ladder(env).id, "today": env.company._cobranca_today()},
    )


def find_ladder(env):
    """The ladder of debtors of whom nothing is known."""
    [key] = {planned.ladder.key for planned in select(env).messages}
    return env["cobranca.dunning.policy"].browse(key)


def make_ready(env):
    """A company that may send now, and its ladder started today; late invoices begin at the first step."""
    today = env.company._cobranca_today()
    env.company.write({**CREDITOR, "state_id": env.ref("base.state_br_sp").id})
    hours = {
        f"{kind}_{end}": hour for kind, ends in ALL_DAY.items() for end, hour in zip(("from", "to"), ends, strict=True)
    }
    env["cobranca.contact.window"].search([]).write(hours)
    env["cobranca.holiday"].search([("date", "=", today)]).active = False
    dunning_mail.make_server(env)
    ladders = env["cobranca.dunning.policy"].search([("company_id", "=", env.company.id)])
    ladders.write({"business_day_rule": "same", "send_hour": 0})
    ladders.filtered(lambda ladder: ladder.state != "active")._start(today, "first")


# --- selection ---


def run_select(env, number):
    """Who would get what today, twice: only the first time reads what Odoo caches.

    :return: dict
    """
    select(env)
    env.invalidate_all()
    before = sql_db.sql_counter
    plan = select(env)
    return {
        dunning_mail.WARM: sql_db.sql_counter - before,
        "messages": len(plan.messages),
        "lines": sum(len(planned.lines) for planned in plan.messages),
    }


def run_select_day(env, number):
    """The same among many lines, the second time with a watch: as in a worker that has been running for a while.

    :return: dict
    """
    select(env)
    env.invalidate_all()
    started = time.perf_counter()
    plan = select(env)
    return {
        dunning_mail.WARM_S: round(time.perf_counter() - started, 3),
        "messages": len(plan.messages),
        "lines": sum(len(planned.lines) for planned in plan.messages),
    }


def select(env):
    return env["cobranca.dunning.engine"]._select(env.company, env.company._cobranca_today())


def count_debtors(env, number):
    """Debtors that would get a message today."""
    return len(select(env).messages)


def count_lines(env, number):
    """Open lines that may be asked for."""
    today = env.company._cobranca_today()
    return len(env["account.move.line"]._cobranca_search_open_lines(env.company, today))


# --- the whole cycle ---


def run_cycle(env, number):
    """Select, claim, write, render and send.

    :return: dict of what there is afterwards
    """
    with MailSink() as sink:
        dunning_mail.use_server(env, sink)
        with Growth() as memory:
            run_day(env)
    return dunning_mail.checked(sink, number) | {dunning_mail.GROWTH: memory.mb}


def run_day(env):
    """What both scheduled actions do, as the user and with the notes of progress that they have."""
    as_cron(env, CLAIM)._cron_run()
    as_cron(env, DELIVER)._cron_deliver()
    env.cr.commit()


def as_cron(env, name):
    """The engine, as Odoo's scheduler calls it."""
    env = api.Environment(env.cr, api.SUPERUSER_ID, {})
    cron = env.ref(f"cobranca_recorrente.{name}")
    progress = env["ir.cron.progress"].create([{"cron_id": cron.id, "remaining": 0, "done": 0, "timed_out_counter": 0}])
    context = {"lastcall": False, "cron_id": cron.id, "ir_cron_progress_id": progress.id}
    return env["cobranca.dunning.engine"].with_context(context)


def run_no_links(env, number):
    """The same, with the same address for everybody: no link is made."""
    same = dict.fromkeys(LINKS, "https://example.com/cobranca")
    Message = type(env["cobranca.message"])
    with patch.object(Message, "_get_links", lambda messages: dict.fromkeys(messages, same)):
        return run_cycle(env, number)


def run_one_bad(env, number):
    """The same while the text of one message fails, after those of the others of its batch were written."""
    Message = type(env["cobranca.message"])
    write = Message._render_texts
    bad = env["res.partner"].search([("name", "like", "Cliente 0")], order="id", offset=number // 2, limit=1)

    def fail(messages, *arguments):
        texts = write(messages, *arguments)
        if bad in messages.partner_id:
            raise UserError("one bad text")
        return texts

    with patch.object(Message, "_render_texts", fail), MailSink() as sink:
        dunning_mail.use_server(env, sink)
        run_day(env)
    return dunning_mail.checked(sink, number - 1)


def count_sent_or_failed(env, number):
    """Messages that were sent, and those that wait for nobody: their reason is on them."""
    failed = env["cobranca.message"].search([("state", "=", "undelivered")])
    return count_sent(env, number) + len(failed)


def count_sent(env, number):
    """Messages that were sent.

    :raise NotClaimed: when a debtor got more than one, or a line has no claim
    """
    env.invalidate_all()
    messages = env["cobranca.message"].search([("state", "in", ("sent", "delivered", "read"))])
    if len(messages.partner_id) != len(messages):
        raise NotClaimed(f"{len(messages)} messages for {len(messages.partner_id)} debtors")
    if unclaimed := messages.filtered(lambda message: not message.line_ids.level_id):
        raise NotClaimed(f"{len(unclaimed)} messages claim no step")
    return len(messages)


# --- repeat ---


def run_repeat(env, number):
    """The day again: both scheduled actions, then what the first asks of the database for one company.

    :return: dict: queries of that, rows that all this added to all tables
    """
    claiming, delivering = as_cron(env, CLAIM), as_cron(env, DELIVER)
    company = claiming.env.company
    today, rows = company._cobranca_today(), count_rows(env)
    claiming._cron_run()
    delivering._cron_deliver()
    claiming.env.invalidate_all()
    before = sql_db.sql_counter
    claiming._run(company, today)
    return {dunning_mail.WARM: sql_db.sql_counter - before, dunning_mail.ROWS: count_rows(env) - rows}


def count_rows(env):
    """Rows of all tables."""
    env.cr.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
    )
    counts = [SQL("SELECT count(*) FROM %s", SQL.identifier(name)) for (name,) in env.cr.fetchall()]
    env.cr.execute(SQL("SELECT sum(count) FROM (%s) AS rows (count)", SQL(" UNION ALL ").join(counts)))
    return int(env.cr.fetchone()[0])
