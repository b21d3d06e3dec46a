import hashlib
import io

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from odoo import api, models
from odoo.tools.pdf import PdfFileReader, PdfFileWriter

from odoo.addons.cobranca_recorrente.tools import identification

PDF = "application/pdf"
FOOT = 28  # points above the edge of the page, in its margin


class CobrancaPaper(models.AbstractModel):
    """Papers with legal effect: written in Portuguese, whatever the language of who prints them."""

    _name = "cobranca.paper"
    _description = "Papers with Legal Effect"

    # === BUSINESS METHODS === #

    @api.model
    def _render_paper(self, report, values, label):
        """Make the PDF of a paper.

        :param str report: xmlid of its ir.actions.report
        :param dict values: what its template calls `paper`
        :param str label: what each page says of the paper that it belongs to
        :return: bytes of a PDF
        :raise UserError: where the server has nothing that makes PDFs
        """
        Report = self.env["ir.actions.report"]
        content, kind = Report._cobranca_render_paper(report, self.env.company.ids, {"paper": values})
        return self._number_pages(content, label) if kind == "pdf" else content

    @api.model
    def _number_pages(self, content, label):
        """Pages that cannot be exchanged unseen. wkhtmltopdf numbers them with a patched Qt only.

        :param bytes content: of a PDF
        :return: bytes of a PDF
        """
        reader, writer = PdfFileReader(io.BytesIO(content), strict=False), PdfFileWriter()
        count, feet = reader.getNumPages(), io.BytesIO()
        canvas = Canvas(feet, pagesize=A4)
        for number in range(1, count + 1):
            canvas.setFont("Helvetica", 8)
            canvas.drawCentredString(A4[0] / 2, FOOT, f"{label} · página {number} de {count}")
            canvas.showPage()
        canvas.save()
        stamps = PdfFileReader(io.BytesIO(feet.getvalue()), strict=False)
        for number in range(count):
            writer.addPage(reader.getPage(number))
            writer.getPage(number).mergePage(stamps.getPage(number))
        numbered = io.BytesIO()
        writer.write(numbered)
        return numbered.getvalue()

    @api.model
    def _hash(self, content):
        """What tells a file from every other one.

        :param bytes content: of the file
        :return: str, its SHA-256 in hexadecimal digits
        """
        return hashlib.sha256(content).hexdigest()

    @api.model
    def _keep(self, model, name, content):
        """A PDF as a file that nobody reaches without the rights on its record; who owns it is written down later.

        :param str model: whose records own such files
        :return: ir.attachment
        """
        # sudo: papers are kept by methods only, after the checks of who calls them
        return (
            self.env["ir.attachment"]
            .sudo()
            .create({"name": name, "raw": content, "mimetype": PDF, "res_model": model, "res_id": False})
        )

    # --- who ---

    @api.model
    def _get_creditor(self, company):
        """Who is owed, in full (CDC, art. 42-A).

        :return: dict(name, document, address, contact, phone, email, hours)
        """
        return company._cobranca_get_creditor()

    @api.model
    def _get_creditor_line(self, company):
        """Name, CNPJ, address and contact of a company in one line, for messages (CDC, art. 42-A).

        :return: str
        """
        creditor = self._get_creditor(company)
        return " · ".join(filter(None, (creditor[key] for key in ("name", "document", "address", "phone", "email"))))

    @api.model
    def _get_party(self, partner):
        """A customer in full, as a contract names him.

        :return: dict(name, document, address, email, phone, is_consumer)
        """
        person = partner.commercial_partner_id.sudo()  # sudo: what the paper says of its own party
        kind = identification.kind(person.vat or "")
        document = identification.formatted(person.vat or "")
        place = "/".join(filter(None, [person.city, person.state_id.code]))
        return {
            "name": person.name or "",
            "document": f"{kind.upper()} {document}" if kind else document,
            "address": ", ".join(filter(None, [person.street, person.street2, place, person.zip])),
            "email": person.email or "",
            "phone": person.phone or "",
            "is_consumer": identification.is_consumer(person.vat, person.is_company),
        }

    @api.model
    def _get_place(self, company):
        """Where a company writes its papers.

        :return: str, such as São Paulo/SP
        """
        company = company.sudo()  # sudo: the city of the company, which every paper tells
        return "/".join(filter(None, [company.city, company.state_id.code])) or company.name
