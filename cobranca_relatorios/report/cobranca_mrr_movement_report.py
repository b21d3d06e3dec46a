from odoo import fields, models
from odoo.tools import SQL

from .cobranca_mrr_report import DEPENDS

KINDS = [
    ("1_new", "New"),
    ("2_reactivation", "Reactivated"),
    ("3_expansion", "Expansion"),
    ("4_contraction", "Contraction"),
    ("5_churn", "Lost"),
]
# Ids of the movements have room for their kinds: a browser counts exactly up to 2^53.
QUERY = """
    SELECT moved.id * 8 + kind.number AS id, moved.company_id, moved.currency_id, moved.partner_id, moved.month,
           moved.is_partial, kind.kind, kind.amount
      FROM (%s) moved
     CROSS JOIN LATERAL (
        VALUES (1, '1_new', moved.new), (2, '2_reactivation', moved.reactivation), (3, '3_expansion', moved.expansion),
               (4, '4_contraction', moved.contraction), (5, '5_churn', moved.churn)
     ) AS kind (number, kind, amount)
     WHERE kind.amount <> 0
"""


class CobrancaMrrMovementReport(models.Model):
    """The movements of the monthly recurring revenue as rows of their own, for bars that are stacked."""

    _name = "cobranca.mrr.movement.report"
    _description = "Changes of Recurring Revenue"
    _auto = False
    _order = "month desc, kind, id"
    _rec_name = "partner_id"
    _depends = DEPENDS

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    month = fields.Date(readonly=True)
    is_partial = fields.Boolean(
        string="Running month", readonly=True, help="The month is not over: it is looked at as of today."
    )
    kind = fields.Selection(selection=KINDS, string="Change", readonly=True)
    amount = fields.Monetary(readonly=True, help="In a month; below zero when MRR is lost.")

    @property
    def _table_query(self):
        return SQL(QUERY, self.env["cobranca.mrr.report"]._get_movements_query())
