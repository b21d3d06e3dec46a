from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .record_common import RecordCommon


@tagged("post_install", "-at_install")
class TestCredit(RecordCommon):
    """The limit that a customer's history carries, beside the one in force."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.account_use_credit_limit = True
        cls.segment = cls.env["cobranca.payer.segment"].create(
            {"name": "Test", "sequence": -1, "credit_months": 3.0, "advice": "Be kind."}
        )
        cls.compute_behavior()

    @classmethod
    def compute_behavior(cls):
        cls.env["cobranca.behavior"]._refresh(cls.company)

    def seen(self, user=None):
        return self.customer.with_user(user or self.supervisor)

    def test_suggestion(self):
        """800 in October and November, three months of it; both invoices late, 13 and 0 days on average by amount."""
        row = self.customer.cobranca_behavior_id
        self.assertEqual(row.segment_id, self.segment)
        exact = 800.0 / 2 * 3 * 30 / (30 + row.average_delay)
        self.assertEqual(self.seen().cobranca_credit_suggestion, round(exact / 100) * 100)
        self.assertIn("today without a limit", self.seen().cobranca_credit_text)

    def test_apply(self):
        suggested = self.seen().cobranca_credit_suggestion
        self.seen().action_cobranca_apply_credit()
        self.customer.invalidate_recordset()
        self.assertEqual((self.customer.credit_limit, self.customer.use_partner_credit_limit), (suggested, True))
        self.assertFalse(self.seen().cobranca_may_apply_credit, "nothing is left to apply")
        self.assertIn("today R$", self.seen().cobranca_credit_text)
        note = self.customer.message_ids[0]
        self.assertEqual(note.author_id, self.supervisor.partner_id)
        self.assertIn("Credit limit applied", note.body)

    def test_for_supervisors(self):
        self.assertTrue(self.seen().cobranca_may_apply_credit)
        self.assertFalse(self.seen(self.collector).cobranca_may_apply_credit)
        self.assertTrue(self.seen(self.collector).cobranca_credit_suggestion)
        with self.assertRaisesRegex(AccessError, "supervisor"):
            self.seen(self.collector).action_cobranca_apply_credit()

    def test_no_history(self):
        self.assertFalse(self.stranger.cobranca_credit_suggestion)
        self.assertFalse(self.stranger.cobranca_credit_text)
        with self.assertRaisesRegex(UserError, "no history"):
            self.stranger.with_user(self.supervisor).action_cobranca_apply_credit()
        # Billed, but nothing fell due yet.
        self.make_invoice(900.0, "2026-11-30", customer=self.stranger, invoice_date="2026-11-10")
        self.compute_behavior()
        self.stranger.invalidate_recordset()
        self.assertFalse(self.stranger.cobranca_credit_suggestion)

    def test_segment_without_credit(self):
        self.segment.credit_months = 0
        self.assertFalse(self.seen().cobranca_credit_suggestion)

    def test_credit_notes_and_other_companies_count(self):
        before = self.seen().cobranca_credit_suggestion
        self.make_invoice(700.0, "2026-11-12", move_type="out_refund")
        self.customer.invalidate_recordset()
        self.assertLess(self.seen().cobranca_credit_suggestion, before)
        other = self.env["res.company"].create({"name": "Other"})
        self.assertFalse(self.customer.with_company(other).cobranca_credit_suggestion)

    def test_limit_counts_only_while_the_company_uses_limits(self):
        self.customer.credit_limit = 500.0
        self.assertEqual(self.customer._cobranca_get_credit_limit(), 500.0)
        self.company.account_use_credit_limit = False
        self.assertEqual(self.customer._cobranca_get_credit_limit(), 0.0)
        self.customer.invalidate_recordset()
        self.assertIn("uses no credit limits", self.seen().cobranca_credit_text)
        self.assertFalse(self.seen().cobranca_may_apply_credit)
        with self.assertRaisesRegex(UserError, "switch “Sales Credit Limit” on"):
            self.seen().action_cobranca_apply_credit()

    def test_shown_on_the_tab(self):
        arch = self.env["res.partner"].with_user(self.collector).get_view(view_type="form")["arch"]
        self.assertIn("cobranca_credit_text", arch)
        self.assertIn("action_cobranca_apply_credit", arch)
