"""Fill a fresh database with the demo company: `build.py <database>`.

Deterministic for a given day. What the product does (billing, changes, readjustments) is
done by the product, month after month, as its people and its cron would have done it.
"""

import os
import sys
import time
from datetime import date
from pathlib import Path

from freezegun import freeze_time

import odoo
from odoo.modules.registry import Registry

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from demo.cards import authorise_cards
from demo.checks import check
from demo.company import make_portal_user, make_products, make_users, set_up_company
from demo.contracts import ContractMaker
from demo.online import pay_online, set_up_provider
from demo.people import People
from demo.reports import reports
from demo.statements import Statement
from demo.story import Story


def demo_day(company):
    """The day on which the demo plays: today, or DEMO_DAY=YYYY-MM-DD."""
    text = os.environ.get("DEMO_DAY")
    return date.fromisoformat(text) if text else company._cobranca_today()


class Demo:
    """What the parts of the demo hand on to each other."""

    def __init__(self, env):
        self.env = env(context={**env.context, "lang": "pt_BR", "tracking_disable": True})
        self.company = env.company
        self.today = demo_day(env.company)
        self.people = People()

    def build(self):
        """Each part in turn, committed, with the time it took."""
        for part in PARTS:
            began = time.monotonic()
            part(self)
            self.env.cr.commit()
            print(f"{part.__name__.replace('_', ' ').strip()}: {time.monotonic() - began:.0f} s")


def company_and_users(demo):
    set_up_company(demo.env)
    set_up_provider(demo.env)
    demo.users = make_users(demo.env)
    demo.products = make_products(demo.env)


def contracts(demo):
    demo.story = Story(demo)
    with freeze_time(demo.story.first_day):
        demo.contracts = ContractMaker(demo, demo.story.first_day).make()


def twelve_months(demo):
    demo.story.play()
    make_portal_user(demo.env, demo.contracts["portal"].partner_id)


def _present_line(contract):
    """The item that the next invoice bills; those that a readjustment replaced have an end."""
    return contract.line_ids.filtered(lambda line: line.recurrence == "recurring" and not line.date_end)[:1].sudo()


def set_aside(demo):
    """Two contracts that cannot be billed until something is mended and one that is held; then the last run."""
    of_gym = demo.contracts.by_business["gym"] - demo.contracts["portal"] - demo.story.desk.contracts
    waiting = of_gym.filtered(lambda c: c.state == "active" and c.next_issue_date and not c.park_reason)
    chosen = waiting.filtered(lambda c: not c.is_paused and not c.close_reason_id).sorted("next_issue_date")[:3]
    for contract in chosen.filtered(lambda c: c.next_issue_date > demo.today):
        contract.issue_lead_days = (contract.next_due_date - demo.today).days
    no_customer, no_product, odd = chosen
    no_customer.partner_id.active = False
    _present_line(no_product).product_id = demo.env["product.product"].create(
        {"name": "Plano descontinuado", "type": "service", "list_price": 99.0, "active": False, "taxes_id": []}
    )
    # As by a slip of an interface: no button, so nobody's change explains it.
    _present_line(odd).price_unit *= 2
    demo.env.cr.commit()
    with freeze_time(f"{demo.today} 15:00:00"):
        demo.env["cobranca.contract.billing"]._cron_bill()
        demo.env["cobranca.billing.conference"]._cron_refresh()


def the_last_days(demo):
    """What was paid and said until yesterday; then the jobs of the night, and the queue of today is there."""
    demo.story.play_until_yesterday()
    demo.env.cr.commit()
    authorise_cards(demo)
    with freeze_time(f"{demo.today} 15:00:00"):
        demo.env.cr.commit()
        demo.story.desk.refresh()
        check(demo)


def bank_statement(demo):
    """What the bank says this morning, left to be matched."""
    Statement(demo).bring()


def summary(demo):
    count = demo.env["cobranca.contract"].search_count
    invoices = demo.env["account.move"].search_count([("move_type", "=", "out_invoice"), ("state", "=", "posted")])
    parked = count([("park_reason", "!=", False)])
    print(f"{count([])} contracts ({parked} pending), {invoices} invoices, {demo.company.name}")
    cases = demo.env["cobranca.case"].search([("state", "=", "open")])
    due = cases.filtered(lambda case: case.queue_date and case.queue_date <= demo.today)
    promises = dict(demo.env["cobranca.promise"]._read_group([], ["state"], ["__count"]))
    contacts = demo.env["cobranca.interaction"].search_count([("channel", "!=", "system")])
    print(
        f"{len(cases)} customers in collection ({len(due)} in today's queue), "
        f"{promises.get('kept', 0)} promises kept and {promises.get('broken', 0)} broken, {contacts} contacts"
    )


# In this order: each part stands on those before it.
PARTS = (
    *(company_and_users, contracts, twelve_months, set_aside, the_last_days),
    *(pay_online, bank_statement, reports, summary),
)


def main():
    odoo.tools.config.parse_config(["--no-http", "-d", sys.argv[1]])
    with Registry(sys.argv[1]).cursor() as cr:
        Demo(odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})).build()


if __name__ == "__main__":
    main()
