from odoo import api, fields, models
from odoo.exceptions import UserError

ACTIONS = [("unmask", "Document shown"), ("export", "Data exported")]


class CobrancaAccessLog(models.Model):
    """Who looked at what a debtor would not show everybody, and when (LGPD, art. 37)."""

    _name = "cobranca.access.log"
    _description = "Access to Personal Data"
    _order = "id desc"

    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one(comodel_name="res.users", required=True, readonly=True, index=True)
    date = fields.Datetime(string="When", required=True, readonly=True)
    action = fields.Selection(selection=ACTIONS, string="What", required=True, readonly=True)

    # === CRUD METHODS === #

    def write(self, vals):
        if vals:
            raise UserError(self.env._("The register of accesses stays as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The register of accesses stays as it is."))

    # === BUSINESS METHODS === #

    @api.model
    def _log(self, partners, action):
        """Write down that the current user sees personal data of some partners.

        :param str action: of `ACTIONS`
        """
        values = {"user_id": self.env.uid, "date": fields.Datetime.now(), "action": action}
        # sudo: who is watched does not write the register
        self.sudo().create([{**values, "partner_id": partner.id} for partner in partners])
