from odoo import fields, models


class CobrancaCharge(models.Model):
    _inherit = "cobranca.charge"

    agreement_id = fields.Many2one(
        comodel_name="cobranca.agreement",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The agreement in which this charge was agreed or forgiven, or whose break took it back.",
    )
