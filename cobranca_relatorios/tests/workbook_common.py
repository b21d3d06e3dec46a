import io
from datetime import date

import openpyxl

from .common import ReportCommon

# Rows above the heads of columns, as people count them.
HEADS = 6


class WorkbookCommon(ReportCommon):
    """Makes workbooks as the supervisor and reads them as a spreadsheet does."""

    def choose(self, kind, user=None, **values):
        """A filled export window."""
        Export = self.env["cobranca.report.export"].with_user(user or self.supervisor)
        return Export.create({"kind": kind, "company_id": self.company.id, **values})

    def make(self, kind, user=None, **values):
        """:return: bytes of the file"""
        choice = self.choose(kind, user, **values)
        return choice._get_maker()._make(choice)

    def open(self, content, cached=True):
        """:param bool cached: values as they were written beside formulas; else the formulas"""
        return openpyxl.load_workbook(io.BytesIO(content), data_only=cached)

    def rows(self, sheet):
        """{head: value} of each row between the heads and the totals."""
        heads = [cell.value for cell in sheet[HEADS]]
        last = sheet.auto_filter.ref.split(":")[1].strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        found = sheet.iter_rows(min_row=HEADS + 1, max_row=int(last), values_only=True)
        return [dict(zip(heads, row, strict=True)) for row in found if any(value is not None for value in row)]

    def assert_table(self, sheet):
        """What every table of ours has: heads that stay, a filter over all rows, widths, a heading."""
        self.assertEqual(sheet.freeze_panes, f"B{HEADS + 1}", sheet.title)
        self.assertTrue(sheet.auto_filter.ref.startswith(f"A{HEADS}:"), sheet.title)
        self.assertTrue(all(cell.value for cell in sheet[HEADS]), sheet.title)
        self.assertTrue(all(cell.font.bold for cell in sheet[HEADS]), sheet.title)
        self.assertIn(self.company.name, sheet["A2"].value)
        self.assertIn(str(self.supervisor.name), sheet["A4"].value)
        self.assertGreater(sheet.column_dimensions["A"].width, 8)

    def assert_totals(self, content):
        """Each sum is a formula over its whole column, and the value beside it is what it comes to.

        :return: int, how many there are
        """
        formulas, values = self.open(content, cached=False), self.open(content)
        count = 0
        for sheet in formulas:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type != "f":
                        continue
                    count += 1
                    letter, below = cell.column_letter, cell.row - 1
                    self.assertEqual(cell.value, f"=SUBTOTAL(109,{letter}{HEADS + 1}:{letter}{below})")
                    own = values[sheet.title]
                    column = [own[f"{letter}{number}"].value or 0 for number in range(HEADS + 1, cell.row)]
                    self.assertAlmostEqual(
                        own[cell.coordinate].value, sum(column), 2, f"{sheet.title} {cell.coordinate}"
                    )
        return count

    def write_ledger(self):
        """Three customers: late by 1, 45 and 400 days, not due, in part paid, and an unused credit."""
        self.ledger.invoice(self.customer, date(2026, 6, 1), date(2026, 6, 29), "100.10")
        old = self.ledger.invoice(self.customer, date(2026, 5, 1), date(2026, 5, 16), "200.20")
        self.ledger.pay(old, date(2026, 6, 20), "50.05")
        self.ledger.invoice(self.other_customer, date(2025, 5, 1), date(2025, 5, 26), "1000")
        self.ledger.invoice(self.third_customer, date(2026, 6, 1), date(2026, 7, 10), "300.30")
        self.ledger.payment(self.third_customer, date(2026, 6, 2), "25.25")
