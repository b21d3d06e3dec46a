from odoo import http
from odoo.http import request

from odoo.addons.cobranca_recorrente.controllers.open_payments import OpenPaymentsPortal

from .agreement_pages import AgreementPages

PATH = "/my/acordos"


class AgreementPortal(AgreementPages, OpenPaymentsPortal):
    """Agreements of who is logged in: whose they are follows from that, never from what is sent."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "cobranca_agreement_count" in counters:
            visit = self._visit_own()
            values["cobranca_agreement_count"] = len(self._get_agreements(visit)) if visit else 0
        return values

    def _get_agreements_path(self, visit):
        return super()._get_agreements_path(visit) if visit.is_link else PATH

    @http.route(PATH, type="http", auth="user", website=True, methods=["GET"])
    def portal_own_agreements(self, **kwargs):
        """All agreements of the customer."""
        visit = self._visit_own()
        return self._render_agreements(visit) if visit else request.not_found()

    @http.route(f"{PATH}/<int:agreement_id>", type="http", auth="user", website=True, methods=["GET"])
    def portal_own_agreement(self, agreement_id, **kwargs):
        """One agreement of the customer."""
        visit = self._visit_own()
        return self._render_agreement(visit, agreement_id) if visit else request.not_found()

    @http.route(f"{PATH}/<int:agreement_id>/quitar", type="http", auth="user", website=True, methods=["GET"])
    def portal_own_pay_off(self, agreement_id, **kwargs):
        """What it takes to be done with an agreement today."""
        visit = self._visit_own()
        return self._render_pay_off(visit, agreement_id) if visit else request.not_found()

    @http.route(f"{PATH}/<int:agreement_id>/quitar", type="http", auth="user", website=True, methods=["POST"])
    def portal_own_pay_off_ask(self, agreement_id, **kwargs):
        """The means of the pay-off, for who asks for them."""
        visit = self._visit_own()
        return self._ask_pay_off(visit, agreement_id) if visit else request.not_found()

    @http.route(f"{PATH}/<int:agreement_id>/termo", type="http", auth="user", website=True, methods=["GET"])
    def portal_own_term(self, agreement_id, **kwargs):
        """The paper that the customer accepted."""
        visit = self._visit_own()
        return self._send_term(visit, agreement_id) if visit else request.not_found()

    @http.route(
        f"{PATH}/<int:agreement_id>/recibo/<int:line_id>", type="http", auth="user", website=True, methods=["GET"]
    )
    def portal_own_installment_receipt(self, agreement_id, line_id, **kwargs):
        """The receipt of an installment."""
        visit = self._visit_own()
        return self._send_installment_receipt(visit, agreement_id, line_id) if visit else request.not_found()

    @http.route(f"{PATH}/carta/<int:quittance_id>", type="http", auth="user", website=True, methods=["GET"])
    def portal_own_letter(self, quittance_id, **kwargs):
        """A letter of quittance of the customer."""
        visit = self._visit_own()
        return self._send_letter(visit, quittance_id) if visit else request.not_found()
