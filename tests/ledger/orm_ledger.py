"""Make the cases of a ledger by Odoo's ORM alone; the yardstick for the SQL of `make_ledger.py`.

    python tests/ledger/orm_ledger.py DATABASE < cases.json

A process of its own: it creates and posts the invoices, then registers each payment with
Odoo's wizard, as a user would, on the day that the cases name.
    python tests/ledger/orm_ledger.py DATABASE --recompute
computes stored fields of the ledger again and prints how many values changed.
"""

import json
import sys

from freezegun import freeze_time

from odoo import api, tools
from odoo.fields import Command
from odoo.modules.registry import Registry

# Stored computed fields that are computed again: what a wrong row would betray. Not among them are
# those that Odoo computes only while a record is new (`balance` of a line would become 0).
RECOMPUTED = {
    "account.move": (
        "amount_untaxed",
        "amount_tax",
        "amount_total",
        "amount_residual",
        "amount_untaxed_signed",
        "amount_tax_signed",
        "amount_total_signed",
        "amount_residual_signed",
        "amount_total_in_currency_signed",
        "payment_state",
        "commercial_partner_id",
        "invoice_partner_display_name",
        "sequence_prefix",
        "sequence_number",
        "made_sequence_gap",
        "always_tax_exigible",
        "invoice_currency_rate",
    ),
    "account.move.line": (
        "amount_residual",
        "amount_residual_currency",
        "reconciled",
        "price_subtotal",
        "price_total",
        "debit",
        "credit",
        "amount_currency",
        "tax_line_id",
        "tax_group_id",
        "parent_state",
        "move_name",
        "date",
        "invoice_date",
        "journal_id",
        "company_id",
        "currency_id",
        "is_storno",
    ),
    "account.payment": ("is_reconciled", "is_matched", "state", "amount_company_currency_signed"),
    "account.partial.reconcile": ("max_date", "company_id", "debit_currency_id", "credit_currency_id"),
    "res.partner": ("complete_name", "commercial_partner_id", "email_normalized", "phone_sanitized", "partner_share"),
}


def make_parties(env, customers):
    """Create the customers and the product; partners by customer number."""
    identification = env.ref("l10n_br.cpf")
    country, state = env.ref("base.br"), env.company.state_id
    partners = env["res.partner"].create(
        [
            {
                "name": customer["name"],
                "email": customer["email"],
                "phone": customer["phone"],
                "vat": customer["tax_number"],
                "country_id": country.id,
                "state_id": state.id,
                "l10n_latam_identification_type_id": identification.id,
            }
            for customer in customers
        ]
    )
    product = env["product.product"].create(
        {"name": "Mensalidade", "type": "service", "list_price": 100, "taxes_id": [Command.clear()]}
    )
    numbers = [customer["customer"] for customer in customers]
    return dict(zip(numbers, partners, strict=True)), product


def invoice_values(env, invoice, partner, product):
    chart = env["account.chart.template"]
    tax = chart.ref("tax_template_out_issqn2")
    values = {
        "move_type": "out_invoice",
        "partner_id": partner.id,
        "invoice_date": invoice["invoice_date"],
        "invoice_line_ids": [
            Command.create(
                {
                    "product_id": product.id,
                    "quantity": invoice["quantity"],
                    "price_unit": invoice["price_unit"],
                    "account_id": chart.ref("account_template_30101010106").id,
                    "tax_ids": [Command.set(tax.ids if invoice["taxed"] else [])],
                }
            )
        ],
    }
    if invoice["instalments"] == 2:
        term = env.ref("account.account_payment_term_advance_60days")
        return {**values, "invoice_payment_term_id": term.id}
    return {**values, "invoice_date_due": invoice["due_date"]}


def register_payment(env, titles, receipt):
    title = titles[receipt["instalment"] - 1]
    wizard = env["account.payment.register"].with_context(active_model="account.move.line", active_ids=title.ids)
    wizard.create({"payment_date": receipt["date"], "amount": receipt["amount"]}).action_create_payments()


def charge_nothing(env):
    """Terms without fine and interest: the generator draws plain debts and receipts."""
    version = Command.create({"fine_percent": 0, "interest_percent": 0})
    env.company.cobranca_charge_policy_id = env["cobranca.charge.policy"].create(
        {"name": "Sem encargos", "version_ids": [Command.clear(), version]}
    )


def make_ledger(env, cases):
    """Create and post the invoices, then register the payments in the order of their dates."""
    charge_nothing(env)
    partners, product = make_parties(env, cases["customers"])
    moves = env["account.move"].create(
        [invoice_values(env, invoice, partners[invoice["customer"]], product) for invoice in cases["invoices"]]
    )
    moves.action_post()
    by_number = dict(zip((invoice["n"] for invoice in cases["invoices"]), moves, strict=True))
    for receipt in cases["receipts"]:
        titles = by_number[receipt["n"]].line_ids.filtered(lambda line: line.display_type == "payment_term")
        register_payment(env, titles.sorted("date_maturity"), receipt)


def recompute(env):
    """Compute stored fields again.

    :return: {"model.field": number of values that changed}, and how many were looked at
    """
    changed, looked_at = {}, 0
    for model_name, names in RECOMPUTED.items():
        records = env[model_name].search([])
        before = stored_values(records, names)
        for name in names:
            env.add_to_compute(records._fields[name], records)
        env.flush_all()
        env.invalidate_all()
        after = stored_values(records, names)
        looked_at += len(names) * len(records)
        for name in names:
            if count := sum(old[name] != new[name] for old, new in zip(before, after, strict=True)):
                changed[f"{model_name}.{name}"] = count
    return {"changed": changed, "looked_at": looked_at}


def stored_values(records, names):
    rows = records.sorted("id").read(names, load=None)
    return [{name: comparable(value) for name, value in row.items()} for row in rows]


def comparable(value):
    return round(value, 6) if isinstance(value, float) else value


def run_main():
    database, *options = sys.argv[1:]
    tools.config.parse_config(["--database", database, "--no-http"], setup_logging=True)
    cases = {} if options else json.load(sys.stdin)
    with Registry(database).cursor() as cursor:
        env = api.Environment(cursor, api.SUPERUSER_ID, {})
        env = env(user=env.ref("base.user_admin"), context={"lang": "pt_BR"})
        if options:
            print(json.dumps(recompute(env)))
            cursor.rollback()
        else:
            with freeze_time(cases["today"]):
                make_ledger(env, cases)
                cursor.commit()


if __name__ == "__main__":
    run_main()
