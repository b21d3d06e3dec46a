from odoo import fields, models


class CobrancaLossUndo(models.TransientModel):
    """Ask why write-offs are undone."""

    _name = "cobranca.loss.undo"
    _description = "Undo Write-offs"

    loss_ids = fields.Many2many(comodel_name="cobranca.loss", string="Losses", readonly=True)
    date = fields.Date(string="Reversed on", required=True, default=lambda self: self.env.company._cobranca_today())
    reason = fields.Char(required=True)

    # === ACTIONS === #

    def action_undo(self):
        """Reverse the entries; the debts are open again."""
        self.ensure_one()
        self.loss_ids._undo(self.date, self.reason)
        return {"type": "ir.actions.act_window_close"}
