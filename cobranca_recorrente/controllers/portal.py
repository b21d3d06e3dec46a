from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager


class ContractPortal(CustomerPortal):
    """The customer's own contracts. Record rules decide what he sees, the model chooses what is shown."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "cobranca_contract_count" in counters:
            Contract = request.env["cobranca.contract"]
            values["cobranca_contract_count"] = Contract.search_count([]) if Contract.has_access("read") else 0
        return values

    # --- list ---

    def _get_contract_sortings(self):
        """{key of the address: dict(label, order)}; the first is the default."""
        return {
            "new": {"label": request.env._("Newest"), "order": "state, id desc"},
            "due": {"label": request.env._("Next due date"), "order": "next_due_date, id desc"},
            "name": {"label": request.env._("Number"), "order": "name, id"},
        }

    def _get_contract_filters(self):
        """{key of the address: dict(label, domain)}; the first is the default."""
        return {
            "all": {"label": request.env._("All"), "domain": Domain.TRUE},
            "active": {"label": request.env._("Active"), "domain": Domain("state", "=", "active")},
            "closed": {"label": request.env._("Ended"), "domain": Domain("state", "=", "closed")},
        }

    @http.route(["/my/contratos", "/my/contratos/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_contracts(self, page=1, sortby=None, filterby=None, **kwargs):
        """List of the customer's contracts; an unknown order or filter is the default one."""
        Contract = request.env["cobranca.contract"]
        if not Contract.has_access("read"):
            return request.redirect("/my")
        sortings, filters = self._get_contract_sortings(), self._get_contract_filters()
        sortby = sortby if sortby in sortings else "new"
        filterby = filterby if filterby in filters else "all"
        domain = filters[filterby]["domain"]
        page_of = pager(
            url="/my/contratos",
            url_args={"sortby": sortby, "filterby": filterby},
            total=Contract.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        contracts = Contract.search(
            domain, order=sortings[sortby]["order"], limit=self._items_per_page, offset=page_of["offset"]
        )
        values = self._prepare_portal_layout_values()
        values |= {
            "contracts": contracts._get_portal_summary(),
            "pager": page_of,
            "page_name": "cobranca_contract",
            "default_url": "/my/contratos",
            "searchbar_sortings": sortings,
            "searchbar_filters": filters,
            "sortby": sortby,
            "filterby": filterby,
        }
        return request.render("cobranca_recorrente.portal_my_contracts", values)

    # --- one contract ---

    def _find_contract(self, contract_id):
        """The contract of an address, empty when the user may not know of it.

        :return: cobranca.contract
        """
        contract = request.env["cobranca.contract"].browse(contract_id).exists()
        try:
            contract.check_access("read")
        except (AccessError, MissingError):
            return contract.browse()
        return contract

    @http.route("/my/contratos/<int:contract_id>", type="http", auth="user", website=True, methods=["GET"])
    def portal_contract(self, contract_id, **kwargs):
        """One contract of the customer; somebody else's is as if it did not exist."""
        contract = self._find_contract(contract_id)
        return self._render_contract(contract) if contract else request.not_found()

    def _render_contract(self, contract, error=""):
        """The page of a contract, with what was refused of what the customer wanted to do there."""
        values = self._prepare_portal_layout_values()
        values |= {
            "shown": contract._get_portal_page(),
            "error": error,
            "contract_name": contract.name,
            "is_customer": contract._is_customer_user(),
            "page_name": "cobranca_contract",
        }
        return request.render("cobranca_recorrente.portal_contract_page", values)

    # --- cancellation ---

    @http.route("/my/contratos/<int:contract_id>/cancelamento", type="http", auth="user", website=True, methods=["GET"])
    def portal_contract_cancellation(self, contract_id, dia=None, **kwargs):
        """What the customer may choose when he wants to leave; `dia` = another day to know the cost of."""
        contract = self._find_contract(contract_id)
        if not contract or not contract._is_customer_user():
            return request.not_found()
        return self._render_cancellation(contract, dia)

    @http.route(
        "/my/contratos/<int:contract_id>/cancelamento", type="http", auth="user", website=True, methods=["POST"]
    )
    def portal_contract_cancel(self, contract_id, **kwargs):
        """Register the request. Only the four named values are taken; the model decides on each."""
        contract = self._find_contract(contract_id)
        if not contract or not contract._is_customer_user():
            return request.not_found()
        typed = {key: kwargs[key] for key in ("code", "day", "reason", "text") if isinstance(kwargs.get(key), str)}
        try:
            contract._request_cancellation(**{"code": "", **typed})
        except UserError as refused:
            return self._render_cancellation(contract, typed.get("day"), typed, str(refused))
        return request.redirect(contract.access_url, code=303)

    @http.route(
        "/my/contratos/<int:contract_id>/cancelamento/desistir",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_contract_keep(self, contract_id, **kwargs):
        """Take the request back."""
        contract = self._find_contract(contract_id)
        if not contract or not contract._is_customer_user():
            return request.not_found()
        try:
            contract._take_back_cancellation()
        except UserError as refused:
            return self._render_contract(contract, str(refused))
        return request.redirect(contract.access_url, code=303)

    def _render_cancellation(self, contract, day=None, typed=None, error=""):
        """The page of choices, with what was typed and what was wrong with it."""
        try:
            choices = contract._get_cancellation_page(day)
        except UserError as refused:
            choices, error = contract._get_cancellation_page(), error or str(refused)
        if not choices["options"]:
            return request.redirect(contract.access_url, code=303)
        values = self._prepare_portal_layout_values()
        values |= {
            **choices,
            "contract_name": contract.name,
            "contract_url": contract.access_url,
            "typed": typed or {},
            "error": error,
            "page_name": "cobranca_contract",
            "is_cancellation": True,
        }
        return request.render("cobranca_recorrente.portal_contract_cancellation", values)
