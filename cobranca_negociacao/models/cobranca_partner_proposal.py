from odoo import fields, models

GROUP = "cobranca_recorrente.cobranca_group_collector"


class CobrancaPartnerProposal(models.AbstractModel):
    """What was offered to a customer, and the way to offer something."""

    _name = "cobranca.partner.proposal"
    _description = "Proposals to a Customer"

    cobranca_proposal_count = fields.Integer(
        string="Proposals", compute="_compute_cobranca_proposal_count", groups=GROUP
    )

    # === COMPUTE METHODS === #

    def _compute_cobranca_proposal_count(self):
        rows = self.env["cobranca.proposal"]._read_group(
            [("partner_id", "in", self.commercial_partner_id.ids)], ["partner_id"], ["__count"]
        )
        counts = dict(rows)
        for partner in self:
            partner.cobranca_proposal_count = counts.get(partner.commercial_partner_id, 0)

    # === ACTIONS === #

    def action_cobranca_negotiate(self):
        """Open the simulation of proposals for this customer."""
        self.ensure_one()
        return self.env["cobranca.proposal.desk"]._get_action(self.commercial_partner_id)

    def action_cobranca_proposals(self):
        """Open all that was offered to this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_negociacao.cobranca_proposal_action")
        return {**action, "domain": [("partner_id", "=", self.commercial_partner_id.id)], "context": {}}
