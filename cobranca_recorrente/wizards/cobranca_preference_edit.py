from odoo import api, fields, models

from ..models.cobranca_opt_out import CHANNELS
from ..models.cobranca_partner_record import HOURS


class CobrancaPreferenceEdit(models.TransientModel):
    """How a customer wants to be spoken to; collectors may not write the customer himself."""

    _name = "cobranca.preference.edit"
    _description = "Contact Preferences"

    partner_id = fields.Many2one(comodel_name="res.partner", required=True, readonly=True, ondelete="cascade")
    channel = fields.Selection(selection=CHANNELS, string="Preferred channel")
    hour = fields.Selection(selection=HOURS, string="Preferred time")
    refuses_call = fields.Boolean(string="No calls")
    refuses_email = fields.Boolean(string="No e-mails")
    refuses_sms = fields.Boolean(string="No SMS")
    refuses_whatsapp = fields.Boolean(string="No WhatsApp")
    note = fields.Char(string="How he asked for it")

    # === DEFAULT METHODS === #

    @api.model
    def default_get(self, fields_list):
        """Start from what is known."""
        values = super().default_get(fields_list)
        partner = self.env["res.partner"].browse(values.get("partner_id"))
        if partner:
            refused = partner._cobranca_get_refused_channels()[partner]
            values |= {f"refuses_{channel}": channel in refused for channel, _label in CHANNELS}
            values |= {"channel": partner.cobranca_channel, "hour": partner.cobranca_hour}
        return {name: value for name, value in values.items() if name in fields_list}

    # === ACTIONS === #

    def action_save(self):
        """Write the preferences to the customer, and what he refuses to its register."""
        self.ensure_one()
        self.partner_id.check_access("read")
        refused = [channel for channel, _label in CHANNELS if self[f"refuses_{channel}"]]
        self.partner_id._cobranca_write_preferences(self.channel, self.hour, refused, self.note)
        return {"type": "ir.actions.act_window_close"}
