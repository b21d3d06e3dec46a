from odoo import models


class CobrancaPartnerRecord(models.AbstractModel):
    _inherit = "cobranca.partner.record"

    # === ACTIONS === #

    def action_cobranca_statement(self):
        """Open the dialog that issues the yearly statement of this customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Yearly statement · %(customer)s", customer=self.commercial_partner_id.name),
            "res_model": "cobranca.quittance.declare",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }

    def action_cobranca_dossier(self):
        """Download all that proves what this customer owes.

        :raise UserError: where nothing is open
        """
        self.ensure_one()
        return self.env["cobranca.debt.dossier"]._get_action(self.commercial_partner_id)

    def action_cobranca_papers(self):
        """Open what this customer accepted."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_negociacao.cobranca_acceptance_action")
        return {**action, "domain": [("partner_id", "=", self.commercial_partner_id.id)], "context": {}}
