from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from .agency_case import LARGEST_FORM, ONE
from .agency_pages import CASES_AN_HOUR, HOME, AgencyPages
from .negotiation_pages import read_wish

OFFERS_A_DAY = 20


class AgencyNegotiation(AgencyPages, CustomerPortal):
    """Where people of an agency offer an agreement, or ask for one beyond their authority."""

    @http.route(f"{ONE}/proposta", type="http", auth="user", website=True, methods=["GET"])
    def portal_placement_offers(self, placement_id, **kwargs):
        """Another condition than the offers that are ready."""
        placement = self._find_placement(placement_id)
        if not placement:
            return self._render_gone()
        return self._render_offers(placement, read_wish(request.httprequest.args))

    @http.route(
        f"{ONE}/proposta", type="http", auth="user", website=True, methods=["POST"], max_content_length=LARGEST_FORM
    )
    def portal_placement_offer(self, placement_id, **kwargs):
        """Send a proposal to the customer."""
        return self._take_offer(placement_id, lambda placement, wish, form: placement._offer(wish, form["way"]))

    @http.route(
        f"{ONE}/pedido", type="http", auth="user", website=True, methods=["POST"], max_content_length=LARGEST_FORM
    )
    def portal_placement_request(self, placement_id, **kwargs):
        """Ask the company for what is beyond the authority."""
        return self._take_offer(
            placement_id, lambda placement, wish, form: placement._ask_offer(wish, form["reason"], form["way"])
        )

    @http.route(
        f"{ONE}/pedido/retirar",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        max_content_length=LARGEST_FORM,
    )
    def portal_placement_take_back(self, placement_id, **kwargs):
        """What was asked for is not wanted any more."""
        return self._take_offer(
            placement_id, lambda placement, _wish, form: placement._take_back_request(form["number"])
        )

    # --- how ---

    def _take_offer(self, placement_id, do):
        """Do what was sent, and go back to the customer's page; what cannot be done is told on the page of offers.

        :param do: function of (placement, wish, form), form being dict(way, reason, number)
        """
        placement = self._find_placement(placement_id)
        if not placement:
            return self._render_gone()
        sent, Attempt = request.httprequest.form, request.env["cobranca.attempt"]
        wish, reason = read_wish(sent), sent.get("motivo", "")[:2000]
        if Attempt._is_over("agency_offer", placement.id, OFFERS_A_DAY, hours=24):
            error = request.env._("There were many offers for this customer today. Go on tomorrow, or ask the company.")
            return self._render_offers(placement, wish, error, reason)
        form = {"way": sent.get("caminho", "")[:10], "reason": reason, "number": sent.get("pedido", 0, type=int)}
        try:
            with request.env.cr.savepoint():
                done = do(placement, wish, form)
        except UserError as refused:
            return self._render_offers(placement, wish, str(refused), reason)
        Attempt._count("agency_offer", placement.id)
        if done is not None and not done:
            # What was asked for needs nobody: it can be offered as it is.
            return self._render_offers(placement, wish._replace(plan="fit"))
        return request.redirect(f"{HOME}/{placement.id}#negociacao", code=303)

    def _render_offers(self, placement, wish, error="", reason=""):
        if self._is_busy("agency_case", CASES_AN_HOUR):
            return self._render_busy()
        shown = request.env["cobranca.placement.page"]._get_offer_page(placement, wish)
        values = {"shown": shown, "error": error or shown["error"], "reason": reason}
        return self._render_agency(
            "agency_offer_page", {**values, "agency_place": "offers", "agency_crumb": shown["number"]}
        )
