from odoo import api, fields, models
from odoo.exceptions import UserError


class CobrancaBureauEvent(models.Model):
    """What happened to a listing at a credit bureau, by whom and when; nothing of it is changed or removed."""

    _name = "cobranca.bureau.event"
    _description = "History of a Bureau Listing"
    _order = "id desc"

    listing_id = fields.Many2one(
        comodel_name="cobranca.bureau.listing", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="listing_id.company_id", store=True, index=True)
    date = fields.Datetime(string="When", required=True, readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Who", required=True, readonly=True)
    old_state = fields.Selection(selection="_selection_state", string="From", readonly=True)
    new_state = fields.Selection(selection="_selection_state", string="New state", required=True, readonly=True)
    note = fields.Char(string="Why", readonly=True)

    # === SELECTION METHODS === #

    @api.model
    def _selection_state(self):
        return self.env["cobranca.bureau.listing"]._fields["state"]._description_selection(self.env)

    # === CRUD METHODS === #

    def write(self, vals):
        if vals:
            raise UserError(self.env._("The history of a listing stays as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The history of a listing stays as it is."))
