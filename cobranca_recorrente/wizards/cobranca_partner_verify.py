from odoo import api, fields, models

from ..models.cobranca_partner_quality import SENSITIVE, SUPERVISOR, VERIFIED


class CobrancaPartnerVerify(models.TransientModel):
    """The data of one customer side by side with what is missing, to correct and confirm."""

    _name = "cobranca.partner.verify"
    _description = "Verify a Customer's Data"

    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", required=True, readonly=True)
    gaps = fields.Text(related="partner_id.cobranca_quality_gaps", string="To correct")
    score = fields.Integer(related="partner_id.cobranca_quality_score", string="Data quality")
    may_change_identity = fields.Boolean(compute="_compute_may_change_identity")
    name = fields.Char(required=True)
    vat = fields.Char(string="CPF or CNPJ")
    email = fields.Char(string="E-mail")
    phone = fields.Char()
    zip = fields.Char(string="CEP")
    street_name = fields.Char(string="Street")
    street_number = fields.Char(string="Number")
    street_number2 = fields.Char(string="Complement")
    street2 = fields.Char(string="District")
    city = fields.Char()
    city_id = fields.Many2one(comodel_name="res.city", string="City of the CEP")
    state_id = fields.Many2one(comodel_name="res.country.state", domain="[('country_id.code', '=', 'BR')]")
    review_on = fields.Date(string="Look at it again on", help="A year from today unless you choose another day.")

    @api.depends_context("uid")
    def _compute_may_change_identity(self):
        for wizard in self:
            wizard.may_change_identity = self.env.user.has_group(SUPERVISOR)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        partner = self.env["res.partner"].browse(values.get("partner_id")).exists()
        for name in set(VERIFIED) & set(fields_list):
            values[name] = partner[name].id if partner._fields[name].type == "many2one" else partner[name]
        return values

    @api.onchange("zip")
    def _onchange_zip(self):
        """The CEP tells city and state; both stay as they are when no range holds it."""
        if city := self.env["res.partner"]._cobranca_get_city_of_zip(self.zip):
            self.city, self.city_id, self.state_id = city.name, city, city.state_id

    @api.onchange("city")
    def _onchange_city(self):
        if self.city_id.name != self.city:
            self.city_id = False

    def action_confirm(self):
        """Write what was corrected and keep that somebody looked.

        :raise UserError: when a figure cannot be right; nothing is written then
        """
        self.ensure_one()
        values = {}
        for name in [name for name in VERIFIED if name in self._fields]:
            if name in SENSITIVE and not self.may_change_identity:
                continue
            values[name] = self[name].id if self._fields[name].type == "many2one" else self[name]
        self.partner_id._cobranca_verify(values, self.review_on)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
