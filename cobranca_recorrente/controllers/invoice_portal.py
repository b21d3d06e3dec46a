from urllib.parse import urlencode

from odoo import http
from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.http import request

from odoo.addons.account_payment.controllers.payment import PaymentPortal
from odoo.addons.account_payment.controllers.portal import PortalAccount

from ..models.cobranca_debt_link import PATH


class InvoicePayments(PortalAccount):
    """Odoo's own pages lead to the page of open payments: they ask for the total of an invoice, without what was paid
    of it and what its delay costs."""

    @http.route()
    def portal_my_overdue_invoices(self, access_token=None, **kwargs):
        """Instead of the sum of the totals: what is open today, with its explanation."""
        if not request.env.company._cobranca_has_payment_page():
            return super().portal_my_overdue_invoices(access_token=access_token, **kwargs)
        own = request.env["res.partner"]._cobranca_get_own()
        return request.redirect(PATH if own and own == own.commercial_partner_id else "/my/invoices")

    @http.route(
        f"{PATH}/abrir/<int:invoice_id>", type="http", auth="public", website=True, multilang=False, methods=["GET"]
    )
    def portal_open_invoice_payments(self, invoice_id, access_token=None, **kwargs):
        """The page of open payments with one invoice chosen, for who may see that invoice."""
        try:
            invoice = self._document_check_access("account.move", invoice_id, access_token)
        except (AccessError, MissingError, OverflowError):
            return request.not_found()
        company, debtor = invoice.company_id, invoice.partner_id.commercial_partner_id
        lines = request.env["cobranca.debt.page"]._get_still_open(company, invoice._cobranca_get_receivables())
        own = request.env["res.partner"]._cobranca_get_own()
        if own == debtor and company == request.env.company:
            query = urlencode([("pagamento", line) for line in lines.ids])
            return request.redirect(f"{PATH}?{query}")
        if not lines:
            return request.redirect(invoice.get_portal_url())
        Link = request.env["cobranca.debt.link"]
        [address] = Link._make_links([(company.id, debtor.id, lines.ids, Link._get_expiry(company))])
        return request.redirect(f"{PATH}/{address.rpartition('/')[2]}")


class InvoiceTransactions(PaymentPortal):
    """The routes behind Odoo's own pages take the amount from the browser."""

    @http.route()
    def overdue_invoices_transaction(self, payment_reference, **kwargs):
        """Closed where the page of open payments asks for what is owed.

        :raise ValidationError: with where to pay
        """
        if request.env.company._cobranca_has_payment_page():
            raise ValidationError(request.env._("Please pay on the page “Open payments”: it has the amounts of today."))
        return super().overdue_invoices_transaction(payment_reference, **kwargs)

    @http.route()
    def invoice_transaction(self, invoice_id, access_token, **kwargs):
        """No amount above what the invoice costs today, and none below a cent, whatever the browser says.

        :raise ValidationError: for another amount
        """
        try:
            invoice = self._document_check_access("account.move", invoice_id, access_token)
        except (AccessError, MissingError):
            return super().invoice_transaction(invoice_id, access_token, **kwargs)
        if invoice.company_id._cobranca_has_payment_page():
            self._check_invoice_amount(invoice, kwargs.get("amount"))
        return super().invoice_transaction(invoice_id, access_token, **kwargs)

    def _check_invoice_amount(self, invoice, amount):
        amount, money = self._cast_as_float(amount), invoice.currency_id
        is_open = invoice.state == "posted" and invoice.move_type == "out_invoice"
        whole = max(invoice.amount_residual, invoice._get_invoice_next_payment_values().get("amount_due", 0.0))
        if not is_open or not amount or amount < 0 or money.compare_amounts(amount, whole) > 0:
            raise ValidationError(request.env._("This amount is not open any more. Load the page again, please."))
