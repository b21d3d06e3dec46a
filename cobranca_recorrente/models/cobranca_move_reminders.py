from odoo import fields, models

GROUP = "cobranca_recorrente.cobranca_group_collector"


class CobrancaMoveReminders(models.AbstractModel):
    """Which reminders asked for an invoice."""

    _name = "cobranca.move.reminders"
    _description = "Reminders of an Invoice"

    cobranca_message_line_ids = fields.Many2many(
        comodel_name="cobranca.message.line",
        string="Reminders and notices",
        compute="_compute_cobranca_message_line_ids",
        groups=GROUP,
    )
    cobranca_message_count = fields.Integer(
        string="Number of reminders", compute="_compute_cobranca_message_line_ids", groups=GROUP
    )

    # === COMPUTE METHODS === #

    def _compute_cobranca_message_line_ids(self):
        """The newest first."""
        lines = self.env["cobranca.message.line"].search(
            [("line_id.move_id", "in", self._origin.ids)], order="message_id desc"
        )
        by_move = lines.grouped("move_id")
        for move in self:
            own = by_move.get(move._origin, lines.browse())
            move.cobranca_message_line_ids = own
            move.cobranca_message_count = len(own.message_id)

    # === ACTIONS === #

    def action_cobranca_messages(self):
        """Open the reminders that asked for this invoice."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_recorrente.cobranca_message_action")
        domain = [("line_ids.line_id.move_id", "=", self.id)]
        return {**action, "domain": domain, "context": {}, "name": self.env._("Notices of %(name)s", name=self.name)}
