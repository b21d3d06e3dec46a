from functools import partial

from odoo import http

from odoo.addons.cobranca_recorrente.controllers.payment_link import PaymentLink
from odoo.addons.cobranca_recorrente.models.cobranca_debt_link import PATH

from .agreement_pages import AgreementPages

BASE = f"{PATH}/<string:token>/acordos"
# As all pages of a link: without a login, in the customer's language.
link_route = partial(http.route, type="http", auth="public", website=True, multilang=False)


class AgreementLink(AgreementPages, PaymentLink):
    """What a signed link shows of the agreements over its payments, without a login."""

    @link_route(BASE, methods=["GET"])
    def portal_link_agreements(self, token, **kwargs):
        """The agreements of a link."""
        visit, answer = self._enter(token)
        return answer or self._render_agreements(visit)

    @link_route(f"{BASE}/<int:agreement_id>", methods=["GET"])
    def portal_link_agreement(self, token, agreement_id, **kwargs):
        """One agreement of a link."""
        visit, answer = self._enter(token)
        return answer or self._render_agreement(visit, agreement_id)

    @link_route(f"{BASE}/<int:agreement_id>/quitar", methods=["GET"])
    def portal_link_pay_off(self, token, agreement_id, **kwargs):
        """What it takes to be done with an agreement today."""
        visit, answer = self._enter(token)
        return answer or self._render_pay_off(visit, agreement_id)

    @link_route(f"{BASE}/<int:agreement_id>/quitar", methods=["POST"])
    def portal_link_pay_off_ask(self, token, agreement_id, **kwargs):
        """The means of the pay-off, for who asks for them."""
        visit, answer = self._enter(token)
        return answer or self._ask_pay_off(visit, agreement_id)

    @link_route(f"{BASE}/<int:agreement_id>/termo", methods=["GET", "POST"])
    def portal_link_term(self, token, agreement_id, **kwargs):
        """The paper that was accepted, for who tells the customer's document."""
        visit, answer = self._enter(token)
        return answer or self._send_term(visit, agreement_id)

    @link_route(f"{BASE}/<int:agreement_id>/recibo/<int:line_id>", methods=["GET", "POST"])
    def portal_link_installment_receipt(self, token, agreement_id, line_id, **kwargs):
        """The receipt of an installment, for who tells the customer's document."""
        visit, answer = self._enter(token)
        return answer or self._send_installment_receipt(visit, agreement_id, line_id)

    @link_route(f"{BASE}/carta/<int:quittance_id>", methods=["GET", "POST"])
    def portal_link_letter(self, token, quittance_id, **kwargs):
        """A letter of quittance of an agreement of a link, for who tells the customer's document."""
        visit, answer = self._enter(token)
        return answer or self._send_letter(visit, quittance_id)
