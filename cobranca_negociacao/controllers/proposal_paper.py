from odoo import http
from odoo.http import content_disposition, request

from .acceptance_paper import HEADERS


class ProposalPaper(http.Controller):
    """Terms to be signed by hand, for who negotiates with the customer."""

    @http.route("/cobranca/propostas/<int:proposal_id>/termo", type="http", auth="user", methods=["GET"])
    def proposal_paper(self, proposal_id, **kwargs):
        """The term of a proposal at the amounts of today, with lines for signatures."""
        proposal = request.env["cobranca.proposal"].search([("id", "=", proposal_id)])
        if not proposal:
            return request.not_found()
        content = proposal._get_paper_to_sign()
        name = f"{proposal._get_term_title().replace('/', '-')}.pdf"
        return request.make_response(content, [*HEADERS.items(), ("Content-Disposition", content_disposition(name))])
