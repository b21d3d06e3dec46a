from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .bare_company import make_bare_company
from .snapshot_common import DAY, SnapshotCommon, write_worked_example

CRON = "cobranca_relatorios.ir_cron_cobranca_portfolio_take"


@freeze_time("2026-06-30 15:00:00")
class TestSnapshot(SnapshotCommon):
    """How positions are taken, and by whom."""

    # --- taking ---

    def test_the_same_again_changes_nothing(self):
        write_worked_example(self.ledger, *self.people)
        first = self.take()
        of_itself = ("id", "computed_at", "write_date", "create_date")
        names = [
            name
            for name, field in first._fields.items()
            if field.store and field.type != "one2many" and name not in of_itself
        ]
        before = first.read(names)
        again = self.take()
        self.assertEqual(again, first)
        self.assertEqual(again.read(names), before)
        self.assertEqual(len(again.band_ids), 14)
        self.assertEqual(len(again.roll_ids), 7)
        self.assertEqual(self.Snapshot.search_count([]), 1)

    def test_one_row_for_a_month(self):
        self.take()
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(Exception, "uniq_month"), self.env.cr.savepoint():
            self.env.cr.execute(
                "INSERT INTO cobranca_portfolio_snapshot (company_id, month, date) VALUES (%s, %s, %s)",
                [self.company.id, date(2026, 6, 1), DAY],
            )

    def test_a_later_payment_leaves_an_earlier_month_alone(self):
        title = self.ledger.invoice(self.customer, date(2026, 3, 1), date(2026, 3, 31), 100)
        april = self.take(date(2026, 4, 30))
        self.ledger.pay(title, date(2026, 6, 1), 100)
        self.assertEqual(self.take(date(2026, 4, 30)).amount_late, 100)
        self.assertEqual(self.take().amount_open, 0)
        self.assertEqual(april.amount_late_30, 0)

    def test_a_payment_of_the_past_counts_when_taken_anew(self):
        title = self.ledger.invoice(self.customer, date(2026, 3, 1), date(2026, 3, 31), 100)
        april = self.take(date(2026, 4, 30))
        self.ledger.pay(title, date(2026, 4, 15), 60)
        self.assertEqual(april.amount_open, 100)
        april.with_user(self.manager).action_recompute()
        self.assertEqual((april.amount_open, april.received, april.recovered), (40, 60, 60))

    def test_nothing_to_divide_by(self):
        position = self.take()
        self.assertEqual((position.amount_open, position.title_count, position.difference), (0, 0, 0))
        for name in ("rate_0", "title_rate_90", "dso", "dso_countback", "days_delinquent", "cei", "agreement_rate"):
            self.assertIsNone(position._get_figure(name), name)
        self.assertEqual(position._get_figure("amount_open"), 0)
        self.env.cr.execute("SELECT dso, cei FROM cobranca_portfolio_snapshot WHERE id = %s", [position.id])
        self.assertEqual(self.env.cr.fetchone(), (None, None))

    def test_credits_are_no_open_titles(self):
        self.ledger.invoice(self.customer, date(2026, 5, 1), date(2026, 5, 31), 100)
        self.ledger.payment(self.customer, date(2026, 6, 1), 30)
        position = self.take()
        self.assertEqual((position.amount_open, position.amount_credit, position.account_balance), (100, -30, 70))
        self.assertEqual((position.rate_0, position.difference, position.received), (100, 0, 0))

    def test_receivables_older_than_all_sales_have_no_count_back(self):
        self.ledger.invoice(self.customer, date(2021, 1, 1), date(2021, 1, 31), 100)
        position = self.take()
        self.assertIsNone(position._get_figure("dso_countback"))

    def test_no_day_to_come(self):
        with self.assertRaises(UserError):
            self.take(date(2026, 7, 1))

    def test_a_difference_is_shown(self):
        title = self.ledger.invoice(self.customer, date(2026, 5, 1), date(2026, 5, 31), 100)
        # What no entry explains: somebody wrote to the database.
        self.env.cr.execute("UPDATE account_move_line SET amount_residual = 90 WHERE id = %s", [title.line_id])
        self.assertEqual(self.take().difference, -10)

    # --- the job ---

    def test_months_that_are_missing(self):
        self.ledger.invoice(self.customer, date(2026, 2, 10), date(2026, 3, 1), 100)
        taken = self.Snapshot._take_months(self.company)
        self.assertEqual(taken.mapped("month"), [date(2026, month, 1) for month in range(2, 7)])
        self.assertEqual(taken.mapped("is_final"), [True] * 4 + [False])
        # Only the running month is taken again, and what changed since.
        self.assertEqual(self.Snapshot._take_months(self.company).mapped("month"), [date(2026, 6, 1)])
        self.ledger.invoice(self.customer, date(2026, 4, 10), date(2026, 5, 1), 50)
        months = self.Snapshot._take_months(self.company).mapped("month")
        self.assertEqual(months, [date(2026, month, 1) for month in (4, 5, 6)])

    def test_no_more_months_than_wanted(self):
        self.ledger.invoice(self.customer, date(2024, 2, 10), date(2024, 3, 1), 100)
        taken = self.Snapshot._take_months(self.company, months=3)
        self.assertEqual(taken.mapped("month"), [date(2026, month, 1) for month in (4, 5, 6)])

    def test_matching_of_the_past_is_noticed(self):
        title = self.ledger.invoice(self.customer, date(2026, 4, 1), date(2026, 4, 30), 100)
        credit = self.ledger.payment(self.customer, date(2026, 5, 4), 100)
        self.Snapshot._take_months(self.company)
        partial = self.ledger.match(title, credit, 100)
        query = "UPDATE account_partial_reconcile SET create_date = %s WHERE id = %s"
        self.env.cr.execute(query, [self.env.cr.now(), partial])
        months = self.Snapshot._take_months(self.company).mapped("month")
        self.assertEqual(months, [date(2026, 5, 1), date(2026, 6, 1)])

    def test_a_month_ends(self):
        self.ledger.invoice(self.customer, date(2026, 6, 1), date(2026, 6, 29), 100)
        position = self.take()
        with freeze_time("2026-07-01 15:00:00"):
            taken = self.Snapshot._take_months(self.company)
        self.assertEqual(taken.mapped("month"), [date(2026, 6, 1), date(2026, 7, 1)])
        self.assertEqual((taken[0].id, position.is_final), (position.id, True))

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()

    def test_job_takes_all_companies(self):
        company, ledger = make_bare_company(self.env, self.supervisor)
        ledger.invoice(self.customer, date(2026, 5, 1), date(2026, 5, 31), 70)
        self.ledger.invoice(self.customer, date(2026, 6, 1), date(2026, 6, 10), 30)
        self.run_cron()
        found = {(row.company_id, row.month): row.amount_open for row in self.Snapshot.search([])}
        may, june = date(2026, 5, 1), date(2026, 6, 1)
        self.assertEqual(found, {(company, may): 70, (company, june): 70, (self.company, june): 30})

    def test_one_month_that_fails_does_not_stop_the_others(self):
        self.ledger.invoice(self.customer, date(2026, 4, 1), date(2026, 4, 10), 30)
        Snapshot, take = type(self.Snapshot), type(self.Snapshot)._take

        def fail_in_may(model, company, day):
            if day.month == 5:
                raise ValueError("Broken")
            return take(model, company, day)

        with (
            patch.object(Snapshot, "_take", fail_in_may),
            mute_logger("odoo.addons.cobranca_relatorios.models.cobranca_portfolio_taking"),
        ):
            self.run_cron()
        months = self.Snapshot.search([], order="month").mapped("month")
        self.assertEqual(months, [date(2026, 4, 1), date(2026, 6, 1)])

    def test_two_jobs_do_not_do_the_same(self):
        self.ledger.invoice(self.customer, date(2026, 6, 1), date(2026, 6, 10), 30)
        with self.other_transaction() as cursor:
            locked = self.Snapshot.with_env(self.env(cr=cursor))._lock_company(self.company)
            self.assertTrue(locked)
            self.assertFalse(self.Snapshot._lock_company(self.company))
            wait, taken = type(self.Snapshot)._wait_for_company, []

            def wait_until_it_ends(model, company):
                taken.append(len(model.search([])))
                cursor.rollback()
                return wait(model, company)

            with patch.object(type(self.Snapshot), "_wait_for_company", wait_until_it_ends):
                self.run_cron()
        self.assertEqual(taken, [0], "What another job is at is passed over first.")
        self.assertTrue(self.Snapshot.search([]))

    # --- rights ---

    def test_who_reads(self):
        position = self.take()
        for model in ("cobranca.portfolio.snapshot", "cobranca.portfolio.band", "cobranca.portfolio.roll"):
            self.assertFalse(self.env[model].with_user(self.collector).has_access("read"), model)
            for user in (self.supervisor, self.manager):
                self.assertTrue(self.env[model].with_user(user).has_access("read"), model)
                for operation in ("create", "write", "unlink"):
                    self.assertFalse(self.env[model].with_user(user).has_access(operation), (model, operation))
        with self.assertRaises(AccessError):
            position.action_recompute()
        with self.assertRaises(AccessError):
            position.with_user(self.collector).action_recompute()

    def test_companies_are_apart(self):
        company, ledger = make_bare_company(self.env, self.supervisor)
        ledger.invoice(self.customer, date(2026, 6, 1), date(2026, 6, 10), 70)
        self.ledger.invoice(self.customer, date(2026, 6, 1), date(2026, 6, 10), 30)
        own, other = self.take(), self.take(company=company)
        self.assertEqual((own.amount_open, other.amount_open), (30, 70))
        self.supervisor.company_ids = self.company
        for name in ("snapshot", "band", "roll"):
            rows = self.env[f"cobranca.portfolio.{name}"].with_user(self.supervisor).search([])
            self.assertEqual(rows.company_id, self.company, name)
        with self.assertRaises(AccessError):
            other.with_user(self.supervisor).read(["amount_open"])
