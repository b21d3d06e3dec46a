"""Workbooks in Brazilian formats, written row by row into a file: little memory, whatever their size."""

import tempfile
from datetime import date

import xlsxwriter

from ..tools import cells

# A text that looks like a formula, a link or a number stays the text that somebody wrote.
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
    "default_date_format": "dd/mm/yyyy",
}
NUMBERS = {"date": "dd/mm/yyyy", "integer": "#,##0", "days": "#,##0.0", "percent": "0.00%"}
WIDTHS = {"text": 24, "money": 18, "date": 12, "integer": 11, "days": 11, "percent": 11}
BRAND, PALE = "#714B67", "#F3EDF1"
# Above the heads of columns: title, figures of which day, chosen what, made by whom.
HEAD_ROW = 5
MOST_ROWS = 1_000_000
FIRST_YEAR = 1900
A4 = 9
REPORTED = 5000
# The sum of what a filter leaves to be seen.
SUBTOTAL = "=SUBTOTAL(109,{0}{1}:{0}{2})"


class BookWriter:
    """One workbook.

    :param target: path or binary file to write to
    :param str symbol: of the currency of its amounts
    :param list lines: what stands above each table, the first one its title
    :param str total: the word for a sum
    :param dict properties: title, author, company, created
    :param on_rows: called with the number of rows so far, now and then
    """

    def __init__(self, target, symbol, lines, total, properties, on_rows=None):
        # Rows wait in files: of a folder of our own, which goes whatever happens.
        self.folder = tempfile.TemporaryDirectory(prefix="cobranca_workbook_")
        self.book = xlsxwriter.Workbook(target, {**OPTIONS, "tmpdir": self.folder.name})
        texts = {key: cells.text(properties[key]) for key in ("title", "author", "company")}
        self.book.set_properties({**properties, **texts})
        self.lines, self.total, self.on_rows = lines, total, on_rows
        self.taken, self.described, self.row_count = set(), [], 0
        money = f"[${symbol}-416] #,##0.00"
        self.numbers = {**NUMBERS, "money": f"{money};[Red]-{money}"}
        self.formats = {}

    def __enter__(self):
        return self

    def __exit__(self, failure, *_details):
        try:
            if not failure:
                self.book.close()
        finally:
            # What failed is not written when the object goes.
            self.book.fileclosed = True
            self.folder.cleanup()

    def table(self, name, columns, rows):
        """A sheet with a table; what one sheet cannot hold goes on in the next.

        :param str name: of the sheet
        :param list columns: of Column
        :param rows: iterable of sequences, one value for each column
        :return: SheetWriter, the last one
        """
        sheet = SheetWriter(self, name, columns)
        for row in rows:
            if sheet.count == MOST_ROWS:
                sheet.end()
                sheet = SheetWriter(self, name, columns)
            sheet.add_row(row)
            self._count()
        sheet.end()
        return sheet

    def describe(self, name, columns):
        """Remember what columns mean, for the sheet of definitions."""
        self.described += [
            (name, column.head, column.definition, column.source) for column in columns if column.definition
        ]

    def format(self, kind, **more):
        """The format of a kind of values, made once."""
        key = (kind, *sorted(more.items()))
        if key not in self.formats:
            number = {"num_format": self.numbers[kind]} if kind in self.numbers else {}
            self.formats[key] = self.book.add_format({"font_size": 10, "valign": "top", **number, **more})
        return self.formats[key]

    def _count(self):
        self.row_count += 1
        if self.on_rows and self.row_count % REPORTED == 0:
            self.on_rows(self.row_count)


class SheetWriter:
    """One sheet with one table: heading, heads that stay, rows in turn, totals."""

    def __init__(self, book, name, columns):
        self.writer, self.columns, self.name = book, columns, cells.title(name, book.taken)
        self.sheet = book.book.add_worksheet(self.name)
        self.count, self.sums, self.kept = 0, [0.0] * len(columns), []
        book.describe(self.name, columns)
        self._write_heading()
        self.sheet.freeze_panes(HEAD_ROW + 1, 1)
        self.sheet.hide_gridlines(2)
        self.sheet.set_landscape()
        self.sheet.set_paper(A4)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(HEAD_ROW)

    def add_row(self, values):
        """The next row."""
        row = HEAD_ROW + 1 + self.count
        for position, (column, value) in enumerate(zip(self.columns, values, strict=True)):
            self._write_cell(row, position, column.kind, value)
            if column.total:
                self.sums[position] += float((value.value if isinstance(value, cells.Cell) else value) or 0)
        self.count += 1
        if self.count <= 60:
            self.kept.append(values)

    def end(self):
        """What stands below and around the rows, once they are all there."""
        last = HEAD_ROW + self.count
        self.sheet.autofilter(HEAD_ROW, 0, max(last, HEAD_ROW + 1), len(self.columns) - 1)
        if not self.count or not any(column.total for column in self.columns):
            return
        bold = {"bold": True, "top": 1}
        for position, column in enumerate(self.columns):
            if column.total:
                letter = xlsxwriter.utility.xl_col_to_name(position)
                formula = SUBTOTAL.format(letter, HEAD_ROW + 2, last + 1)
                cached = round(self.sums[position], 2)
                self.sheet.write_formula(last + 1, position, formula, self.writer.format(column.kind, **bold), cached)
            else:
                word = self.writer.total if position == 0 else ""
                self.sheet.write_string(last + 1, position, word, self.writer.format("text", **bold))

    def chart(self, kind, title, series, below=False, **options):
        """A chart of columns of this table, over its first one; nothing where the table has no rows.

        :param str kind: column, line, bar …, as the library calls them
        :param series: positions of columns
        :param bool below: under the table, not beside it
        """
        if not self.count:
            return
        first, last = HEAD_ROW + 1, HEAD_ROW + self.count
        chart = self.writer.book.add_chart({"type": kind, **options})
        for position in series:
            chart.add_series(
                {
                    "name": [self.name, HEAD_ROW, position],
                    "categories": [self.name, first, 0, last, 0],
                    "values": [self.name, first, position, last, position],
                    "categories_data": [self._cached(0, values[0]) for values in self.kept],
                    "values_data": [self._cached(position, values[position]) for values in self.kept],
                }
            )
        chart.set_title({"name": cells.text(title), "overlay": False, "name_font": {"size": 12}})
        chart.set_legend({"none": True} if len(series) == 1 else {"position": "bottom"})
        chart.set_size({"width": 620, "height": 320})
        self.sheet.insert_chart(*((last + 4, 0) if below else (HEAD_ROW, len(self.columns) + 1)), chart)

    # --- parts ---

    def _cached(self, position, value):
        kind = self.columns[position].kind
        if kind == "percent":
            return (value or 0) / 100
        return cells.text(value) if kind == "text" else float(value or 0) if kind != "date" else str(value)

    def _write_heading(self):
        title, *lines = self.writer.lines
        self.sheet.write_string(0, 0, cells.text(title), self.writer.format("title", bold=True, font_size=14))
        for number, line in enumerate(lines[: HEAD_ROW - 1], start=1):
            self.sheet.write_string(number, 0, cells.text(line), self.writer.format("line", font_color="#666666"))
        head = {"bold": True, "font_color": "#FFFFFF", "bg_color": BRAND, "text_wrap": True, "valign": "vcenter"}
        for position, column in enumerate(self.columns):
            align = {} if column.kind == "text" else {"align": "right"}
            self.sheet.set_column(position, position, column.width or WIDTHS[column.kind])
            self.sheet.write_string(
                HEAD_ROW, position, cells.text(column.head), self.writer.format("head", **head, **align)
            )

    def _write_cell(self, row, position, kind, value):
        if isinstance(value, cells.Cell):
            kind, value = value.kind, value.value
        style = self.writer.format(kind)
        if value is None or value is False or value == "":
            self.sheet.write_blank(row, position, None, style)
        elif kind == "text":
            self.sheet.write_string(row, position, cells.text(value), style)
        elif kind != "date":
            self.sheet.write_number(row, position, value / 100 if kind == "percent" else value, style)
        elif isinstance(value, date) and value.year >= FIRST_YEAR:
            self.sheet.write_datetime(row, position, value, style)
        else:
            self.sheet.write_string(row, position, cells.text(value), style)
