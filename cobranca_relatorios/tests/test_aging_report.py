from datetime import date
from decimal import Decimal

from freezegun import freeze_time

from .common import ReportCommon


@freeze_time("2026-06-30 15:00:00")
class TestAgingReport(ReportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Report = cls.env["cobranca.aging.report"].with_user(cls.supervisor)

    def by(self, field, day=None, measure="amount_open"):
        report = self.Report._as_of(day)
        return {
            key: Decimal(str(round(amount, 2))) for key, amount in report._read_group([], [field], [f"{measure}:sum"])
        }

    def test_what_is_due_today_is_not_late(self):
        self.ledger.invoice(self.customer, date(2026, 6, 1), date(2026, 6, 30), 100)
        self.ledger.invoice(self.customer, date(2026, 6, 1), date(2026, 6, 29), 40)
        self.assertEqual(self.by("band"), {"0": 100, "1": 40})
        self.assertEqual(self.by("band", measure="amount_late"), {"0": 0, "1": 40})

    def test_a_day_of_the_past_knows_nothing_of_later_payments(self):
        title = self.ledger.invoice(self.customer, date(2026, 3, 1), date(2026, 3, 31), 1000)
        self.ledger.pay(title, date(2026, 4, 15), 300)
        self.ledger.pay(title, date(2026, 6, 10), 700)
        self.assertEqual(self.by("band"), {})
        self.assertEqual(self.by("band", date(2026, 6, 9)), {"3": 700})
        self.assertEqual(self.by("band", date(2026, 4, 14)), {"1": 1000})
        self.assertEqual(self.by("band", date(2026, 2, 28)), {})

    def test_an_agreement_does_not_cure_the_delay(self):
        old = self.ledger.invoice(self.customer, date(2026, 1, 1), date(2026, 1, 31), 100)
        newer = self.ledger.invoice(self.customer, date(2026, 5, 1), date(2026, 5, 20), 200)
        self.ledger.agree([old, newer], date(2026, 6, 20), [(date(2026, 6, 25), 100), (date(2026, 7, 25), 200.01)])
        self.assertEqual(self.by("band"), {"1": 100, "0": Decimal("200.01")})
        # A third of each installment stands for the first debt.
        self.assertEqual(self.by("original_band"), {"4": Decimal("100.00"), "2": Decimal("200.01")})
        self.assertEqual(sum(self.by("original_band").values()), Decimal("300.01"))

    def test_the_second_agreement_goes_back_to_the_first_debts(self):
        old = self.ledger.invoice(self.customer, date(2026, 1, 1), date(2026, 1, 31), 90)
        _agreement, installments = self.ledger.agree([old], date(2026, 4, 1), [(date(2026, 4, 10), 90)])
        self.ledger.agree(installments, date(2026, 6, 1), [(date(2026, 7, 10), 90)])
        self.assertEqual(self.by("band"), {"0": 90})
        self.assertEqual(self.by("original_band"), {"4": 90})

    def test_credits_are_below_zero(self):
        self.ledger.payment(self.customer, date(2026, 6, 1), 25)
        [row] = self.Report.search([])
        self.assertEqual((row.amount_open, row.is_credit, row.partner_id), (-25, True, self.customer))

    def test_each_company_sees_its_own(self):
        company, ledger = self.make_second_company()
        ledger.invoice(self.customer, date(2026, 6, 1), date(2026, 6, 10), 70)
        self.ledger.invoice(self.customer, date(2026, 6, 1), date(2026, 6, 10), 30)
        self.Report = self.Report.with_context(allowed_company_ids=self.company.ids)
        self.assertEqual(self.by("band"), {"1": 30})
        both = self.Report.with_context(allowed_company_ids=[self.company.id, company.id])
        self.assertEqual(both._read_group([], [], ["amount_open:sum"]), [(100,)])

    def test_collectors_do_not_read_the_whole_book(self):
        self.assertFalse(self.env["cobranca.aging.report"].with_user(self.collector).has_access("read"))
