from odoo import fields, models

COLLECTOR = "cobranca_recorrente.cobranca_group_collector"


class CobrancaPartnerCard(models.AbstractModel):
    """What whoever works with a customer sees of his automatic payment: one line."""

    _name = "cobranca.partner.card"
    _description = "Automatic Payment of a Customer"

    cobranca_card_sentence = fields.Char(
        string="Automatic payment", compute="_compute_cobranca_card_sentence", groups=COLLECTOR
    )

    # === COMPUTE METHODS === #

    def _compute_cobranca_card_sentence(self):
        Mandate = self.env["cobranca.card.mandate"]
        company = self.env.company
        found = Mandate.search(
            [("company_id", "=", company.id), ("partner_id", "in", self.commercial_partner_id.ids)], order="id"
        )
        last = {mandate.partner_id: mandate for mandate in found}
        last |= {mandate.partner_id: mandate for mandate in found if mandate.state == "active"}
        for partner in self:
            mandate = last.get(partner.commercial_partner_id)
            partner.cobranca_card_sentence = mandate._explain_standing() if mandate else False

    # === ACTIONS === #

    def action_cobranca_card(self):
        """Open the card authorisations of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_recorrente.cobranca_card_mandate_action")
        return {**action, "domain": [("partner_id", "=", self.commercial_partner_id.id)], "context": {}}
