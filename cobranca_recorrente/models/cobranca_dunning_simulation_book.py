import io

import xlsxwriter

from odoo import api, models

MONEY, DAYS = "#,##0.00", "0"
WIDEST, NARROWEST = 60, 10
# What a cell of a workbook holds.
LONGEST_CELL = 32767


class CobrancaSimulationBook(models.AbstractModel):
    """A simulated day as a workbook."""

    _name = "cobranca.dunning.simulation.book"
    _description = "Workbook of a Dunning Simulation"

    # === BUSINESS METHODS === #

    @api.model
    def _get_workbook(self, facts):
        """Two sheets, who gets what and who gets nothing; texts stay texts, whatever they begin with.

        :param dict facts: of `cobranca.dunning.simulation`
        :return: bytes
        """
        content = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(content, options) as book:
            self._write_sheet(book, self.env._("Who gets what"), self._get_heads(), self._get_message_rows(facts))
            heads = (
                self.env._("Reason"),
                self.env._("Customer"),
                self.env._("Step"),
                self.env._("Open"),
                self.env._("Currency"),
                self.env._("What we found"),
            )
            self._write_sheet(book, self.env._("Who is left out"), heads, self._get_left_out_rows(facts))
        return content.getvalue()

    @api.model
    def _get_heads(self):
        return (
            self.env._("Step"),
            self.env._("Customer"),
            self.env._("Recipient"),
            self.env._("Invoices"),
            self.env._("Channel"),
            self.env._("Hour"),
            self.env._("Late days"),
            self.env._("Original"),
            self.env._("Amount of that day"),
            self.env._("Currency"),
        )

    @api.model
    def _get_message_rows(self, facts):
        names = ("name", "recipient", "invoices", "channel", "hour", "days", "original", "amount", "currency")
        return [(group["name"], *(row[name] for name in names)) for group in facts["groups"] for row in group["rows"]]

    @api.model
    def _get_left_out_rows(self, facts):
        names = ("name", "step", "amount", "currency", "found")
        return [
            (reason["label"], *(row[name] for name in names)) for reason in facts["reasons"] for row in reason["rows"]
        ]

    @api.model
    def _write_sheet(self, book, title, heads, rows):
        """Bold heads that stay in sight and filter; days and amounts are numbers."""
        sheet = book.add_worksheet(title[:31])
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": MONEY})
        days = book.add_format({"num_format": DAYS})
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(heads) - 1)
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, bold)
            width = max(NARROWEST, len(head) + 3, *(len(f"{row[column]}") for row in rows), 0)
            sheet.set_column(column, column, min(width, WIDEST))
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, value[:LONGEST_CELL])
                else:
                    sheet.write_number(number, column, value, days if isinstance(value, int) else money)
