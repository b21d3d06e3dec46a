from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError

from .workbook_common import HEADS, WorkbookCommon

MONEY = "[$R$-416] #,##0.00;[Red]-[$R$-416] #,##0.00"


@freeze_time("2026-06-30 15:00:00")
class TestWorkbookAging(WorkbookCommon):
    def setUp(self):
        super().setUp()
        self.write_ledger()

    def test_sheets_and_totals(self):
        content = self.make("aging")
        book = self.open(content)
        self.assertEqual(book.sheetnames, ["Summary", "Customers", "Titles", "Definitions"])
        for sheet in book:
            self.assert_table(sheet)
        self.assertEqual(self.assert_totals(content), 2 + 10 + 2)
        self.assertEqual(sum(row["Open"] for row in self.rows(book["Titles"])), 100.1 + 150.15 + 1000 + 300.3 - 25.25)

    def test_summary_has_its_bands_and_its_chart(self):
        sheet = self.open(self.make("aging"))["Summary"]
        found = {row["Delay"]: (row["Open"], row["Titles"], row["Customers"]) for row in self.rows(sheet)}
        self.assertEqual(len(found), 7)
        self.assertEqual(found["Not due"], (300.3, 1, 1))
        self.assertEqual(found["1–30 days"], (100.1 - 25.25, 2, 2))
        self.assertEqual(found["31–60 days"], (150.15, 1, 1))
        self.assertEqual(found["Over 360 days"], (1000, 1, 1))
        [chart] = sheet._charts
        [series, _original] = chart.series
        self.assertEqual(series.val.numRef.f, f"Summary!$B${HEADS + 1}:$B${HEADS + 7}")
        self.assertEqual(float(series.val.numRef.numCache.pt[0].v), 300.3)

    def test_cells_are_typed(self):
        sheet = self.open(self.make("aging"))["Titles"]
        [row] = [row for row in self.rows(sheet) if row["Customer"] == "Ana Lindoso" and row["Days late"] == 45]
        self.assertEqual(row["Due date"], datetime(2026, 5, 16))
        self.assertEqual(row["Open"], 150.15)
        self.assertIsInstance(row["Invoice"], str)
        self.assertEqual(row["CPF or CNPJ"], self.customer.cobranca_masked_document)
        self.assertNotIn("529.982", row["CPF or CNPJ"])
        formats = {cell.value: sheet.cell(HEADS + 1, cell.column).number_format for cell in sheet[HEADS]}
        self.assertEqual((formats["Due date"], formats["Open"], formats["Days late"]), ("dd/mm/yyyy", MONEY, "#,##0"))

    def test_customers_are_the_sum_of_their_bands(self):
        rows = self.rows(self.open(self.make("aging"))["Customers"])
        self.assertEqual(rows[0]["Customer"], "Bruno Prado")
        self.assertEqual((rows[0]["Late"], rows[0]["Longest delay (days)"]), (1000, 400))
        bands = [label for _key, label in self.env["cobranca.aging.report"]._fields["band"].selection]
        for row in rows:
            self.assertAlmostEqual(sum(row[band] for band in bands), row["Open"], 2)

    def test_a_day_of_the_past(self):
        book = self.open(self.make("aging", day="2026-06-19"))
        self.assertIn("19/06/2026", book["Titles"]["A3"].value)
        [row] = [row for row in self.rows(book["Titles"]) if row["Due date"] == datetime(2026, 5, 16)]
        self.assertEqual((row["Open"], row["Days late"]), (200.2, 34))

    def test_filters(self):
        rows = self.rows(self.open(self.make("aging", late_only=True))["Titles"])
        self.assertEqual(sorted(row["Days late"] for row in rows), [1, 45, 400])
        segment = self.env["cobranca.payer.segment"].search([], limit=1)
        behavior = {"company_id": self.company.id, "partner_id": self.customer.id, "segment_id": segment.id}
        self.env["cobranca.behavior"].search([("partner_id", "=", self.customer.id)]).unlink()
        self.env["cobranca.behavior"].create(behavior)
        book = self.open(self.make("aging", segment_id=segment.id))
        self.assertEqual({row["Customer"] for row in self.rows(book["Titles"])}, {"Ana Lindoso"})
        self.assertIn(segment.name, book["Titles"]["A3"].value)

    def test_nothing_open(self):
        book = self.open(self.make("aging", day="2020-01-31"))
        self.assertEqual(self.open(self.make("aging", day="2020-01-31"))["Titles"].max_row, HEADS)
        self.assertEqual([row["Open"] for row in self.rows(book["Summary"])], [0] * 7)

    def test_definitions_say_what_columns_mean(self):
        rows = self.rows(self.open(self.make("aging"))["Definitions"])
        known = {(row["Sheet"], row["Column"]) for row in rows}
        self.assertTrue({("Summary", "Open"), ("Titles", "Original due date"), ("Customers", "Late")} <= known)
        self.assertTrue(all(row["Definition"] for row in rows))

    def test_who_may_not_read_the_book_gets_no_workbook(self):
        with self.assertRaises(AccessError):
            self.make("aging", self.collector)

    def test_another_company_is_not_in_it(self):
        company = self.env["res.company"].create({"name": "Outra Empresa"})
        self.supervisor.company_ids |= company
        choice = self.choose("aging", company_id=company.id)
        self.assertEqual(self.rows(self.open(choice._get_maker()._make(choice))["Titles"]), [])
        self.supervisor.company_ids -= company
        with self.assertRaises(AccessError):
            choice._get_maker()._make(choice)
