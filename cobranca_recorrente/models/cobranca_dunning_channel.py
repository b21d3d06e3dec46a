from odoo import api, fields, models
from odoo.exceptions import ValidationError

CHANNELS = [
    ("email", "E-mail"),
    ("sms", "SMS"),
    ("whatsapp", "WhatsApp"),
    ("call", "Call"),
    ("letter", "Letter"),
]
# What the words of each channel are kept in.
TEMPLATES = {"email": "mail_template_id", "letter": "mail_template_id"}
TEMPLATES |= {"sms": "sms_template_id", "whatsapp": "sms_template_id"}


class CobrancaDunningChannel(models.Model):
    """A channel of a step, with its words; the next one is used when this one cannot be, or did not arrive."""

    _name = "cobranca.dunning.channel"
    _description = "Channel of a Dunning Step"
    _order = "level_id, sequence, id"
    _rec_name = "channel"

    level_id = fields.Many2one(
        comodel_name="cobranca.dunning.level", string="Step", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="level_id.company_id", store=True, index=True, precompute=True)
    sequence = fields.Integer(default=10)
    channel = fields.Selection(selection=CHANNELS, required=True, default="email")
    mail_template_id = fields.Many2one(
        comodel_name="mail.template",
        string="Text of the e-mail",
        domain="[('model', '=', 'cobranca.message')]",
        ondelete="restrict",
    )
    sms_template_id = fields.Many2one(
        comodel_name="sms.template",
        string="Text of the SMS",
        domain="[('model', '=', 'cobranca.message')]",
        ondelete="restrict",
    )

    _uniq_channel = models.UniqueIndex("(level_id, channel)", "This step has that channel already.")

    # === CONSTRAINTS === #

    @api.constrains("channel", "mail_template_id", "sms_template_id")
    def _check_template(self):
        for row in self:
            name = TEMPLATES.get(row.channel)
            if name and not row[name]:
                raise ValidationError(
                    self.env._(
                        "%(step)s: choose the text for the channel %(channel)s.",
                        step=row.level_id.display_name,
                        channel=dict(row._fields["channel"]._description_selection(self.env))[row.channel],
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
