from odoo import fields, models


class CobrancaDelinquencyReason(models.Model):
    """Why a customer pays late, as he told it."""

    _name = "cobranca.delinquency.reason"
    _description = "Reason of a Delay"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    is_sensitive = fields.Boolean(
        string="Supervisors only",
        help="Illness, death and the like: who is no supervisor neither sees nor chooses it (LGPD, art. 11).",
    )
