from odoo import fields, models


class CobrancaCloseReason(models.Model):
    _name = "cobranca.close.reason"
    _description = "Reason to End a Contract"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_by_customer = fields.Boolean(
        string="By the customer", default=True, help="The customer leaves: a termination fee may be due."
    )

    _uniq_name = models.UniqueIndex("(name) WHERE active", "This reason is there already.")
