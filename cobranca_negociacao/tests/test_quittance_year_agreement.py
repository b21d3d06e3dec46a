from datetime import date
from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from ..tools import plan
from .paper_common import PaperCommon


@tagged("post_install", "-at_install")
@freeze_time("2027-05-03 15:00:00")
class TestQuittanceYearAgreement(PaperCommon):
    """Yearly statements of who renegotiated some of his debts."""

    def issue(self):
        return self.Quittance.with_user(self.collector)._issue_for_year(self.company, self.customer, 2026)

    def agree(self, moves, day=date(2026, 7, 10)):
        """An agreement over invoices without their charges, in two payments from its day on."""
        Agreement, lines = self.env["cobranca.agreement"], moves._cobranca_get_debt_lines()
        with freeze_time(f"{day} 15:00:00"):
            terms = plan.Terms({"fine": Decimal(100), "interest": Decimal(100)}, None, 2, "none", Decimal(0), day)
            made = plan.make_plan(Agreement._get_parts(lines, day), terms)
            return Agreement._sign(self.company, self.customer, made, lines, day)

    def test_renegotiated_debts_count_once(self):
        """By their own due dates, when the agreement is paid; its installments were not billed beside them."""
        moves = self.billed((1, 2), paid=False)
        others = self.billed((5,))
        agreement = self.agree(moves)
        with self.assertRaisesRegex(UserError, "in an agreement that is not paid yet"):
            self.issue()
        self.assertEqual(self.Quittance._find_entitled(self.company, 2026), [])
        self.pay(agreement.move_id, 200, "2026-08-10")
        self.assertEqual(self.Quittance._find_entitled(self.company, 2026), self.customer.ids)
        quittance = self.issue()
        self.assertEqual((quittance.amount, quittance.line_ids), (300, (moves | others)._cobranca_get_debt_lines()))
        self.assertEqual([(row["number"], row["count"]) for row in self.papers[-1]["months"]], [(1, 1), (2, 1), (5, 1)])
        agreement.move_id.line_ids.matched_credit_ids.unlink()
        self.assertEqual((quittance.state, agreement.state), ("revoked", "active"))

    def test_earlier_debts_in_an_agreement(self):
        """They are owed: the paper reserves them, and not their installments, which it does not wait for either."""
        self.billed((1,))
        old = self.billed((6,), year=2025, paid=False)
        # One of its payments falls due in the year of the debts, the other one in that of the statement.
        agreement = self.agree(old, date(2025, 12, 20))
        for _state in ("active", "broken"):
            self.assertEqual(self.Quittance._find_entitled(self.company, 2026), self.customer.ids)
            quittance = self.issue()
            self.assertEqual(quittance.amount, 100)
            self.assertEqual([debt["name"] for debt in self.papers[-1]["earlier"]], old.mapped("name"))
            quittance.with_user(self.supervisor)._revoke("Again")
            agreement._break(date(2027, 5, 3), "Not paid")
        agreement = self.agree(old, date(2027, 5, 3))
        self.pay(agreement.move_id, 100, "2027-05-03")
        self.issue()
        self.assertEqual(self.papers[-1]["earlier"], [])
