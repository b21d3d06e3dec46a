from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from .agency_pages import CASES_AN_HOUR, HOME, AgencyPages

ONE = f"{HOME}/<int:placement_id>"
LARGEST_FORM = 64 * 1024
# So many a person fills in within an hour; what they write stays in the register.
FORMS_AN_HOUR = 400
NOTICES = ("contato", "promessa", "desfeita", "contestado")


class AgencyCase(AgencyPages, CustomerPortal):
    """One customer: what is owed, how he may be contacted, and what is written down of it."""

    @http.route(ONE, type="http", auth="user", website=True, methods=["GET"])
    def portal_placement(self, placement_id, feito=None, **kwargs):
        """The page of a customer."""
        placement = self._find_placement(placement_id)
        if not placement:
            return self._render_gone()
        return self._render_case(placement, notice=feito if feito in NOTICES else "")

    @http.route(
        f"{ONE}/contato", type="http", auth="user", website=True, methods=["POST"], max_content_length=LARGEST_FORM
    )
    def portal_placement_contact(self, placement_id, **kwargs):
        """Write a contact down and go on with the next customer."""
        return self._take(placement_id, "_take_contact", "contato", "contato", is_next=True)

    @http.route(
        f"{ONE}/promessa", type="http", auth="user", website=True, methods=["POST"], max_content_length=LARGEST_FORM
    )
    def portal_placement_promise(self, placement_id, **kwargs):
        """Write a promise down, or take one back."""
        if request.httprequest.form.get("desfazer") == "sim":
            return self._take(placement_id, "_take_promise_back", "promessa", "desfeita")
        return self._take(placement_id, "_take_promise", "promessa", "promessa")

    @http.route(
        f"{ONE}/contestacao", type="http", auth="user", website=True, methods=["POST"], max_content_length=LARGEST_FORM
    )
    def portal_placement_dispute(self, placement_id, **kwargs):
        """Write down what the customer contests."""
        return self._take(placement_id, "_take_dispute", "contestacao", "contestado")

    @http.route(
        f"{ONE}/devolver", type="http", auth="user", website=True, methods=["POST"], max_content_length=LARGEST_FORM
    )
    def portal_placement_return(self, placement_id, **kwargs):
        """Give the customer back."""
        return self._take(placement_id, "_take_return", "devolver", "devolvido")

    # --- how ---

    def _take(self, placement_id, method, form_name, done, is_next=False):
        """Take a form, found anew: what was recalled meanwhile takes nothing.

        :param str method: of `cobranca.placement.page.forms`
        :param str form_name: the form that is shown again with what was wrong
        :param str done: what the page after it says
        :param bool is_next: go on with the next customer of the list
        """
        placement = self._find_placement(placement_id)
        if not placement:
            return self._render_gone()
        if self._is_busy("agency_form", FORMS_AN_HOUR):
            return self._render_busy()
        Page, form = request.env["cobranca.placement.page"], request.httprequest.form.to_dict()
        wanted = Page._read_wanted(form)
        following = Page._get_neighbours(self._get_agencies(), wanted, placement)["following"] if is_next else 0
        try:
            with request.env.cr.savepoint():
                getattr(Page, method)(placement, form)
        except UserError as refused:
            return self._render_refused(placement_id, form_name, form, str(refused))
        if following:
            address = self._get_address(wanted, following, feito=done)
        elif is_next:
            address = self._get_address(wanted, feito="fim")
        elif self._find_placement(placement_id):
            address = self._get_address(wanted, placement_id, feito=done)
        else:
            address = self._get_address(wanted, feito=done)
        return request.redirect(address, code=303)

    def _render_refused(self, placement_id, form_name, form, error):
        """The page with what was typed and what was wrong with it."""
        placement = self._find_placement(placement_id)
        if not placement:
            return self._render_gone()
        return self._render_case(placement, form_name=form_name, typed=form, error=error)

    def _render_case(self, placement, notice="", form_name="", typed=None, error=""):
        if self._is_busy("agency_case", CASES_AN_HOUR):
            return self._render_busy()
        Page = request.env["cobranca.placement.page"]
        wanted = Page._read_wanted(typed or request.httprequest.args)
        values = {
            "shown": Page._get_case(placement),
            "around": Page._get_neighbours(self._get_agencies(), wanted, placement),
            "wanted": wanted,
            "address": self._get_address,
            "notice": notice,
            "form_name": form_name,
            "typed": typed or {},
            "error": error,
            "agency_place": "case",
        }
        return self._render_agency("agency_case", {**values, "number": values["shown"]["number"]})
