from odoo import models


class CobrancaMoveReceipt(models.AbstractModel):
    _inherit = "cobranca.move.receipt"

    # === ACTIONS === #

    def action_cobranca_dossier(self):
        """Download all that proves the debt of this invoice.

        :raise UserError: for what is no debt of a customer
        """
        self.ensure_one()
        return self.env["cobranca.debt.dossier"]._get_action(self)

    def action_cobranca_quittance(self):
        """Issue the letters of quittance of these invoices, and show them.

        :raise UserError: with all that keeps one from being called paid
        """
        Quittance = self.env["cobranca.quittance"]
        for move in self:
            Quittance |= Quittance._issue_for_move(move)
        return Quittance._open()
