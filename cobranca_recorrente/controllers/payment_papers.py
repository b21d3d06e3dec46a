from odoo.exceptions import UserError
from odoo.http import content_disposition, request

# No reader opens so many; who wants more than that keeps the processors busy.
PDFS_AN_HOUR = 40
HEADERS = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


class PaymentPapers:
    """The PDFs of the pages of payments: made when they are asked for, so not as often as anybody likes."""

    def _send_invoice_pdf(self, visit, line_id):
        """The PDF of an invoice; of what this page does not show there is none."""
        line = visit.lines.filtered(lambda line: line.id == line_id and line.move_id.move_type == "out_invoice")
        if not line:
            return self._render_payments("payments_closed", {"kind": "unknown"}, status=404)
        if answer := self._count_pdf(visit):
            return answer
        try:
            document = line.move_id._get_invoice_legal_documents("pdf", allow_fallback=True)
        except UserError:
            return self._render_payments("payments_closed", {"kind": "later"}, visit.company, status=503)
        return self._send_pdf(document["filename"], document["content"])

    def _send_receipt(self, visit, line_id):
        """The receipt of something that was paid lately, as a PDF."""
        Page = request.env["cobranca.debt.page"]
        paid = Page._get_paid(visit.company, visit.debtor, visit.scope)
        line = next((line for line in paid if line.id == line_id), None)
        if line is None:
            return self._render_payments("payments_closed", {"kind": "unknown"}, status=404)
        if answer := self._count_pdf(visit):
            return answer
        try:
            content = Page._make_receipt(visit.company, visit.debtor, line)
        except UserError:
            return self._render_payments("payments_closed", {"kind": "later"}, visit.company, status=503)
        return self._send_pdf(f"{(line.move_id.name or 'recibo').replace('/', '-')}.pdf", content)

    def _count_pdf(self, visit):
        """Making a PDF takes seconds of a processor: each is counted before it is made.

        :return: what is answered to who wants too many; None for all others
        """
        Attempt = request.env["cobranca.attempt"]
        if Attempt._is_over("pdf", visit.key, PDFS_AN_HOUR):
            return self._render_blocked(visit.company)
        Attempt._count("pdf", visit.key)
        return None

    def _send_pdf(self, name, content):
        headers = [("Content-Type", "application/pdf"), ("Content-Disposition", content_disposition(name))]
        return request.make_response(content, [*headers, *HEADERS.items()])
