"""The measured work of statements of agencies in the section `agency`; run by child.py inside Odoo."""

import time
from datetime import timedelta

from bench.debts import LINES_EACH, copy_rows, make_debts
from bench.framework import Bar, Subject
from bench.meter import Growth

WORK = "bench.agency_statement_subjects:"
PAYMENTS, QUICK_PAYMENTS = 10_000, 30
# Promised for collecting them and making the statement.
MOST_STATE_S = 30
GROWTH = "MB more at its peak"
PERCENT = 20


def bars(by_name):
    """What the product promises of statements, from the figures of a run.

    :param dict by_name: {name of a subject: its summary}
    :return: list of Bar
    """
    if summary := by_name.get(f"state_{PAYMENTS}"):
        return [Bar(f"statement of {PAYMENTS} payments, seconds", summary["wall_s_min"], MOST_STATE_S)]
    return []


def stating(bench, template, is_quick):
    """:return: Subject"""
    number = QUICK_PAYMENTS if is_quick else PAYMENTS
    return Subject(
        name=f"state_{number}",
        run=f"{WORK}state",
        check=f"{WORK}count_stated",
        number=number,
        unit="payment",
        per=1000,
        database=lambda: bench.prepared(f"agency_paid_{number}", template, f"{WORK}make_paid", number),
        runs=1,
        note="the ledger brought up to date from the books, the statement of the month, and its workbook",
    )


def make_paid(env, number):
    """So many placed debts, each paid by a payment of its own on the day of the placement."""
    make_debts(env, -(-number // LINES_EACH), number)
    place(env)
    make_payments(env)
    env.cr.execute("ANALYZE account_move, account_move_line, account_partial_reconcile")
    env.invalidate_all()


def place(env):
    """All of it with one agency, by rows."""
    company = env.company
    today = company._cobranca_today()
    agency = env["cobranca.agency"].create(
        {
            "partner_id": env["res.partner"].create({"name": "Pontefirme Assessoria", "is_company": True}).id,
            "operator_signed_on": today,
            "operator_until": today + timedelta(days=365),
        }
    )
    env.flush_all()
    own = {
        "agency": agency.id,
        "company": company.id,
        "currency": company.currency_id.id,
        "today": today,
        "ends": today + timedelta(days=90),
        "percent": PERCENT,
    }
    env.cr.execute(
        """
        INSERT INTO cobranca_placement (company_id, currency_id, agency_id, partner_id, name, customer_name, state,
                                        placed_on, ends_on)
        SELECT DISTINCT %(company)s, %(currency)s, %(agency)s, line.partner_id, 'D/' || line.partner_id, partner.name,
               'active', %(today)s::date, %(ends)s::date
          FROM account_move_line line JOIN res_partner partner ON partner.id = line.partner_id
         WHERE line.display_type = 'payment_term'
        """,
        own,
    )
    env.cr.execute(
        """
        INSERT INTO cobranca_placement_line (placement_id, company_id, currency_id, line_id, due, percent, is_live)
        SELECT placement.id, %(company)s, %(currency)s, line.id, line.date_maturity, %(percent)s, TRUE
          FROM cobranca_placement placement JOIN account_move_line line ON line.partner_id = placement.partner_id
         WHERE line.display_type = 'payment_term'
        """,
        own,
    )
    env.invalidate_all()


def make_payments(env):
    """One payment made by Odoo; the others are copies of its rows, each matched with its debt."""
    company = env.company
    today = company._cobranca_today()
    lines = env["cobranca.placement.line"].search([], order="id").line_id
    bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", company.id)], limit=1)
    first = lines[0]
    entry = env["account.move"].create(
        {
            "journal_id": bank.id,
            "date": today,
            "line_ids": [
                (0, 0, {"account_id": bank.default_account_id.id, "debit": first.amount_residual}),
                (0, 0, {"account_id": first.account_id.id, "partner_id": first.partner_id.id, "credit": first.balance}),
            ],
        }
    )
    entry.action_post()
    (entry.line_ids.filtered("credit") | first).reconcile()
    env.flush_all()
    copy_payment(env, entry, first.matched_credit_ids, lines[1:])


def copy_payment(env, entry, partial, lines):
    """The same payment for each of these debts."""
    env.cr.execute(
        "CREATE TEMPORARY TABLE bench_paid AS SELECT row_number() OVER (ORDER BY id) AS n, id AS debt, partner_id,"
        " nextval('account_move_id_seq') AS move, nextval('account_move_line_id_seq') AS credit"
        " FROM account_move_line WHERE id = ANY(%s)",
        [lines.ids],
    )
    name = "it.name || '-' || n"
    moves = {
        "id": "move",
        "name": name,
        "sequence_number": "it.sequence_number + n",
        "partner_id": "bench_paid.partner_id",
    }
    copy_rows(env, "account_move", moves, "bench_paid", f"it.id = {entry.id}")
    items = {
        "id": "CASE WHEN it.credit > 0 THEN bench_paid.credit ELSE nextval('account_move_line_id_seq') END",
        "move_id": "move",
        "move_name": "it.move_name || '-' || n",
        "partner_id": "bench_paid.partner_id",
    }
    copy_rows(env, "account_move_line", items, "bench_paid", f"it.move_id = {entry.id}")
    matched = {
        "id": "nextval('account_partial_reconcile_id_seq')",
        "debit_move_id": "debt",
        "credit_move_id": "bench_paid.credit",
    }
    copy_rows(env, "account_partial_reconcile", matched, "bench_paid", f"it.id = {partial.id}")
    env.cr.execute("DROP TABLE bench_paid")


def state(env, number):
    """The measured work: collect, make the statement, write its workbook."""
    company = env.company
    with Growth() as memory:
        started = time.monotonic()
        statement = env["cobranca.agency.statement"]._prepare_month(company, company._cobranca_today())
        env.flush_all()
        made = time.monotonic() - started
        content = statement._get_workbook()
        env.cr.commit()
    return {GROWTH: memory.mb, "statement_s": round(made, 1), "workbook KB": len(content) // 1024}


def count_stated(env, number):
    """So many payments are on it; each earned what its percentage says."""
    statement = env["cobranca.agency.statement"].search([])
    assert len(statement) == 1
    expected = round(statement.amount_received * PERCENT / 100, 2)
    assert abs(statement.amount_commission - expected) < number / 200 + 0.01, statement.amount_commission
    return statement.receipt_count
