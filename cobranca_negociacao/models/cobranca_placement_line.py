from odoo import fields, models


class CobrancaPlacementLine(models.Model):
    """A debt that an agency collects; at most one agency has it."""

    _name = "cobranca.placement.line"
    _description = "Placed Debt"
    _order = "due, id"
    _check_company_auto = True

    placement_id = fields.Many2one(
        comodel_name="cobranca.placement", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(comodel_name="res.currency", required=True, readonly=True)
    line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Debt",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    due = fields.Date(string="Due date", required=True, readonly=True)
    days_late = fields.Integer(string="Late days when placed", readonly=True, aggregator=None)
    amount_original = fields.Monetary(string="Open when placed", readonly=True)
    amount_placed = fields.Monetary(string="With charges", readonly=True)
    percent = fields.Float(
        string="Commission (%)",
        digits=(5, 2),
        readonly=True,
        aggregator=None,
        help="Fixed when it was placed, by its delay of that day.",
    )
    is_live = fields.Boolean(
        required=True, readonly=True, default=True, help="Proposed, or with the agency: no other one may have it."
    )
    added_on = fields.Date(readonly=True, help="Installment of an agreement that the agency made: since this day.")
    ended_on = fields.Date(readonly=True, help="It was taken out alone on this day; the others stayed with the agency.")

    _uniq_live = models.UniqueIndex("(line_id) WHERE is_live", "This debt is with an agency already.")
