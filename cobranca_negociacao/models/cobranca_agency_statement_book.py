import io

import xlsxwriter

from odoo import models
from odoo.tools.misc import format_date, formatLang

REPORT = "cobranca_negociacao.action_report_agency_statement"
MONEY, DAY = "#,##0.00", "dd/mm/yyyy"
# More rows than these are in the workbook only: nobody reads them on paper.
MOST_PRINTED = 500
# What a cell of a workbook holds.
LONGEST_CELL = 32767


class CobrancaAgencyStatementBook(models.AbstractModel):
    """A statement as rows, as a workbook and as a PDF: plain values, with masked documents."""

    _name = "cobranca.agency.statement.book"
    _description = "Papers of a Statement of an Agency"

    # === ACTIONS === #

    def action_export(self):
        """Download the workbook."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/cobranca/prestacao/{self.id}/xlsx", "target": "download"}

    # === BUSINESS METHODS === #

    def _get_rows(self, offset=0, limit=None):
        """The rows of a statement.

        :param int offset: so many are left out
        :param int limit: at most so many; None: all
        :return: list of dict: date, customer, document, debt, kind, amount, fee, percent, commission
        """
        self.ensure_one()
        Receipt = self.env["cobranca.agency.receipt"].sudo()  # sudo: the rows of a statement, for who may see it
        receipts = Receipt.search([("statement_id", "=", self.id)], order="date, id", offset=offset, limit=limit)
        kinds = dict(Receipt._fields["kind"]._description_selection(self.env))
        receipts.placement_id.fetch(["customer_name", "document"])
        return [
            {
                "date": receipt.date,
                "customer": receipt.placement_id.customer_name or "",
                "document": receipt.placement_id.document or "",
                "debt": receipt.debt_name or "",
                "kind": kinds[receipt.kind],
                "amount": receipt.amount,
                "fee": receipt.fee,
                "percent": receipt.percent,
                "commission": receipt.commission,
            }
            for receipt in receipts
        ]

    def _get_texts(self, offset=0, limit=None):
        """The same rows as people read them, with the columns of :meth:`_get_heads`.

        :return: list of dict of texts
        """
        currency, heads = self.currency_id, self._get_heads()
        rows = [
            {
                **row,
                "date": format_date(self.env, row["date"]),
                "amount": currency.format(row["amount"]),
                "fee": currency.format(row["fee"]),
                "percent": f"{formatLang(self.env, row['percent'])} %",
                "commission": currency.format(row["commission"]),
            }
            for row in self._get_rows(offset, limit)
        ]
        return [{key: row[key] for key in heads} for row in rows]

    def _get_heads(self):
        """{key of a row: how its column is called}; fees where there are any"""
        return {
            "date": self.env._("Date"),
            "customer": self.env._("Customer"),
            "document": self.env._("CPF or CNPJ"),
            "debt": self.env._("Debt"),
            "kind": self.env._("What"),
            "amount": self.env._("Received"),
            **({"fee": self.env._("Collection fees")} if self._has_fees() else {}),
            "percent": self.env._("Commission (%)"),
            "commission": self.env._("Commission"),
        }

    def _get_totals(self):
        """:return: list of (label, amount)"""
        totals = [(self.env._("Received"), self.amount_received)]
        if self._has_fees():
            totals.append((self.env._("Collection fees"), self.amount_fee))
        totals.append((self.env._("Commission"), self.amount_commission))
        if self.money_to == "agency":
            totals.append((self.env._("To pass on"), self.amount_transfer))
        return totals

    def _has_fees(self):
        """Is anything on it a fee that customers pay to the agency, or one that goes back?"""
        Receipt = self.env["cobranca.agency.receipt"].sudo()  # sudo: the rows of a statement, for who may see it
        return bool(Receipt.search_count([("statement_id", "=", self.id), ("fee", "!=", 0)], limit=1))

    def _get_workbook(self):
        """The statement as a workbook; texts stay texts, whatever they begin with. Who reads whom is written down.

        :return: bytes
        """
        self._log_export()
        content = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(content, options) as book:
            sheet = book.add_worksheet(self.name[:31])
            formats = {
                "bold": book.add_format({"bold": True}),
                "money": book.add_format({"num_format": MONEY}),
                "day": book.add_format({"num_format": DAY}),
            }
            heads, rows = self._get_heads(), self._get_rows()
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(heads) - 1, 16)
            sheet.set_column(1, 1, 34)
            for column, head in enumerate(heads.values()):
                sheet.write_string(0, column, head, formats["bold"])
            for number, row in enumerate(rows, start=1):
                self._write_row(sheet, number, [row[key] for key in heads], formats)
            for number, (label, amount) in enumerate(self._get_totals(), start=len(rows) + 2):
                sheet.write_string(number, 4, label, formats["bold"])
                sheet.write_number(number, 5, amount, formats["money"])
        return content.getvalue()

    def _write_row(self, sheet, number, values, formats):
        for column, value in enumerate(values):
            if isinstance(value, str):
                sheet.write_string(number, column, value[:LONGEST_CELL])
            elif isinstance(value, float):
                sheet.write_number(number, column, value, formats["money"])
            else:
                sheet.write_datetime(number, column, value, formats["day"])

    def _get_pdf(self):
        """The statement on paper.

        :return: bytes
        :raise UserError: where the server has nothing that makes PDFs
        """
        self._log_export()
        # sudo: a statement that the caller may see; its template shows plain values
        Report = self.env["ir.actions.report"].sudo()
        return Report._render_qweb_pdf(REPORT, self.ids)[0]

    def _get_paper(self):
        """What its paper says.

        :return: dict of texts
        """
        self.ensure_one()
        currency, company = self.currency_id, self.company_id.sudo()  # sudo: who we are, for who may see the statement
        rows = self._get_texts(limit=MOST_PRINTED)
        return {
            "creditor": company._cobranca_localize(company)._cobranca_get_creditor(),
            "name": self.name,
            "month": self._get_month_name(),
            "agency": self.agency_id.sudo().name,  # sudo: whose statement it is
            "heads": self._get_heads(),
            "rows": rows,
            "left": max(0, self.receipt_count - len(rows)),
            "totals": [(label, currency.format(amount)) for label, amount in self._get_totals()],
            "state": dict(self._fields["state"]._description_selection(self.env))[self.state],
        }

    def _log_export(self):
        """One row for each customer that leaves with a file."""
        Receipt = self.env["cobranca.agency.receipt"].sudo()  # sudo: who is on it, for the register
        rows = Receipt._read_group([("statement_id", "=", self.id)], ["partner_id"])
        partners = self.env["res.partner"].union(*(partner for (partner,) in rows))
        self.env["cobranca.access.log"]._log(partners, "agency_export")
