"""Fill a fresh database with the demo company: `build.py <database>`.

Deterministic for a given day. What the product does (billing) is done by the product.
"""

import os
import sys
from datetime import date
from pathlib import Path

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

import odoo
from odoo.modules.registry import Registry

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from demo.company import make_products, make_users, set_up_company
from demo.contracts import DRAFTS, ContractMaker
from demo.people import People

HISTORY_MONTHS = 2


def demo_day(company):
    """The day on which the demo plays: today, or DEMO_DAY=YYYY-MM-DD."""
    text = os.environ.get("DEMO_DAY")
    return date.fromisoformat(text) if text else company._cobranca_today()


def build(env):
    """Make company, people and contracts, and bill what is due."""
    company = set_up_company(env)
    env = env(context={**env.context, "lang": "pt_BR", "tracking_disable": True})
    users = make_users(env)
    products = make_products(env)
    today = demo_day(company)
    history_start = (today - relativedelta(months=HISTORY_MONTHS)).replace(day=1)
    with freeze_time(history_start):
        contracts = ContractMaker(env, People(), products, users[:2], history_start).make()
        contracts[:-DRAFTS].action_activate()
    make_portal_user(env, contracts[0].partner_id)
    # Two contracts that the billing run will set aside, with what has to be mended.
    contracts[60].partner_id.active = False
    contracts[100].line_ids[0].product_id = env["product.product"].create(
        {"name": "Plano descontinuado", "type": "service", "list_price": 99.0, "active": False, "taxes_id": []}
    )
    env.cr.commit()
    with freeze_time(f"{today} 15:00:00"):
        env["cobranca.contract.billing"]._cron_bill()
    periods = env["cobranca.contract.period"].search_count([])
    print(f"{len(contracts)} contracts, {periods} invoices, {company.name}")


def make_portal_user(env, partner):
    """A customer who can look at his contract: login and password "cliente"."""
    env["res.users"].with_context(no_reset_password=True).create(
        {
            "login": "cliente",
            "password": "cliente",
            "partner_id": partner.id,
            "lang": "pt_BR",
            "tz": "America/Sao_Paulo",
            "group_ids": [odoo.Command.set([env.ref("base.group_portal").id])],
        }
    )


def main():
    odoo.tools.config.parse_config(["--no-http", "-d", sys.argv[1]])
    with Registry(sys.argv[1]).cursor() as cr:
        build(odoo.api.Environment(cr, odoo.SUPERUSER_ID, {}))


if __name__ == "__main__":
    main()
