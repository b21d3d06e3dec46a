from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common import OTHER_CPF, CobrancaCommon


@tagged("post_install", "-at_install")
class TestContractGuard(CobrancaCommon):
    """A supervisor calls by RPC what no button offers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time("2026-01-05 15:00:00"):
            cls.contract = cls.make_contract()
            cls.move = cls.env["cobranca.contract.billing"]._bill(cls.contract)
        cls.period = cls.contract.period_ids

    def test_contract_fields_that_decide_billing(self):
        contract = self.contract.with_user(self.supervisor)
        for values in (
            {"state": "draft"},
            {"park_reason": "hidden"},
            {"name": "X"},
            {"next_issue_date": "2099-01-01"},
            {"postponed_due_date": "2030-01-01"},
            {"origin_key": "other"},
            {"period_ids": [Command.update(self.period.id, {"state": "reopened"})]},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                contract.write(values)

    def test_contract_is_not_born_active(self):
        values = {"partner_id": self.customer.id, "date_start": "2026-01-01", "state": "active"}
        Contract = self.env["cobranca.contract"].with_user(self.supervisor)
        with self.assertRaises(AccessError):
            Contract.create(values)
        self.assertTrue(Contract.create({**values, "state": "draft"}))

    def test_ledger_is_read_only(self):
        period = self.period.with_user(self.manager)
        for values in ({"state": "reopened"}, {"date_start": "2026-02-01"}, {"move_id": False}, {"index": 7}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                period.write(values)
        with self.assertRaises(AccessError):
            period.copy({"date_start": "2027-01-01", "date_end": "2027-01-31"})
        with self.assertRaises(AccessError):
            self.move.with_user(self.manager).cobranca_period_ids = [Command.clear()]

    def test_collector_cannot_reopen(self):
        self.move.button_draft()
        self.move.button_cancel()
        with self.assertRaises(AccessError):
            self.period.with_user(self.collector).action_reopen()
        self.assertEqual(self.period.state, "billed")

    def test_billed_contract_keeps_customer_and_company(self):
        stranger = self.make_customer("Caio Nogal", OTHER_CPF)
        with self.assertRaisesRegex(UserError, "customer and company stay"):
            self.contract.with_user(self.supervisor).partner_id = stranger
        contact = self.env["res.partner"].create({"name": "Her assistant", "parent_id": self.customer.id})
        self.contract.partner_id = contact
        unbilled = self.make_contract()
        unbilled.partner_id = stranger
        self.assertEqual(unbilled.commercial_partner_id, stranger)

    @freeze_time("2026-01-05 15:00:00")
    def test_what_was_billed_elsewhere_stays_once_the_contract_bills(self):
        contract = self.make_contract(billed_until="2026-01-31")
        as_supervisor = contract.with_user(self.supervisor)
        for day in (False, "2025-12-31", "2026-02-28", "2062-01-31"):
            with self.subTest(day=day), self.assertRaisesRegex(UserError, "only moves on, to 01/31/2026"):
                as_supervisor.billed_until = day
        with self.assertRaisesRegex(UserError, "only moves on, to 01/31/2026"):
            as_supervisor.arrears_billed_until = "2025-12-31"
        as_supervisor.write({"billed_until": "2026-01-31", "reference": "sent back untouched"})
        as_supervisor.action_draft()
        as_supervisor.billed_until = False
        self.assertEqual(str(contract.next_due_date), "2026-01-10")

    def test_what_was_missed_can_be_left_out(self):
        contract = self.make_contract().with_user(self.supervisor)
        with freeze_time("2026-04-05 15:00:00"):
            contract.billed_until = "2026-03-31"
            with self.assertRaisesRegex(ValidationError, "go on from the day after"), self.env.cr.savepoint():
                contract.billed_until = "2026-04-15"
            self.assertEqual(str(contract.next_due_date), "2026-04-10")

    def test_periods_go_on_from_what_was_billed_elsewhere(self):
        contract = self.make_contract(billed_until="2026-01-31").with_user(self.supervisor)
        for values in ({"billing_day": 15}, {"date_start": "2025-12-20"}, {"interval_unit": "quarter"}):
            refused = self.assertRaisesRegex(ValidationError, "go on from the day after")
            with self.subTest(values=values), refused, self.env.cr.savepoint():
                contract.write(values)
        contract.date_start = "2025-12-01"
        self.assertEqual(str(contract.next_due_date), "2026-02-10")

    def test_usage_is_not_born_billed(self):
        line = {"product_id": self.product.id, "recurrence": "usage", "billing_timing": "arrears"}
        contract = self.make_contract(line_ids=[Command.create(line)])
        reading = {"contract_id": contract.id, "product_id": self.product.id, "date": "2026-01-05", "external_key": "a"}
        Usage = self.env["cobranca.contract.usage"].with_user(self.supervisor)
        usage = Usage.with_context(default_period_id=self.period.id).create({**reading, "quantity": 1})
        self.assertFalse(usage.period_id)

    def test_line_stays_with_its_contract(self):
        other = self.make_contract()
        with self.assertRaisesRegex(UserError, "another contract"):
            self.contract.line_ids.contract_id = other

    def test_replaced_invoice_cannot_come_back(self):
        self.move.button_draft()
        self.move.button_cancel()
        self.period.with_user(self.supervisor).action_reopen()
        self.env["cobranca.contract.billing"]._bill(self.contract)
        self.move.button_draft()
        with self.assertRaisesRegex(UserError, "was reopened and billed by"):
            self.move.action_post()

    def test_invoice_of_a_reopened_period_cannot_come_back_before_it_is_billed_again(self):
        """The next run bills the period: two invoices of the same days would be good."""
        self.move.button_draft()
        self.move.button_cancel()
        self.period.action_reopen()
        self.move.button_draft()
        with self.assertRaisesRegex(UserError, "gets a new invoice"):
            self.move.action_post()
