from odoo import api, fields, models
from odoo.exceptions import UserError


class CobrancaPlacementRecall(models.TransientModel):
    """Ask why customers are taken back from agencies."""

    _name = "cobranca.placement.recall"
    _description = "Recall from an Agency"

    placement_ids = fields.Many2many(comodel_name="cobranca.placement", string="Placements", readonly=True)
    agency_id = fields.Many2one(
        comodel_name="cobranca.agency", readonly=True, help="Set: all that it has is taken back."
    )
    count = fields.Integer(string="Customers", compute="_compute_count")
    note = fields.Char(string="Reason", required=True)

    # === COMPUTE METHODS === #

    @api.depends("placement_ids", "agency_id")
    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard._get_placements())

    # === ACTIONS === #

    def action_recall(self):
        """Take the customers back, at once.

        :raise AccessError: for who is no supervisor
        :raise UserError: where nothing is to be taken back any more
        """
        self.ensure_one()
        placements = self._get_placements()
        if not placements:
            raise UserError(self.env._("None of these is with an agency any more: reload the list."))
        placements._recall(self.note)
        return {"type": "ir.actions.act_window_close"}

    # === BUSINESS METHODS === #

    def _get_placements(self):
        """Those that still run."""
        if self.agency_id:
            return self.env["cobranca.placement"].search(
                [("agency_id", "=", self.agency_id.id), ("state", "=", "active")]
            )
        return self.placement_ids.filtered(lambda placement: placement.state == "active")
