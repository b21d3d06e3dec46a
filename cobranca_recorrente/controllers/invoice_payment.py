from odoo.http import request

from odoo.addons.account_payment.controllers.payment import PaymentPortal


class InvoicePayment(PaymentPortal):
    """Odoo's own pages for an invoice: what is paid by them is computed here as well, and booked in the same way."""

    def _create_transaction(self, *args, amount=None, custom_create_values=None, **kwargs):
        """Tie the transaction of invoices to what they cost today."""
        values = dict(custom_create_values or {})
        if "invoice_ids" in values and "cobranca_quote_id" not in values and not kwargs.get("is_validation"):
            # sudo: the route has checked whose invoices these are
            Move = request.env["account.move"].sudo()
            field = request.env["payment.transaction"]._fields["invoice_ids"]
            ids = field.convert_to_cache(values["invoice_ids"], request.env["payment.transaction"])
            quote = Move._cobranca_quote_online(Move.browse(ids).exists(), amount)
            if quote:
                values["cobranca_quote_id"] = quote.id
                amount = quote.amount
        return super()._create_transaction(*args, amount=amount, custom_create_values=values, **kwargs)
