from odoo import api, fields, models

from odoo.addons.cobranca_recorrente.tools.ladder_effect import compare


class CobrancaStepComparison(models.AbstractModel):
    """What a step is worth: who pays within a week after it, beside who was drawn to get nothing."""

    _name = "cobranca.step.comparison"
    _description = "Step Beside its Control Group"

    level_id = fields.Many2one(comodel_name="cobranca.dunning.level", string="Step", readonly=True)
    reminded_count = fields.Integer(
        string="Reminded", readonly=True, help="Titles whose message reached the customer more than a week ago."
    )
    reminded_paid_count = fields.Integer(string="Reminded and paid", readonly=True, help="In full, within a week.")
    control_count = fields.Integer(
        string="Control group", readonly=True, help="Titles that were drawn to get nothing, more than a week ago."
    )
    control_paid_count = fields.Integer(string="Paid unasked", readonly=True, help="In full, within a week.")
    difference = fields.Float(
        string="Uplift (points)",
        digits=(16, 1),
        compute="_compute_effect",
        help="Share of payers among the reminded less that of the control group, in percentage points.",
    )
    low = fields.Float(
        string="At least",
        digits=(16, 1),
        compute="_compute_effect",
        help="Where the uplift lies with 95 % confidence (Newcombe 1998, method 10).",
    )
    high = fields.Float(string="At most", digits=(16, 1), compute="_compute_effect")
    is_enough = fields.Boolean(
        string="Enough to tell", compute="_compute_effect", help="At least 30 titles in both groups."
    )
    text = fields.Char(string="In words", compute="_compute_effect")

    # === COMPUTE METHODS === #

    @api.depends("reminded_count", "reminded_paid_count", "control_count", "control_paid_count")
    @api.depends_context("lang")
    def _compute_effect(self):
        for row in self:
            groups = (row.reminded_count, row.reminded_paid_count), (row.control_count, row.control_paid_count)
            effect = compare(*groups)
            row.is_enough = bool(effect)
            row.difference = effect.difference * 100 if effect else 0.0
            row.low = effect.low * 100 if effect else 0.0
            row.high = effect.high * 100 if effect else 0.0
            row.text = row.level_id._tell_effect(*groups)
