from odoo import fields, models


class CobrancaOfferApprovalProposal(models.AbstractModel):
    """What was asked for is a proposal: the decision decides on it too."""

    _name = "cobranca.offer.approval.proposal"
    _description = "Approval of a Proposal"

    proposal_id = fields.Many2one(
        comodel_name="cobranca.proposal", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    agency_id = fields.Many2one(related="proposal_id.agency_id")

    # === BUSINESS METHODS === #

    def _on_decided(self):
        """What follows from a decision: the proposal leaves, or ends."""
        self.ensure_one()
        if self.proposal_id:
            self.proposal_id._follow_approval(self.state, self.note)
