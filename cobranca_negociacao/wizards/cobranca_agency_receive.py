from odoo import fields, models


class CobrancaAgencyReceive(models.TransientModel):
    """Register what a customer paid to an agency."""

    _name = "cobranca.agency.receive"
    _description = "Register Money Received by an Agency"

    placement_id = fields.Many2one(comodel_name="cobranca.placement", required=True, ondelete="cascade")
    agency_id = fields.Many2one(related="placement_id.agency_id")
    currency_id = fields.Many2one(related="placement_id.currency_id")
    amount = fields.Monetary(string="Received", required=True)
    date = fields.Date(string="Received on", required=True, default=lambda self: self.env.company._cobranca_today())

    # === ACTIONS === #

    def action_receive(self):
        """Book it.

        :raise UserError: for what cannot be
        """
        self.ensure_one()
        self.agency_id._receive_money(self.placement_id, self.amount, self.date)
        return {"type": "ir.actions.act_window_close"}
