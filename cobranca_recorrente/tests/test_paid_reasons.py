from datetime import date, datetime, timedelta

import psycopg2

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .paid_common import TODAY, PaidCommon


@tagged("post_install", "-at_install")
class TestPaidReasons(PaidCommon):
    """Old statements, payments online, words, and how all of it is read."""

    # --- statement ---

    def test_stale_statement(self):
        self.other._increase_rank("customer_rank")
        self.company.cobranca_statement_guard = "auto"
        line = self.owe(80.0, "2026-11-20")
        self.import_until("2026-11-19")
        self.assertWaits(None)  # due on the 10th: the statement tells
        self.assertWaits("stale_statement", line)
        self.import_until("2026-11-20")  # the holiday itself: who pays on Monday is in time
        self.assertWaits("stale_statement", line)
        self.import_until("2026-11-23")
        self.assertWaits(None, line)
        self.company.cobranca_statement_days = 1
        self.assertWaits("stale_statement", line)
        self.company.cobranca_statement_guard = "never"
        self.assertWaits(None, line)

    def test_only_companies_that_import_wait(self):
        self.company.cobranca_statement_guard = "auto"
        self.assertWaits(None)
        self.statement(1.0, "2026-11-01")  # typed, in no statement
        self.assertWaits(None)
        self.import_until(TODAY - timedelta(days=61))
        self.assertWaits(None)
        self.import_until(TODAY - timedelta(days=59))
        self.assertWaits("stale_statement")

    def test_always(self):
        self.company.cobranca_statement_guard = "always"
        self.assertWaits("stale_statement")
        self.assertWaits(None, self.owe(5.0, "2026-11-24"))
        self.assertEqual(self.explain(), "No bank statement was imported")

    def test_accounts_on_which_nobody_pays_do_not_tell(self):
        self.company.cobranca_statement_guard = "auto"
        self.customer._increase_rank("customer_rank")
        savings = self.bank.copy({"code": "SAVE"})
        self.statement(1.0, "2026-11-05", is_imported=True, partner_id=self.customer.id)
        self.statement(0.5, "2026-11-23", is_imported=True, journal=savings)
        self.assertWaits("stale_statement")

    # --- payments online ---

    def test_payment_in_progress(self):
        move, now = self.line.move_id, datetime(2026, 11, 24, 15)
        for state, values, age, reason in (
            ("pending", {}, {}, "pending_payment"),
            ("pending", {"last_state_change": now - timedelta(days=11)}, {}, None),
            ("authorized", {}, {}, "pending_payment"),
            ("done", {}, {}, "pending_payment"),
            ("done", {"is_post_processed": True}, {}, None),
            ("draft", {}, {"minutes": 59}, "pending_payment"),
            ("draft", {}, {"minutes": 61}, None),
            ("cancel", {}, {}, None),
            ("error", {}, {}, None),
            ("pending", {"operation": "refund"}, {}, None),
        ):
            with self.subTest(state=state, values=values, age=age), self.env.cr.savepoint() as savepoint:
                self.provider.support_manual_capture = "full_only"
                paying = self.pay_online("draft", move, **values)
                paying.flush_recordset()
                created = now - timedelta(**age)
                self.env.execute_query(
                    SQL(
                        "UPDATE payment_transaction SET state = %s, create_date = %s WHERE id = %s RETURNING id",
                        state,
                        created,
                        paying.id,
                    )
                )
                self.assertWaits(reason)
                savepoint.rollback()
        self.pay_online("pending", self.owe(9.0, "2026-11-10").move_id)
        self.assertWaits(None)

    def test_the_first_reason_counts(self):
        self.pay_online("pending", self.line.move_id)
        self.company.cobranca_statement_guard = "always"
        self.assertWaits("stale_statement")
        self.statement(318.0, "2026-11-18")
        self.assertWaits("probably_paid")

    # --- words ---

    def test_words(self):
        self.assertIsNone(self.explain())
        self.pay_online("pending", self.line.move_id, last_state_change="2026-11-24 11:12:00")
        self.assertEqual(self.explain(), "Cartão in progress since 08:12")
        self.company.cobranca_statement_guard = "auto"
        self.import_until("2026-11-05")
        self.assertEqual(self.explain(), "Last imported day: 05/11")
        self.post_lines(date(2026, 3, 2), [(self.customer, 1000.0, TODAY)], sign=-1)
        self.assertEqual(self.explain(), "R$\xa01,000.00 in the customer's favour not used yet")
        self.statement(318.0, "2026-11-17")
        self.assertEqual(self.explain(), "R$\xa0318.00 in the statement of 17/11 not matched")
        self.statement(318.0, "2026-11-18", payment_ref="Pix recebido")
        self.assertEqual(self.explain(), "Pix of R$\xa0318.00 on 18/11 not matched")

    # --- how it is read ---

    def test_nothing_is_written(self):
        self.statement(318.0, "2026-11-18")
        with self.env.cr.savepoint() as savepoint:
            self.env.cr.execute("SET TRANSACTION READ ONLY")  # until the savepoint is left
            self.assertWaits("probably_paid")
            self.assertTrue(self.explain())
            with self.assertRaises(psycopg2.errors.ReadOnlySqlTransaction), mute_logger("odoo.sql_db"):
                self.env.cr.execute("UPDATE res_partner SET name = name WHERE id = 0")
            savepoint.rollback()

    def test_it_goes_into_the_query_of_open_lines(self):
        self.statement(318.0, "2026-11-18")
        free = self.owe(44.0, "2026-11-10", partner=self.other)
        case = self.guard._get_wait_case(self.company, TODAY)
        found = self.env["account.move.line"]._cobranca_search_open_lines(
            self.company, TODAY, SQL("(%s) IS NULL", case), SQL("line.id = ANY(%s)", [self.line.id, free.id])
        )
        self.assertEqual(found, free)
