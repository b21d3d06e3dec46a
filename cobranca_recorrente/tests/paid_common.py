from datetime import date, datetime

from odoo import Command
from odoo.tests import freeze_time

from .common import OTHER_CPF
from .debt_common import DebtCommon

# A Tuesday; the Friday before it, 20 November, is a national holiday.
TODAY = date(2026, 11, 24)


class PaidCommon(DebtCommon):
    """A debt of 318, due on the 10th, on 24 November 2026; bank, online payments, another customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(datetime(2026, 11, 24, 15))
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.company.cobranca_statement_guard = "never"
        cls.guard = cls.env["cobranca.paid.guard"]
        cls.bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.other = cls.make_customer("Caio Nogal", OTHER_CPF)
        cls.line = cls.owe(318.0, "2026-11-10")
        cls.provider = cls.env["payment.provider"].create({"name": "Test", "code": "none", "state": "test"})
        cls.method = cls.env["payment.method"].create({"name": "Cartão", "code": "test_card"})

    @classmethod
    def statement(cls, amount, day, is_imported=False, journal=None, **values):
        line = cls.env["account.bank.statement.line"].create(
            {"journal_id": (journal or cls.bank).id, "amount": amount, "date": day, "payment_ref": "x", **values}
        )
        if is_imported:
            line.statement_id = cls.env["account.bank.statement"].create(
                {"name": "x", "line_ids": [Command.set(line.ids)]}
            )
        return line

    def cases(self, lines=None, day=TODAY):
        lines = self.line if lines is None else lines
        return self.guard._get_wait_cases(self.company, lines, day)

    def assertWaits(self, reason, line=None, day=TODAY):
        line = self.line if line is None else line
        self.assertEqual(self.cases(line, day).get(line), reason)

    def import_until(self, day, **values):
        self.statement(1.0, day, is_imported=True, partner_id=self.other.id, **values)

    def pay_online(self, state, invoice, **values):
        return self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "reference": f"T{self.env['payment.transaction'].search_count([])}",
                "amount": 318.0,
                "currency_id": self.company.currency_id.id,
                "partner_id": self.customer.id,
                "state": state,
                "invoice_ids": [Command.set(invoice.ids)],
                **values,
            }
        )

    def explain(self, lang="en_US"):
        lines = self.line.with_user(self.collector).with_context(lang=lang)
        return self.guard.with_user(self.collector).with_context(lang=lang)._explain(lines, TODAY).get(self.line)
