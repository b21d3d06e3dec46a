from odoo import api, fields, models


class CobrancaDebtSimulate(models.TransientModel):
    """What an invoice or a customer pays on a day that one chooses."""

    _name = "cobranca.debt.simulate"
    _description = "Simulate a Payment"

    date = fields.Date(string="Paid on", required=True, default=lambda self: self.env.company._cobranca_today())
    move_id = fields.Many2one(comodel_name="account.move", readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(comodel_name="res.partner", readonly=True, ondelete="cascade")
    explanation = fields.Html(compute="_compute_explanation")

    # === COMPUTE METHODS === #

    @api.depends("date", "move_id", "partner_id")
    def _compute_explanation(self):
        for wizard in self:
            shown = wizard._get_shown()
            wizard.explanation = self.env["ir.qweb"]._render("cobranca_recorrente.debt_simulated", {"shown": shown})

    # === BUSINESS METHODS === #

    def _get_shown(self):
        if not self.date:
            return {}
        if self.move_id:
            return self.move_id._cobranca_get_debt_page(self.date)
        return self.partner_id._cobranca_get_debt_page(self.date) if self.partner_id else {}

    @api.model
    def _open(self, move=None, partner=None):
        """The action that opens this for an invoice or for a customer."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Simulate payment · %(name)s", name=(move or partner).display_name),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_move_id": move and move.id, "default_partner_id": partner and partner.id},
        }
