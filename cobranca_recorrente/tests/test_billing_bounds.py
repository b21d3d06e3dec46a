from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestBillingBounds(BillingCommon):
    """What stops a run, and how it goes on."""

    def setUp(self):
        super().setUp()
        self.stay_on("2026-01-05")

    def billed(self, contracts):
        return len(contracts.period_ids.move_id)

    def test_backlog(self):
        self.company.cobranca_max_catch_up = 3
        old, fits = self.contract(start="2025-10-01"), self.contract(start="2025-11-01")
        self.run_cron()
        self.assertIn("4 invoices wait", old.park_reason)
        self.assertEqual((self.billed(old), self.billed(fits)), (0, 3))
        self.run_cron("maintenance")
        self.assertTrue(old.park_reason, "it waits for a person")
        with self.assertRaises(AccessError):
            old.with_user(self.collector).action_allow_catch_up()
        old.with_user(self.supervisor).action_allow_catch_up()
        self.run_cron()
        self.assertEqual((self.billed(old), old.park_reason), (4, False))

    def test_backlog_is_allowed_up_to_that_day_only(self):
        self.company.cobranca_max_catch_up = 1
        old = self.contract(start="2025-11-01")
        old.action_allow_catch_up()
        self.assertEqual(old.catch_up_until, date(2026, 1, 5))
        self.run_cron()
        with self.on("2026-04-05"):
            self.run_cron()
            self.assertIn("3 invoices wait", old.park_reason)

    def test_bound_of_invoices_stops_the_day(self):
        self.company.cobranca_max_run_invoices = 2
        many = self.env["cobranca.contract"].union(*(self.contract() for _number in range(5)))
        self.run_cron(batch_size=2)
        stop = self.env["cobranca.billing.stop"].search([("company_id", "=", self.company.id)])
        self.assertEqual((self.billed(many), stop.state), (2, "stopped"))
        self.assertIn("2 invoices", stop.reason)
        self.assertTrue(stop.activity_ids)
        self.run_cron()
        with self.assertRaisesRegex(UserError, "until a supervisor releases it: 2 invoices"):
            many.filtered(lambda contract: not contract.period_ids)[:1].action_bill()
        self.assertEqual(self.billed(many), 2)
        with self.assertRaises(AccessError):
            stop.with_user(self.collector).action_release()
        for fact in ({"state": "released"}, {"released_by_id": self.collector.id}, {"reason": "none"}):
            with self.subTest(fact=fact), self.assertRaises(AccessError):
                stop.with_user(self.supervisor).write(fact)
        stop.with_user(self.supervisor).action_release()
        self.assertFalse(stop.activity_ids)
        self.run_cron(batch_size=2)
        self.assertEqual((self.billed(many), stop.released_by_id), (5, self.supervisor))

    def test_next_day_begins_anew(self):
        self.company.cobranca_max_run_invoices = 1
        many = self.contract() | self.contract()
        self.run_cron(batch_size=1)
        self.assertEqual(self.billed(many), 1)
        self.env.flush_all()
        self.env.cr.execute("UPDATE cobranca_contract_period SET create_date = '2026-01-05 15:00:00'")
        with self.on("2026-01-06"):
            self.run_cron(batch_size=1)
        self.assertEqual(self.billed(many), 2)

    def test_bound_of_amount_is_in_the_company_s_currency(self):
        usd = self.env.ref("base.USD")
        usd.active = True
        usd.rate_ids = [
            Command.create({"company_id": self.company.id, "name": "2025-01-01", "inverse_company_rate": 5.0})
        ]
        self.company.cobranca_max_run_amount = 1600.0
        many = self.contract(currency_id=usd.id) | self.contract()
        self.run_cron()
        self.assertEqual(self.billed(many), 1)
        stop = self.env["cobranca.billing.stop"].search([("company_id", "=", self.company.id)])
        self.assertIn("1,550.00", stop.reason)

    def test_bounds_hold_within_a_batch(self):
        """What is beyond is never issued, not noticed afterwards."""
        many = self.env["cobranca.contract"].union(*(self.contract() for _number in range(5)))
        self.company.cobranca_max_run_amount = 930.0
        self.run_cron()
        self.assertEqual((self.billed(many), len(many.period_ids)), (3, 3))
        stop = self.env["cobranca.billing.stop"].search([("company_id", "=", self.company.id)])
        self.assertIn("930.00", stop.reason)

    def test_bound_of_invoices_holds_within_a_batch(self):
        many = self.env["cobranca.contract"].union(*(self.contract() for _number in range(5)))
        self.company.cobranca_max_run_invoices = 3
        self.run_cron()
        self.assertEqual(self.billed(many), 3)
        self.assertEqual(len(self.env["cobranca.billing.stop"].search([("company_id", "=", self.company.id)])), 1)

    def test_single_invoice_beyond_the_amount_waits_for_someone(self):
        self.company.cobranca_max_run_amount = 100.0
        nothing, contract = self.contract(self.line(price=0.0)), self.contract()
        self.run_cron()
        self.assertEqual((self.billed(contract), nothing.period_ids.state), (0, "skipped"))
        stop = self.env["cobranca.billing.stop"].search([("company_id", "=", self.company.id)])
        stop.with_user(self.supervisor).action_release()
        self.run_cron()
        self.assertEqual(self.billed(contract), 1)

    def test_without_bounds_nothing_stops(self):
        self.company.cobranca_max_run_invoices = 0
        many = self.contract() | self.contract()
        self.run_cron(batch_size=1)
        self.assertEqual(self.billed(many), 2)

    def test_lock_date_parks_until_it_is_open(self):
        contract = self.contract()
        for field in ("sale_lock_date", "fiscalyear_lock_date"):
            self.company[field] = "2025-12-31"
            self.run_cron()
            self.assertIn("12/31/2025", contract.park_reason)
            self.company[field] = False
            self.run_cron("maintenance")
            self.assertFalse(contract.park_reason)
        self.company.sale_lock_date = "2025-12-30"
        self.run_cron()
        self.assertEqual(self.billed(contract), 1)

    def test_archived_product_of_what_is_over_does_not_stop_the_rest(self):
        """A billed line cannot be mended: only what is charged must be in order."""
        contract = self.contract()
        self.bill(contract, "2026-01-05")
        line = contract.line_ids
        contract._change_items(date(2026, 2, 1), [(line, {"product_id": self.usage_product.id, "price_unit": 10.0})])
        line.product_id.active = False
        self.assertEqual(self.amounts(self.bill(contract)), [[10.0]])
        self.usage_product.active = False
        with self.on("2026-06-01"):
            self.run_cron()
            self.assertIn("archived", contract.park_reason)

    @mute_logger("odoo.addons.cobranca_recorrente.models.cobranca_contract_billing")
    def test_what_posting_refuses_waits_for_a_person(self):
        """No check can tell when it is mended: it is not tried again every hour, with a message each."""
        contract = self.contract()

        def refuse(moves):
            raise UserError("no fiscal document")  # pylint: disable=translation-required

        self.patch(type(self.env["account.move"]), "action_post", refuse)
        self.run_cron()
        self.assertEqual((contract.park_reason, contract.period_ids.ids), ("no fiscal document", []))
        messages = len(contract.message_ids)
        self.run_cron("maintenance")
        self.run_cron()
        self.assertEqual((contract.park_reason, len(contract.message_ids)), ("no fiscal document", messages))
