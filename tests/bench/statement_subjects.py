"""The measured work of bank statements in the section `payments`; run by child.py inside Odoo.

Of ten movements seven name their invoice, with its amount or its cost of the day; two are of nobody known and of
the amount of many; one fits nothing. What is booked is a statement on which all name their invoice.
"""

from datetime import timedelta

from odoo.fields import Date

from bench.debts import LINES_EACH, make_debts
from bench.meter import Growth

NAME = "bench-statement.csv"
GROWTH = "MB more at its peak"
DAYS = 10
CERTAIN = 7


def prepare(env, number):
    """So many late invoices, and a statement of as many movements of the last days for them."""
    make_statement(env, number, CERTAIN)


def prepare_certain(env, number):
    """The same, with a statement on which every movement names its invoice."""
    make_statement(env, number, 10)


def make_statement(env, number, certain):
    make_debts(env, -(-number // LINES_EACH), number)
    lines = open_lines(env)[:number]
    rows = ["Data;Histórico;Valor"]
    today = env.company._cobranca_today()
    for place in range(DAYS):
        day = today - timedelta(days=place)
        own = lines[place::DAYS]
        for count, (line, debt) in enumerate(own._cobranca_read_debts(day).items()):
            cost = debt.charges.total if count % 2 else debt.charges.principal
            rows.append(row((count + place) % 10, line, day, cost, certain))
    content = "\n".join(rows).encode()
    env["ir.attachment"].sudo().create({"name": NAME, "raw": content})


def row(kind, line, day, cost, certain):
    if kind < certain:
        return f"{day:%d/%m/%Y};PIX RECEBIDO REF {line.move_name};{cost:.2f}"
    if kind < 9:
        return f"{day:%d/%m/%Y};PIX RECEBIDO {line.id};{line.amount_residual:.2f}"
    return f"{day:%d/%m/%Y};DEPOSITO EM DINHEIRO {line.id};{9000 + line.id % 977}.99"


def open_lines(env):
    Line = env["account.move.line"].sudo()
    return Line._cobranca_search_open_lines(env.company, Date.context_today(env.user))


def journal(env):
    return env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)


def run_import(env, number):
    """The measured work: the whole file, with suggestions for each movement."""
    content = env["ir.attachment"].sudo().search([("name", "=", NAME)], limit=1).raw
    with Growth() as memory:
        env["cobranca.statement.import"]._import(journal(env), NAME, content)
        env.cr.commit()
    return {GROWTH: memory.mb, "certain": certain(env)}


def run_book(env, number):
    """The measured work: all certain ones, as the button does it: batch after batch, each kept."""
    desk, done = env["cobranca.statement.desk"], 0
    with Growth() as memory:
        while True:
            answer = desk.desk_take_certain()
            env.cr.commit()
            env.invalidate_all()
            done += answer["matched"]
            if not answer["remaining"] or not answer["matched"]:
                break
    return {GROWTH: memory.mb, "matched": done}


def certain(env):
    return env["cobranca.statement.suggestion"].search_count([("grade", "=", "1")])


def count_imported(env, number):
    return env["account.bank.statement.line"].search_count([("cobranca_file_id", "!=", False)])


def count_booked(env, number):
    return env["account.bank.statement.line"].search_count([("cobranca_matched_at", "!=", False)])
