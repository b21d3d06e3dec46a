from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import content_disposition, request

from ..models.cobranca_debt_dossier import PLACES

HEADERS = {
    "Cache-Control": "no-store, private",
    "Content-Type": "application/zip",
    "X-Content-Type-Options": "nosniff",
}


class DebtDossier(http.Controller):
    """Dossiers of debts, for supervisors."""

    @http.route("/cobranca/dossie/<string:place>/<int:record_id>", type="http", auth="user", methods=["GET"])
    def debt_dossier(self, place, record_id, empresa="", **kwargs):
        """The dossier of a customer, a case or an invoice, as a ZIP; what the user may not have is not there.

        `empresa`: the company of the screen, of those of the user.
        """
        if place not in PLACES:
            return request.not_found()
        company = request.env.user.company_ids.filtered(lambda item: str(item.id) == empresa) or request.env.company
        request.update_context(allowed_company_ids=company.ids)
        record = request.env[PLACES[place]].search([("id", "=", record_id)])
        if not record:
            return request.not_found()
        try:
            name, content = request.env["cobranca.debt.dossier"]._make_of(record)
        except AccessError:
            return request.not_found()
        except UserError as refused:
            return request.make_response(str(refused), [("Content-Type", "text/plain; charset=utf-8")], status=422)
        return request.make_response(content, [*HEADERS.items(), ("Content-Disposition", content_disposition(name))])
