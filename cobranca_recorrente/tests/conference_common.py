from datetime import date

from odoo import Command

from ..tools.conference import CAUSES
from .common import CobrancaCommon

JAN, FEB, MAR, APR = (date(2026, month, 1) for month in (1, 2, 3, 4))


class ConferenceCommon(CobrancaCommon):
    """A company with no contracts but those of a test, and what its billing check says of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cobranca.contract"].search([("state", "=", "active")]).state = "draft"
        cls.company.cobranca_outlier_percent = 0
        cls.billing = cls.env["cobranca.contract.billing"]
        cls.Conference = cls.env["cobranca.billing.conference"]
        cls.reason = cls.env["cobranca.close.reason"].search([], limit=1)

    def make(self, price, **values):
        line = {"product_id": self.product.id, "price_unit": price}
        return self.make_contract(**{"line_ids": [Command.create(line)], **values})

    def bill_all(self):
        """Bill like the cron, until nothing is due."""
        while contracts := self.env["cobranca.contract"].search(self.billing._get_contracts_to_bill_domain()):
            self.billing._bill(contracts)

    def figures(self, month):
        """{contract: {what: amount}} without zeros, after the proof that the equation holds everywhere."""
        rows = self.Conference._get_figures(self.company, month)
        for row in rows:
            self.assertEqual(row["difference"], 0)
            self.assertEqual(row["current"], row["previous"] + sum(row[cause] for cause in CAUSES))
        names = ("previous", *CAUSES, "current")
        return {row["contract"]: {name: float(row[name]) for name in names if row[name]} for row in rows}

    def invoiced(self, contracts, month):
        """The oracle: what the invoices of a month say, without taxes, signed."""
        moves = contracts.period_ids.move_id.filtered(lambda m: m.invoice_date_due.replace(day=1) == month)
        return round(sum(-m.amount_untaxed if m.move_type == "out_refund" else m.amount_untaxed for m in moves), 2)

    def assert_contract(self, contract, month, **expected):
        self.assertEqual(self.figures(month).get(contract, {}), {k: float(v) for k, v in expected.items()})
