import io

import xlsxwriter

from odoo import api, models
from odoo.exceptions import UserError

from ..tools import agency_file

# What a cell of a workbook holds.
LONGEST_CELL = 32767
FORMATS = {"day": "dd/mm/yyyy", "moment": "dd/mm/yyyy hh:mm", "amount": "#,##0.00", "percent": "0.00"}
FILES_A_DAY = 20
PAGES_A_DAY = 500
PAGE = 500


class CobrancaAgencyPortfolio(models.AbstractModel):
    """What an agency has, as a file for its own system: the documented columns and nothing else."""

    _name = "cobranca.agency.portfolio"
    _description = "Portfolio of an Agency"

    # === BUSINESS METHODS === #

    @api.model
    def _export(self, agencies, extension):
        """The whole portfolio as a file; who got what is written down.

        :param agencies: cobranca.agency of the user, with the rights of the system
        :param str extension: csv or xlsx
        :return: (name, bytes)
        :raise UserError: beyond the files of a day
        """
        self._count(agencies, "agency_export", FILES_A_DAY)
        placements = self._get_placements(agencies)
        rows = self._get_rows(placements)
        content = self._get_workbook(rows) if extension == "xlsx" else self._get_csv(rows)
        name = f"carteira-{agencies[0].company_id._cobranca_today().isoformat()}.{extension}"
        self._log(agencies, placements, name)
        return name, content

    @api.model
    def _get_page(self, agencies, after):
        """A part of the portfolio as other systems read it.

        :param int after: number with which the former part ended; 0: the first part
        :return: (list of dict, number with which this part ends; 0 where nothing follows)
        :raise UserError: beyond the parts of a day
        """
        self._count(agencies, "agency_page", PAGES_A_DAY)
        placements = self._get_placements(agencies, after, PAGE)
        rows = [
            dict(
                zip(
                    [column.name for column in agency_file.PORTFOLIO],
                    agency_file.in_columns(row, agency_file.PORTFOLIO, agency_file.plain),
                    strict=True,
                )
            )
            for row in self._get_rows(placements)
        ]
        self._log(agencies, placements, "API")
        return rows, placements[-1:].id if len(placements) == PAGE else 0

    @api.model
    def _count(self, agencies, scope, most):
        """:raise UserError: for one more than a day has"""
        Attempt, key = self.env["cobranca.attempt"], agencies[0].partner_id.id
        if Attempt._is_over(scope, key, most, hours=24):
            raise UserError(
                self.env._("This was fetched %(most)s times within a day already: try again tomorrow.", most=most)
            )
        Attempt._count(scope, key)

    @api.model
    def _get_placements(self, agencies, after=0, limit=None):
        """What is with these agencies now, as the user may see it.

        :return: cobranca.placement with the rights of the system
        """
        Placement = self.env["cobranca.placement"]
        domain = [("agency_id", "in", agencies.ids), ("state", "=", "active"), ("id", ">", after)]
        # sudo: the agency is hidden from its people; of what is found counts only what their rights let them see
        ids = Placement.sudo().search(domain, order="id", limit=limit).ids
        # sudo: his own, for the values that the file has of them
        return Placement.search([("id", "in", ids)], order="id").sudo()

    @api.model
    def _log(self, agencies, placements, name):
        """Each customer who left is in the register of accesses, each file in that of files."""
        self.env["cobranca.access.log"]._log(placements.partner_id, "agency_export")
        self.env["cobranca.agency.file"]._write_down(agencies[0], "out", name, row_count=len(placements))

    # --- rows ---

    @api.model
    def _get_rows(self, placements):
        """A row for each debt: what a page of a case shows, too.

        :return: list of dict by the names of `tools.agency_file.PORTFOLIO`
        """
        rows = []
        refused = placements.partner_id._cobranca_get_refused_channels()
        for company, own in placements.grouped("company_id").items():
            debts = own._get_lines()._cobranca_read_debts(company._cobranca_today())
            for placement in own:
                shared = self._get_shared(placement, refused.get(placement.partner_id, ()))
                items = placement.line_ids.filtered("is_live")
                rows += [shared | self._get_debt(item, debts[item.line_id]) for item in items if item.line_id in debts]
        return rows

    @api.model
    def _get_shared(self, placement, refused):
        """What all debts of a placement have in common."""
        return {
            "distribuicao": placement.name,
            "cliente": placement.customer_name,
            "documento": placement.document,
            "moeda": placement.currency_id.name,
            "na_assessoria_desde": placement.placed_on,
            "prazo_ate": placement.ends_on,
            "ultimo_contato": self._get_local(placement, placement.contacted_at),
            "retorno": self._get_local(placement, placement.callback_at),
            **self._get_contacts(placement, refused),
        }

    @api.model
    def _get_contacts(self, placement, refused):
        """By which ways the customer may be reached: what was agreed with the agency, and he did not refuse."""
        Case, partner = self.env["cobranca.case"], placement.partner_id
        number = Case._parse_phone(partner.phone)
        digits = Case._format_phone(number, "E164").lstrip("+")
        mobile = digits if number and Case._is_mobile(number) else ""
        ways = {"call": digits, "whatsapp": mobile, "sms": mobile, "email": partner.email or ""}
        allowed = set(placement.agency_id._get_channels()) - set(refused)
        names = {"call": "telefone", "whatsapp": "whatsapp", "sms": "sms", "email": "email"}
        return {names[channel]: way if channel in allowed else "" for channel, way in ways.items()}

    @api.model
    def _get_debt(self, item, debt):
        charges = debt.charges
        return {
            "divida": item.id,
            "titulo": item.line_id.move_id.name,
            "vencimento": debt.due,
            "dias_atraso": debt.days_late,
            "valor_original": charges.principal,
            "correcao": charges.correction,
            "multa": charges.fine,
            "juros": charges.interest,
            "valor_hoje": charges.total,
            "comissao_percentual": item.percent,
        }

    @api.model
    def _get_local(self, placement, moment):
        return moment and placement.company_id._cobranca_local(moment).replace(tzinfo=None, microsecond=0)

    # --- files ---

    @api.model
    def _get_csv(self, rows):
        columns = agency_file.PORTFOLIO
        cells = (agency_file.in_columns(row, columns, agency_file.cell) for row in rows)
        return agency_file.write([column.name for column in columns], cells)

    @api.model
    def _get_workbook(self, rows):
        """Texts stay texts, whatever they begin with; days and amounts are numbers."""
        columns = agency_file.PORTFOLIO
        widths = [column.width for column in columns]
        lines = ([row.get(column.name) for column in columns] for row in rows)
        return self._write_workbook(
            [column.name for column in columns], lines, [column.kind for column in columns], widths
        )

    @api.model
    def _write_workbook(self, headings, lines, kinds, widths):
        """:return: bytes of a workbook of one sheet"""
        content = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(content, options) as book:
            sheet = book.add_worksheet("dados")
            sheet.freeze_panes(1, 0)
            bold = book.add_format({"bold": True})
            formats = {kind: book.add_format({"num_format": text}) for kind, text in FORMATS.items()}
            for at, (heading, width) in enumerate(zip(headings, widths, strict=True)):
                sheet.set_column(at, at, width)
                sheet.write_string(0, at, heading, bold)
            for row, line in enumerate(lines, start=1):
                for at, (kind, value) in enumerate(zip(kinds, line, strict=True)):
                    if value is None or value is False or value == "":
                        continue
                    if kind in ("day", "moment"):
                        sheet.write_datetime(row, at, value, formats[kind])
                    elif kind == "text":
                        sheet.write_string(row, at, str(value)[:LONGEST_CELL])
                    else:
                        sheet.write_number(row, at, float(value), formats.get(kind))
        return content.getvalue()
