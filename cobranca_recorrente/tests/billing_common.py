from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tests import freeze_time

from .common import CobrancaCommon


class BillingCommon(CobrancaCommon):
    """Contracts that are billed on days of the test's choice; nothing else is there to be billed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cobranca.contract"].search([("state", "=", "active")]).state = "draft"
        cls.billing = cls.env["cobranca.contract.billing"]
        cls.reason = cls.env["cobranca.close.reason"].create({"name": "Moved away"})
        cls.usage_product = cls.make_product("Messages", 0.0)

    def line(self, name="Fee", price=310.0, **values):
        product = values.pop("product", self.product)
        return Command.create({"product_id": product.id, "name": name, "price_unit": price, **values})

    def contract(self, *lines, start="2026-01-01", **values):
        """An active contract whose periods begin on the first day of the month, due on the 10th."""
        lines = list(lines) or [self.line()]
        return self.make_contract(**{"date_start": start, "billing_day": 1, "line_ids": lines, **values})

    def use(self, contract, day, quantity, key=None, **values):
        return self.env["cobranca.contract.usage"].create(
            {
                "contract_id": contract.id,
                "product_id": self.usage_product.id,
                "date": day,
                "quantity": quantity,
                "external_key": key or f"{day}/{quantity}",
                **values,
            }
        )

    def on(self, day):
        """Noon in São Paulo of a day."""
        day = date.fromisoformat(day) if isinstance(day, str) else day
        return freeze_time(datetime.combine(day, time(15)))

    def stay_on(self, day):
        """It is a day until the test is over."""
        clock = self.on(day)
        clock.start()
        self.addCleanup(clock.stop)

    def bill(self, contracts, day=None, times=1):
        """Bill the next charges.

        :return: account.move
        """
        moves = self.env["account.move"]
        with self.on(day or "2027-12-31"):
            for _time in range(times):
                moves |= self.billing._bill(contracts)
        self.assertFalse(list(filter(None, contracts.mapped("park_reason"))))
        return moves

    def change(self, contract, day, line, **values):
        return contract._change_items(date.fromisoformat(day), [(line, values or None)])

    def run_cron(self, name="billing", batch_size=100):
        next_batch = type(self.billing)._bill_next_batch
        smaller = patch.object(
            type(self.billing), "_bill_next_batch", lambda billing, _size: next_batch(billing, batch_size)
        )
        with smaller, self.enter_registry_test_mode():
            self.env.ref(f"cobranca_recorrente.ir_cron_cobranca_contract_{name}").method_direct_trigger()

    def cancel(self, move):
        move.button_draft()
        move.button_cancel()

    def amounts(self, moves):
        """[[untaxed amount of each line] of each invoice]."""
        return [
            move.invoice_line_ids.filtered(lambda line: line.display_type == "product").mapped("price_subtotal")
            for move in moves
        ]

    def names(self, moves):
        return moves.invoice_line_ids.mapped("name")

    def plan(self, contract, count):
        """[(first day, last day, amount)] of the next charges."""
        return [(f"{x['first']}", f"{x['last']}", x["amount"]) for x in contract._get_preview(count)]


def days_between(first, last):
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
