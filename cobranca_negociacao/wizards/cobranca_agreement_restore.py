from odoo import fields, models


class CobrancaAgreementRestore(models.TransientModel):
    """Ask why a broken agreement lives again."""

    _name = "cobranca.agreement.restore"
    _description = "Restore an Agreement"

    agreement_id = fields.Many2one(comodel_name="cobranca.agreement", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(related="agreement_id.partner_id")
    ended_on = fields.Date(related="agreement_id.ended_on", string="Broken on")
    end_reason = fields.Char(related="agreement_id.end_reason")
    reason = fields.Char(required=True)

    # === ACTIONS === #

    def action_restore(self):
        """Take the break back."""
        self.ensure_one()
        self.agreement_id._restore(self.reason)
        return {"type": "ir.actions.act_window_close"}
