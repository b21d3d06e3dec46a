from odoo import fields, models

COLLECTOR = "cobranca_recorrente.cobranca_group_collector"


class CobrancaPartnerAgreement(models.AbstractModel):
    """The agreements of a customer."""

    _name = "cobranca.partner.agreement"
    _description = "Agreements of a Customer"

    cobranca_agreement_count = fields.Integer(
        string="Agreements", compute="_compute_cobranca_agreement_count", groups=COLLECTOR
    )

    # === COMPUTE METHODS === #

    def _compute_cobranca_agreement_count(self):
        rows = self.env["cobranca.agreement"]._read_group(
            [("partner_id", "in", self.commercial_partner_id.ids)], ["partner_id"], ["__count"]
        )
        counts = {partner.id: count for partner, count in rows}
        for partner in self:
            partner.cobranca_agreement_count = counts.get(partner.commercial_partner_id.id, 0)

    # === ACTIONS === #

    def action_view_cobranca_agreements(self):
        """Open the agreements of this customer."""
        self.ensure_one()
        return self.env["cobranca.agreement"].search([("partner_id", "=", self.commercial_partner_id.id)])._get_action()
