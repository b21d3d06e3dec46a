from werkzeug.exceptions import Forbidden, NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import consteq

from odoo.addons.account_payment.controllers.payment import PaymentPortal

from ..models.cobranca_debt_link import PATH
from .open_payments import OpenPaymentsPortal
from .payment_link import PaymentLink

ONLINE = "online/<string:txid>"
FLOWS = ("redirect", "direct")
# After these the form is shown again.
PAY_AGAIN = ("error", "cancel", "transfer")
# Each one asks a provider: enough for who mistypes, too few for who tries out cards.
PAYMENTS_A_DAY = 15


class OnlinePages:
    """The form of Odoo's providers for what a visitor has chosen, and what became of his payment."""

    def _render_online(self, visit, txid):
        Online = visit.company.env["cobranca.online.payment"]
        quote = self._find_online(visit, txid)
        if not quote:
            return self._render_unknown()
        notice = Online._get_notice(quote)
        lines = Online._get_open_lines(quote)
        if not notice and Online._is_under_way(lines):
            notice = {"kind": "pending", "text": request.env._("A payment of this is being processed.")}
        if notice and notice["kind"] not in PAY_AGAIN:
            return self._render_visit("payments_online", visit, self._get_online_values(visit, quote, notice))
        try:
            renewed = Online._renew(quote)
        except UserError:
            return request.redirect(visit.path, code=303)
        if renewed != quote:
            return request.redirect(f"{visit.path}/online/{renewed.txid}", code=303)
        values = self._get_online_values(visit, quote, notice)
        return self._render_visit("payments_online", visit, {**values, **self._get_online_form(visit, quote)})

    def _render_unknown(self):
        return self._render_payments("payments_closed", {"kind": "unknown"}, status=404)

    def _find_online(self, visit, txid):
        """The quote that a visitor may see and pay: of his debtor, and nothing open of it that he may not see."""
        Online = visit.company.env["cobranca.online.payment"]
        quote = Online._find(visit.company, visit.debtor, txid)
        hidden = set(Online._get_open_lines(quote).ids) - set(visit.lines.ids) if quote else ()
        return quote.browse() if hidden else quote

    def _get_online_values(self, visit, quote, notice):
        return {
            "creditor": request.env["cobranca.debt.page"]._get_creditor(visit.company),
            "notice": notice,
            "total": quote.currency_id.format(quote.amount),
            "count": len(quote.quote_line_ids),
            "name": quote.quote_line_ids.line_id.move_name if len(quote.quote_line_ids) == 1 else "",
        }

    def _get_online_form(self, visit, quote):
        """What Odoo's form of providers wants."""
        Online = visit.company.env["cobranca.online.payment"]
        options = Online._get_options(visit.company, visit.debtor, quote.amount, has_tokens=not visit.is_link)
        address = f"{visit.path}/online/{quote.txid}"
        return {
            "has_form": bool(options.methods or options.tokens),
            "amount": quote.amount,
            "currency": quote.currency_id,
            "partner_id": visit.debtor.id,
            "providers_sudo": options.providers,
            "payment_methods_sudo": options.methods,
            "tokens_sudo": options.tokens,
            "availability_report": {},
            # Cards are kept with the consent that `cobranca.card` asks for, never by the way.
            "show_tokenize_input_mapping": dict.fromkeys(options.providers.ids, False),
            "transaction_route": f"{address}/pagar",
            "landing_route": address,
            "access_token": Online._get_access_token(quote),
        }

    def _begin_online(self, visit, txid, access_token, sent):
        """Make the transaction of a quote. Of what a browser sends only the choice of means counts.

        :return: dict for the form, see `payment.transaction._get_processing_values`
        """
        Online = visit.company.env["cobranca.online.payment"]
        quote = self._find_online(visit, txid)
        if not quote or quote.source != "online":
            raise NotFound
        token = access_token if isinstance(access_token, str) else ""
        if not consteq(token.encode(), Online._get_access_token(quote).encode()):
            raise Forbidden
        PaymentPortal._validate_transaction_kwargs(sent, additional_allowed_keys=("payment_reference",))
        amount = sent.get("amount")
        if amount is not None and (
            not isinstance(amount, int | float) or quote.currency_id.compare_amounts(amount, quote.amount)
        ):
            raise Forbidden
        choice = self._choose_means(visit, quote, sent)
        Online._check_still_right(quote)
        Attempt, key = request.env["cobranca.attempt"], f"{visit.company.id}.{visit.debtor.id}"
        if Attempt._is_over("online", key, PAYMENTS_A_DAY, hours=24):
            raise UserError(request.env._("There were many payments today. Please write to us or call."))
        Attempt._count("online", key)
        transaction = PaymentPortal()._create_transaction(
            **choice,
            amount=quote.amount,
            currency_id=quote.currency_id.id,
            partner_id=visit.debtor.id,
            tokenization_requested=False,
            landing_route=f"{visit.path}/online/{quote.txid}",
            reference_prefix=quote.txid,
            custom_create_values=Online._prepare_transaction(quote),
        )
        return transaction._get_processing_values()

    def _choose_means(self, visit, quote, sent):
        """The means that were chosen, if they are among those that this visitor is offered.

        :raise Forbidden: for any other
        """
        Online = visit.company.env["cobranca.online.payment"]
        options = Online._get_options(visit.company, visit.debtor, quote.amount, has_tokens=not visit.is_link)
        flow, number = sent.get("flow"), sent.get("provider_id")
        provider = options.providers.filtered(lambda provider: provider.id == number)
        if flow == "token":
            token = options.tokens.filtered(lambda token: token.id == sent.get("token_id"))
            if token and token.provider_id == provider:
                return {"flow": flow, "provider_id": provider.id, "payment_method_id": None, "token_id": token.id}
        elif flow in FLOWS:
            method = options.methods.filtered(lambda method: method.id == sent.get("payment_method_id"))
            if method and provider in method.provider_ids:
                return {"flow": flow, "provider_id": provider.id, "payment_method_id": method.id, "token_id": None}
        raise Forbidden


class OnlinePaymentLink(OnlinePages, PaymentLink):
    """Payments online of who came by a link."""

    @http.route(
        f"{PATH}/<string:token>/{ONLINE}", type="http", auth="public", website=True, multilang=False, methods=["GET"]
    )
    def portal_link_online(self, token, txid, **kwargs):
        """The form of the providers, or what became of the payment."""
        visit, answer = self._enter(token)
        return answer or self._render_online(visit, txid)

    @http.route(f"{PATH}/<string:token>/{ONLINE}/pagar", type="jsonrpc", auth="public", website=True)
    def portal_link_online_begin(self, token, txid, access_token=None, **kwargs):
        """Begin a payment; what cannot be begun is told, so that a guess is counted."""
        visit, answer = self._enter(token)
        if answer:
            text = request.env._("This page is not open any more. Load it again.")
            return {"state": "error", "state_message": text}
        return self._begin_online(visit, txid, access_token, kwargs)


class OnlinePaymentPortal(OnlinePages, OpenPaymentsPortal):
    """Payments online of who is logged in."""

    @http.route(f"{PATH}/{ONLINE}", type="http", auth="user", website=True, methods=["GET"])
    def portal_own_online(self, txid, **kwargs):
        """The form of the providers, or what became of the payment."""
        visit = self._visit_own()
        # Odoo's own answer looks for the address among the files, and fails for one with a NUL.
        return self._render_online(visit, txid) if visit else self._render_unknown()

    @http.route(f"{PATH}/{ONLINE}/pagar", type="jsonrpc", auth="user", website=True)
    def portal_own_online_begin(self, txid, access_token=None, **kwargs):
        """Begin a payment."""
        visit = self._visit_own()
        if not visit:
            raise NotFound
        return self._begin_online(visit, txid, access_token, kwargs)
