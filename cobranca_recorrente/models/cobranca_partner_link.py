from odoo import fields, models
from odoo.exceptions import AccessError

SUPERVISOR = "cobranca_recorrente.cobranca_group_supervisor"


class CobrancaPartnerLink(models.AbstractModel):
    """Links to open payments of a customer can all be revoked at once."""

    _name = "cobranca.partner.link"
    _description = "Links to Open Payments of a Customer"

    cobranca_link_version = fields.Integer(
        string="Times that links were revoked", company_dependent=True, copy=False, groups=SUPERVISOR, aggregator=None
    )

    # === ACTIONS === #

    def action_cobranca_revoke_links(self):
        """Make every link to open payments that this customer has of the current company worthless.

        :raise AccessError: for who is no supervisor
        """
        self.ensure_one()
        if not self.env.user.has_group(SUPERVISOR):
            raise AccessError(self.env._("Links are revoked by a supervisor of Cobrança."))
        self.check_access("read")
        self.commercial_partner_id._cobranca_check_business()
        self.env["cobranca.debt.link"]._revoke(self.env.company, self.commercial_partner_id)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._("All links sent before now open nothing any more."),
                "type": "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
