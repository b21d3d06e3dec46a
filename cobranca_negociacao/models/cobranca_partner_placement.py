from odoo import fields, models

COLLECTOR = "cobranca_recorrente.cobranca_group_collector"


class CobrancaPartnerPlacement(models.AbstractModel):
    """What agencies have, or had, of a customer."""

    _name = "cobranca.partner.placement"
    _description = "Placements of a Customer"

    cobranca_placement_count = fields.Integer(
        string="Placements", compute="_compute_cobranca_placement_count", groups=COLLECTOR
    )

    # === COMPUTE METHODS === #

    def _compute_cobranca_placement_count(self):
        rows = self.env["cobranca.placement"]._read_group(
            [("partner_id", "in", self.commercial_partner_id.ids), ("state", "in", ("active", "ended"))],
            ["partner_id"],
            ["__count"],
        )
        counts = dict(rows)
        for partner in self:
            partner.cobranca_placement_count = counts.get(partner.commercial_partner_id, 0)

    # === ACTIONS === #

    def action_cobranca_placements(self):
        """Open what agencies have, or had, of this customer."""
        self.ensure_one()
        own = [("partner_id", "=", self.commercial_partner_id.id), ("state", "in", ("active", "ended"))]
        return self.env["cobranca.placement"].search(own)._get_form_action()

    # === BUSINESS METHODS === #

    def _cobranca_get_hold_text(self, hold):
        """Who has the customer, instead of that somebody has him."""
        if hold.reason != "placement":
            return super()._cobranca_get_hold_text(hold)
        placement = self.env["cobranca.placement"].browse(hold.res_id).exists()
        return placement._get_standing_text() if placement else super()._cobranca_get_hold_text(hold)
