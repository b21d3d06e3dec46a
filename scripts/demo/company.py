"""Company, users and products of the demo."""

import base64
from pathlib import Path

from odoo import Command

from demo.products import PRODUCTS

COMPANY = {
    "name": "Brumalva Serviços Ltda.",
    "vat": "11.222.333/0001-81",
    "street": "Rua das Palmeiras, 480",
    "city": "São Paulo",
    "zip": "01234-000",
    "phone": "(11) 3555-0142",
    "email": "financeiro@brumalva.example",
    "website": "https://brumalva.example",
    "cobranca_contact_name": "Nara, do financeiro",
    "cobranca_contact_hours": "seg. a sex., 9h às 18h",
}
USERS = (
    # login (also the password), name, groups
    ("nara", "Nara Lindoso", ("cobranca_recorrente.cobranca_group_manager", "base.group_partner_manager")),
    ("otavio", "Otávio Quintela", ("cobranca_recorrente.cobranca_group_supervisor", "base.group_partner_manager")),
    ("iris", "Íris Sapucaia", ("cobranca_recorrente.cobranca_group_collector",)),
)
LANGUAGE = "pt_BR"
# Invented, as everything here: no bank knows this key.
PIX_KEY = "financeiro@brumalva.example"


def set_up_company(env):
    """Make the database's one company the Brazilian company of the demo."""
    company = env.company
    state = env["res.country.state"].search([("code", "=", "SP"), ("country_id.code", "=", "BR")])
    # The demo asks no outside service about the company.
    no_lookup = {"iap_enrich_auto_done": True} if "iap_enrich_auto_done" in company._fields else {}
    logo = base64.b64encode((Path(__file__).parent / "logo.png").read_bytes())
    company.write({**COMPANY, **no_lookup, "logo": logo, "state_id": state.id, "country_id": env.ref("base.br").id})
    company.partner_id.l10n_latam_identification_type_id = env.ref("l10n_br.cnpj")
    people = env["res.users"].search([("share", "=", False)]) | env.ref("base.user_root")
    people.write(_prepare_user(env))
    _register_pix_key(env, company)
    return company


def _register_pix_key(env, company):
    """The account by which customers pay with Pix."""
    bank = env["res.bank"].create({"name": "Banco Aurora", "country": env.ref("base.br").id})
    values = {"proxy_type": "email", "proxy_value": PIX_KEY, "include_reference": True, "allow_out_payment": True}
    account = {"acc_number": "0001 12345-6", "bank_id": bank.id, "partner_id": company.partner_id.id}
    company.cobranca_pix_bank_id = env["res.partner.bank"].create({**account, **values})


def _prepare_user(env):
    """What every internal user gets: our language and day, and our contracts as the first screen."""
    # Odoo's robot opens its chat over the first page of whoever comes for the first time.
    quiet = {"odoobot_state": "disabled"} if "odoobot_state" in env["res.users"]._fields else {}
    home = env.ref("cobranca_recorrente.cobranca_contract_action")
    return {"tz": "America/Sao_Paulo", "lang": LANGUAGE, "action_id": home.id, **quiet}


def _prepare_home(env, login):
    """A collector begins with the queue of the day."""
    return {"action_id": env.ref("cobranca_recorrente.cobranca_case_action_queue").id} if login == "iris" else {}


def make_users(env):
    """People of the finance department; their password is their login."""
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "login": login,
                    "password": login,
                    "name": name,
                    "email": f"{login}@brumalva.example",
                    **_prepare_user(env),
                    **_prepare_home(env, login),
                    "group_ids": [Command.link(env.ref(group).id) for group in groups],
                }
                for login, name, groups in USERS
            ]
        )
    )


def make_products(env):
    """{key: product}, services without ICMS."""
    products = env["product.product"].create(
        [
            {
                "name": name,
                "type": "service",
                "list_price": price,
                "taxes_id": [Command.clear()],
                "supplier_taxes_id": [Command.clear()],
                "purchase_ok": False,
            }
            for name, price in PRODUCTS.values()
        ]
    )
    return dict(zip(PRODUCTS, products, strict=True))


def make_portal_user(env, partner):
    """A customer who can look at his contract: login and password "cliente"."""
    env["res.users"].with_context(no_reset_password=True).create(
        {
            "login": "cliente",
            "password": "cliente",
            "partner_id": partner.id,
            "lang": LANGUAGE,
            "tz": "America/Sao_Paulo",
            "group_ids": [Command.set([env.ref("base.group_portal").id])],
        }
    )
