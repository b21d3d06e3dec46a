import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .cobranca_agency import AGENCY


class CobrancaAgencyKey(models.Model):
    """A key by which an agency's own system signs its calls; what it does there it does as one of the agency's users.

    Its secret is shown once, when it is made. Who wants to change keys without a gap makes a second one, and revokes
    the first when the other system uses the new one.
    """

    _name = "cobranca.agency.key"
    _inherit = ["cobranca.secret.holder"]
    _description = "Key of an Agency's System"
    _order = "revoked_at desc, id desc"
    _check_company_auto = True

    agency_id = fields.Many2one(
        comodel_name="cobranca.agency", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="agency_id.company_id", store=True, index=True, precompute=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Works as",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('share', '=', True), ('partner_id.commercial_partner_id', '=', agency_partner_id)]",
        help="A user of the agency: the system sees what he sees, and the register names him.",
    )
    agency_partner_id = fields.Many2one(related="agency_id.partner_id", string="Company of the agency")
    identifier = fields.Char(
        string="Key", required=True, readonly=True, copy=False, default=lambda self: self._get_new_identifier()
    )
    revoked_at = fields.Datetime(string="Revoked", readonly=True, copy=False)
    call_ids = fields.One2many(
        comodel_name="cobranca.agency.call", inverse_name="key_id", string="Calls", readonly=True
    )
    last_call_at = fields.Datetime(string="Last call", compute="_compute_last_call_at")

    _uniq_identifier = models.UniqueIndex("(identifier)", "This key is there already.")

    # === DEFAULT METHODS === #

    @api.model
    def _get_new_identifier(self):
        return f"ca_{secrets.token_hex(12)}"

    # === COMPUTE METHODS === #

    @api.depends("call_ids.date")
    def _compute_last_call_at(self):
        rows = self.env["cobranca.agency.call"]._read_group([("key_id", "in", self.ids)], ["key_id"], ["date:max"])
        found = {key.id: date for key, date in rows}
        for key in self:
            key.last_call_at = found.get(key.id, False)

    # === CONSTRAINTS === #

    @api.constrains("user_id", "agency_id")
    def _check_user(self):
        for key in self:
            if not key._is_of_agency():
                raise ValidationError(
                    self.env._(
                        "%(user)s is no user of %(agency)s: choose one who works there.",
                        user=key.user_id.name,
                        agency=key.agency_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Keys stay in the register: revoke the one that shall not work any more."))

    # === ACTIONS === #

    def action_revoke(self):
        """Take no call by these keys any more, at once and for ever."""
        self.check_access("write")
        for key in self.filtered(lambda key: not key.revoked_at):
            # sudo: nobody may write the secret; this one nobody knows
            key.sudo().write({"revoked_at": self._get_now(), "secret": self._get_new_secret()})
        return True

    # === BUSINESS METHODS === #

    def _check_new_secret(self):
        super()._check_new_secret()
        if self.revoked_at:
            raise UserError(self.env._("This key was revoked: make another one."))

    def _is_of_agency(self):
        """Does who it works as still work for its agency, and for nobody else?"""
        self.ensure_one()
        user = self.user_id
        is_there = user.active and user.share and user.has_group(AGENCY)
        return is_there and user.commercial_partner_id == self.agency_id.partner_id

    @api.model
    def _search_of(self, identifier):
        """The key that a call names, if it may be used.

        :return: cobranca.agency.key with the rights of the system
        """
        if "\0" in identifier:  # no text of the database has it
            return self.sudo()  # sudo: none, as below
        keys = self.sudo()  # sudo: who calls has no rights yet; the signature gives them
        return keys.search([("identifier", "=", identifier), ("revoked_at", "=", False)], limit=1)
