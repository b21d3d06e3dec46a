from datetime import date

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CobrancaCommon


@tagged("post_install", "-at_install")
class TestContractPeriod(CobrancaCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.make_contract()
        cls.move = cls.env["cobranca.contract.billing"]._bill(cls.contract)
        cls.period = cls.contract.period_ids

    def values_of(self, period, **changed):
        names = ("index", "date_start", "date_end", "date_issue", "date_due")
        return {"contract_id": period.contract_id.id, **{name: period[name] for name in names}, **changed}

    def test_index_exists(self):
        """A unique index on dirty data is silently missing: look."""
        self.env.cr.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'cobranca_contract_period_uniq_live'")
        [(definition,)] = self.env.cr.fetchall()
        self.assertIn("UNIQUE", definition)
        self.assertIn("contract_id, kind, line_group, date_start", definition)
        self.assertIn("reopened", definition)

    def test_same_start_is_refused_by_the_database(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.env.cr.execute(
                """
                INSERT INTO cobranca_contract_period
                    (contract_id, company_id, kind, line_group, index, state,
                     date_start, date_end, date_issue, date_due)
                SELECT contract_id, company_id, kind, line_group, index + 5, state,
                       date_start, date_end, date_issue, date_due
                  FROM cobranca_contract_period WHERE id = %s
                """,
                [self.period.id],
            )

    def test_overlap_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "overlaps"):
            self.env["cobranca.contract.period"].create(self.values_of(self.period, date_start="2026-01-15"))

    def test_ledger_is_never_deleted(self):
        with self.assertRaisesRegex(UserError, "stays in the ledger"):
            self.period.unlink()
        with self.assertRaises(AccessError):
            self.period.with_user(self.manager).unlink()

    def test_valid_invoice_cannot_be_billed_again(self):
        with self.assertRaisesRegex(UserError, "still valid"):
            self.period.action_reopen()

    def test_cancelled_invoice_does_not_rebill_by_itself(self):
        self.move.button_draft()
        self.move.button_cancel()
        self.assertEqual(self.contract.next_due_date, date(2026, 2, 10))
        self.period.with_user(self.supervisor).action_reopen()
        self.assertEqual(self.contract.next_due_date, date(2026, 1, 10))
        self.env["cobranca.contract.billing"]._bill(self.contract)
        self.assertEqual(sorted(self.contract.period_ids.mapped("state")), ["billed", "reopened"])
        self.assertEqual(self.contract.next_due_date, date(2026, 2, 10))

    def test_deleted_invoice_does_not_rebill_by_itself(self):
        self.move.button_draft()
        self.move.with_context(force_delete=True).unlink()
        self.assertFalse(self.period.move_id)
        self.assertEqual((self.period.state, self.contract.next_due_date), ("billed", date(2026, 2, 10)))
        self.period.action_reopen()
        self.assertEqual(self.contract.next_due_date, date(2026, 1, 10))

    def test_credited_invoice_can_be_reopened(self):
        self.move._reverse_moves([{"invoice_date": self.move.invoice_date}], cancel=True)
        self.assertEqual(self.move.payment_state, "reversed")
        self.assertTrue(self.period.is_reopenable)

    def test_reopened_hole_is_billed_before_later_periods(self):
        self.env["cobranca.contract.billing"]._bill(self.contract)
        self.move.button_draft()
        self.move.button_cancel()
        self.period.action_reopen()
        self.assertEqual(self.contract.next_due_date, date(2026, 1, 10))
        self.env["cobranca.contract.billing"]._bill(self.contract)
        self.assertEqual(self.contract.next_due_date, date(2026, 3, 10))
