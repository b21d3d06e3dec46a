from urllib.parse import urlencode

from odoo.http import request

from odoo.addons.cobranca_recorrente.controllers.payment_pages import HEADERS

# So many pages within an hour are more than anybody works; who takes the book away needs more.
CASES_AN_HOUR = 400
LISTS_AN_HOUR = 600
HOME = "/my/distribuicoes"


class AgencyPages:
    """The pages of people of agencies: each finds anew what is theirs, with their own rights. The models choose."""

    def _get_agencies(self):
        """:return: cobranca.agency of the user that may work now, with the rights of the system; may be empty"""
        return request.env["cobranca.agency"]._get_own()

    def _find_placement(self, placement_id):
        """What the user may work now, else nothing.

        :return: cobranca.placement with the rights of the system; may be empty
        """
        Placement = request.env["cobranca.placement"]
        if not self._get_agencies() or not 0 < placement_id < 2**31:
            return Placement
        return Placement.search([("id", "=", placement_id)]).sudo()  # sudo: its rule let the user find it

    def _is_busy(self, scope, most):
        """Count a page; were there as many already as are allowed?"""
        Attempt = request.env["cobranca.attempt"]
        if Attempt._is_over(scope, request.env.uid, most):
            return True
        Attempt._count(scope, request.env.uid)
        return False

    def _get_address(self, wanted, placement_id=None, **more):
        """The list, or a customer of it, as it was wanted."""
        path = f"{HOME}/{placement_id}" if placement_id else HOME
        query = urlencode({**wanted.query, **more})
        return f"{path}?{query}" if query else path

    # --- rendering ---

    def _render_agency(self, template, values, status=200):
        """A page that nobody keeps, indexes or frames."""
        layout = self._prepare_portal_layout_values()
        agencies = self._get_agencies()
        shown = {
            **layout,
            "page_name": "cobranca_agency",
            "agency_name": agencies[:1].name or "",
            "is_agency_admin": request.env.user.has_group("cobranca_negociacao.cobranca_group_agency_admin"),
            "home": HOME,
            **values,
        }
        if agencies:
            shown["res_company"] = agencies[0].company_id
        name = template if "." in template else f"cobranca_negociacao.{template}"
        return request.render(name, shown, status=status, headers=list(HEADERS.items()))

    def _render_gone(self):
        """What is not theirs, or no more, or never was: the same page, so that it tells nothing."""
        if not self._get_agencies():
            return request.not_found()
        return self._render_agency("agency_gone", {"agency_place": "gone"}, status=404)

    def _render_busy(self):
        return self._render_agency("agency_busy", {"agency_place": "gone"}, status=429)
