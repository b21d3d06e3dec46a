from odoo import api, fields, models


class CobrancaCasePlacement(models.AbstractModel):
    """A customer in collection whom an agency has: who works the case sees it, and does not call."""

    _name = "cobranca.case.placement"
    _description = "Placed Customers in Collection"

    placement_id = fields.Many2one(
        comodel_name="cobranca.placement", string="With an agency", compute="_compute_placement_id"
    )
    placement_text = fields.Char(compute="_compute_placement_id")

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "currency_id", "company_id")
    @api.depends_context("lang")
    def _compute_placement_id(self):
        for case in self:
            placements = case._get_placements()
            case.placement_id = placements[:1]
            case.placement_text = " ".join(placement._get_standing_text() for placement in placements)

    # === ACTIONS === #

    def action_view_placement(self):
        """Open the placement that runs."""
        self.ensure_one()
        return self.placement_id._get_form_action()

    def action_recall(self):
        """Ask why this customer is taken back.

        :raise AccessError: for who is no supervisor
        """
        return self._get_placements().action_recall()

    # === BUSINESS METHODS === #

    def _get_placements(self):
        """What runs of these customers.

        :return: cobranca.placement
        """
        return self.env["cobranca.placement"].search(
            [
                ("company_id", "in", self.company_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("currency_id", "in", self.currency_id.ids),
                ("state", "=", "active"),
            ]
        )

    def _get_channels(self, person):
        """Calls and messages to whom an agency has are its own."""
        channels = super()._get_channels(person)
        if self.is_training or not self._get_placements():
            return channels
        reason = self.env._("with an agency")
        # What the customer wrote to the company it answers itself.
        ways = ("phone", "whatsapp") if self.why == "replied" else ("phone", "whatsapp", "email")
        return {**channels, **{way: {**channels[way], "reason": reason} for way in ways}}
