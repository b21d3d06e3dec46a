import base64
import io

import xlsxwriter

from odoo import api, fields, models
from odoo.exceptions import UserError

# What a cell of a workbook holds.
LONGEST_CELL = 32767


class CobrancaBureauExport(models.TransientModel):
    """The file of the debts that a person lists on the page of the bureau."""

    _name = "cobranca.bureau.export"
    _description = "File for the Credit Bureau"

    listing_ids = fields.Many2many(comodel_name="cobranca.bureau.listing", required=True, readonly=True)
    content = fields.Binary(string="Workbook (xlsx)", compute="_compute_content", store=True, attachment=False)
    filename = fields.Char(compute="_compute_content", store=True)
    exported_count = fields.Integer(string="In the file", compute="_compute_content", store=True)
    left_out = fields.Text(string="Left out", compute="_compute_content", store=True)

    # === COMPUTE METHODS === #

    @api.depends("listing_ids")
    def _compute_content(self):
        for wizard in self:
            fit, left_out = wizard._get_fit()
            self.env["cobranca.access.log"]._log(fit.partner_id, "export")
            wizard.exported_count = len(fit)
            wizard.left_out = "\n".join(left_out) or False
            wizard.filename = f"negativacao-{self.env.company._cobranca_today().isoformat()}.xlsx"
            wizard.content = base64.b64encode(wizard._get_workbook(fit))

    def _get_fit(self):
        """Those that may be listed today, and for the others why not.

        :raise AccessError: for who is no supervisor
        """
        listings = self.listing_ids
        listings._check_supervisor()
        fit, left_out = listings.browse(), []
        states = dict(listings._fields["state"]._description_selection(self.env))
        for listing, obstacle in listings._get_obstacles().items():
            if listing.state == "to_list" and not obstacle:
                fit |= listing
            else:
                why = obstacle or states[listing.state]
                left_out.append(f"{listing.display_name}: {why}")
        if not fit:
            raise UserError(self.env._("None of these may be listed today:\n%(reasons)s", reasons="\n".join(left_out)))
        return fit, left_out

    def _get_workbook(self, listings):
        """Texts stay texts, whatever they begin with; days and amounts are numbers.

        :return: bytes
        """
        content = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(content, options) as book:
            sheet = book.add_worksheet(self.env._("Bureau list")[:31])
            formats = {
                "date": book.add_format({"num_format": "dd/mm/yyyy"}),
                "amount": book.add_format({"num_format": "#,##0.00"}),
            }
            bold = book.add_format({"bold": True})
            sheet.freeze_panes(1, 0)
            columns = self._get_columns()
            for column, (label, width, _kind, _get) in enumerate(columns):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, label, bold)
            for row, listing in enumerate(listings, start=1):
                for column, (_label, _width, kind, get) in enumerate(columns):
                    value = get(listing)
                    if kind == "date" and value:
                        sheet.write_datetime(row, column, value, formats[kind])
                    elif kind == "amount":
                        sheet.write_number(row, column, value, formats[kind])
                    else:
                        sheet.write_string(row, column, f"{value or ''}"[:LONGEST_CELL])
        return content.getvalue()

    @api.model
    def _get_columns(self):
        """(label, width, kind, how to get it) of each column."""
        partner = "partner_id"
        return [
            (self.env._("CPF/CNPJ"), 20, "text", lambda row: row[partner].vat),
            (self.env._("Name"), 40, "text", lambda row: row[partner].name),
            (self.env._("Address"), 40, "text", lambda row: self._get_address(row[partner])),
            (self.env._("City"), 24, "text", lambda row: row[partner].city),
            (self.env._("State"), 8, "text", lambda row: row[partner].state_id.code),
            (self.env._("CEP"), 11, "text", lambda row: row[partner].zip),
            (self.env._("Invoice"), 20, "text", lambda row: row.reference),
            (self.env._("Due date"), 12, "date", lambda row: row.due),
            # sudo: the open amount, of a supervisor's list
            (self.env._("Open"), 14, "amount", lambda row: row.sudo().line_id.amount_residual_currency),
            (self.env._("Currency"), 9, "text", lambda row: row.currency_id.name),
            (self.env._("Notified on"), 13, "date", lambda row: row.notified_on),
        ]

    @api.model
    def _get_address(self, partner):
        return ", ".join(filter(None, (partner.street, partner.street2)))
