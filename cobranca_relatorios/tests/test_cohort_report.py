from datetime import date
from decimal import Decimal

from freezegun import freeze_time
from lxml import html

from ..tools.heat import TEXT, contrast
from .test_payment_report import WorkedLedger

APRIL = date(2026, 4, 1)


@freeze_time("2026-06-30 15:00:00")
class TestCohortReport(WorkedLedger):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Report = cls.env["cobranca.cohort.report"].with_user(cls.supervisor)
        cls.Page = cls.env["cobranca.cohort.page"].with_user(cls.supervisor)

    def rates(self, month):
        self.env.invalidate_all()
        return {row.days: round(row.rate, 2) for row in self.Report.search([("month", "=", month)])}

    def test_what_was_open_after_so_many_days(self):
        self.assertEqual(self.rates(APRIL), {0: 47.37, 15: 47.37, 30: 47.37, 60: 26.32})

    def test_months_that_are_not_that_old_have_no_figure(self):
        self.assertEqual(self.rates(date(2026, 5, 1)), {0: 100.0, 15: 44.44, 30: 44.44})
        self.assertEqual(self.rates(date(2026, 6, 1)), {0: 100.0})
        self.assertEqual(self.rates(date(2026, 7, 1)), {})

    def test_the_running_month_has_what_fell_due_so_far(self):
        with freeze_time("2026-06-20 15:00:00"):
            self.assertEqual(self.rates(date(2026, 6, 1)), {})
            self.ledger.invoice(self.customer, date(2026, 6, 1), date(2026, 6, 10), 50)
            row = self.Report.search([("month", "=", date(2026, 6, 1))])
            self.assertEqual((row.days, row.amount_due, row.is_running), (0, 50, True))
        self.assertEqual(self.Report.search([("is_running", "=", True)]), self.Report)

    def test_groups_are_ratios_of_sums(self):
        rows = self.Report._read_group([("days", "=", 0), ("month", ">=", APRIL)], [], ["rate:avg"])
        self.assertAlmostEqual(rows[0][0], 100 * (900 + 1800 + 800) / (1900 + 1800 + 800), places=2)

    def test_a_figure_opens_its_debts(self):
        row = self.Report.search([("month", "=", APRIL), ("days", "=", 60)])
        self.assertEqual(row.line_ids.ids, [self.titles["F4"].line_id])
        self.assertEqual(row.action_open_lines()["domain"], [("id", "in", [self.titles["F4"].line_id])])

    def test_an_agreement_cures_no_delay(self):
        _agreement, items = self.ledger.agree([self.titles["F4"]], date(2026, 5, 10), [(date(2026, 6, 5), 600)])
        self.assertEqual(self.rates(APRIL)[60], 26.32)
        self.assertEqual(self.rates(date(2026, 6, 1)), {0: 100.0})
        # Half of its only installment is half of the debt.
        self.ledger.pay(items[0], date(2026, 6, 29), 300)
        self.assertEqual(self.rates(APRIL)[60], round(100 * 250 / 1900, 2))

    def test_heat_map_rows(self):
        rows = self.Page._get_heat_map(self.company, months=4)
        self.assertEqual([row["month"].month for row in rows], [3, 4, 5, 6])
        self.assertEqual([row["is_running"] for row in rows], [False, False, False, True])
        april = rows[1]
        self.assertEqual(april["label"], "Apr/26")
        self.assertEqual([cell["text"] for cell in april["cells"]], ["47.4", "47.4", "47.4", "26.3", "·", "·"])
        self.assertEqual(Decimal(str(april["amount_due"])), 1900)
        # Darker is worse: of the first column March is the worst with May and June, April the best.
        shades = [row["cells"][0]["shade"] for row in rows]
        self.assertEqual(shades[0], shades[2])
        self.assertNotEqual(shades[0], shades[1])
        for row in rows:
            for cell in row["cells"]:
                self.assertEqual(cell["url"] is None, cell["rate"] is None)
                self.assertTrue(cell["shade"] is None or contrast(cell["shade"], TEXT) >= 4.5)

    def test_months_without_debts_are_shown_empty(self):
        [row] = self.Page._get_heat_map(self.company, months=12)[:1]
        self.assertEqual({cell["text"] for cell in row["cells"]}, {"·"})

    def test_the_page_links_each_figure(self):
        action = self.Page.action_open()
        page = self.Page.browse(action["res_id"])
        tree = html.fromstring(str(page.heat_html))
        links = {link.text_content(): link.get("href") for link in tree.xpath("//tbody//a")}
        row = self.Report.search([("month", "=", APRIL), ("days", "=", 60)])
        self.assertEqual(links["26.3"], f"/odoo/safra/{row.id}")
        self.assertEqual(row.exists().days, 60)
        self.assertFalse(tree.xpath("//script"))
