from datetime import date

from odoo import Command
from odoo.tests import freeze_time, tagged

from .common import CobrancaCommon


@tagged("post_install", "-at_install")
class TestBillingForecast(CobrancaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cobranca.contract"].search([("state", "=", "active")]).state = "draft"
        cls.Forecast = cls.env["cobranca.billing.forecast"]

    def forecast(self, user=None):
        """{(contract, month): line} of a new forecast."""
        lines = self.Forecast.with_user(user or self.collector)._make(self.company).line_ids
        return {(line.contract_id.id, line.month): line for line in lines}

    @freeze_time("2026-01-05 15:00:00")
    def test_equals_the_previews(self):
        once = {"product_id": self.product.id, "recurrence": "once", "date_start": "2026-03-02", "price_unit": 50}
        line = {"product_id": self.product.id, "price_unit": 310}
        contracts = [
            self.make_contract(date_start="2026-01-15", billing_day=1, line_ids=[Command.create(line)]),
            self.make_contract(line_ids=[Command.create(line), Command.create(once)]),
            self.make_contract(interval_unit="quarter", line_ids=[Command.create(line)]),
            self.make_contract(interval_unit="week", line_ids=[Command.create(line)]),
            self.make_contract(date_end="2026-05-10", billing_day=1, line_ids=[Command.create(line)]),
        ]
        lines = self.forecast()
        for contract in contracts:
            expected = {}
            for charge in contract._get_preview(60):
                month = charge["due"].replace(day=1)
                if charge["due"] <= date(2026, 12, 31):
                    expected[month] = round(expected.get(month, 0) + charge["amount"], 2)
            found = {month: line.amount for (owner, month), line in lines.items() if owner == contract.id}
            self.assertEqual(found, expected)
        self.assertEqual(lines[contracts[1].id, date(2026, 3, 1)].once, 50)
        self.assertEqual(lines[contracts[0].id, date(2026, 1, 1)].recurring, 170)

    @freeze_time("2026-01-05 15:00:00")
    def test_what_is_billed_stays_in_its_month(self):
        contract = self.make_contract()
        before = self.forecast()[contract.id, date(2026, 1, 1)]
        self.assertEqual((before.recurring, before.billed, before.amount), (350, 0, 350))
        self.env["cobranca.contract.billing"]._bill(contract)
        after = self.forecast()[contract.id, date(2026, 1, 1)]
        self.assertEqual((after.recurring, after.billed, after.amount), (0, 350, 350))

    @freeze_time("2026-01-05 15:00:00")
    def test_button_computes_anew_in_place_of_the_last(self):
        self.make_contract()
        Line = self.env["cobranca.billing.forecast.line"].with_user(self.collector).with_context(tz="UTC")
        first = Line.action_refresh()
        self.assertIn("Forecast of 1/5/26", first["name"])
        before = Line.search([])
        Line.action_refresh()
        self.assertEqual((len(before), before.exists(), len(Line.search([]))), (12, Line, 12))

    @freeze_time("2026-01-05 15:00:00")
    def test_is_the_user_s_own(self):
        self.make_contract()
        forecast = self.Forecast.with_user(self.collector)._make(self.company)
        Line = self.env["cobranca.billing.forecast.line"]
        self.assertTrue(Line.with_user(self.collector).search([("forecast_id", "=", forecast.id)]))
        self.assertFalse(Line.with_user(self.supervisor).search([("forecast_id", "=", forecast.id)]))

    @freeze_time("2026-01-05 15:00:00")
    def test_foreign_currency_is_converted(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create({"currency_id": dollar.id, "name": "2026-01-01", "rate": 0.2})
        contract = self.make_contract(currency_id=dollar.id)
        self.assertEqual(self.forecast()[contract.id, date(2026, 1, 1)].amount, 1750)

    @freeze_time("2026-01-05 15:00:00")
    def test_currency_without_rate_is_told_and_never_taken_one_to_one(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].search([("currency_id", "=", dollar.id)]).unlink()
        # One of a later day is none of today either.
        self.env["res.currency.rate"].create({"currency_id": dollar.id, "name": "2026-01-06", "rate": 0.2})
        foreign, own = self.make_contract(currency_id=dollar.id), self.make_contract()
        lines = self.forecast()
        line = lines[foreign.id, date(2026, 1, 1)]
        self.assertEqual((line.amount, line.recurring), (0, 0))
        self.assertIn("no exchange rate of USD", line.remark)
        self.assertEqual((lines[own.id, date(2026, 1, 1)].amount, lines[own.id, date(2026, 1, 1)].remark), (350, False))
        Line = self.env["cobranca.billing.forecast.line"].with_user(self.collector).with_context(tz="UTC")
        self.assertIn("without 1 contracts", Line.action_refresh()["name"])
