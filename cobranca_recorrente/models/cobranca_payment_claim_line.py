from odoo import fields, models


class CobrancaPaymentClaimLine(models.Model):
    """One receivable line that somebody says he has paid: at most one open claim has it."""

    _name = "cobranca.payment.claim.line"
    _description = "Line Said to Be Paid"
    _check_company_auto = True

    claim_id = fields.Many2one(
        comodel_name="cobranca.payment.claim", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="claim_id.company_id", store=True, index=True, precompute=True)
    # Odoo draws the lines of an invoice anew when it is changed: nothing is claimed of such a line any more.
    line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Receivable line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    is_open = fields.Boolean(default=True, required=True, readonly=True)

    _uniq_open = models.UniqueIndex("(line_id) WHERE is_open", "A payment of this is being verified already.")
