from odoo import api, models
from odoo.tools.misc import format_date


class CobrancaPlacementScreen(models.AbstractModel):
    """What people of the company see of placements, on customers and cases too."""

    _name = "cobranca.placement.screen"
    _description = "Screen of Placements"

    # === ACTIONS === #

    def action_open_partner(self):
        """Open the customer."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }

    def action_contacts(self):
        """Open what the agency wrote down of its contacts."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_recorrente.cobranca_interaction_action")
        return {**action, "domain": [("placement_id", "=", self.id)], "context": {}}

    # === BUSINESS METHODS === #

    def _get_form_action(self):
        """Open these: one as a form, several as a list."""
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_negociacao.cobranca_placement_action")
        if len(self) == 1:
            return {**action, "res_id": self.id, "views": [(False, "form")], "context": {}}
        return {**action, "domain": [("id", "in", self.ids)], "context": {}}

    def _get_standing_text(self):
        """Who has this customer, until when, in a sentence."""
        self.ensure_one()
        return self.env._(
            "With the agency %(agency)s until %(day)s (%(placement)s).",
            agency=self.agency_id.name,
            day=format_date(self.env, self.ends_on),
            placement=self.name,
        )

    @api.model
    def _get_placed(self, lines):
        """Those of some debts that agencies have now.

        :param lines: account.move.line
        :return: account.move.line
        """
        # sudo: whether an agency has a debt does not depend on who asks
        Line = self.env["cobranca.placement.line"].sudo()
        is_placed = [("line_id", "in", lines.ids), ("is_live", "=", True), ("placement_id.state", "=", "active")]
        return Line.search(is_placed).line_id.with_env(lines.env)
