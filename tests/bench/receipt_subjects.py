"""The measured work of receipts in the section `charges`; run by child.py inside Odoo."""

from datetime import date

from odoo.fields import Command

PAID = date(2026, 2, 19)
CHARGES = {"interest": 5.90, "fine": 2.00}
DEBT, MONEY = 100.00, 107.90


def make_debts(env, number):
    """So many debts of so many customers, and the money of each, as plain entries."""
    partners = env["res.partner"].create([{"name": f"Cliente {n:06}"} for n in range(1, number + 1)])
    income = env.company.cobranca_service_account_id
    for amount in (DEBT, -MONEY):
        items = [
            Command.create(
                {
                    "account_id": partner.property_account_receivable_id.id,
                    "partner_id": partner.id,
                    "balance": amount,
                    "date_maturity": "2026-01-05",
                }
            )
            for partner in partners
        ]
        other = Command.create({"account_id": income.id, "balance": -amount * number})
        move = env["account.move"].create({"move_type": "entry", "date": "2026-01-05", "line_ids": [*items, other]})
        move.action_post()


def pairs(env):
    """(credit, debt) of each customer."""
    domain = [("partner_id.name", "=like", "Cliente %"), ("account_id.account_type", "=", "asset_receivable")]
    items = env["account.move.line"].search([*domain, ("journal_id.code", "!=", "ENCAR")], order="id")
    debts, credits = items.filtered(lambda item: item.balance > 0), items.filtered(lambda item: item.balance < 0)
    return list(zip(credits, debts, strict=True))


def receive(env, number):
    """The measured work: all of them in one batch."""
    # Not at the top: only a process with Odoo's registry has it.
    from odoo.addons.cobranca_recorrente.models.cobranca_receipt import Receipt

    receipts = [Receipt(credit, debt, PAID, charges={debt: CHARGES}) for credit, debt in pairs(env)]
    env["cobranca.receipt"]._receive_all(receipts)
    env.flush_all()


def reconcile(env, number):
    """What Odoo does of itself, for comparison."""
    for credit, debt in pairs(env):
        (credit | debt).reconcile()
    env.flush_all()


def count_received(env, number):
    """How many debts are paid, each with what it had to be."""
    return sum(1 for _credit, debt in pairs(env) if debt.reconciled)
