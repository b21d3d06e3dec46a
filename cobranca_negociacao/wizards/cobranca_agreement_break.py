from odoo import api, fields, models


class CobrancaAgreementBreak(models.TransientModel):
    """Ask why an agreement is broken or cancelled."""

    _name = "cobranca.agreement.break"
    _description = "Break an Agreement"

    agreement_id = fields.Many2one(comodel_name="cobranca.agreement", required=True, readonly=True, ondelete="cascade")
    currency_id = fields.Many2one(related="agreement_id.currency_id")
    partner_id = fields.Many2one(related="agreement_id.partner_id")
    amount_settled = fields.Monetary(related="agreement_id.amount_settled", string="Paid until now")
    amount_given = fields.Monetary(related="agreement_id.amount_given", string="Discounts that are lost")
    imputation = fields.Selection(related="agreement_id.imputation")
    warning_text = fields.Char(string="Warning", compute="_compute_warning_text")
    is_cancelled = fields.Boolean(readonly=True)
    date = fields.Date(required=True, default=lambda self: self.env.company._cobranca_today())
    reason = fields.Char(required=True)

    # === COMPUTE METHODS === #

    @api.depends("agreement_id")
    def _compute_warning_text(self):
        for wizard in self:
            agreement = wizard.agreement_id
            wizard.warning_text = agreement._get_warning_text() if agreement else ""

    # === ACTIONS === #

    def action_break(self):
        """Break or cancel the agreement; its debts are open again."""
        self.ensure_one()
        if self.is_cancelled:
            self.agreement_id._cancel(self.date, self.reason)
        else:
            self.agreement_id._break(self.date, self.reason)
        return {"type": "ir.actions.act_window_close"}
