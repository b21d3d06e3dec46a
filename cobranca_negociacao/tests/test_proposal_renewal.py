from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from ..tools.plan import Terms, make_plan
from .proposal_common import ProposalCommon

SIGNED, AGAIN = date(2026, 11, 24), date(2026, 12, 1)


@tagged("post_install", "-at_install")
class TestProposalRenewal(ProposalCommon):
    """An agreement is renegotiated at what it is worth: interest of months to come is no debt yet."""

    def setUp(self):
        super().setUp()
        Agreement = self.env["cobranca.agreement"].with_user(self.collector)
        with self.on(SIGNED):
            terms = Terms({}, Decimal("1000.00"), 6, "price", Decimal(2), SIGNED)
            plan = make_plan(Agreement._get_parts(self.lines, SIGNED), terms)
            signed = Agreement._sign(self.company, self.bakery, plan, self.lines.with_env(Agreement.env), SIGNED)
            self.agreement = signed.with_env(self.env)
            items = self.agreement.installment_ids.sorted("due")
            self.pay(items[0].line_id, 1000.0, SIGNED)
        self.left = items[1:].line_id
        self.clock = self.on(AGAIN)
        self.clock.start()
        self.addCleanup(self.clock.stop)
        self.worth = self.agreement._pay_off_quote(AGAIN)

    def test_ready_offers_are_of_what_it_is_worth(self):
        """The interest to come is off already, and nobody has to allow it, whose authority gives no principal."""
        result = self.open(self.left)["result"]
        self.assertEqual(self.rule.principal_percent, 0.0)
        self.assertEqual(len(result["sendable"]), len(result["columns"]))
        unearned = sum(self.worth.rebates.values())
        self.assertGreater(unearned, 150)
        for column in result["columns"]:
            self.assertEqual(column["cells"]["principal"]["value"], f"{unearned:.2f}", column["key"])
        self.assertEqual(self.column(result, "cash")["cells"]["total"]["value"], f"{self.worth.total:.2f}")
        self.assertIn("interest of months to come", result["explanation"])

    def test_what_fits_the_pocket(self):
        result = self.Desk.fit(self.open(self.left)["values"], "700,00", "2026-12-04")["result"]
        fits = self.column(result, "fit")
        self.assertTrue(fits["limit"]["is_within"], fits)
        self.assertEqual(fits["cells"]["principal"]["value"], f"{sum(self.worth.rebates.values()):.2f}")

    def test_more_than_the_interest_to_come_is_a_concession(self):
        values = self.open(self.left)["values"]
        more = sum(self.worth.rebates.values()) + Decimal("0.01")
        answer = self.Desk.simulate_edit(values, 0, "principal", f"{more:.2f}".replace(".", ","))
        self.assertFalse(answer["result"]["columns"][0]["limit"]["is_within"])

    def test_accepted(self):
        """What is let off comes off the interest that is not earned: no expense, and nothing of it stays."""
        proposal = self.send("cash", lines=self.left)
        child = proposal.with_user(self.collector)._accept({"channel": "call", "text": "By phone"}).with_env(self.env)
        self.assertEqual((child.parent_id, child.total), (self.agreement, float(self.worth.total)))
        discount = self.company.cobranca_discount_account_id
        self.assertNotIn(discount, child.transfer_id.line_ids.account_id)
        self.assertEqual(self.agreement._get_forgiven(), sum(self.worth.rebates.values()))
        self.assertEqual(self.agreement._get_earned(date(2027, 12, 31)), self.agreement._get_unearned())
