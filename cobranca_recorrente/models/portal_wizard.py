from odoo import Command, fields, models


class PortalWizard(models.TransientModel):  # pylint: disable=no-wizard-in-models
    _inherit = "portal.wizard"

    partner_ids = fields.Many2many(default=lambda self: self._cobranca_default_partner_ids())

    def _cobranca_default_partner_ids(self):
        """Odoo's proposal without the customer's beneficiaries, unless one of them was chosen himself."""
        chosen = self.env.context.get("default_partner_ids") or self.env.context.get("active_ids") or []
        proposed = self.env["res.partner"].browse(
            command[1] for command in self._default_partner_ids() if command[0] == Command.LINK
        )
        others = proposed - proposed.browse(chosen)
        return [Command.link(pid) for pid in (proposed - others._cobranca_get_only_beneficiaries()).ids]
