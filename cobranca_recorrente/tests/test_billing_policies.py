from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestBillingPolicies(BillingCommon):
    """What becomes of a contract that cannot be billed as it is: found before its batch, told, and back when mended."""

    def setUp(self):
        super().setUp()
        self.stay_on("2026-01-05")

    def assert_parked_until(self, contract, reason, mend):
        """A check finds it (so that a check can tell when it is mended); the others are billed."""
        good = self.contract()
        self.run_cron()
        self.assertEqual((len(contract.period_ids), len(good.period_ids)), (0, 1))
        self.assertIn(reason, contract.park_reason)
        self.assertTrue(contract.is_park_checkable)
        self.assertEqual(len(contract.activity_ids), 1)
        self.run_cron("maintenance")
        self.run_cron()
        self.assertEqual((len(contract.activity_ids), contract.period_ids.ids), (1, []))
        mend()
        other = self.contract()
        self.run_cron()
        # The run is at work, and leaves alone what nobody has seen to be mended.
        self.assertEqual((len(other.period_ids), contract.period_ids.ids), (1, []))
        self.run_cron("maintenance")
        self.assertEqual((contract.park_reason, contract.activity_ids.ids), (False, []))
        self.run_cron()
        self.assertEqual(contract.period_ids.move_id.state, "posted")

    def archived_until(self, contract, record, reason):
        record.active = False
        self.assert_parked_until(contract, reason, lambda: record.write({"active": True}))

    def test_archived_income_account(self):
        account = self.company.income_account_id.copy({"name": "Old income"})
        contract = self.contract(self.line(account_id=account.id))
        self.archived_until(contract, account, "income account of the lines is archived")

    def test_archived_receivable_account(self):
        account = self.customer.property_account_receivable_id.copy({"name": "Old receivables"})
        debtor = self.make_customer("Caio Nogal", "111.444.777-35", property_account_receivable_id=account.id)
        contract = self.contract(partner_id=debtor.id)
        self.archived_until(contract, account, "receivable account of the customer is archived")

    def test_archived_journal(self):
        journal = self.env["account.journal"].create({"name": "Old", "code": "OLD", "type": "sale"})
        self.archived_until(self.contract(journal_id=journal.id), journal, "journal is archived")

    def test_archived_product(self):
        product = self.make_product("Old", 10.0)
        self.archived_until(self.contract(self.line(product=product)), product, "product of the lines is archived")

    def test_archived_payment_term(self):
        term = self.env["account.payment.term"].create({"name": "Ten"})
        contract = self.contract(due_mode="term", payment_term_id=term.id)
        self.archived_until(contract, term, "payment term is archived")

    def test_archived_tax(self):
        tax = self.env["account.tax"].create({"name": "5 %", "amount": 5.0, "type_tax_use": "sale"})
        contract = self.contract(self.line(tax_ids=[Command.set(tax.ids)]))
        self.archived_until(contract, tax, "tax of the lines is archived")

    def test_archived_customer(self):
        debtor = self.make_customer("Caio Nogal", "111.444.777-35")
        self.archived_until(self.contract(partner_id=debtor.id), debtor, "customer is archived")

    def test_archived_currency(self):
        usd = self.env.ref("base.USD")
        usd.active = True
        usd.rate_ids = [Command.create({"name": "2025-01-01", "inverse_company_rate": 5.0})]
        self.archived_until(self.contract(currency_id=usd.id), usd, "currency is archived")

    def test_locked_taxes_do_not_move_the_accounting_date(self):
        """Odoo would post with the first open day as accounting date, without a word."""
        tax = self.env["account.tax"].create({"name": "5 %", "amount": 5.0, "type_tax_use": "sale"})
        contract = self.contract(self.line(tax_ids=[Command.set(tax.ids)]))
        self.company.tax_lock_date = "2025-12-31"
        self.assert_parked_until(
            contract, "locked until 12/31/2025", lambda: self.company.write({"tax_lock_date": "2025-12-30"})
        )
        self.assertEqual(f"{contract.period_ids.move_id.date}", "2025-12-31")

    def test_locked_taxes_let_an_invoice_without_taxes_pass(self):
        contract = self.contract()
        self.company.tax_lock_date = "2025-12-31"
        self.run_cron()
        self.assertEqual(f"{contract.period_ids.move_id.date}", "2025-12-31")

    def test_hard_lock(self):
        contract = self.contract()
        self.company.hard_lock_date = "2025-12-31"
        self.run_cron()
        self.assertIn("locked until 12/31/2025", contract.park_reason)
        self.assertFalse(contract.period_ids)

    def test_archived_company_is_not_billed(self):
        other = self.env["res.company"].create({"name": "Other", "country_id": self.env.ref("base.br").id})
        self.env["account.chart.template"].try_loading("br", company=other, install_demo=False)
        theirs = self.contract(company_id=other.id)
        with self.assertRaisesRegex(ValidationError, "Other has 1 active contracts"), self.cr.savepoint():
            other.active = False
        # Archived before that was refused: the others are billed.
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_company SET active = false WHERE id = %s", [other.id])
        self.env.invalidate_all()
        mine = self.contract()
        self.run_cron()
        self.assertEqual((len(theirs.period_ids), len(mine.period_ids)), (0, 1))
        other.active = True
        self.run_cron()
        self.assertEqual(len(theirs.period_ids), 1)
        theirs.action_close()
        other.active = False
        self.assertFalse(other.active)

    # --- out of the queue ---

    def test_stale_date_does_not_keep_the_run_turning(self):
        """Written past the contract, as by a script: found due, with nothing to bill or not yet."""
        over, later = self.contract(date_end="2026-01-31", renewal="none"), self.contract()
        self.run_cron()
        due = later.next_issue_date
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cobranca_contract SET next_issue_date = '2026-01-02' WHERE id IN %s", [(over.id, later.id)]
        )
        self.env.invalidate_all()
        runs = []

        def next_batch(billing, size):
            runs.append(size)
            return bill_next_batch(billing, size) if len(runs) < 5 else 0

        bill_next_batch = type(self.billing)._bill_next_batch
        with patch.object(type(self.billing), "_bill_next_batch", next_batch):
            self.run_cron()
        self.assertEqual(len(runs), 1, "it does not find the same contracts again and again")
        self.assertEqual((over.next_issue_date, later.next_issue_date), (False, due))
        self.assertEqual((len(over.period_ids), len(later.period_ids)), (1, 1), "nothing is billed before its day")

    def test_closed_contract_waits_for_nothing(self):
        contract = self.contract()
        contract.line_ids.account_id = False
        self.run_cron()
        self.assertTrue(contract.activity_ids)
        contract.with_user(self.supervisor).action_close()
        self.assertEqual((contract.park_reason, contract.activity_ids.ids), (False, []))

    # --- a due date that was postponed ---

    def test_postponed_charge_does_not_keep_the_next_ones_back(self):
        """Beyond the next due date that invoice would wait too, and be issued when it is overdue."""
        contract = self.contract()
        with self.assertRaisesRegex(Exception, "due on 02/10/2026"):
            contract._postpone_next(contract.next_due_date.replace(month=3))
        contract._postpone_next(contract.next_due_date.replace(month=2))
        dues = [f"{move.invoice_date_due}" for move in self.bill(contract, "2026-03-01", times=3)]
        self.assertEqual(dues, ["2026-02-10", "2026-02-10", "2026-03-10"])

    def test_postponed_is_the_charge_it_was_granted_for(self):
        contract = self.contract()
        self.bill(contract, "2026-01-05")
        january = contract.period_ids
        contract._postpone_next(contract.next_due_date.replace(day=25))
        self.cancel(january.move_id)
        january.action_reopen()
        self.assertEqual(f"{contract.next_due_date}", "2026-01-10")
        dues = [f"{move.invoice_date_due}" for move in self.bill(contract, "2026-03-01", times=3)]
        self.assertEqual(dues, ["2026-01-10", "2026-02-25", "2026-03-10"])

    def test_new_due_day_keeps_what_was_granted(self):
        contract = self.contract()
        contract._postpone_next(contract.next_due_date.replace(day=25))
        contract._change_due_day(15, "salary")
        self.assertEqual(f"{contract.next_due_date}", "2026-01-25")
        contract._change_due_day(28, "salary")
        self.assertEqual((f"{contract.next_due_date}", contract.postponed_due_date), ("2026-01-28", False))
