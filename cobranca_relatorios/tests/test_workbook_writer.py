import io
import os
import random
import tempfile
from datetime import date, datetime
from unittest.mock import patch

import openpyxl

from odoo.tests import BaseCase, tagged

from ..models import workbook_writer
from ..models.workbook_writer import BookWriter
from ..tools.cells import LONGEST_CELL, Cell, Column
from .workbook_common import HEADS

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+1",
    "-1",
    "0012",
    "http://example.com/a",
    "mailto:a@example.com",
    "internal:Sheet1!A1",
    "\t=1+1",
    "\n=1+1",
    "{=1+1}",
    "a\x00b\x01c\x1fd",
    "\ud83d alone",
    "_x0041_",
    "<b>&amp;\"'",
    "x" * 40000,
    "\U0001f600" * 20000,
]


@tagged("-at_install", "post_install")
class TestWorkbookWriter(BaseCase):
    def make(self, columns, rows, **options):
        target = io.BytesIO()
        properties = {"title": "Title", "author": "=1+1", "company": "A\x00B", "created": datetime(2026, 6, 30)}
        lines = ["=1+1", "http://example.com", "third"]
        with BookWriter(target, "R$", lines, "Total", properties, **options) as book:
            book.table("=A/B: [1]", columns, rows)
        return target.getvalue()

    def load(self, content, cached=True):
        return openpyxl.load_workbook(io.BytesIO(content), data_only=cached)

    def test_hostile_text_stays_text(self):
        content = self.make([Column("=HEAD()"), Column("@b")], [(text, text) for text in HOSTILE])
        [sheet] = self.load(content, cached=False)
        self.assertEqual(sheet.title, "=A B 1")
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        self.assertEqual({cell.data_type for cell in cells}, {"s"})
        self.assertFalse([cell for cell in cells if cell.hyperlink])
        column = [sheet.cell(HEADS + 1 + number, 1).value for number in range(len(HOSTILE))]
        self.assertEqual(column[:11], HOSTILE[:11])
        # What looks like an escape is escaped itself, as spreadsheets read it.
        self.assertEqual(column[11:15], ["abcd", " alone", "_x005F_x0041_", "<b>&amp;\"'"])
        self.assertEqual(len(column[15]), LONGEST_CELL)
        self.assertEqual(len(column[16].encode("utf-16-le")) // 2, LONGEST_CELL - 1)

    def test_random_texts_come_back(self):
        """Whatever a text is made of, its cell holds it, less what a cell cannot hold."""
        chance = random.Random(20260630)
        alphabet = [*map(chr, range(0x250)), "=", "@", "\r", "\n", "\t", "\ud83d", "\ufffe", "\U0001f600", "é"]
        texts = ["".join(chance.choices(alphabet, k=chance.randrange(1, 40))) for _number in range(300)]
        [sheet] = self.load(self.make([Column("Text")], [(text,) for text in texts]), cached=False)
        for number, text in enumerate(texts):
            cell = sheet.cell(HEADS + 1 + number, 1)
            wanted = "".join(char for char in text if char in "\t\n\r" or (char >= " " and char not in "\ud83d\ufffe"))
            found = cell.value or ""
            self.assertEqual(found, wanted.replace("\r\n", "\n").replace("\r", "\n"), ascii(text))
            self.assertIn(cell.data_type, ("s", "n") if not wanted else "s")

    def test_kinds(self):
        kinds = ("text", "money", "date", "integer", "days", "percent")
        columns = [Column(kind, kind, total=kind == "money") for kind in kinds]
        rows = [
            ("a", 1.5, date(2026, 6, 30), 3, 2.25, 12.5),
            (None,) * 6,
            (12, Cell("percent", 50), date(1899, 1, 1), 0, 0, 0),
        ]
        content = self.make(columns, rows)
        [sheet] = self.load(content)
        self.assertEqual([cell.value for cell in sheet[HEADS + 1]], ["a", 1.5, datetime(2026, 6, 30), 3, 2.25, 0.125])
        self.assertEqual([cell.value for cell in sheet[HEADS + 2]], [None] * 6)
        self.assertEqual([cell.value for cell in sheet[HEADS + 3]][:3], ["12", 0.5, "1899-01-01"])
        self.assertEqual(sheet.cell(HEADS + 3, 2).number_format, "0.00%")

    def test_one_sheet_goes_on_in_the_next(self):
        columns = [Column("Name"), Column("Amount", "money", total=True)]
        with patch.object(workbook_writer, "MOST_ROWS", 3):
            book = self.load(self.make(columns, [(str(number), number) for number in range(7)]))
        self.assertEqual(book.sheetnames, ["=A B 1", "=A B 1 2", "=A B 1 3"])
        self.assertEqual([sheet.cell(sheet.max_row, 2).value for sheet in book], [3, 12, 6])

    def test_it_tells_how_far_it_is(self):
        seen = []
        with patch.object(workbook_writer, "REPORTED", 10):
            self.make([Column("Name")], [("a",)] * 35, on_rows=seen.append)
        self.assertEqual(seen, [10, 20, 30])

    def test_nothing_stays_behind_when_it_fails(self):
        def rows():
            yield ("a",)
            raise ZeroDivisionError

        with tempfile.TemporaryDirectory() as folder, patch.object(tempfile, "tempdir", folder):
            with self.assertRaises(ZeroDivisionError):
                self.make([Column("Name")], rows())
            self.assertEqual(os.listdir(folder), [])
