import secrets

from odoo import api, fields, models

SECRET_BYTES = 32


class CobrancaSecretHolder(models.AbstractModel):
    """A record whose secret signs calls; it is shown once, when it is made, and nobody reads it back."""

    _name = "cobranca.secret.holder"
    _description = "Holder of a Secret"

    name = fields.Char(required=True)
    secret = fields.Char(
        required=True, copy=False, groups=fields.NO_ACCESS, default=lambda self: self._get_new_secret()
    )
    secret_made_at = fields.Datetime(
        string="Secret made", readonly=True, copy=False, default=lambda self: self._get_now(), required=True
    )

    # === DEFAULT METHODS === #

    @api.model
    def _get_new_secret(self):
        return secrets.token_urlsafe(SECRET_BYTES)

    @api.model
    def _get_now(self):
        """The moment of a new secret."""
        return fields.Datetime.now()

    # === ACTIONS === #

    def action_new_secret(self):
        """Make another secret and show it, this once; calls are signed by it from now on.

        :raise UserError: where :meth:`_check_new_secret` refuses it
        """
        self.ensure_one()
        self.check_access("write")
        self._check_new_secret()
        secret = self._get_new_secret()
        # sudo: nobody may read or write the secret, who may write the record may have it made
        self.sudo().write({"secret": secret, "secret_made_at": self._get_now()})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Secret of %(name)s", name=self.name),
            "res_model": "cobranca.webhook.secret",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_secret": secret},
        }

    # === BUSINESS METHODS === #

    def _check_new_secret(self):
        """Refuse another secret for what may not be used any more; overridden."""
