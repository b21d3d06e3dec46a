from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.cobranca_recorrente.tools.ladder_effect import compare

from .cobranca_step_report import DEPENDS

EFFECTS = """
    SELECT step.level_id AS id, step.company_id, step.policy_id, step.level_id,
           COALESCE(SUM(step.compared_count) FILTER (WHERE NOT step.is_control), 0) AS reminded_count,
           COALESCE(SUM(step.compared_paid_count) FILTER (WHERE NOT step.is_control), 0) AS reminded_paid_count,
           COALESCE(SUM(step.compared_count) FILTER (WHERE step.is_control), 0) AS control_count,
           COALESCE(SUM(step.compared_paid_count) FILTER (WHERE step.is_control), 0) AS control_paid_count
      FROM (%(steps)s) step
     GROUP BY step.company_id, step.policy_id, step.level_id
    HAVING SUM(step.compared_count) FILTER (WHERE step.is_control) > 0
"""


class CobrancaStepEffectReport(models.Model):
    """What each step is worth: who pays within a week after it, beside who was drawn to get nothing."""

    _name = "cobranca.step.effect.report"
    _description = "Steps Beside Their Control Groups"
    _auto = False
    _order = "policy_id, level_id"
    _rec_name = "level_id"
    _depends = DEPENDS

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    policy_id = fields.Many2one(comodel_name="cobranca.dunning.policy", string="Ladder", readonly=True)
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

    @property
    def _table_query(self):
        return SQL(EFFECTS, steps=self.env["cobranca.step.report"]._table_query)

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

    # === ACTIONS === #

    def action_open_steps(self):
        """Open the titles behind a row."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_relatorios.cobranca_step_report_action")
        return {
            **action,
            "views": [(False, "list"), (False, "pivot")],
            "domain": [("level_id", "=", self.level_id.id), ("compared_count", ">", 0)],
            "context": {"search_default_group_control": 1},
        }
