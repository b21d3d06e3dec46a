import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from .cobranca_case_actions import LEVEL
from .cobranca_contract_billing import is_passing

_logger = logging.getLogger(__name__)

LONGEST_ERROR = 1000
CLAIM = """
    INSERT INTO cobranca_dunning_action_run
           (action_id, level_id, case_id, notice, company_id, partner_id, date, state)
    SELECT %(action)s, %(level)s, item.id, claim.notice, item.company_id, item.partner_id, %(now)s, 'done'
      FROM unnest(%(cases)s::int[], %(notices)s::int[]) claim(case_id, notice)
      JOIN cobranca_case item ON item.id = claim.case_id
     ORDER BY item.id
        ON CONFLICT DO NOTHING
    RETURNING id
"""


class CobrancaDunningAction(models.AbstractModel):
    """What a step does besides its messages: server actions, each on the cases that reached it, each once."""

    _name = "cobranca.dunning.action"
    _description = "Actions of a Dunning Step"

    action_run_ids = fields.One2many(
        comodel_name="cobranca.dunning.action.run", inverse_name="level_id", string="Actions run", readonly=True
    )
    failed_run_count = fields.Integer(string="Actions that failed", compute="_compute_failed_run_count")

    # === COMPUTE METHODS === #

    @api.depends("action_run_ids.state")
    def _compute_failed_run_count(self):
        rows = self.env["cobranca.dunning.action.run"]._read_group(
            [("level_id", "in", self.ids), ("state", "=", "failed")], ["level_id"], ["__count"]
        )
        counts = {level.id: count for level, count in rows}
        for level in self:
            level.failed_run_count = counts.get(level.id, 0)

    # === CONSTRAINTS === #

    @api.constrains("action_ids")
    def _check_actions(self):
        """Only actions that an administrator meant for steps: choosing one must not be a way to run any other."""
        for action in self.sudo().action_ids:  # sudo: whatever the user may see of them
            if not action.cobranca_is_dunning or action.model_id.model != "cobranca.case":
                raise ValidationError(
                    self.env._("This action is not meant for steps of the ladder: choose one of the list.")
                )

    # === ACTIONS === #

    def action_open_failed_runs(self):
        """Open what could not be done."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_recorrente.cobranca_dunning_action_run_action")
        action["domain"] = [("level_id", "=", self.id)]
        return action

    # === BUSINESS METHODS === #

    @api.model
    def _run_actions_of(self, messages):
        """Run the actions of all steps that were claimed with some new messages.

        :param messages: cobranca.message
        """
        # sudo: what was claimed, whoever starts the run
        Notice = self.env["cobranca.dunning.notice"].sudo()
        notices = Notice.search([("message_id", "in", messages.ids), ("is_control", "=", False)])
        for level, own in notices.grouped("level_id").items():
            if level.action_ids:
                level._run_actions(level._get_cases(own), own)

    @api.model
    def _get_cases(self, notices):
        """The open cases of the debtors of some claims; who is late since today gets his now.

        :return: cobranca.case
        """
        Case = self.env["cobranca.case"].sudo()  # sudo: cases of the claims, whoever starts the run
        cases = Case.browse()
        for company, own in notices.grouped("company_id").items():
            partners = own.partner_id
            domain = [("company_id", "=", company.id), ("state", "=", "open"), ("is_training", "=", False)]
            found = Case.search([*domain, ("partner_id", "in", partners.ids)])
            if missing := partners - found.partner_id:
                found |= Case._refresh(company, missing)
            cases |= found
        return cases

    def _run_actions(self, cases, notices=None):
        """Run the actions of this step on some cases, each action once for each time that a case reaches the step.

        What an action does wrong is undone, written down and told a manager; the other actions and
        cases go on.

        :param cases: cobranca.case
        :param notices: cobranca.dunning.notice, the claims that are the reason; None: the latest ones
        """
        self.ensure_one()
        level = self.sudo()  # sudo: what the step does, whoever starts the run
        claims = level._get_claims(cases, notices)
        if not claims:
            return
        for action in level.action_ids.sorted():
            if runs := level._claim_runs(action, claims):
                level._run_action(action, runs)

    def _get_claims(self, cases, notices):
        """{id of the case: id of its latest claim of this step}; the control group has none."""
        if notices is None:
            # sudo: what was claimed, whoever starts the run
            notices = self.env["cobranca.dunning.notice"].sudo()
            notices = notices.search([("level_id", "=", self.id), ("partner_id", "in", cases.partner_id.ids)])
        latest = {}
        for notice in notices.filtered(lambda notice: notice.level_id == self and not notice.is_control):
            key = (notice.company_id, notice.partner_id, notice.line_id.currency_id)
            latest[key] = max(latest.get(key, 0), notice.id)
        keys = {case.id: (case.company_id, case.partner_id, case.currency_id) for case in cases if case.state == "open"}
        return {case: latest[key] for case, key in keys.items() if key in latest}

    def _claim_runs(self, action, claims):
        """Write down that an action is run; what was run before, or is by somebody else, is not among the result.

        :return: cobranca.dunning.action.run
        """
        Run = self.env["cobranca.dunning.action.run"]
        self.env["cobranca.case"].flush_model()
        rows = self.env.execute_query(
            SQL(
                CLAIM,
                action=action.id,
                level=self.id,
                now=fields.Datetime.now(),
                cases=list(claims),
                notices=list(claims.values()),
            )
        )
        return Run.browse([run for (run,) in rows])

    def _run_action(self, action, runs):
        """Run one action on the cases of some runs: together, and when that fails one by one."""
        failed = {}
        if error := self._try_action(action, runs.case_id):
            for run in runs:
                own = error if len(runs) == 1 else self._try_action(action, run.case_id)
                if own:
                    run.write({"state": "failed", "error": own})
                    failed[run] = own
        if failed:
            self._tell_failures(action, failed)

    def _try_action(self, action, cases):
        """:return: what went wrong, in words; nothing of it stays then. None when it was done"""
        try:
            with self.env.cr.savepoint():
                self._do_action(action, cases)
        except Exception as error:  # whatever an action does wrong, the others go on
            if is_passing(error):
                raise
            self.env.invalidate_all()
            _logger.warning("Action %s of step %s failed on cases %s", action.id, self.id, cases.ids, exc_info=True)
            text = str(error) if isinstance(error, UserError) else f"{type(error).__name__}: {error}"
            return text[:LONGEST_ERROR] or type(error).__name__
        return None

    def _do_action(self, action, cases):
        if not action.cobranca_is_dunning:
            raise UserError(self.env._("This action is not meant for steps of the ladder any more."))
        for company, own in cases.grouped("company_id").items():
            action.with_company(company).with_context(
                active_model="cobranca.case", active_id=own[:1].id, active_ids=own.ids, **{LEVEL: self.id}
            ).run()

    def _tell_failures(self, action, failed):
        """One task for a manager, on the first customer; the log has all of them."""
        first = next(iter(failed))
        manager = self._get_manager(first.company_id)
        words = self.with_context(lang=manager.lang or self.env.lang)
        summary = words.env._(
            "Action “%(action)s” of step “%(step)s” failed",
            action=action.with_context(lang=manager.lang).name,
            step=words.name,
        )
        known = [("user_id", "=", manager.id), ("summary", "=", summary), ("res_model", "=", "res.partner")]
        # sudo: whoever starts the run; one task is enough until it is done
        if self.env["mail.activity"].sudo().search_count(known, limit=1):
            return
        first.partner_id.activity_schedule(
            "mail.mail_activity_data_warning",
            date_deadline=first.company_id._cobranca_today(),
            user_id=manager.id,
            summary=summary,
            note=words.env._(
                "%(count)s customers. The first: %(error)s See the log of actions, where it can be run again.",
                count=len(failed),
                error=failed[first],
            ),
        )

    @api.model
    def _get_manager(self, company):
        """:return: res.users, the first manager of the company, else who runs this"""
        group = self.env.ref("cobranca_recorrente.cobranca_group_manager").sudo()  # sudo: who is in a group
        users = group.all_user_ids.filtered(lambda user: user.active and company in user.company_ids)
        return users.sorted("id")[:1] or self.env.user
