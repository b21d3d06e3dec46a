from odoo import api, fields, models
from odoo.exceptions import UserError

# What a customer may refuse; letters and notifications that the law asks for are not among them.
CHANNELS = [("call", "Call"), ("email", "E-mail"), ("sms", "SMS"), ("whatsapp", "WhatsApp")]


class CobrancaOptOut(models.Model):
    """A customer asked not to be contacted by a channel: since when, and who wrote it down."""

    _name = "cobranca.opt.out"
    _description = "Refused Channel"
    _order = "ended_on desc, id desc"

    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    channel = fields.Selection(selection=CHANNELS, required=True, readonly=True)
    date = fields.Date(string="Since", required=True, readonly=True)
    note = fields.Char(readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Registered by", required=True, readonly=True)
    ended_on = fields.Date(string="Taken back on", readonly=True)

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if self.partner_id.exists():
            raise UserError(self.env._("What a customer asked for stays in the register."))

    # === BUSINESS METHODS === #

    @api.model
    def _set_refused(self, partner, channels, note=False):
        """Write down which channels a customer refuses from today on, and which no more.

        :param partner: res.partner
        :param channels: collection of channels, all that he refuses
        :param str note: how he asked for it
        """
        partner = partner.commercial_partner_id
        today = self.env.company._cobranca_today()
        records = self.sudo()  # sudo: this register is written by this method only, by whoever may call it
        running = records.search([("partner_id", "=", partner.id), ("ended_on", "=", False)])
        running.filtered(lambda record: record.channel not in channels).ended_on = today
        records.create(
            [
                {
                    "partner_id": partner.id,
                    "channel": channel,
                    "date": today,
                    "note": note,
                    "user_id": self.env.uid,
                }
                for channel in sorted(set(channels) - set(running.mapped("channel")))
            ]
        )
