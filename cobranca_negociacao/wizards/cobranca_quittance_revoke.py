from odoo import fields, models


class CobrancaQuittanceRevoke(models.TransientModel):
    """A supervisor takes a letter of quittance back, with the reason."""

    _name = "cobranca.quittance.revoke"
    _description = "Take a Letter of Quittance Back"

    quittance_id = fields.Many2one(comodel_name="cobranca.quittance", required=True, readonly=True, ondelete="cascade")
    reason = fields.Char(required=True)

    # === ACTIONS === #

    def action_revoke(self):
        """Take it back.

        :raise AccessError: for who is no supervisor
        :raise UserError: when it was taken back already
        """
        self.ensure_one()
        self.quittance_id._revoke(self.reason)
        return {"type": "ir.actions.act_window_close"}
