from datetime import date

from odoo import Command
from odoo.tests import freeze_time

from .common import CobrancaCommon

FEB, MAR = (date(2026, month, 1) for month in (2, 3))


class HoldCommon(CobrancaCommon):
    """A company that holds what differs by more than 30 %."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cobranca.contract"].search([("state", "=", "active")]).state = "draft"
        cls.company.write({"cobranca_outlier_percent": 30, "cobranca_conference_mode": "automatic"})
        cls.billing = cls.env["cobranca.contract.billing"]
        cls.Conference = cls.env["cobranca.billing.conference"]
        cls.held_type = cls.env.ref("cobranca_recorrente.mail_activity_conference")

    def run_cron(self, name="contract_billing"):
        with self.enter_registry_test_mode():
            self.env.ref(f"cobranca_recorrente.ir_cron_cobranca_{name}").method_direct_trigger()

    def make_billed(self, price=100.0, **values):
        """A contract whose January is billed."""
        line = {"product_id": self.product.id, "price_unit": price}
        with freeze_time("2026-01-05 15:00:00"):
            contract = self.make_contract(**{"billing_day": 1, "line_ids": [Command.create(line)], **values})
            self.billing._bill(contract)
        self.assertEqual(len(contract.period_ids), 1)
        return contract

    def make_metered(self, quantities):
        """A fee of 100 and usage at 1, its usage of January on; the periods billed up to the last but one."""
        lines = [
            {"product_id": self.product.id, "price_unit": 100},
            {"product_id": self.product.id, "price_unit": 1, "recurrence": "usage"},
        ]
        contract = self.make_contract(billing_day=1, line_ids=[Command.create(line) for line in lines])
        for month, quantity in enumerate(quantities, start=1):
            self.add_usage(contract, f"2026-{month:02}-10", quantity)
        return contract

    def add_usage(self, contract, day, quantity, key=None):
        self.env["cobranca.contract.usage"].create(
            {
                "contract_id": contract.id,
                "product_id": self.product.id,
                "date": day,
                "quantity": quantity,
                "external_key": key or day,
            }
        )

    def raise_silently(self, contract, price):
        """As by an addon or a script: no button, so nothing in the register."""
        contract.line_ids[:1].sudo().price_unit = price
