from datetime import date

from freezegun import freeze_time

from .common import ReportCommon
from .work_writer import WorkWriter


@freeze_time("2026-06-30 15:00:00")
class TestRetentionReport(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Report = cls.env["cobranca.retention.report"].with_user(cls.supervisor)

    def recover(self, partner, paid_on=date(2026, 1, 31), due=date(2026, 1, 1), amount=100):
        title = self.ledger.invoice(partner, date(2025, 12, 1), due, amount)
        self.ledger.pay(title, paid_on, amount)
        return title

    def contract(self, start, end=None, state="active"):
        contract = self.make_contract(activate=False)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cobranca_contract SET state = %s, date_start = %s, date_end = %s WHERE id = %s",
            [state, start, end, contract.id],
        )
        self.env.invalidate_all()

    def counts(self):
        self.env.invalidate_all()
        row = self.Report.search([])
        return row.judged_90_count, row.active_90_count, row.judged_180_count, row.active_180_count

    def test_from_thirty_days_late_on(self):
        self.recover(self.customer)
        self.recover(self.other_customer, paid_on=date(2026, 1, 30))
        self.assertEqual(self.Report.search([]).partner_id, self.customer)

    def test_a_part_recovers_nobody(self):
        title = self.ledger.invoice(self.customer, date(2025, 12, 1), date(2026, 1, 1), 100)
        self.ledger.pay(title, date(2026, 2, 10), 99)
        self.assertFalse(self.Report.search([]))
        self.ledger.pay(title, date(2026, 3, 10), 1)
        row = self.Report.search([])
        self.assertEqual((row.recovered_on, row.amount), (date(2026, 3, 10), 100))

    def test_what_an_agreement_closed_is_not_paid(self):
        title = self.ledger.invoice(self.customer, date(2025, 12, 1), date(2026, 1, 1), 100)
        self.ledger.pay(title, date(2026, 2, 10), 60)
        agreement, _items = self.ledger.agree([title], date(2026, 2, 20), [(date(2026, 3, 1), 40)])
        self.assertFalse(self.Report.search([]))
        WorkWriter(self.ledger).set_agreement(agreement, state="paid", paid_on=date(2026, 3, 1))
        row = self.Report.search([])
        self.assertEqual((row.recovered_on, row.is_agreement), (date(2026, 3, 1), True))

    def test_what_was_paid_for_a_broken_agreement_counts_once(self):
        title = self.ledger.invoice(self.customer, date(2025, 12, 1), date(2026, 1, 1), 100)
        dues = [(date(2026, 1, 10), 100), (date(2026, 2, 10), 20)]
        agreement, items = self.ledger.agree([title], date(2026, 1, 5), dues)
        self.ledger.pay(items[0], date(2026, 3, 1), 100)
        work = WorkWriter(self.ledger)
        work.end_agreement(agreement, items, date(2026, 4, 1))
        work.impute(title, date(2026, 3, 1), date(2026, 4, 1), 100)
        row = self.Report.search([])
        self.assertEqual((row.recovered_on, row.amount), (date(2026, 3, 1), 100))

    def test_a_later_invoice_is_a_sign_of_life(self):
        self.recover(self.customer)
        self.ledger.invoice(self.customer, date(2026, 5, 1), date(2026, 5, 10), 10)
        # The 90th day after 31 January is 1 May.
        self.assertEqual(self.counts(), (1, 0, 0, 0))
        self.ledger.invoice(self.customer, date(2026, 5, 2), date(2026, 5, 10), 10)
        self.assertEqual(self.counts(), (1, 1, 0, 0))

    def test_the_document_of_an_agreement_is_none(self):
        self.recover(self.customer)
        title = self.ledger.invoice(self.customer, date(2026, 3, 1), date(2026, 3, 10), 10)
        self.ledger.agree([title], date(2026, 6, 1), [(date(2026, 6, 10), 10)])
        self.assertEqual(self.counts(), (1, 0, 0, 0))

    def test_a_contract_of_that_day_is_another(self):
        self.recover(self.customer)
        self.contract(date(2025, 1, 1), date(2026, 5, 1), "closed")
        self.assertEqual(self.counts(), (1, 1, 0, 0))

    def test_a_contract_that_ended_before_is_none(self):
        self.recover(self.customer)
        self.contract(date(2025, 1, 1), date(2026, 4, 30), "closed")
        self.contract(date(2025, 1, 1), None, "cancelled")
        row = self.Report.search([])
        self.assertEqual(self.counts(), (1, 0, 0, 0))
        self.assertEqual(row.churned_on, date(2026, 4, 30))

    def test_only_when_the_days_have_passed(self):
        self.recover(self.customer, paid_on=date(2026, 4, 2))
        self.assertEqual(self.counts(), (0, 0, 0, 0))
        self.assertFalse(self.Report.search([]).churned_on)
        with freeze_time("2026-07-01 15:00:00"):
            self.assertEqual(self.counts(), (1, 0, 0, 0))

    def test_lost_after_half_a_year(self):
        self.recover(self.customer, paid_on=date(2025, 12, 1), due=date(2025, 10, 1))
        self.contract(date(2025, 1, 1), date(2026, 4, 1), "closed")
        self.assertEqual(self.counts(), (1, 1, 1, 0))
        self.assertEqual(self.Report.search([]).churned_on, date(2026, 4, 1))

    def test_shares_count_those_whose_days_have_passed(self):
        self.recover(self.customer)
        self.ledger.invoice(self.customer, date(2026, 6, 2), date(2026, 6, 10), 10)
        self.recover(self.other_customer)
        self.recover(self.third_customer, paid_on=date(2026, 6, 2))
        [values] = self.Report._read_group([], [], ["recovered_count:sum", "judged_90_count:sum", "active_90_rate:avg"])
        self.assertEqual(values, (3, 2, 50))

    def test_once_a_month(self):
        self.recover(self.customer, paid_on=date(2026, 2, 3))
        self.recover(self.customer, paid_on=date(2026, 2, 20), amount=30)
        self.recover(self.customer, paid_on=date(2026, 3, 2))
        rows = self.Report.search([], order="recovered_on")
        self.assertEqual(rows.mapped("recovered_on"), [date(2026, 2, 20), date(2026, 3, 2)])
        self.assertEqual(rows.mapped("amount"), [130, 100])
