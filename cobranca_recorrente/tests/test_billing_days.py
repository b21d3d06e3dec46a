from odoo.tests import freeze_time, tagged

from .billing_common import BillingCommon


@tagged("post_install", "-at_install")
class TestBillingDays(BillingCommon):
    """A contract is billed from the first moment of the company's day, not of the server's."""

    def assert_billed_between(self, day, before, after):
        """:param before, after: moments in UTC around the begin of the day"""
        contract = self.contract(start=day, billing_day=0, due_day=int(day[-2:]), issue_lead_days=0)
        self.assertEqual(f"{contract.next_issue_date}", day)
        with freeze_time(before):
            self.run_cron()
            self.assertFalse(contract.period_ids, before)
        with freeze_time(after):
            self.run_cron()
            self.assertEqual(len(contract.period_ids), 1, after)
            self.assertEqual(f"{contract.period_ids.move_id.invoice_date}", day)

    def test_midnight_of_utc_is_three_hours_early(self):
        self.assert_billed_between("2026-03-01", "2026-03-01 00:00:00", "2026-03-01 03:00:00")
        self.assert_billed_between("2026-03-02", "2026-03-02 02:59:59", "2026-03-02 03:00:00")

    def test_day_without_midnight(self):
        """On 4 November 2018 clocks went from 23:59 to 01:00."""
        self.assert_billed_between("2018-11-04", "2018-11-04 02:59:59", "2018-11-04 03:00:00")
        self.assert_billed_between("2018-11-05", "2018-11-05 01:59:59", "2018-11-05 02:00:00")

    def test_day_after_the_longest(self):
        """On 16 February 2019 the hour before midnight came twice."""
        self.assert_billed_between("2019-02-16", "2019-02-16 01:59:59", "2019-02-16 02:00:00")
        self.assert_billed_between("2019-02-17", "2019-02-17 02:30:00", "2019-02-17 03:00:00")

    def test_bound_of_a_day_without_midnight(self):
        """What was billed on the day before does not count."""
        self.company.cobranca_max_run_invoices = 1
        first = self.contract(start="2018-11-03", due_day=3, billing_day=0, issue_lead_days=0)
        with freeze_time("2018-11-04 02:00:00"):
            self.run_cron()
        self.assertEqual(len(first.period_ids), 1)
        self.env.flush_all()
        self.env.cr.execute("UPDATE cobranca_contract_period SET create_date = '2018-11-04 02:00:00'")
        with freeze_time("2018-11-04 03:30:00"):
            self.assertEqual(self.billing._get_billed_today(self.company)[0], 0)
        with freeze_time("2018-11-04 02:30:00"):
            self.assertEqual(self.billing._get_billed_today(self.company)[0], 1)

    def test_companies_have_days_of_their_own(self):
        self.company.cobranca_tz = "Pacific/Auckland"
        self.assert_billed_between("2026-03-01", "2026-02-28 10:59:59", "2026-02-28 11:00:00")
