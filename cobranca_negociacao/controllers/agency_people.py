from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from .agency_pages import HOME, AgencyPages

TEAM = f"{HOME}/equipe"
LARGEST_FORM = 16 * 1024
NOTICES = ("convite", "removido")


class AgencyPeople(AgencyPages, CustomerPortal):
    """Who works for the agency: for its administrator."""

    @http.route(TEAM, type="http", auth="user", website=True, methods=["GET"])
    def portal_agency_people(self, feito=None, **kwargs):
        """The team."""
        return self._render_people(notice=feito if feito in NOTICES else "")

    @http.route(TEAM, type="http", auth="user", website=True, methods=["POST"], max_content_length=LARGEST_FORM)
    def portal_agency_people_change(self, **kwargs):
        """Invite somebody, or remove him."""
        form = request.httprequest.form.to_dict()
        agency, People = self._get_agencies()[:1], request.env["cobranca.agency.people"]
        if not agency:
            return request.not_found()
        person = form.get("pessoa") or ""
        try:
            if "pessoa" in form:
                is_number = person.isascii() and person.isdigit() and len(person) < 10
                People._remove(agency, int(person) if is_number else 0)
            else:
                People._invite(agency, form.get("nome"), form.get("email"), form.get("administra") == "sim")
        except AccessError:
            return self._render_gone()
        except UserError as refused:
            return self._render_people(typed=form, error=str(refused))
        return request.redirect(f"{TEAM}?feito={'removido' if 'pessoa' in form else 'convite'}", code=303)

    def _render_people(self, notice="", typed=None, error=""):
        agency = self._get_agencies()[:1]
        if not agency:
            return request.not_found()
        try:
            people = request.env["cobranca.agency.people"]._get_people(agency)
        except AccessError:
            return self._render_gone()
        values = {"people": people, "notice": notice, "typed": typed or {}, "error": error}
        return self._render_agency("agency_people", {**values, "agency_place": "people"})
