from odoo import fields, models
from odoo.exceptions import AccessError

MANAGER = "cobranca_recorrente.cobranca_group_manager"


class CobrancaDunningActionRun(models.Model):
    """That an action of a step was run on a customer's case: once for each time that he reaches the step."""

    _name = "cobranca.dunning.action.run"
    _description = "Action of a Step, Run"
    _order = "id desc"
    _log_access = False
    _rec_name = "action_id"
    _check_company_auto = True

    action_id = fields.Many2one(comodel_name="ir.actions.server", required=True, readonly=True, ondelete="cascade")
    level_id = fields.Many2one(
        comodel_name="cobranca.dunning.level",
        string="Step",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    case_id = fields.Many2one(
        comodel_name="cobranca.case", required=True, readonly=True, index=True, ondelete="cascade"
    )
    # No link: a step that is given back to come again loses its notice, what was done stays.
    notice = fields.Integer(required=True, readonly=True, aggregator=None)
    company_id = fields.Many2one(related="case_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="case_id.partner_id", store=True, index=True)
    date = fields.Datetime(string="When", required=True, readonly=True)
    state = fields.Selection(
        selection=[("done", "Done"), ("failed", "Failed")], default="done", required=True, readonly=True
    )
    error = fields.Text(string="What went wrong", readonly=True)

    _uniq_run = models.UniqueIndex(
        "(action_id, case_id, level_id, notice)", "This action was run on this case at this step already."
    )
    _failed_idx = models.Index("(level_id) WHERE state = 'failed'")

    # === ACTIONS === #

    def action_retry(self):
        """Run again what failed.

        :raise AccessError: for who is no manager
        """
        self.check_access("read")
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Actions of steps are run again by a manager of Cobrança."))
        # sudo: the register is written by its own methods only, after the check above
        failed = self.sudo().try_lock_for_update().filtered(lambda run: run.state == "failed")
        for (level, action), runs in failed.grouped(lambda run: (run.level_id, run.action_id)).items():
            runs.write({"state": "done", "error": False, "date": fields.Datetime.now()})
            level._run_action(action, runs)
        return True
