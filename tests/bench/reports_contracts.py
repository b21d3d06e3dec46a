"""Contracts of two years by SQL, and how long lists and pivots of their recurring revenue take; run by child.py."""

from odoo.fields import Command, Date
from odoo.tools import SQL

from bench.reports_subjects import time_screens

MONTHS = 24
# Copies of one contract, of its customer and of its item: one in seven has ended, one in five is of a year, one in
# eleven is paused for a while, and one in three pays more since its second year.
PARTNERS = """
    INSERT INTO res_partner
    SELECT made.*
      FROM generate_series(1, %(number)s) AS n
      JOIN res_partner sample ON sample.id = %(partner)s
     CROSS JOIN LATERAL jsonb_populate_record(sample, jsonb_build_object(
           'id', %(partner)s + n, 'name', 'Cliente ' || n, 'commercial_partner_id', %(partner)s + n)) AS made
"""
CONTRACTS = """
    INSERT INTO cobranca_contract
    SELECT made.*
      FROM generate_series(1, %(number)s) AS n
     CROSS JOIN LATERAL (SELECT %(first)s::date + (n * 37 %% %(days)s)::int AS start) AS term
      JOIN cobranca_contract sample ON sample.id = %(contract)s
     CROSS JOIN LATERAL jsonb_populate_record(sample, jsonb_build_object(
           'id', %(contract)s + n, 'name', 'C/' || n,
           'partner_id', %(partner)s + n, 'commercial_partner_id', %(partner)s + n,
           'state', CASE WHEN n %% 7 = 0 THEN 'closed' ELSE 'active' END,
           'date_start', term.start,
           'date_end', CASE WHEN n %% 7 = 0 THEN term.start + 90 + n %% 400 END,
           'interval_unit', CASE WHEN n %% 5 = 0 THEN 'year' ELSE 'month' END)) AS made
"""
ITEMS = """
    INSERT INTO cobranca_contract_line
    SELECT made.*
      FROM generate_series(1, %(number)s) AS n
      JOIN cobranca_contract contract ON contract.id = %(contract)s + n
     CROSS JOIN LATERAL generate_series(0, CASE WHEN n %% 3 = 0 THEN 1 ELSE 0 END) AS turn
      JOIN cobranca_contract_line sample ON sample.id = %(item)s
     CROSS JOIN LATERAL jsonb_populate_record(sample, jsonb_build_object(
           'id', %(item)s + 2 * n + turn, 'contract_id', contract.id,
           'price_unit', 50 + n %% 400 + 20 * turn,
           'date_start', CASE WHEN turn = 1 THEN contract.date_start + 365 END,
           'date_end', CASE WHEN turn = 0 AND n %% 3 = 0 THEN contract.date_start + 364 END)) AS made
"""
PAUSES = """
    INSERT INTO cobranca_contract_pause (contract_id, reason, date_start, date_end)
    SELECT id, 'Férias', date_start + 60, date_start + 120
      FROM cobranca_contract
     WHERE id > %(contract)s AND id %% 11 = 0
"""
LISTS = ("cobranca.mrr.report", "cobranca.mrr.movement.report", "cobranca.mrr.rate.report")
# As they open, and as people turn them.
PIVOTS = (
    ("cobranca.mrr.report", ["month:month"], ["opening:sum", "new:sum", "churn:sum", "closing:sum"]),
    ("cobranca.mrr.report", ["partner_id"], ["opening:sum", "closing:sum"]),
    ("cobranca.mrr.movement.report", ["month:month", "kind"], ["amount:sum"]),
    ("cobranca.mrr.rate.report", ["month:month"], ["churn_rate:avg", "nrr:avg", "closing:sum"]),
    ("cobranca.mrr.rate.report", ["month:year"], ["churn_rate:avg", "nrr:avg", "closing:sum"]),
)


def fill_contracts(env, number):
    """So many contracts of as many customers, begun in the last two years."""
    today = env.company._cobranca_today()
    first = Date.subtract(Date.start_of(today, "month"), months=MONTHS)
    product = env["product.product"].create({"name": "Mensalidade", "type": "service", "taxes_id": [Command.clear()]})
    partner = env["res.partner"].create({"name": "Cliente", "country_id": env.ref("base.br").id})
    items = [Command.create({"product_id": product.id, "price_unit": 100})]
    contract = env["cobranca.contract"].create({"partner_id": partner.id, "date_start": first, "line_ids": items})
    env.flush_all()
    values = {
        "number": number,
        "partner": partner.id,
        "contract": contract.id,
        "item": contract.line_ids.id,
        "first": first,
        "days": (today - first).days,
    }
    for query in (PARTNERS, CONTRACTS, ITEMS, PAUSES):
        env.cr.execute(query, values)
    for table in ("res_partner", "cobranca_contract", "cobranca_contract_line"):
        env.cr.execute(SQL("SELECT setval(%s, (SELECT max(id) FROM %s))", f"{table}_id_seq", SQL.identifier(table)))
    env.invalidate_all()


def count_contracts(env, number):
    return env["cobranca.contract"].search_count([("state", "in", ("active", "closed"))])


def look_at_revenue(env, number):
    """Lists and pivots of recurring revenue.

    :return: ms of each, and of the slowest
    """
    found = time_screens(env, LISTS, PIVOTS)
    return {**found, "ms": max(found.values())}
