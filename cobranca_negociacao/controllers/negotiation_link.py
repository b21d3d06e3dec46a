from odoo import http

from odoo.addons.cobranca_recorrente.controllers.payment_link import PaymentLink
from odoo.addons.cobranca_recorrente.models.cobranca_debt_link import PATH

from .negotiation_signing import NegotiationSigning

START = f"{PATH}/<string:token>/negociar"
ONE = f"{START}/<int:number>"


class NegotiationLink(NegotiationSigning, PaymentLink):
    """The negotiation of who came by a link: over those payments and nothing else."""

    @http.route(START, type="http", auth="public", website=True, multilang=False, methods=["GET"])
    def portal_link_negotiation(self, token, **kwargs):
        """What can be chosen."""
        visit, answer = self._enter(token)
        return answer or self._render_negotiation(visit)

    @http.route(START, type="http", auth="public", website=True, multilang=False, methods=["POST"])
    def portal_link_negotiation_choose(self, token, **kwargs):
        """Go on with what was chosen."""
        visit, answer = self._enter(token)
        return answer or self._save_choice(visit)

    @http.route(f"{START}/outra", type="http", auth="public", website=True, multilang=False, methods=["POST"])
    def portal_link_negotiation_request(self, token, **kwargs):
        """A wish beyond what is offered."""
        visit, answer = self._enter(token)
        return answer or self._save_request(visit)

    @http.route(ONE, type="http", auth="public", website=True, multilang=False, methods=["GET"])
    def portal_link_negotiation_term(self, token, number, **kwargs):
        """The term of what was chosen, or what became of it."""
        visit, answer = self._enter(token)
        return answer or self._render_negotiation_term(visit, number)

    @http.route(f"{ONE}/termo", type="http", auth="public", website=True, multilang=False, methods=["GET", "POST"])
    def portal_link_negotiation_paper(self, token, number, **kwargs):
        """The term as a PDF, for who tells the customer's document."""
        visit, answer = self._enter(token)
        return answer or self._send_negotiation_paper(visit, number)

    @http.route(f"{ONE}/codigo", type="http", auth="public", website=True, multilang=False, methods=["GET"])
    def portal_link_negotiation_code(self, token, number, **kwargs):
        """The form for the one-time code."""
        visit, answer = self._enter(token)
        return answer or self._render_code(visit, number)

    @http.route(f"{ONE}/codigo", type="http", auth="public", website=True, multilang=False, methods=["POST"])
    def portal_link_negotiation_code_send(self, token, number, **kwargs):
        """Send the one-time code."""
        visit, answer = self._enter(token)
        return answer or self._send_negotiation_code(visit, number)

    @http.route(f"{ONE}/aceitar", type="http", auth="public", website=True, multilang=False, methods=["POST"])
    def portal_link_negotiation_accept(self, token, number, **kwargs):
        """Accept the term, with the code."""
        visit, answer = self._enter(token)
        return answer or self._accept_negotiation(visit, number)
