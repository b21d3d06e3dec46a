"""The measured work of the section `agency`; run by child.py inside Odoo."""

import time
from datetime import timedelta

from odoo.fields import Command
from odoo.tests import new_test_user

from bench.debts import LINES_EACH, make_debts
from bench.meter import Growth

GROWTH = "MB more at its peak"
# So many days later than the common debts: none of them is within a weekend of its due date.
OLDER = 30
WEIGHTS = (range(10, 1, -1), range(11, 1, -1))
SUPERVISOR, MANAGER = "bench_supervisor", "bench_manager"
WORKER = "bench_agency"
# What somebody of an agency asks of his list: as it opens, by a filter and an order, by a name, and the last page.
ASKED = (
    {},
    {"filtro": "retornos", "ordem": "atraso"},
    {"ordem": "valor"},
    {"busca": "Cliente 1234"},
    {"pagina": "999"},
)


def make_book(env, number, lines_each=LINES_EACH):
    """So many late debts of customers whom agencies can reach, two agencies and one rule."""
    make_debts(env, -(-number // lines_each), number)
    age(env)
    give_documents(env)
    for login in (SUPERVISOR, MANAGER):
        new_test_user(env, login, f"cobranca_recorrente.cobranca_group_{login.removeprefix('bench_')}")
    agencies = [make_agency(env, name) for name in ("Pontefirme Assessoria", "Recupera Norte")]
    env["cobranca.placement.rule"].create(
        {
            "name": "60 dias",
            "share_ids": [
                Command.create({"agency_id": agency.id, "percent": percent, "arm": arm})
                for agency, percent, arm in zip(agencies, (70, 30), ("champion", "challenger"), strict=True)
            ],
        }
    )


def age(env):
    env.cr.execute(
        "UPDATE account_move_line SET date_maturity = date_maturity - %s WHERE display_type = 'payment_term'", [OLDER]
    )
    env.cr.execute(
        "UPDATE account_move SET invoice_date_due = invoice_date_due - %s WHERE move_type = 'out_invoice'", [OLDER]
    )
    env.invalidate_all()


def give_documents(env):
    """A CPF for each customer."""
    env.cr.execute("SELECT id FROM res_partner WHERE name LIKE 'Cliente %' ORDER BY id")
    partners = [partner for (partner,) in env.cr.fetchall()]
    documents = [cpf(100_000_000 + 7 * place) for place, _partner in enumerate(partners)]
    env.cr.execute(
        "UPDATE res_partner SET vat = given.vat FROM unnest(%s, %s) AS given (id, vat) WHERE res_partner.id = given.id",
        [partners, documents],
    )
    env.invalidate_all()


def cpf(number):
    """A CPF with right check digits."""
    digits = [int(digit) for digit in str(number)]
    for weights in WEIGHTS:
        rest = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        digits.append(0 if rest < 2 else 11 - rest)
    return "".join(map(str, digits))


def make_agency(env, name):
    today = env.company._cobranca_today()
    return env["cobranca.agency"].create(
        {
            "partner_id": env["res.partner"].create({"name": name, "is_company": True}).id,
            "operator_signed_on": today,
            "operator_until": today + timedelta(days=365),
            "commission_ids": [
                Command.create({"days_from": 0, "percent": 15}),
                Command.create({"days_from": 90, "percent": 25}),
            ],
        }
    )


def make_plan(env, way):
    rules = env["cobranca.placement.rule"].search([])
    return getattr(env["cobranca.placement.plan"], way)(env.company, "bench", rules)


def simulate(env, number):
    """What the dialog shows before anything is proposed."""
    plan = make_plan(env, "_simulate")
    figures = env["cobranca.placement.plan"]._get_figures(plan)
    return {"debts": figures["debts"], "left out": sum(row["debts"] for row in figures["left"])}


def place(env, number):
    """Proposed by one, approved by another, each committed."""
    user = {login: env["res.users"].search([("login", "=", login)]) for login in (SUPERVISOR, MANAGER)}
    started = time.monotonic()
    with Growth() as growth:
        batch = env["cobranca.placement.batch"].with_user(user[SUPERVISOR])._propose(make_plan(env, "_make_plan"))
        env.cr.commit()
        proposed = time.monotonic()
        env.invalidate_all()
        batch.with_user(user[MANAGER])._approve()
        env.cr.commit()
    seconds = {"propose s": proposed - started, "approve s": time.monotonic() - proposed}
    return {GROWTH: growth.mb, **{what: round(spent, 1) for what, spent in seconds.items()}}


def count_late(env, number):
    return env["account.move.line"].search_count([("display_type", "=", "payment_term"), ("reconciled", "=", False)])


def count_placed(env, number):
    """Debts that are with an agency, whose reminders pause."""
    env.cr.execute(
        """
        SELECT count(*) FROM cobranca_placement_line item JOIN cobranca_placement placement
            ON placement.id = item.placement_id AND placement.state = 'active' AND item.is_live
          JOIN cobranca_hold hold ON hold.line_id = item.line_id AND hold.reason = 'placement'
        """
    )
    return env.cr.fetchone()[0]


def make_placed(env, number):
    """So many customers with a debt each, all of them with one agency, and somebody of it."""
    make_book(env, number, lines_each=1)
    age(env)  # with one debt each none of them is old enough yet
    place(env, number)
    agency = env["cobranca.agency"].search([], order="id", limit=1)
    env.cr.execute("UPDATE cobranca_placement SET agency_id = %s", [agency.id])
    user = new_test_user(env, WORKER, "cobranca_negociacao.cobranca_group_agency_admin", password=WORKER)
    user.partner_id.parent_id = agency.partner_id


def open_list(env, number):
    """The list of an agency, with the rights of who looks; Odoo's frame around it is not counted.

    :return: ms of the slowest of several ways to look at it, the second time
    """
    user = env["res.users"].search([("login", "=", WORKER)])
    found = {}
    for _time in range(2):
        for place_of, asked in enumerate(ASKED):
            env.invalidate_all()
            started = time.monotonic()
            Page = env["cobranca.placement.page"].with_user(user)
            shown = Page._get_list(env["cobranca.agency"].with_user(user)._get_own(), Page._read_wanted(asked))
            found[place_of] = round(1000 * (time.monotonic() - started))
            if not place_of and shown["total"] != number:
                raise ValueError(shown["total"])
    return {"ms": max(found.values())}


def count_customers(env, number):
    return env["cobranca.placement"].search_count([("state", "=", "active")])
