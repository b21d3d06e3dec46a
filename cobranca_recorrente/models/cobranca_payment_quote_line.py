from odoo import fields, models


class CobrancaPaymentQuoteLine(models.Model):
    """One open amount of what somebody is about to pay, with its parts of that day."""

    _name = "cobranca.payment.quote.line"
    _description = "Invoice That Is Paid"
    _order = "quote_id, id"
    _log_access = False
    _rec_name = "line_id"

    quote_id = fields.Many2one(
        comodel_name="cobranca.payment.quote", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="quote_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="quote_id.currency_id")
    # Odoo draws the lines of an invoice anew when it is changed: nothing is paid of such a line any more.
    line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Receivable line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    move_id = fields.Many2one(related="line_id.move_id", string="Invoice")
    due = fields.Date(related="line_id.date_maturity", string="Due on", help="Due date of the invoice.")
    principal = fields.Monetary(string="Original", readonly=True)
    charges = fields.Monetary(string="Fine and interest", readonly=True)
    discount = fields.Monetary(readonly=True)
    amount = fields.Monetary(readonly=True)
