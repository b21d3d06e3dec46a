from odoo import api, fields, models
from odoo.exceptions import UserError

REASONS = [("request", "Asked for by the person (LGPD, art. 18)"), ("term", "Not needed any more (LGPD, art. 16)")]


class CobrancaAnonymization(models.Model):
    """Whose personal data were removed, by whom, when and why; without any of them."""

    _name = "cobranca.anonymization"
    _description = "Anonymisation of a Person"
    _order = "id desc"
    _rec_name = "partner_id"

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one(comodel_name="res.users", string="By", required=True, readonly=True)
    date = fields.Datetime(string="When", required=True, readonly=True)
    reason = fields.Selection(selection=REASONS, required=True, readonly=True)
    summary = fields.Text(string="What was removed", readonly=True)

    _uniq_partner = models.UniqueIndex("(partner_id)", "This person was anonymised already.")

    # === CRUD METHODS === #

    def write(self, vals):
        if vals:
            raise UserError(self.env._("The register of anonymisations stays as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The register of anonymisations stays as it is."))
