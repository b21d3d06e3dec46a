from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from odoo.addons.payment import utils as payment_utils

SOURCE = "online"
# Of a payment that waits for the customer's own bank transfer nobody knows whether he makes it.
BY_HAND = ("custom",)
UNDER_WAY = ("pending", "authorized")

# Of the means on the page, after Pix.
SEQUENCE = 20


class Options(NamedTuple):
    """By what a customer may pay an amount, with the rights of the system."""

    providers: models.Model
    methods: models.Model
    tokens: models.Model


class CobrancaOnlinePayment(models.AbstractModel):
    """How a customer pays what he has chosen by a provider of Odoo: what he is offered, and what he is told.

    The callers say whose page it is; records come with the rights of the system, in the customer's language.
    """

    _name = "cobranca.online.payment"
    _description = "Payment Online"

    # === BUSINESS METHODS === #

    @api.model
    def _get_means(self, quote, visit_values):
        """The providers of Odoo that take an amount, as a means of the page.

        :return: list of one dict as of `cobranca.payment.method`; empty where none is enabled
        """
        company = visit_values["company"]
        Online = company.env["cobranca.online.payment"]
        options = Online._get_options(company, visit_values["debtor"], quote.amount)
        if not options.methods:
            return []
        online = {
            "label": Online._get_label(options),
            "url": f"{visit_values['path']}/online/{quote.txid}",
            "is_test": all(provider.state == "test" for provider in options.providers),
        }
        return [
            {
                "code": "online",
                "sequence": SEQUENCE,
                "template": "cobranca_recorrente.payments_means_online",
                "values": {"online": online},
            }
        ]

    @api.model
    def _get_options(self, company, debtor, amount, has_tokens=False):
        """The providers that take this amount, and their means.

        :param bool has_tokens: with the cards that the customer keeps with them: for who is logged in only
        :return: Options
        """
        currency, empty = company.currency_id, company.env["payment.token"]
        Provider, Method = company.env["payment.provider"], company.env["payment.method"]
        if debtor.company_id and debtor.company_id != company:
            return Options(Provider, Method, empty)
        providers = Provider._get_compatible_providers(company.id, debtor.id, amount, currency_id=currency.id)
        # Without a journal nobody could book what they receive.
        providers = providers.filtered("journal_id")
        methods = Method._get_compatible_payment_methods(providers.ids, debtor.id, currency_id=currency.id)
        tokens = empty._get_available_tokens(providers.ids, debtor.id) if has_tokens else empty
        return Options(providers, methods, tokens)

    @api.model
    def _get_label(self, options):
        """What the button says: the means of the providers, the most usual first.

        :return: str
        """
        names = list(dict.fromkeys(options.methods.sorted(lambda method: method.code != "card").mapped("name")))
        if len(names) > 2:
            return self.env._("%(first)s and other means", first=names[0])
        return self.env._("%(first)s or %(second)s", first=names[0], second=names[1]) if names[1:] else names[0]

    @api.model
    def _find(self, company, debtor, txid):
        """What this customer is about to pay; empty for what is of somebody else.

        :return: cobranca.payment.quote
        """
        Quote = company.env["cobranca.payment.quote"]
        quote = Quote._find(company, [txid]).get(txid, Quote)
        return quote.with_env(company.env) if quote.partner_id == debtor else Quote

    @api.model
    def _renew(self, quote):
        """The same choice with the amounts of today; the same quote when nothing has changed.

        :return: cobranca.payment.quote
        :raise UserError: when nothing of it is open any more, or less than the part that was chosen
        """
        is_part = quote.currency_id.compare_amounts(quote.amount, quote.total) < 0
        part = Decimal(f"{quote.amount:.2f}") if is_part else None
        lines = quote.quote_line_ids.line_id
        made = quote._make(quote.company_id, quote.partner_id, lines, part, SOURCE)
        return made.with_env(quote.env)

    @api.model
    def _get_open_lines(self, quote):
        """Of its debts those that are still asked for.

        :return: account.move.line
        """
        lines = quote.quote_line_ids.line_id
        return self.env["cobranca.debt.page"]._get_still_open(quote.company_id, lines)

    @api.model
    def _is_under_way(self, lines):
        """Does somebody pay one of these debts already, so that a second payment would be one too many?"""
        transactions = lines.env["payment.transaction"]
        domain = [("state", "in", UNDER_WAY), ("provider_code", "not in", BY_HAND), ("amount", ">", 0)]
        domain += ["|", ("cobranca_quote_id.quote_line_ids.line_id", "in", lines.ids)]
        domain += [("invoice_ids", "in", lines.move_id.filtered(lambda move: move.is_invoice()).ids)]
        return bool(transactions.search_count(domain, limit=1))

    # --- what the customer is told ---

    @api.model
    def _get_notice(self, quote):
        """How the latest payment of this went; empty when there was none.

        :return: dict(kind, text, detail, instructions); kinds are the states of a transaction, or `transfer`
        """
        # A draft is a form that was left: nothing happened yet.
        transaction = quote.env["payment.transaction"].search(
            [("cobranca_quote_id", "=", quote.id), ("source_transaction_id", "=", False), ("state", "!=", "draft")],
            order="id desc",
            limit=1,
        )
        is_refunded = transaction.state == "done" and transaction.is_post_processed and quote.state == "open"
        if not transaction or is_refunded:
            return {}
        is_transfer = transaction.state == "pending" and transaction.provider_code in BY_HAND
        return {
            "kind": "transfer" if is_transfer else transaction.state,
            "text": self._get_words(transaction, is_transfer),
            "detail": transaction.state == "error" and transaction.state_message or "",
            "instructions": is_transfer and transaction.provider_id.pending_msg or "",
        }

    @api.model
    def _get_words(self, transaction, is_transfer=False):
        moment = transaction.last_state_change or transaction.create_date
        values = {
            "amount": transaction.currency_id.format(transaction.amount),
            "date": format_date(transaction.env, transaction.company_id._cobranca_local(moment).date()),
        }
        if transaction.state == "done":
            return self.env._("We received your payment of %(amount)s on %(date)s. Thank you!", **values)
        if transaction.state == "authorized":
            return self.env._(
                "Your payment of %(amount)s is authorised. You need not do anything more: there are no reminders, and "
                "it is shown here as soon as it is completed.",
                **values,
            )
        if is_transfer:
            return self.env._("We wait for your transfer of %(amount)s. You may also pay in another way.", **values)
        if transaction.state == "pending":
            return self.env._(
                "Your payment of %(amount)s is being processed. Until it is confirmed there are no reminders; you "
                "need not pay again.",
                **values,
            )
        if transaction.state == "cancel":
            return self.env._(
                "The payment of %(amount)s was cancelled. What you wanted to pay is still open: try again, or choose "
                "another way to pay.",
                **values,
            )
        return self.env._(
            "The payment of %(amount)s was not completed. Try again, or choose another card or another way to pay. If "
            "the amount appears in your statement all the same, write to us before you pay again.",
            **values,
        )

    # --- beginning ---

    @api.model
    def _get_access_token(self, quote):
        """What the form of this quote sends back, so that only who was shown it begins a payment."""
        return payment_utils.generate_access_token("cobranca.online", quote.id, f"{quote.amount:.2f}", env=self.env)

    @api.model
    def _check_still_right(self, quote):
        """:raise UserError: with what the customer must know before he pays"""
        self._check_not_under_way(self._get_open_lines(quote))
        if self._renew(quote) != quote:
            raise UserError(self.env._("The amount is another one by now. Load the page again to see it."))

    @api.model
    def _check_not_under_way(self, lines):
        """:raise UserError: when somebody pays one of these debts already"""
        if self._is_under_way(lines):
            raise UserError(self.env._("A payment of this is being processed. Please wait until it is confirmed."))

    @api.model
    def _prepare_transaction(self, quote):
        """What ties a transaction to a quote: values that no browser may give.

        :return: dict
        """
        invoices = quote.quote_line_ids.line_id.move_id.filtered(lambda move: move.is_invoice())
        return {"cobranca_quote_id": quote.id, "invoice_ids": [(6, 0, invoices.ids)]}
