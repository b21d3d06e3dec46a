from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager


class ContractPortal(CustomerPortal):
    """The customer's own contracts. Record rules decide what he sees."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "cobranca_contract_count" in counters:
            Contract = request.env["cobranca.contract"]
            values["cobranca_contract_count"] = Contract.search_count([]) if Contract.has_access("read") else 0
        return values

    @http.route(["/my/contratos", "/my/contratos/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_contracts(self, page=1, **kwargs):
        """List of the customer's contracts."""
        Contract = request.env["cobranca.contract"]
        if not Contract.has_access("read"):
            return request.redirect("/my")
        page_of = pager(url="/my/contratos", total=Contract.search_count([]), page=page, step=self._items_per_page)
        contracts = Contract.search([], order="state, id desc", limit=self._items_per_page, offset=page_of["offset"])
        values = self._prepare_portal_layout_values()
        values |= {
            "contracts": contracts,
            "pager": page_of,
            "page_name": "cobranca_contract",
            "default_url": "/my/contratos",
        }
        return request.render("cobranca_recorrente.portal_my_contracts", values)

    @http.route("/my/contratos/<int:contract_id>", type="http", auth="user", website=True)
    def portal_contract(self, contract_id, **kwargs):
        """One contract of the customer; somebody else's is as if it did not exist."""
        try:
            contract = request.env["cobranca.contract"].browse(contract_id).exists()
            contract.check_access("read")
        except (AccessError, MissingError):
            return request.not_found()
        if not contract:
            return request.not_found()
        values = self._prepare_portal_layout_values()
        values |= {
            "contract": contract,
            "periods": contract._get_portal_periods(),
            "creditor": contract._get_portal_creditor(),
            "page_name": "cobranca_contract",
        }
        return request.render("cobranca_recorrente.portal_contract_page", values)
