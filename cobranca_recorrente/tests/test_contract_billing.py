from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import OTHER_CPF, CobrancaCommon

LOGGER = "odoo.addons.cobranca_recorrente.models.cobranca_contract_billing"


@tagged("post_install", "-at_install")
class TestContractBilling(CobrancaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Only the contracts of a test are there to be billed.
        cls.env["cobranca.contract"].search([("state", "=", "active")]).state = "draft"
        cls.billing = cls.env["cobranca.contract.billing"]

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("cobranca_recorrente.ir_cron_cobranca_contract_billing").method_direct_trigger()

    @freeze_time("2026-01-05 15:00:00")
    def test_invoice(self):
        contract = self.make_contract(reference="PO 77")
        move = self.billing._bill(contract)
        self.assertRecordValues(
            move,
            [
                {
                    "state": "posted",
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "journal_id": self.company.cobranca_contract_journal_id.id,
                    "invoice_date": date(2025, 12, 31),
                    "invoice_date_due": date(2026, 1, 10),
                    "invoice_origin": contract.name,
                    "ref": "PO 77",
                    "amount_total": 350.0,
                }
            ],
        )
        self.assertFalse(move.l10n_latam_document_type_id, "no fiscal document is pretended")
        self.assertEqual(move.invoice_line_ids.name, "Monthly fee\n01/01/2026 to 01/31/2026")
        receivable = move.line_ids.filtered(lambda line: line.account_id.account_type == "asset_receivable")
        self.assertEqual(receivable.date_maturity, date(2026, 1, 10))
        self.assertRecordValues(
            contract.period_ids,
            [{"index": 0, "state": "billed", "move_id": move.id, "amount_total": 350.0, "date_end": date(2026, 1, 31)}],
        )

    @freeze_time("2026-01-05 15:00:00")
    def test_text_is_in_the_customer_s_language(self):
        self.customer.lang = "pt_BR"
        move = self.billing._bill(self.make_contract())
        self.assertEqual(move.invoice_line_ids.name, "Monthly fee\n01/01/2026 a 31/01/2026")

    @freeze_time("2026-02-05 15:00:00")
    def test_taxes_and_discount_reach_the_invoice(self):
        tax = self.env["account.tax"].create(
            {"name": "5 %", "amount": 5.0, "type_tax_use": "sale", "company_id": self.company.id}
        )
        contract = self.make_contract(
            line_ids=[
                Command.create({"product_id": self.product.id, "discount": 10, "tax_ids": [Command.set(tax.ids)]}),
                Command.create({"product_id": self.product.id, "quantity": 2, "price_unit": 10}),
            ]
        )
        self.assertEqual(contract.amount_total, 350.75)
        move = self.billing._bill(contract)
        self.assertEqual((move.amount_untaxed, move.amount_tax, move.amount_total), (335.0, 15.75, 350.75))

    @freeze_time("2026-04-05 15:00:00")
    def test_cron_catches_up_each_period_with_its_own_dates(self):
        contract = self.make_contract()
        self.run_cron()
        dues = contract.period_ids.sorted("index").move_id.mapped("invoice_date_due")
        self.assertEqual(dues, [date(2026, month, 10) for month in (1, 2, 3, 4)])
        self.run_cron()
        self.assertEqual(len(contract.period_ids), 4, "a second run the same day finds nothing")

    @freeze_time("2026-01-05 15:00:00")
    def test_batches(self):
        contracts = self.make_contract()
        for number in range(4):
            contracts |= self.make_contract(reference=str(number))
        sizes = []
        bill = type(self.billing)._bill

        def counting(billing, batch, allow_credit=False):
            sizes.append(len(batch))
            return bill(billing, batch, allow_credit)

        next_batch = type(self.billing)._bill_next_batch
        with (
            patch.object(type(self.billing), "_bill", counting),
            patch.object(type(self.billing), "_bill_next_batch", lambda billing, _size: next_batch(billing, 2)),
        ):
            self.run_cron()
        self.assertEqual(sizes, [2, 2, 1])
        self.assertEqual(len(contracts.period_ids.move_id), 5)

    @freeze_time("2026-01-05 15:00:00")
    def test_one_bad_contract_costs_one_contract(self):
        good = self.make_contract()
        bad = self.make_contract(partner_id=self.make_customer("Caio Nogal", OTHER_CPF).id)
        bad.partner_id.active = False
        self.run_cron()
        self.assertEqual((len(good.period_ids), len(bad.period_ids)), (1, 0))
        self.assertIn("archived", bad.park_reason)
        bad.partner_id.active = True
        self.run_cron()
        self.assertFalse(bad.period_ids, "it waits until it is seen to be corrected")
        bad.with_user(self.supervisor).action_unpark()
        self.run_cron()
        self.assertEqual(len(bad.period_ids), 1)

    @freeze_time("2026-01-05 15:00:00")
    def test_unforeseen_error_parks_only_its_contract(self):
        good, bad = self.make_contract(), self.make_contract(reference="bad")
        prepare = type(good)._prepare_invoice_values

        def fail_for_bad(contract, charges):
            if contract == bad:
                raise ZeroDivisionError("boom")
            return prepare(contract, charges)

        with patch.object(type(good), "_prepare_invoice_values", fail_for_bad), mute_logger(LOGGER):
            self.run_cron()
        self.assertEqual((len(good.period_ids), len(bad.period_ids)), (1, 0))
        self.assertIn("ZeroDivisionError", bad.park_reason)

    @freeze_time("2026-01-05 15:00:00")
    def test_check_that_breaks_parks_only_its_contract(self):
        good, bad = self.make_contract(), self.make_contract(reference="bad")
        check = type(self.billing)._check_billable

        def fail_for_bad(billing, charge, allow_credit=False):
            if charge.contract == bad:
                raise ValueError("an addon's check")
            return check(billing, charge, allow_credit)

        with patch.object(type(self.billing), "_check_billable", fail_for_bad):
            self.run_cron()
        self.assertEqual((len(good.period_ids), len(bad.period_ids)), (1, 0))
        self.assertIn("an addon's check", bad.park_reason)

    @freeze_time("2026-01-05 15:00:00")
    def test_check_that_breaks_the_transaction_parks_only_its_contract(self):
        good, bad = self.make_contract(), self.make_contract(reference="bad")
        check = type(self.billing)._check_billable

        def fail_for_bad(billing, charge, allow_credit=False):
            if charge.contract == bad:
                billing.env.cr.execute("SELECT 1 / 0")
            return check(billing, charge, allow_credit)

        with patch.object(type(self.billing), "_check_billable", fail_for_bad), mute_logger("odoo.sql_db"):
            self.run_cron()
        self.assertEqual((len(good.period_ids), len(bad.period_ids)), (1, 0))
        self.assertIn("DivisionByZero", bad.park_reason)

    @freeze_time("2026-01-05 15:00:00")
    def test_error_of_the_database_parks_only_its_contract(self):
        """PostgreSQL refuses what is too large as an "operational error": it is the contract's all the same."""
        good, bad = self.make_contract(), self.make_contract()
        prepare = type(good)._prepare_invoice_values
        too_long = "".join(chr(0x4E00 + number * 7919 % 20000) for number in range(20000))

        def with_long_reference(contract, charges):
            values = prepare(contract, charges)
            return {**values, "ref": too_long} if contract == bad else values

        with (
            patch.object(type(good), "_prepare_invoice_values", with_long_reference),
            mute_logger(LOGGER, "odoo.sql_db"),
        ):
            self.run_cron()
        self.assertEqual((len(good.period_ids), len(bad.period_ids)), (1, 0))
        self.assertIn("ProgramLimitExceeded", bad.park_reason)

    @freeze_time("2026-01-05 15:00:00")
    def test_failure_after_numbering_leaves_no_gap(self):
        """What another addon refuses once its number is given takes the number back with it."""
        contracts = self.make_contract() | self.make_contract(reference="bad") | self.make_contract()
        Move = type(self.env["account.move"])
        post = Move._post

        def refuse_bad(moves, soft=True):
            posted = post(moves, soft)
            if any(move.ref == "bad" for move in posted):
                raise ValueError("an addon's check of posted invoices")
            return posted

        for fast in (False, True):
            self.company.cobranca_fast_posting = fast
            with patch.object(Move, "_post", refuse_bad), mute_logger(LOGGER):
                self.run_cron()
            contracts |= self.make_contract()
            self.run_cron()
            numbers = sorted(contracts.period_ids.move_id.mapped("sequence_number"))
            self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(contracts) - 1)))
            contracts |= self.make_contract() | self.make_contract()

    @freeze_time("2026-01-05 15:00:00")
    def test_archived_tax_parks(self):
        tax = self.env["account.tax"].create({"name": "5 %", "amount": 5.0, "type_tax_use": "sale"})
        contract = self.make_contract()
        contract.line_ids.tax_ids = tax
        tax.active = False
        self.run_cron()
        self.assertFalse(contract.period_ids)
        self.assertTrue(contract.park_reason)

    @freeze_time("2026-01-05 15:00:00")
    def test_reason_is_in_the_company_s_language(self):
        self.company.partner_id.lang = "pt_BR"
        contract = self.make_contract()
        contract.line_ids.account_id = False
        self.run_cron()
        self.assertIn("conta de receita", contract.park_reason)

    @freeze_time("2026-01-05 15:00:00")
    def test_locked_period_parks_with_the_date(self):
        contract = self.make_contract()
        self.company.sale_lock_date = "2026-01-02"
        self.run_cron()
        self.assertFalse(contract.period_ids)
        self.assertIn("01/02/2026", contract.park_reason)

    def test_nothing_due_costs_one_query(self):
        self.make_contract(date_start="2100-01-01")
        self.env.flush_all()
        self.assertFalse(self.billing._may_have_work())
        with self.assertQueryCount(1):
            self.billing._may_have_work()

    @freeze_time("2026-01-05 15:00:00")
    def test_button_bills_what_is_due_once(self):
        contract = self.make_contract().with_user(self.supervisor).with_context(lang="en_US")
        action = contract.action_bill()
        self.assertEqual(action["res_id"], contract.period_ids.move_id.id)
        with self.assertRaisesRegex(UserError, "next invoice is issued on 01/31/2026"):
            contract.action_bill()

    @freeze_time("2026-01-05 15:00:00")
    def test_button_says_why_not(self):
        contract = self.make_contract(activate=False)
        with self.assertRaisesRegex(UserError, "activate it first"):
            contract.action_bill()
        contract._update_state(("draft",), "active")
        contract.park_reason = "no address"
        with self.assertRaisesRegex(UserError, "no address"):
            contract.action_bill()

    @freeze_time("2026-02-01 02:00:00")
    def test_day_of_billing_is_the_company_s(self):
        """It is already 1 February in UTC, still 31 January in São Paulo."""
        contract = self.make_contract(billed_until="2026-01-31", due_day=11)
        self.assertEqual(contract.next_issue_date, date(2026, 2, 1))
        self.run_cron()
        self.assertFalse(contract.period_ids)
        with freeze_time("2026-02-01 03:30:00"):
            self.run_cron()
        self.assertEqual(len(contract.period_ids), 1)

    @freeze_time("2026-01-05 15:00:00")
    def test_extension_may_leave_a_line_out(self):
        contract = self.make_contract(
            line_ids=[Command.create({"product_id": self.product.id, "name": name}) for name in ("one", "two")]
        )
        prepare = type(contract.line_ids)._prepare_invoice_line_values

        def only_one(line, item, charge):
            return prepare(line, item, charge) if line.name == "one" else {}

        with patch.object(type(contract.line_ids), "_prepare_invoice_line_values", only_one):
            move = self.billing._bill(contract)
        self.assertEqual(len(move.invoice_line_ids), 1)
        self.assertEqual(contract.period_ids.amount_total, 350.0)

    @freeze_time("2026-01-05 15:00:00")
    def test_invoice_leads_back_to_its_contract(self):
        contract = self.make_contract()
        move = self.billing._bill(contract).with_user(self.collector)
        self.assertEqual(move.cobranca_contract_count, 1)
        self.assertEqual(move.action_view_cobranca_contract()["res_id"], contract.id)
        self.assertEqual(contract.invoice_count, 1)
        self.assertEqual(contract.action_view_invoices()["res_id"], move.id)
        self.assertEqual(contract.period_ids.action_view_invoice()["res_id"], move.id)
