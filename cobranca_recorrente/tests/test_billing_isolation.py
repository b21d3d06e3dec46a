from datetime import date

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .billing_common import BillingCommon

MODELS = (
    "cobranca.contract",
    "cobranca.contract.line",
    "cobranca.contract.period",
    "cobranca.contract.pause",
    "cobranca.contract.change",
    "cobranca.contract.usage",
    "cobranca.billing.stop",
)


@tagged("post_install", "-at_install")
class TestBillingIsolation(BillingCommon):
    """Nothing of one company is seen or billed by people of another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other", "country_id": cls.env.ref("base.br").id})
        cls.env["account.chart.template"].try_loading("br", company=cls.other, install_demo=False)

    def setUp(self):
        super().setUp()
        self.stay_on("2026-01-05")
        self.one = self.contract(
            self.line(), self.line("Messages", 2.0, product=self.usage_product, recurrence="usage")
        )
        self.use(self.one, "2026-01-05", 3)
        self.billing._bill(self.one)
        self.one._pause(date(2026, 3, 1), None, "trip")
        self.env["cobranca.billing.stop"].create(
            {"company_id": self.company.id, "date": "2025-01-01", "reason": "bound"}
        )

    def test_every_model(self):
        for model in MODELS:
            records = self.env[model].with_user(self.supervisor).search([("company_id", "=", self.company.id)])
            self.assertTrue(records, model)
        self.supervisor.write({"company_id": self.other.id, "company_ids": [Command.set(self.other.ids)]})
        for model in MODELS:
            Model = self.env[model].with_user(self.supervisor)
            self.assertFalse(Model.search([("company_id", "=", self.company.id)]), model)
            hidden = self.env[model].search([("company_id", "=", self.company.id)], limit=1)
            with self.assertRaises(AccessError):
                hidden.with_user(self.supervisor).read(["company_id"])

    def test_company_s_bounds_and_day_are_its_own(self):
        product = self.make_product("Elsewhere", 100.0)
        theirs = self.contract(self.line(product=product), company_id=self.other.id)
        self.assertEqual(theirs.journal_id.company_id, self.other)
        self.company.cobranca_max_run_invoices = 1
        self.run_cron()
        self.assertEqual(theirs.period_ids.move_id.company_id, self.other)
        self.assertEqual(theirs.line_ids.account_id.company_ids, self.other)
        mine = self.contract()
        self.run_cron()
        self.assertFalse(mine.period_ids, "one was billed on this day before")
        stops = self.env["cobranca.billing.stop"].search([("state", "=", "stopped"), ("date", "=", "2026-01-05")])
        self.assertEqual(stops.company_id, self.company)

    def test_rate_of_another_company_is_none(self):
        usd = self.env.ref("base.USD")
        usd.active = True
        usd.rate_ids.unlink()
        usd.rate_ids = [
            Command.create({"company_id": self.other.id, "name": "2025-01-01", "inverse_company_rate": 5.0})
        ]
        contract = self.contract(currency_id=usd.id)
        self.run_cron()
        self.assertIn("no exchange rate", contract.park_reason)
