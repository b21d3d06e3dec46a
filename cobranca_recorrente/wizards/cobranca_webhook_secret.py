from odoo import fields, models


class CobrancaWebhookSecret(models.TransientModel):
    """Shows a secret once, to be copied into the other system; it is not stored here."""

    _name = "cobranca.webhook.secret"
    _description = "Secret of a Webhook"

    secret = fields.Char(store=False, readonly=True)
