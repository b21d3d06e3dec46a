from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

PATH = "/my/dados"


class OwnDataPortal(CustomerPortal):
    """The customer's own data. Whose they are follows from who is logged in, never from what is sent."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        # Not among the counters of the page, which it asks for by name.
        if not counters:
            values["cobranca_has_own_data"] = bool(request.env["res.partner"]._cobranca_get_own())
        return values

    def _validate_address_values(self, address_values, partner_sudo, *args, **kwargs):
        """Odoo's own address form is no way around the approval."""
        invalid, missing, messages = super()._validate_address_values(address_values, partner_sudo, *args, **kwargs)
        if partner_sudo:
            guarded = partner_sudo._cobranca_find_guarded(address_values)
            invalid |= guarded.keys()
            messages += dict.fromkeys(guarded.values())
        return invalid, missing, messages

    @http.route(PATH, type="http", auth="user", website=True, methods=["GET"])
    def portal_own_data(self, salvo=None, **kwargs):
        """The customer's data as they are; `salvo` says what to thank for."""
        own = request.env["res.partner"]._cobranca_get_own()
        return self._render_own_data(own, saved=salvo) if own else request.not_found()

    @http.route(PATH, type="http", auth="user", website=True, methods=["POST"])
    def portal_own_data_save(self, **kwargs):
        """Take over what was corrected; the model chooses what of it."""
        own = request.env["res.partner"]._cobranca_get_own()
        if not own:
            return request.not_found()
        typed = {key: value for key, value in kwargs.items() if isinstance(value, str)}
        try:
            errors, asked = own._cobranca_save_own(typed)
        except UserError as refused:
            return self._render_own_data(own, typed, error=str(refused))
        if errors:
            return self._render_own_data(own, typed, errors)
        return request.redirect(f"{PATH}?salvo={'pedido' if asked else 'dados'}", code=303)

    @http.route(f"{PATH}/desistir", type="http", auth="user", website=True, methods=["POST"])
    def portal_own_data_withdraw(self, campo=None, **kwargs):
        """Take back a change that waits for approval."""
        own = request.env["res.partner"]._cobranca_get_own()
        if not own:
            return request.not_found()
        own._cobranca_withdraw_own(campo)
        return request.redirect(PATH, code=303)

    def _render_own_data(self, own, typed=None, errors=None, error="", saved=None):
        """The page, with what was typed and what was wrong with it."""
        values = self._prepare_portal_layout_values()
        values |= {
            "shown": own._cobranca_get_own_page(typed),
            "errors": errors or {},
            "error": error,
            "saved": saved if saved in ("dados", "pedido") else "",
            "page_name": "cobranca_own_data",
        }
        return request.render("cobranca_recorrente.portal_own_data", values)
