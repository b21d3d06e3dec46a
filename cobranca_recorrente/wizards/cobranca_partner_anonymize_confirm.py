from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.cobranca_anonymization import REASONS


class CobrancaPartnerAnonymizeConfirm(models.TransientModel):
    """What would be removed of a customer, what stays, and what speaks against it."""

    _name = "cobranca.partner.anonymize.confirm"
    _description = "Anonymise a Customer"

    partner_id = fields.Many2one(comodel_name="res.partner", required=True, readonly=True, ondelete="cascade")
    obstacles = fields.Text(string="What speaks against it", compute="_compute_plan")
    plan = fields.Text(string="What is removed", compute="_compute_plan")
    word = fields.Char(string="To be typed", compute="_compute_plan")
    reason = fields.Selection(selection=REASONS, default="request", required=True)
    typed = fields.Char(string="Type the word")

    # === COMPUTE METHODS === #

    @api.depends("partner_id")
    def _compute_plan(self):
        for wizard in self:
            partner = wizard.partner_id
            partner._cobranca_check_may_anonymize()
            wizard.obstacles = "\n".join(partner._cobranca_find_obstacles()) or False
            # sudo: numbers of what another company keeps of the person, after the check above
            plan = partner.sudo().with_context(active_test=False)._cobranca_get_wipe_plan()
            wizard.plan = "\n".join(f"{label}: {count}" for label, count in plan)
            wizard.word = self.env._("ANONYMISE")

    # === ACTIONS === #

    def action_confirm(self):
        """Remove the data for good.

        :raise UserError: unless the word was typed, or with what speaks against it
        """
        self.ensure_one()
        if (self.typed or "").strip().upper() != self.word:
            raise UserError(
                self.env._("Type %(word)s to confirm: what is removed cannot be brought back.", word=self.word)
            )
        self.partner_id._cobranca_anonymize(self.reason)
        return self.env["ir.actions.act_window"]._for_xml_id("cobranca_recorrente.cobranca_anonymization_action")
