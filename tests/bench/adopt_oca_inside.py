"""What adopt_oca.py runs inside Odoo: contracts of the real addon, adopted, against its own next invoices."""

from datetime import date
from itertools import product

from odoo.fields import Command

RULES = ("daily", "weekly", "monthly", "monthlylastday", "quarterly", "semesterly", "yearly")
STARTS = (date(2026, 1, 1), date(2026, 1, 15), date(2026, 1, 31))
TIMINGS = ("pre-paid", "post-paid")
SOLD = ({"name": "Plano #START#", "specific_price": 120.0}, {"name": "Lista", "automatic_price": True})


class Different(Exception):
    """Ours does not go on where the other addon stopped."""


def run(env):
    """:raise Different: with the first contract that goes on otherwise"""
    contracts = make_contracts(env)
    for _time in range(2):
        for contract in contracts:
            contract.recurring_create_invoice()
    model = env["cobranca.oca.contract"]
    outcome = model._adopt(env.company)
    if failed := {key: text for key, text in outcome.items() if isinstance(text, str)}:
        raise Different(f"not adopted: {failed}")
    for contract in contracts:
        compare(env, contract, outcome[f"oca/{contract.id}"])
    check_that_one_bills(contracts, {contract: outcome[f"oca/{contract.id}"] for contract in contracts})
    if model._adopt(env.company):
        raise Different("a second time made contracts again")
    menu = env.ref("cobranca_recorrente.cobranca_oca_contract_menu")
    if menu.id in env["ir.ui.menu"]._load_menus_blacklist():
        raise Different("the menu is hidden although the addon is there")
    print(f"ADOPTED {len(contracts)} contracts: each goes on on the day and with the amount of the other addon")


def make_contracts(env):
    """One contract of each rhythm, start and timing, of two lines, the second priced by the product."""
    service = env["product.product"].create(
        {"name": "Plano", "type": "service", "list_price": 80.0, "taxes_id": [Command.clear()]}
    )
    partner = env["res.partner"].create({"name": "Cliente"})
    return env["contract.contract"].create(
        [
            {
                "name": f"{rule} {start} {timing}",
                "partner_id": partner.id,
                "line_recurrence": True,
                "contract_line_ids": [
                    Command.create({**sold, **values, "product_id": service.id})
                    for sold in (
                        {"name": "Plano #START#", "specific_price": 120.0},
                        {"name": "L", "automatic_price": True},
                    )
                    for values in [rhythm(rule, start, timing)]
                ],
            }
            for rule, start, timing in product(RULES, STARTS, TIMINGS)
        ]
    )


def rhythm(rule, start, timing):
    return {
        "recurring_rule_type": rule,
        "recurring_interval": 1,
        "recurring_invoicing_type": timing,
        "date_start": start,
    }


def check_that_one_bills(contracts, ours):
    """A contract is not activated while the addon bills it, nor for days that it billed meanwhile."""
    check_gaps(ours, 1, "the addon still bills")
    contracts.active = False
    check_gaps(ours, 0, "archived there")
    for contract in contracts:
        contract.recurring_create_invoice()
    check_gaps(ours, 1, "billed there once more")


def check_gaps(ours, count, when):
    for contract, adopted in ours.items():
        if len(gaps := adopted.env["cobranca.oca.contract"]._get_gaps_of(adopted)) != count:
            raise Different(f"{contract.name}, {when}: {gaps}")


def compare(env, contract, ours):
    """Our next period against the addon's own."""
    ours.sudo().state = "active"
    charge = ours._get_preview(1)[0]
    line = contract.contract_line_ids[:1]
    wanted = (line.next_period_date_start, line.next_period_date_end, 200.0)
    if (found := (charge["first"], charge["last"], charge["total"])) != wanted:
        raise Different(f"{contract.name}: next there {wanted}, next here {found}")
