from odoo import fields, models


class CobrancaDisputeDecide(models.TransientModel):
    """A supervisor decides a dispute, with the reason that the customer is told."""

    _name = "cobranca.dispute.decide"
    _description = "Decide Dispute"

    dispute_id = fields.Many2one(comodel_name="cobranca.dispute", required=True, readonly=True, ondelete="cascade")
    state = fields.Selection(
        selection=[("accepted", "Customer is right"), ("rejected", "Debt stands")], string="Decision", required=True
    )
    decision = fields.Text(string="Reason", required=True, help="In words that the customer may read.")

    def action_decide(self):
        """Close the dispute.

        :raise UserError: when it is closed already
        """
        self.ensure_one()
        self.dispute_id.check_access("read")
        self.dispute_id._decide(self.state, self.decision)
        return {"type": "ir.actions.act_window_close"}
