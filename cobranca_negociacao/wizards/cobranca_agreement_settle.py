from odoo import api, fields, models


class CobrancaAgreementSettle(models.TransientModel):
    """Receive all that is left of an agreement at once, with the rebate."""

    _name = "cobranca.agreement.settle"
    _description = "Pay off an Agreement"

    agreement_id = fields.Many2one(comodel_name="cobranca.agreement", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="agreement_id.company_id")
    currency_id = fields.Many2one(related="agreement_id.currency_id")
    partner_id = fields.Many2one(related="agreement_id.partner_id")
    date = fields.Date(string="Paid on", required=True, default=lambda self: self.env.company._cobranca_today())
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Received in",
        required=True,
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', '=', company_id)]",
        ondelete="cascade",
    )
    amount_open = fields.Monetary(string="Installments", compute="_compute_quote")
    amount_late = fields.Monetary(string="Charges of late installments", compute="_compute_quote")
    amount_rebate = fields.Monetary(string="Interest not owed any more", compute="_compute_quote")
    amount = fields.Monetary(string="To be paid", compute="_compute_quote")

    # === COMPUTE METHODS === #

    @api.depends("agreement_id", "date")
    def _compute_quote(self):
        for wizard in self:
            day = wizard.date or wizard.company_id._cobranca_today()
            quote = wizard.agreement_id._pay_off_quote(day)
            rebate = sum(quote.rebates.values())
            wizard.amount_open = float(quote.open)
            wizard.amount_rebate = float(rebate)
            wizard.amount = float(quote.total)
            wizard.amount_late = float(quote.total - quote.open + rebate)

    # === ACTIONS === #

    def action_settle(self):
        """Register the payment; the agreement is paid by it."""
        self.ensure_one()
        self.agreement_id._register_pay_off(self.journal_id, self.date)
        return {"type": "ir.actions.act_window_close"}
