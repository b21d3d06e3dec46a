from odoo import fields, models

from ..tools.bureau import SHORTEST_NOTICE

BUREAUS = [
    ("serasa", "Serasa Experian"),
    ("spc", "SPC Brasil"),
    ("boavista", "Equifax Boa Vista"),
    ("quod", "Quod"),
    ("other", "Other bureau"),
]
# What managers set.
BUREAU_SETTINGS = (
    "cobranca_bureau",
    "cobranca_bureau_notice_days",
    "cobranca_bureau_min_amount",
    "cobranca_bureau_user_id",
)


class CobrancaCompanyBureau(models.AbstractModel):
    """How a company lists debts at a credit bureau."""

    _name = "cobranca.company.bureau"
    _description = "Credit Bureau of a Company"

    cobranca_bureau = fields.Selection(
        selection=BUREAUS,
        string="Credit bureau",
        default="serasa",
        required=True,
        groups="base.group_user",
        help="Where steps of the ladder put debts on the list.",
    )
    cobranca_bureau_notice_days = fields.Integer(
        string="Notice before a listing (days)",
        default=SHORTEST_NOTICE,
        groups="base.group_user",
        help="So many whole days pass between the written notice and the listing (CDC, art. 43, § 2º).",
    )
    cobranca_bureau_min_amount = fields.Float(
        string="Smallest amount listed",
        digits=(16, 2),
        default=100.0,
        groups="base.group_user",
        help="An invoice with less open is not put on the list.",
    )
    cobranca_bureau_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible for the bureau list",
        groups="base.group_user",
        domain="[('share', '=', False)]",
        help="Gets the alarm when a listing has to be removed. Empty: who listed it, else a supervisor.",
    )

    _check_cobranca_bureau = models.Constraint(
        "CHECK (cobranca_bureau_notice_days BETWEEN 10 AND 365 AND cobranca_bureau_min_amount >= 0)",
        "The notice before a listing takes 10 days at least; the smallest amount is zero or more.",
    )
