"""Customers who let their card be charged: some charged, one refused, one whose card has expired."""

from datetime import timedelta
from unittest import mock

from freezegun import freeze_time

from odoo import Command, fields
from odoo.sql_db import Cursor

# What becomes of the charges, by Odoo's provider for demonstrations: two paid, one refused that is tried again.
OUTCOMES = ("done", "done", "error")
NUMBERS = ("1111", "4242", "0005", "9999", "3237")
AUTHORISED_DAYS = 20
MATERIAL, PRICE = "Material de apoio", 189.0


def authorise_cards(demo):
    """Saved cards, what their owners accepted, and the charges of the last days; nothing without that provider."""
    provider = demo.env["payment.provider"].search([("code", "=", "demo")], limit=1)
    if not provider:
        return
    demo.company.cobranca_card_enabled = True
    if provider.state == "disabled":
        provider.write({"state": "test", "journal_id": demo.story.payments.journal.id})
    maker = CardMaker(demo, provider)
    portal = demo.contracts["portal"].partner_id.commercial_partner_id
    debtors = maker.sell(len(OUTCOMES) + 1, portal)
    with freeze_time(f"{demo.today - timedelta(days=AUTHORISED_DAYS)} 15:00:00"):
        for debtor, number, outcome in zip(debtors, NUMBERS, OUTCOMES, strict=False):
            maker.authorise(debtor, number, outcome)
        maker.authorise(portal, NUMBERS[4], "done", f"{demo.today:%m}/{demo.today.year + 2}")
        for debtor in debtors[len(OUTCOMES) :]:
            maker.authorise(debtor, NUMBERS[3], "done")._set_expiry(*maker.last_month())
    # The day on which a card was charged is that of its transaction, by the clock of the database.
    now = mock.patch.object(Cursor, "now", lambda _cursor: fields.Datetime.now())
    with freeze_time(f"{demo.today} 15:00:00"), now:
        demo.env["cobranca.card.notice"]._cron_notice()
        demo.env["cobranca.card.engine"]._cron_charge()


class CardMaker:
    """Saves cards and accepts for their owners what the page shows."""

    def __init__(self, demo, provider):
        self.demo, self.env, self.provider = demo, demo.env, provider
        self.Mandate = demo.env["cobranca.card.mandate"]
        self.method = provider.payment_method_ids[:1] or demo.env.ref("payment_demo.payment_method_demo")

    def sell(self, number, other):
        """Course material for customers who owe nothing, to be paid on the last business day.

        :return: res.partner
        """
        due = self.demo.story.payments.days.previous(self.demo.today)
        owing = self.env["account.move.line"]._cobranca_search_open_lines(self.demo.company, self.demo.today)
        contracts = self.env["cobranca.contract"].search([("state", "=", "active")], order="id")
        debtors = (contracts.commercial_partner_id - owing.partner_id.commercial_partner_id - other)[:number]
        item = {"name": MATERIAL, "quantity": 1, "price_unit": PRICE, "tax_ids": [Command.clear()]}
        invoices = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": debtor.id,
                    "journal_id": self.demo.company.cobranca_contract_journal_id.id,
                    "invoice_date": due - timedelta(days=10),
                    "invoice_date_due": due,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [Command.create(item)],
                }
                for debtor in debtors
            ]
        )
        invoices.action_post()
        return debtors

    def authorise(self, debtor, number, outcome, expiry=""):
        """:return: cobranca.card.mandate"""
        token = self.env["payment.token"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "partner_id": debtor.id,
                "payment_details": f"•••• {number}",
                "provider_ref": f"demo-{debtor.id}",
                "demo_simulated_state": outcome,
            }
        )
        company = self.demo.company.with_context(lang="pt_BR")
        shown = self.Mandate._get_card_page(company, debtor)
        return self.Mandate._accept(company, debtor, token, shown["text_hash"], expiry=expiry, ip="203.0.113.7")

    def last_month(self):
        """:return: (month, year) before this one"""
        last = self.demo.today.replace(day=1) - timedelta(days=1)
        return last.month, last.year
