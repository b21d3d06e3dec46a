from odoo import fields, models
from odoo.exceptions import UserError


class CobrancaProposalPlacement(models.AbstractModel):
    """A proposal that the agency made which has the customer: it offers, and the customer accepts it by himself."""

    _name = "cobranca.proposal.placement"
    _description = "Proposal of an Agency"

    placement_id = fields.Many2one(
        comodel_name="cobranca.placement",
        string="Made by an agency",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The customer as he is with it.",
    )
    agency_id = fields.Many2one(related="placement_id.agency_id")

    # === BUSINESS METHODS === #

    def _prepare_common(self, scene):
        """What answers a proposal of an agency is told to it too."""
        placement = scene.placement or scene.counter_of.placement_id
        return {**super()._prepare_common(scene), "placement_id": placement.id}

    def _make_agreement(self, plan, lines, date):
        agreement = super()._make_agreement(plan, lines, date)
        if self.placement_id:
            agreement.sudo().placement_id = self.placement_id  # sudo: agreements are written by methods only
        return agreement

    def _leave_approved(self):
        """:raise UserError: where the customer is not with the agency any more that asked"""
        placement = self.sudo().placement_id  # sudo: whether it still runs, whoever decides
        if placement and placement.state != "active":
            raise UserError(self.env._("The customer is not with the agency any more that asked: refuse this one."))
        return super()._leave_approved()
