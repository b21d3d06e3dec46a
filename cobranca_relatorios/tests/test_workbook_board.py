from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError

from .workbook_common import WorkbookCommon


@freeze_time("2026-06-30 15:00:00")
class TestWorkbookBoard(WorkbookCommon):
    """Board pack, rates of delay and the one-page summary stand on the monthly positions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.write_ledger(cls)

    def test_board_pack(self):
        content = self.make("board")
        book = self.open(content)
        words = ["In words"] if "In words" in book.sheetnames else []
        self.assertEqual(book.sheetnames, ["Figures", *words, "Months", "Delay", "Rolls", "Due months", "Definitions"])
        for sheet in book:
            self.assert_table(sheet)
        self.assertEqual(self.assert_totals(content), 3 + 2)
        self.assertEqual([len(book[name]._charts) for name in ("Months", "Delay")], [1, 1])
        figures = {row["Figure"]: row for row in self.rows(book["Figures"])}
        snapshot = self.env["cobranca.portfolio.snapshot"].search(
            [("company_id", "=", self.company.id), ("month", "=", "2026-06-01")]
        )
        self.assertEqual(figures["Late"]["This month"], 100.1 + 150.15 + 1000)
        self.assertAlmostEqual(figures["DSO (days)"]["This month"], snapshot.dso, 2)
        self.assertAlmostEqual(figures["CEI (%)"]["This month"], snapshot.cei / 100, 4)
        self.assertEqual(figures["Late"]["Month before"], 200.2 + 1000)
        self.assertEqual(figures["Late"]["Change"], "+4.2 %")

    def test_months_are_those_of_the_positions(self):
        rows = self.rows(self.open(self.make("board"))["Months"])
        self.assertEqual((len(rows), rows[-1]["Month"], rows[-1]["As of"]), (13, "06/2026", datetime(2026, 6, 30)))
        self.assertEqual(rows[-2]["Open"], 1200.2)

    def test_an_older_month(self):
        book = self.open(self.make("board", day="2026-05-31"))
        rows = self.rows(book["Months"])
        self.assertEqual(rows[-1]["Month"], "05/2026")
        self.assertEqual({row["Delay"]: row["Open"] for row in self.rows(book["Delay"])}["Over 360 days"], 1000)

    def test_what_a_month_does_not_have_is_empty(self):
        [row] = [
            row
            for row in self.rows(self.open(self.make("board"))["Figures"])
            if row["Figure"].startswith("Agreements on time")
        ]
        self.assertIsNone(row["This month"])

    def test_rates_of_delay(self):
        content = self.make("delinquency")
        book = self.open(content)
        self.assertEqual(book.sheetnames, ["By amount", "By titles", "In days", "Due months", "Rolls", "Definitions"])
        for sheet in book:
            self.assert_table(sheet)
        self.assertEqual([len(book[name]._charts) for name in book.sheetnames], [1, 1, 1, 1, 0, 0])
        last = self.rows(book["By amount"])[-1]
        self.assertAlmostEqual(last["Late (%)"], (100.1 + 150.15 + 1000) / 1550.55, 4)
        self.assertAlmostEqual(last["Late over 30 days (%)"], 1150.15 / 1550.55, 4)
        rolls = {row["From"]: row for row in self.rows(book["Rolls"])}
        self.assertAlmostEqual(rolls["1–30 days"]["31–60 days"], 150.15 / 200.2, 4)
        self.assertAlmostEqual(rolls["1–30 days"]["Paid or settled"], 50.05 / 200.2, 4)

    def test_goals_and_sentences_have_their_place(self):
        kpi = self.env["cobranca.kpi"]
        kpi._give(self.company)
        kpi.search([("company_id", "=", self.company.id), ("code", "=", "late_amount")]).goal = 500
        book = self.open(self.make("board"))
        self.assertEqual([row["Goal"] for row in self.rows(book["Figures"])][0], 500)
        said = self.env["cobranca.insight"].search([("company_id", "=", self.company.id)]).mapped("text")
        self.assertTrue(said)
        self.assertEqual([row["What is worth saying"] for row in self.rows(book["In words"])], said)
        [page] = self.get_pages()
        self.assertEqual((page["sentences"], page["said_on"]), (said, "30/06/2026"))
        self.assertEqual((page["figures"][0]["goal"][-6:], page["figures"][0]["is_met"]), ("500.00", False))
        self.assertNotIn("In words", self.open(self.make("board", day="2026-03-31")).sheetnames)

    def test_due_months(self):
        rows = {row["Due in"]: row for row in self.rows(self.open(self.make("delinquency"))["Due months"])}
        self.assertEqual((rows["05/2026"]["Fell due"], rows["05/2026"]["D+0"]), (200.2, 1))
        self.assertAlmostEqual(rows["05/2026"]["D+30"], 200.2 / 200.2, 4)
        self.assertEqual(rows["06/2026"]["Fell due"], 100.1)
        past = {row["Due in"]: row for row in self.rows(self.open(self.make("board", day="2026-06-15"))["Due months"])}
        self.assertEqual((past["05/2026"]["D+15"], past["05/2026"]["D+30"]), (1, None))
        self.assertNotIn("06/2026", past)

    def test_who_may_not_read_the_book(self):
        for kind in ("board", "delinquency", "summary"):
            with self.assertRaises(AccessError):
                self.make(kind, self.collector)

    # --- the page ---

    def get_pages(self):
        Figures = self.env["cobranca.report.figures"].with_user(self.supervisor)
        snapshots = Figures._get_snapshots(self.company, date(2026, 6, 30))
        Page = self.env["report.cobranca_relatorios.report_summary"].with_user(self.supervisor)
        return Page._get_report_values(snapshots[-1:].ids)["pages"]

    def test_page_says_the_six_figures(self):
        [page] = self.get_pages()
        self.assertEqual(len(page["figures"]), 6)
        late = page["figures"][0]
        self.assertEqual((late["label"], late["trend"], late["mood"]), ("Late", "+4.2%".replace("%", " %"), "bad"))
        self.assertEqual([bar["width"] for bar in page["bands"] if bar["label"] == "Over 360 days"], [100])
        self.assertEqual(len(page["months"]), 13)
        self.assertEqual(page["figures"][5]["value"], "–")

    def test_page_is_rendered(self):
        snapshots = self.env["cobranca.report.figures"]._get_snapshots(self.company, date(2026, 6, 30))
        Report = self.env["ir.actions.report"].with_user(self.supervisor)
        html, _kind = Report._render_qweb_html("cobranca_relatorios.report_summary", snapshots[-1:].ids)
        text = html.decode()
        for piece in ("Receivables in one page", "June 2026", "Over 360 days", "since the month before", "DSO (days)"):
            self.assertIn(piece, text)
        with self.assertRaises(AccessError):
            Report.with_user(self.collector)._render_qweb_html("cobranca_relatorios.report_summary", snapshots[-1:].ids)
