from odoo import http
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from .agency_pages import HOME, LISTS_AN_HOUR, AgencyPages

NOTICES = ("devolvido", "contestado", "registrado", "fim")


class AgencyPortal(AgencyPages, CustomerPortal):
    """What an agency has to work."""

    @http.route(HOME, type="http", auth="user", website=True, methods=["GET"])
    def portal_placements(self, feito=None, **kwargs):
        """The numbers and the list."""
        agencies = self._get_agencies()
        if not agencies:
            return request.not_found()
        if self._is_busy("agency_list", LISTS_AN_HOUR):
            return self._render_busy()
        Page = request.env["cobranca.placement.page"]
        shown = Page._get_list(agencies, Page._read_wanted(request.httprequest.args))
        values = {"shown": shown, "notice": feito if feito in NOTICES else "", "address": self._get_address}
        return self._render_agency("agency_list", {**values, "agency_place": "list"})
