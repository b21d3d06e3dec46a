"""The measured work of the section `billing` and what it stands on; run by child.py inside Odoo.

All subjects make the same invoices: one customer each, two lines (100.00 and 25.12) with 2 % ISSQN.
"""

from odoo import fields
from odoo.fields import Command

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


def run_ours(env, number):
    env["cobranca.contract.billing"]._cron_bill(batch_size=BATCH)


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
