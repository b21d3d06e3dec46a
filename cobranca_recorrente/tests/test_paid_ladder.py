from datetime import datetime

from odoo import Command
from odoo.fields import Date
from odoo.tests import freeze_time, tagged

from .dunning_common import DunningCommon

DAY = "2026-03-13"


@tagged("post_install", "-at_install")
class TestPaidLadder(DunningCommon):
    """The ladder waits for who may have paid, tells why, and goes on when it is known that he has not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(datetime(2026, 3, 13, 13))
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.company.cobranca_statement_guard = "auto"
        cls.bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.line = cls.owe(100, "2026-03-10")

    def bring(self, amount, day, is_imported=True):
        line = self.env["account.bank.statement.line"].create(
            {"journal_id": self.bank.id, "amount": amount, "date": day, "payment_ref": "x"}
        )
        if is_imported:
            line.statement_id = self.env["account.bank.statement"].create(
                {"name": day, "line_ids": [Command.set(line.ids)]}
            )
        return line

    def test_money_that_fits(self):
        money = self.bring(100.0, "2026-03-12")
        self.assertEqual((self.plan_of(DAY), self.left_out(DAY)), ({}, {"Ana Lindoso": "probably_paid"}))
        _liquidity, suspense, _other = money._seek_for_lines()
        suspense.account_id = self.income  # it was for something else
        self.assertEqual(self.plan_of(DAY), {"Ana Lindoso": (3, 1, 1)})

    def test_statement_that_is_too_old(self):
        self.bring(7.0, "2026-03-09")
        self.assertEqual((self.plan_of(DAY), self.left_out(DAY)), ({}, {"Ana Lindoso": "stale_statement"}))
        self.assertEqual(self.plan_of("2026-03-09"), {"Ana Lindoso": (-3, 1, 1)}, "before the due date nobody waits")
        self.bring(8.0, "2026-03-10")
        self.assertEqual(self.plan_of(DAY), {"Ana Lindoso": (3, 1, 1)})

    def test_money_between_claim_and_delivery(self):
        made = self.engine._run(self.company, Date.to_date(DAY))
        self.assertEqual(made.state, "queued")
        self.bring(100.0, "2026-03-12")
        self.deliver()
        self.assertEqual(made.state, "cancelled")

    def test_told(self):
        """Nobody is reminded of what he says he has paid, until the pause is over."""
        self.env["cobranca.payment.claim"]._record(self.line, Date.to_date("2026-03-12"), "pix")
        self.assertEqual(self.plan_of(DAY), {})
        self.assertIn(self.left_out(DAY).get("Ana Lindoso"), ("held", "already_paid"))
        self.assertEqual(self.plan_of("2026-03-23"), {"Ana Lindoso": (7, 1, 1)})
