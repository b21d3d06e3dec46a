from odoo import http
from odoo.http import request

from odoo.addons.cobranca_recorrente.controllers.open_payments import OpenPaymentsPortal
from odoo.addons.cobranca_recorrente.models.cobranca_debt_link import PATH

from .negotiation_signing import NegotiationSigning

START = f"{PATH}/negociar"
ONE = f"{START}/<int:number>"


class NegotiationPortal(NegotiationSigning, OpenPaymentsPortal):
    """The negotiation of who is logged in: whose it is follows from that, never from what is sent."""

    @http.route(START, type="http", auth="user", website=True, methods=["GET"])
    def portal_own_negotiation(self, **kwargs):
        """What can be chosen."""
        visit = self._visit_own()
        return self._render_negotiation(visit) if visit else request.not_found()

    @http.route(START, type="http", auth="user", website=True, methods=["POST"])
    def portal_own_negotiation_choose(self, **kwargs):
        """Go on with what was chosen."""
        visit = self._visit_own()
        return self._save_choice(visit) if visit else request.not_found()

    @http.route(f"{START}/outra", type="http", auth="user", website=True, methods=["POST"])
    def portal_own_negotiation_request(self, **kwargs):
        """A wish beyond what is offered."""
        visit = self._visit_own()
        return self._save_request(visit) if visit else request.not_found()

    @http.route(ONE, type="http", auth="user", website=True, methods=["GET"])
    def portal_own_negotiation_term(self, number, **kwargs):
        """The term of what was chosen, or what became of it."""
        visit = self._visit_own()
        return self._render_negotiation_term(visit, number) if visit else request.not_found()

    @http.route(f"{ONE}/termo", type="http", auth="user", website=True, methods=["GET"])
    def portal_own_negotiation_paper(self, number, **kwargs):
        """The term as a PDF."""
        visit = self._visit_own()
        return self._send_negotiation_paper(visit, number) if visit else request.not_found()

    @http.route(f"{ONE}/codigo", type="http", auth="user", website=True, methods=["GET"])
    def portal_own_negotiation_code(self, number, **kwargs):
        """The form for the one-time code."""
        visit = self._visit_own()
        return self._render_code(visit, number) if visit else request.not_found()

    @http.route(f"{ONE}/codigo", type="http", auth="user", website=True, methods=["POST"])
    def portal_own_negotiation_code_send(self, number, **kwargs):
        """Send the one-time code."""
        visit = self._visit_own()
        return self._send_negotiation_code(visit, number) if visit else request.not_found()

    @http.route(f"{ONE}/aceitar", type="http", auth="user", website=True, methods=["POST"])
    def portal_own_negotiation_accept(self, number, **kwargs):
        """Accept the term, with the code."""
        visit = self._visit_own()
        return self._accept_negotiation(visit, number) if visit else request.not_found()
