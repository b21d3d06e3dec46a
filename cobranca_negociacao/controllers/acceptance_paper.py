from odoo import http
from odoo.http import content_disposition, request

HEADERS = {
    "Cache-Control": "no-store, private",
    "Content-Type": "application/pdf",
    "X-Content-Type-Options": "nosniff",
}


class AcceptancePaper(http.Controller):
    """Papers with the sheet that proves how they were accepted, for who may read the register."""

    @http.route("/cobranca/aceites/<int:acceptance_id>", type="http", auth="user", methods=["GET"])
    def acceptance_paper(self, acceptance_id, **kwargs):
        """The paper of an acceptance and its evidence, in one file."""
        acceptance = request.env["cobranca.acceptance"].search([("id", "=", acceptance_id)])
        if not acceptance:
            return request.not_found()
        content = acceptance._get_proven_file()
        name = f"{acceptance.title.replace('/', '-')}.pdf"
        return request.make_response(content, [*HEADERS.items(), ("Content-Disposition", content_disposition(name))])
