from odoo import fields, models


class CobrancaProposalClose(models.TransientModel):
    """Why a proposal is taken back, or what the customer said to it."""

    _name = "cobranca.proposal.close"
    _description = "End a Proposal"

    proposal_id = fields.Many2one(comodel_name="cobranca.proposal", required=True, readonly=True, ondelete="cascade")
    target = fields.Selection(
        selection=[("withdrawn", "Withdrawn"), ("refused", "Refused")], required=True, readonly=True
    )
    reason = fields.Char(required=True)

    # === ACTIONS === #

    def action_close(self):
        """End the proposal.

        :raise UserError: when it has ended already
        """
        self.ensure_one()
        if self.target == "refused":
            self.proposal_id._refuse(self.reason)
        else:
            self.proposal_id._withdraw(self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
