from odoo import fields, models
from odoo.tools import SQL

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
    _inherit = ["cobranca.step.comparison"]
    _description = "Steps Beside Their Control Groups"
    _auto = False
    _order = "policy_id, level_id"
    _rec_name = "level_id"
    _depends = DEPENDS

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    policy_id = fields.Many2one(comodel_name="cobranca.dunning.policy", string="Ladder", readonly=True)

    @property
    def _table_query(self):
        return SQL(EFFECTS, steps=self.env["cobranca.step.report"]._table_query)

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
