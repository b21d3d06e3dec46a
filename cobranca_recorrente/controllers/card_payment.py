from odoo import http
from odoo.exceptions import LockError, UserError
from odoo.http import request

from ..models.cobranca_debt_link import PATH
from .open_payments import OpenPaymentsPortal

CARD_PATH = f"{PATH}/cartao"


class CardPaymentPortal(OpenPaymentsPortal):
    """Automatic payment by a saved card, of who is logged in: whose it is follows from that, not from what is sent."""

    @http.route(CARD_PATH, type="http", auth="user", website=True, methods=["GET"])
    def portal_card(self, aviso=None, **kwargs):
        """What the customer authorised, and the form to authorise a card."""
        visit = self._visit_own()
        return self._render_card(visit, notice=aviso) if visit else request.not_found()

    @http.route(CARD_PATH, type="http", auth="user", website=True, methods=["POST"])
    def portal_card_accept(self, **kwargs):
        """Write down what the customer accepts; only the named values are read."""
        visit = self._visit_own()
        if not visit:
            return request.not_found()
        form = request.httprequest.form
        if form.get("aceito") != "sim":
            return self._render_card(visit, error=request.env._("To authorise the card, tick that you agree."))
        Mandate = request.env["cobranca.card.mandate"].with_context(lang=visit.debtor.env.lang)
        contracts = Mandate._get_contracts(visit.company, visit.debtor)
        chosen = set(form.getlist("contrato")[:500])
        token = Mandate._get_tokens(visit.company, visit.debtor).filtered(
            lambda item: str(item.id) == form.get("cartao", "")
        )
        try:
            Mandate._accept(
                visit.company,
                visit.debtor,
                token,
                form.get("texto", ""),
                "contracts" if form.get("abrangencia") == "contratos" else "all",
                contracts.filtered(lambda contract: str(contract.id) in chosen),
                form.get("validade", "")[:10],
                request.httprequest.remote_addr,
                request.httprequest.user_agent.string,
            )
        except LockError:
            return self._render_busy_card(visit)
        except UserError as refused:
            return self._render_card(visit, error=str(refused))
        return request.redirect(f"{CARD_PATH}?aviso=autorizado", code=303)

    @http.route(f"{CARD_PATH}/<int:mandate_id>/revogar", type="http", auth="user", website=True, methods=["POST"])
    def portal_card_revoke(self, mandate_id, **kwargs):
        """Take an authorisation back; somebody else's is as if it did not exist."""
        visit = self._visit_own()
        mandate = visit and request.env["cobranca.card.mandate"]._find_own(visit.company, visit.debtor, mandate_id)
        if not mandate:
            return request.not_found()
        try:
            mandate._end("customer")
        except LockError:
            return self._render_busy_card(visit)
        return request.redirect(f"{CARD_PATH}?aviso=revogado", code=303)

    def _render_visit(self, template, visit, values):
        # sudo: a setting, whoever sees the page
        offered = bool(visit.company.sudo().cobranca_card_enabled)
        return super()._render_visit(template, visit, {"is_card_offered": offered, **values})

    def _render_busy_card(self, visit):
        error = request.env._("The card is being charged at this moment. Please try again in a minute.")
        return self._render_card(visit, error=error)

    def _render_card(self, visit, error="", notice=None):
        Mandate = request.env["cobranca.card.mandate"].with_context(lang=visit.debtor.env.lang)
        shown = Mandate._get_card_page(visit.company, visit.debtor)
        if not shown["is_offered"] and not shown["active"] and not shown["earlier"]:
            return request.not_found()
        known = notice if notice in ("autorizado", "revogado") else ""
        # What was chosen stays chosen when something else was wrong with it.
        form = request.httprequest.form
        typed = {"card": form.get("cartao", ""), "expiry": form.get("validade", "")[:10]}
        typed |= {"scope": form.get("abrangencia", ""), "contracts": form.getlist("contrato")[:500]}
        values = {"shown": shown, "error": error, "notice": known, "typed": typed, "is_card": True}
        return self._render_visit("payments_card", visit, values)
