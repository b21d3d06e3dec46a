from odoo import fields, models


class CobrancaPartnerReminders(models.AbstractModel):
    """Which reminders a customer got."""

    _name = "cobranca.partner.reminders"
    _description = "Reminders of a Customer"

    cobranca_message_ids = fields.Many2many(
        comodel_name="cobranca.message",
        string="Reminders and notices",
        compute="_compute_cobranca_message_ids",
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    cobranca_message_count = fields.Integer(
        string="Number of reminders",
        compute="_compute_cobranca_message_ids",
        groups="cobranca_recorrente.cobranca_group_collector",
    )

    # === COMPUTE METHODS === #

    def _compute_cobranca_message_ids(self):
        """Of the companies that are chosen, the newest first."""
        messages = self.env["cobranca.message"].search(
            [("partner_id", "in", self.commercial_partner_id.ids), ("company_id", "in", self.env.companies.ids)]
        )
        by_partner = messages.grouped("partner_id")
        for partner in self:
            own = by_partner.get(partner.commercial_partner_id._origin, messages.browse())
            partner.cobranca_message_ids = own
            partner.cobranca_message_count = len(own)

    # === ACTIONS === #

    def action_cobranca_messages(self):
        """Open the reminders of this customer."""
        self.ensure_one()
        debtor = self.commercial_partner_id
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_recorrente.cobranca_message_action")
        name = self.env._("Notices of %(name)s", name=debtor.name)
        return {**action, "domain": [("partner_id", "=", debtor.id)], "context": {}, "name": name}
