from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..models.cobranca_debt_link import PATH
from .payment_pages import LARGEST_FORM, Visit
from .payment_ways import PaymentWays


class OpenPaymentsPortal(PaymentWays, CustomerPortal):
    """What is open, of who is logged in: whose it is follows from that, never from what is sent."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "cobranca_payment_count" in counters:
            visit = self._visit_own()
            values["cobranca_payment_count"] = len(visit.lines) if visit else 0
        return values

    def _visit_own(self):
        """What the current user may pay; None for who is no customer, such as staff or a beneficiary.

        :return: Visit
        """
        own = request.env["res.partner"]._cobranca_get_own()
        if not own or own != own.commercial_partner_id:
            return None
        own = own.sudo()  # sudo: the customer's own debts, of which the page's model chooses what is shown
        company = own.env.company
        return Visit(company, own, request.env["cobranca.debt.page"]._get_all_open(company, own), PATH, False)

    @http.route(PATH, type="http", auth="user", website=True, methods=["GET"])
    def portal_open_payments(self, aviso=None, **kwargs):
        """All that the customer may pay."""
        visit = self._visit_own()
        return self._render_open_payments(visit, aviso) if visit else request.not_found()

    @http.route(f"{PATH}/ja-paguei", type="http", auth="user", website=True, methods=["GET"])
    def portal_own_claim(self, **kwargs):
        """The form of a customer who has paid."""
        visit = self._visit_own()
        return self._render_claim_form(visit) if visit else request.not_found()

    @http.route(
        f"{PATH}/ja-paguei",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        max_content_length=LARGEST_FORM,
    )
    def portal_own_claim_send(self, **kwargs):
        """Write down that the customer has paid."""
        visit = self._visit_own()
        return self._save_claim(visit) if visit else request.not_found()

    @http.route(f"{PATH}/fatura/<int:line_id>", type="http", auth="user", website=True, methods=["GET"])
    def portal_own_payment_pdf(self, line_id, **kwargs):
        """The invoice of one of the customer's payments."""
        visit = self._visit_own()
        return self._send_invoice_pdf(visit, line_id) if visit else request.not_found()

    @http.route(f"{PATH}/pagar", type="http", auth="user", website=True, methods=["POST"])
    def portal_own_means(self, **kwargs):
        """The means of payment, for who asks for them."""
        visit = self._visit_own()
        return self._show_means(visit) if visit else request.not_found()

    @http.route(f"{PATH}/outro-dia", type="http", auth="user", website=True, methods=["GET"])
    def portal_own_day(self, **kwargs):
        """The form of a customer who chooses the day of his reminder."""
        visit = self._visit_own()
        return self._render_day_form(visit) if visit else request.not_found()

    @http.route(f"{PATH}/outro-dia", type="http", auth="user", website=True, methods=["POST"])
    def portal_own_day_send(self, **kwargs):
        """Write down which day the customer chose."""
        visit = self._visit_own()
        return self._save_day(visit) if visit else request.not_found()

    @http.route(f"{PATH}/duvida", type="http", auth="user", website=True, methods=["GET"])
    def portal_own_doubt(self, **kwargs):
        """The form of a customer who has a question."""
        visit = self._visit_own()
        return self._render_doubt_form(visit) if visit else request.not_found()

    @http.route(
        f"{PATH}/duvida",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        max_content_length=LARGEST_FORM,
    )
    def portal_own_doubt_send(self, **kwargs):
        """Write down what the customer asks."""
        visit = self._visit_own()
        return self._save_doubt(visit) if visit else request.not_found()

    @http.route(f"{PATH}/recibo/<int:line_id>", type="http", auth="user", website=True, methods=["GET"])
    def portal_own_receipt(self, line_id, **kwargs):
        """The receipt of something that the customer has paid."""
        visit = self._visit_own()
        return self._send_receipt(visit, line_id) if visit else request.not_found()
