from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError

from .workbook_common import WorkbookCommon


@freeze_time("2026-06-30 15:00:00")
class TestWorkbookForecast(WorkbookCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cobranca.contract"].search([("state", "=", "active")]).state = "draft"
        for month in range(1, 6):
            title = cls.ledger.invoice(cls.customer, date(2026, month, 1), date(2026, month, 10), 100)
            cls.ledger.pay(title, date(2026, month, 10) + timedelta(days=2), 100)
        cls.ledger.invoice(cls.customer, date(2026, 6, 20), date(2026, 7, 10), 1000)
        cls.ledger.invoice(cls.other_customer, date(2026, 6, 20), date(2026, 7, 20), 700)

    def test_weeks_customers_and_checks(self):
        self.env["cobranca.cash.forecast"]._refresh(self.company)
        content = self.make("forecast")
        book = self.open(content)
        self.assertEqual(book.sheetnames, ["Weeks", "Customers", "Checks", "Definitions"])
        for sheet in book:
            self.assert_table(sheet)
        self.assert_totals(content)
        weeks = self.rows(book["Weeks"])
        self.assertEqual((len(weeks), weeks[0]["Week of"]), (13, datetime(2026, 6, 29)))
        self.assertEqual(sum(week["Falls due"] for week in weeks), 1700)
        [forecast] = self.env["cobranca.cash.forecast"].search([("company_id", "=", self.company.id)])
        self.assertGreater(forecast.amount_expected, 0)
        self.assertAlmostEqual(sum(week["Expected"] for week in weeks), forecast.amount_expected, 2)
        customers = self.rows(book["Customers"])
        self.assertAlmostEqual(sum(row["Expected"] for row in customers), forecast.amount_expected, 2)
        self.assertEqual(customers[0]["Customer"], "Ana Lindoso")
        self.assertEqual(len(self.rows(book["Checks"])), len(forecast.test_ids))
        self.assertEqual(len(book["Weeks"]._charts), 1)
        self.assertIn("30/06/2026", book["Weeks"]["A3"].value)
        self.assertIn("Forecast", self.open(self.make("board")).sheetnames)
        self.assertNotIn("Forecast", self.open(self.make("board", day="2026-03-31")).sheetnames)

    def test_before_the_first_forecast(self):
        book = self.open(self.make("forecast"))
        self.assertEqual((self.rows(book["Weeks"]), book["Weeks"]["A3"].value), ([], "No forecast was computed yet"))

    def test_who_may_not_read_the_book(self):
        with self.assertRaises(AccessError):
            self.make("forecast", self.collector)
