from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from ..tools import receipt_file, told

CLAIMS_A_DAY = 5
# Three receipts and the form around them.
LARGEST_FORM = receipt_file.MOST_FILES * receipt_file.MOST_BYTES + 512 * 1024
HEADERS = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


class Visit(NamedTuple):
    """Whose page is seen, and of which payments; `path` is where its addresses begin."""

    company: models.BaseModel
    debtor: models.BaseModel
    lines: models.BaseModel
    path: str
    is_link: bool
    valid_until: str = ""


class PaymentPages:
    """The pages of open payments, however one came to them. The model chooses what is shown."""

    def _render_open_payments(self, visit, notice=None):
        Page = request.env["cobranca.debt.page"]
        memos = self._get_memos(visit)
        values = {
            "shown": Page._get_page(visit.company, visit.debtor, visit.lines, memos),
            "notice": notice if notice == "recebido" else "",
        }
        return self._render_visit("payments_page", visit, values)

    def _get_memos(self, visit):
        """Charges that stayed open of paid invoices are of who is logged in, not of a link."""
        if visit.is_link:
            return None
        today = visit.company._cobranca_today()
        return visit.debtor.env["cobranca.charge"]._search_memos(visit.company, today, visit.debtor)

    def _render_claim_form(self, visit, typed=None, error=""):
        """The form “I have paid”, with what was typed and what was wrong with it."""
        Page = request.env["cobranca.debt.page"]
        shown = Page._get_page(visit.company, visit.debtor, visit.lines)
        if not shown["can_claim"]:
            return request.redirect(visit.path, code=303)
        choices = [row for row in shown["rows"] if row["can_claim"]]
        values = {
            "shown": shown,
            "form": Page._get_claim_form(visit.company, visit.lines),
            "choices": choices,
            "typed": typed or {"lines": [choices[0]["id"]] if len(choices) == 1 else []},
            "error": error,
        }
        return self._render_visit("payments_claim", visit, values)

    def _save_claim(self, visit):
        """Take what was told; only the named values are read, and of the lines only those of this page."""
        typed = self._read_claim()
        Attempt, key = request.env["cobranca.attempt"], f"{visit.company.id}.{visit.debtor.id}"
        lines = visit.lines.filtered(lambda line: line.id in typed["lines"])
        if not lines:
            return self._render_claim_form(visit, typed, request.env._("Choose what you paid."))
        if Attempt._is_over("claim", key, CLAIMS_A_DAY, hours=24):
            return self._render_claim_form(
                visit, typed, request.env._("You told us of several payments today. Please write to us or call.")
            )
        try:
            Claim = request.env["cobranca.payment.claim"].with_context(lang=lines.env.lang)
            Claim._record(lines, typed["day"], typed["means"], typed["amount"], typed["note"], typed["files"])
        except UserError as refused:
            return self._render_claim_form(visit, typed, str(refused))
        Attempt._count("claim", key)
        return request.redirect(f"{visit.path}?aviso=recebido", code=303)

    def _read_claim(self):
        """What the form “I have paid” says, as values; what cannot be read is None."""
        form = request.httprequest.form
        files = request.httprequest.files.getlist("comprovante")
        sent = [file for file in files[: receipt_file.MOST_FILES + 1] if file.filename]
        return {
            "lines": [int(text) for text in form.getlist("pagamento")[:500] if text.isascii() and text.isdigit()],
            "day": told.day(form.get("quando", "")),
            "quando": form.get("quando", "")[:10],
            "means": form.get("como", "")[:20],
            "amount": told.amount(form.get("valor", "")),
            "valor": form.get("valor", "")[:20],
            "note": form.get("observacao", ""),
            "files": [(file.filename or "", file.stream.read(receipt_file.MOST_BYTES + 1)) for file in sent],
        }

    def _send_invoice_pdf(self, visit, line_id):
        """The PDF of an invoice; of what this page does not show there is none."""
        line = visit.lines.filtered(lambda line: line.id == line_id and line.move_id.move_type == "out_invoice")
        if not line:
            return self._render_payments("payments_closed", {"kind": "unknown"}, status=404)
        try:
            document = line.move_id._get_invoice_legal_documents("pdf", allow_fallback=True)
        except UserError:
            return self._render_payments("payments_closed", {"kind": "later"}, visit.company, status=503)
        headers = [
            ("Content-Type", "application/pdf"),
            ("Content-Disposition", content_disposition(document["filename"])),
            *HEADERS.items(),
        ]
        return request.make_response(document["content"], headers)

    def _render_visit(self, template, visit, values):
        layout = {} if visit.is_link else self._prepare_portal_layout_values()
        own = {"path": visit.path, "is_link": visit.is_link, "valid_until": visit.valid_until}
        values = {**layout, **values, **own, "page_name": "cobranca_payments"}
        return self._render_payments(template, values, visit.company)

    def _render_payments(self, template, values, company=None, status=200):
        """A page that nobody keeps, indexes or frames."""
        shown = {"is_link": True, "creditor": {}, **values}
        if company:
            shown["res_company"] = company
        return request.render(f"cobranca_recorrente.{template}", shown, status=status, headers=list(HEADERS.items()))
