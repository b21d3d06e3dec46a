from datetime import date

from odoo import Command
from odoo.tests import tagged

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestBillingMoney(BillingCommon):
    """Due dates by payment terms, currencies, taxes."""

    def make_term(self, *parts, delay_type="days_after"):
        """:param parts: (percent, days)"""
        lines = [
            Command.create({"value": "percent", "value_amount": percent, "nb_days": days, "delay_type": delay_type})
            for percent, days in parts
        ]
        return self.env["account.payment.term"].create({"name": "Term", "line_ids": lines})

    def on_term(self, *parts, **values):
        term = self.make_term(*parts, **values)
        return self.contract(due_mode="term", payment_term_id=term.id, issue_lead_days=5)

    def installments(self, move):
        lines = move.line_ids.filtered(lambda line: line.display_type == "payment_term").sorted("date_maturity")
        return [(f"{line.date_maturity}", line.balance) for line in lines]

    def test_one_part(self):
        contract = self.on_term((100, 10))
        self.assertEqual((contract.next_issue_date, contract.next_due_date), (date(2025, 12, 27), date(2026, 1, 6)))
        self.assertEqual(self.installments(self.bill(contract)), [("2026-01-06", 310.0)])

    def test_two_and_three_parts(self):
        contract = self.on_term((50, 0), (50, 30))
        self.assertEqual(contract.next_due_date, date(2026, 1, 26))
        self.assertEqual(self.installments(self.bill(contract)), [("2025-12-27", 155.0), ("2026-01-26", 155.0)])
        contract = self.on_term((40, 0), (30, 30), (30, 60))
        move = self.bill(contract)
        self.assertEqual([balance for _day, balance in self.installments(move)], [124.0, 93.0, 93.0])
        self.assertEqual(move.invoice_date_due, contract.period_ids.date_due)

    def test_postponed_with_a_term(self):
        contract = self.on_term((50, 0), (50, 30))
        with self.on("2025-12-20"):
            contract._postpone_next(date(2026, 2, 15))
            self.assertEqual(
                (contract.next_issue_date, contract.next_due_date), (date(2025, 12, 27), date(2026, 2, 15))
            )
        move = self.bill(contract)
        self.assertEqual((move.invoice_date, self.installments(move)), (date(2025, 12, 27), [("2026-02-15", 310.0)]))
        self.assertEqual(len(self.installments(self.bill(contract))), 2, "this time only")

    def test_credit_note_with_a_term(self):
        contract = self.on_term((50, 0), (50, 30))
        self.bill(contract)
        with self.on("2026-01-05"):
            contract._end(date(2026, 1, 21), self.reason)
            contract.action_settle()
        credit = contract.period_ids.move_id.filtered(lambda move: move.move_type == "out_refund")
        self.assertEqual(credit.amount_total, 100.0)

    def dollars(self, **rate):
        usd = self.env.ref("base.USD")
        usd.active = True
        usd.rate_ids.unlink()
        if rate:
            usd.rate_ids = [Command.create({"company_id": self.company.id, **rate})]
        return usd

    def test_foreign_currency(self):
        usd = self.dollars(name="2025-12-01", inverse_company_rate=5.0)
        contract = self.contract(currency_id=usd.id)
        move = self.bill(contract)
        self.assertEqual((move.currency_id, move.amount_total, move.amount_total_signed), (usd, 310.0, 1550.0))

    def test_foreign_currency_without_rate_parks_until_it_is_there(self):
        """Odoo would convert 1:1, or take the rate of a later day."""
        for rate in ({}, {"name": "2026-01-02", "inverse_company_rate": 5.0}):
            usd = self.dollars(**rate)
            contract = self.contract(currency_id=usd.id)
            with self.on("2026-01-05"):
                self.run_cron()
                self.assertIn("no exchange rate of USD on 12/31/2025", contract.park_reason)
                self.assertFalse(contract.period_ids)
                usd.rate_ids = [
                    Command.create({"company_id": self.company.id, "name": "2025-12-30", "inverse_company_rate": 5.0})
                ]
                self.run_cron("maintenance")
                self.run_cron()
            self.assertEqual(contract.period_ids.move_id.amount_total_signed, 1550.0)

    def test_price_that_includes_its_tax_by_days(self):
        tax = self.env["account.tax"].create(
            {"name": "10 % incl.", "amount": 10.0, "type_tax_use": "sale", "price_include_override": "tax_included"}
        )
        contract = self.contract(self.line(price=110.0, tax_ids=[Command.set(tax.ids)]), start="2026-01-15")
        [charge] = contract._get_preview(1)
        move = self.bill(contract)
        # 110.00 × 17/31 = 60.32 with its tax
        self.assertEqual((charge["amount"], charge["total"], move.amount_total), (60.32, 60.32, 60.32))

    def test_currency_without_cents(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        yen.rate_ids = [Command.create({"company_id": self.company.id, "name": "2025-01-01", "rate": 25.0})]
        contract = self.contract(self.line(price=1000), start="2026-01-15", currency_id=yen.id)
        self.assertEqual(self.bill(contract).amount_total, 548.0)
