"""Contracts of every kind, and their previews taken in a transaction that cannot write (see `Worker.inject`)."""

import pickle
from datetime import date, timedelta
from pathlib import Path

import odoo
from odoo import api
from odoo.modules.registry import Registry

COUNT = 12
# Long cadences go on; the others end after some more than twelve charges.
SHORT = {"date_end": "2026-12-20", "renewal": "none"}


def environment(cursor):
    return api.Environment(cursor, odoo.SUPERUSER_ID, {})


def make(database):
    """Make the contracts; their `reference` is "varied"."""
    with Registry(database).cursor() as cursor:
        env = environment(cursor)
        # Nothing waits for a person here: neither a backlog nor an amount that differs.
        env.company.write({"cobranca_max_catch_up": 120, "cobranca_outlier_percent": 0})
        made = [make_one(env, number, values) for number, values in enumerate(all_values(env))]
        change_some(env, made)
        env.flush_all()


def line(product, price, **values):
    return (0, 0, {"product_id": product.id, "price_unit": price, **values})


def all_values(env):
    """Values of the contracts, without customer and reference."""
    fee, use = env["product.product"].create(
        [{"name": name, "type": "service", "taxes_id": [(5, 0, 0)]} for name in ("Fee", "Use")]
    )
    added, included = env["account.tax"].create(
        [
            {"name": "5 %", "amount": 5.0, "type_tax_use": "sale"},
            {"name": "3 % incl.", "amount": 3.0, "type_tax_use": "sale", "price_include_override": "tax_included"},
        ]
    )
    advance, arrears = line(fee, 310.0), line(fee, 49.9, billing_timing="arrears")
    usage = line(use, 0.37, recurrence="usage", name="Use {mes}")
    taxed = line(fee, 99.99, quantity=3, discount=33.33, tax_ids=[(6, 0, (added | included).ids)])
    once = [
        line(fee, 40.0, recurrence="once", date_start=day, invoice_apart=apart)
        for day, apart in (("2026-02-03", False), ("2026-04-12", True), ("2027-05-20", False))
    ]
    text = line(fee, 77.77, name="{mes}/{ano} {inicio} {fim} {vencimento} {contrato}")
    section = (0, 0, {"display_type": "line_section", "name": "Section {mes}"})
    usd = env.ref("base.USD")
    usd.write({"active": True, "rate_ids": [(0, 0, {"name": "2020-01-01", "inverse_company_rate": 5.37})]})
    for lines in ([advance], [arrears], [advance, arrears], [advance, usage, *once], [taxed, text], [section, taxed]):
        yield {"line_ids": lines, "billing_day": 1, **SHORT}
        yield {"line_ids": lines, "date_start": "2026-01-17", "billing_day": 5, "due_day": 28, **SHORT}
    for terms in all_terms(env, usd):
        yield {"line_ids": [taxed, arrears], **SHORT, **terms}


def all_terms(env, usd):
    """Cadences, days and conditions."""
    parts = [[100], [50, 50], [40, 30, 30]]
    terms = env["account.payment.term"].create(
        [
            {
                "name": "T",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": p, "nb_days": 15 * n}) for n, p in enumerate(percents)
                ],
            }
            for percents in parts
        ]
    )
    yield from ({"due_mode": "term", "payment_term_id": term.id, "issue_lead_days": 3} for term in terms)
    yield {"date_start": "2026-01-31", "billing_day": 31, "due_day": 30}
    yield {"date_start": "2024-02-29", "billed_until": "2026-02-27", "interval_unit": "year", "date_end": False}
    yield {"interval_unit": "quarter", "date_end": False}
    yield {"interval_unit": "semester", "issue_lead_days": 60, "date_end": False}
    yield {"interval_unit": "week", "interval_count": 2, "date_end": "2026-06-20"}
    yield {"interval_unit": "day", "interval_count": 10, "date_end": "2026-05-03"}
    yield {"trial_days": 20, "billing_day": 1}
    yield {"trial_days": 7}
    yield {"currency_id": usd.id}
    yield {"currency_id": usd.id, "date_start": "2026-01-20", "billing_day": 1}
    yield {"billed_until": "2026-02-28", "billing_day": 1, "due_day": 31}
    yield {"date_end": "2026-01-19"}
    yield {"issue_lead_days": 0, "due_day": 1}
    yield {"billing_day": 15, "due_day": 3}
    yield {"billing_day": 29, "due_day": 29, "date_start": "2026-01-29"}
    yield {"interval_unit": "week", "due_mode": "term", "payment_term_id": terms[2].id, "date_end": "2026-03-20"}
    yield {"invoice_note": "Thank you", "interval_count": 2}


def make_one(env, number, values):
    """:param int number: customers with an even one read Portuguese"""
    partner = env["res.partner"].create({"name": f"Varied {number}", "lang": "en_US" if number % 2 else "pt_BR"})
    terms = {"date_start": "2026-01-01", "due_day": 10, "issue_lead_days": 10, "reference": "varied", **values}
    contract = env["cobranca.contract"].create({"partner_id": partner.id, **terms})
    # Some cases are older than a check of activation would let in: an item after the last day, for one.
    contract._update_state(("draft",), "active")
    return contract


def change_some(env, contracts):
    """Pauses, prices of the future, usage and a postponed date, on some of them."""
    for number, contract in enumerate(contracts):
        runs_long = not contract.date_end or contract.date_end > date(2026, 6, 1)
        recurring = contract.line_ids.filtered(lambda line: line.recurrence == "recurring" and not line.display_type)
        if runs_long and number % 3 == 0:
            contract._pause(date(2026, 3, 7), date(2026, 4, 9), "trip")
        if runs_long and number % 2 == 0:
            contract._change_items(date(2026, 5, 11), [(recurring[0], {"price_unit": 123.45})])
        if number % 5 == 0:
            contract._postpone_next(contract.next_due_date + timedelta(days=6))
        for usage in contract.line_ids.filtered(lambda line: line.recurrence == "usage"):
            read = {"contract_id": contract.id, "product_id": usage.product_id.id, "quantity": 17.5}
            days = ("2026-01-30", "2026-02-02", "2026-06-15")
            env["cobranca.contract.usage"].create([{**read, "date": day, "external_key": day} for day in days])


def write_previews(database, path):
    """Ask every contract for its next charges where PostgreSQL refuses to write.

    :param str path: file that gets {contract id: list of dict}, pickled
    """
    with Registry(database).cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        contracts = environment(cursor)["cobranca.contract"].search([("reference", "=", "varied")])
        previews = {contract.id: contract._get_preview(COUNT) for contract in contracts}
        cursor.rollback()
    Path(path).write_bytes(pickle.dumps(previews))
