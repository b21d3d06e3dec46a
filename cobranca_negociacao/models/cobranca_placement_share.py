from odoo import fields, models

from .cobranca_placement import ARMS


class CobrancaPlacementShare(models.Model):
    """The part of a rule's customers that an agency gets, drawn by lot."""

    _name = "cobranca.placement.share"
    _description = "Share of an Agency"
    _order = "rule_id, percent desc, id"
    _check_company_auto = True

    rule_id = fields.Many2one(
        comodel_name="cobranca.placement.rule", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="rule_id.company_id", store=True, index=True, precompute=True)
    agency_id = fields.Many2one(
        comodel_name="cobranca.agency", required=True, index=True, ondelete="restrict", check_company=True
    )
    percent = fields.Float(string="Share (%)", digits=(5, 2), required=True, default=100)
    arm = fields.Selection(
        selection=ARMS,
        string="Comparison",
        help="The challenger is measured against the champion, on customers drawn at random.",
    )

    _uniq_agency = models.UniqueIndex("(rule_id, agency_id)", "This agency has a share of the rule already.")
    _check_percent = models.Constraint("CHECK (percent > 0 AND percent <= 100)", "A share is above 0 and up to 100 %.")
