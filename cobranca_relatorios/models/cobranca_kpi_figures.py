from odoo import api, fields, models
from odoo.exceptions import UserError

from .cobranca_figure_words import NOTHING
from .cobranca_report_ledger import AS_OF

ARROWS = {1: "▲", -1: "▼", 0: "="}


class CobrancaKpiFigures(models.AbstractModel):
    """The words of a key figure: the same on the page, in the dashboards and in lists."""

    _name = "cobranca.kpi.figures"
    _description = "Words of Key Figures"

    value_text = fields.Char(string="Now, in words", compute="_compute_texts")
    month_text = fields.Char(string="Since a month ago, in words", compute="_compute_texts")
    year_text = fields.Char(string="Since a year ago, in words", compute="_compute_texts")
    goal_text = fields.Char(string="Goal, in words", compute="_compute_texts")
    state_text = fields.Char(string="On or off goal", compute="_compute_texts")
    owner_text = fields.Char(string="Answers for it", compute="_compute_texts")
    is_better_month = fields.Boolean(string="Better than a month ago", compute="_compute_is_better")
    is_better_year = fields.Boolean(string="Better than a year ago", compute="_compute_is_better")

    # === COMPUTE METHODS === #

    @api.depends("value", "goal", "user_id", "trend_month", "trend_year")
    @api.depends_context("lang")
    def _compute_texts(self):
        for kpi in self:
            kpi.value_text = kpi._get_own_text() if kpi.has_value else NOTHING
            kpi.month_text = kpi._get_trend_text(kpi.has_month, kpi.trend_month, kpi.month_state)
            kpi.year_text = kpi._get_trend_text(kpi.has_year, kpi.trend_year, kpi.year_state)
            kpi.goal_text = kpi._get_goal_text()
            kpi.state_text = kpi._get_state_text()
            # sudo: the name of a colleague
            kpi.owner_text = kpi.user_id.sudo().name or self.env._("No owner")

    @api.depends("month_state", "year_state")
    def _compute_is_better(self):
        for kpi in self:
            kpi.is_better_month = kpi.month_state == "better"
            kpi.is_better_year = kpi.year_state == "better"

    # === ACTIONS === #

    def action_open(self):
        """Open what the figure is counted from, as of its day; rates of a month, the months.

        :raise UserError: for a company without a position yet
        """
        self.ensure_one()
        self.check_access("read")
        if not self.month:
            raise UserError(self.env._("There are no figures yet: refresh the overview."))
        action = getattr(self, f"_get_action_{self.code}", self._get_months_action)()
        action["domain"] = [("company_id", "=", self.company_id.id), *action["domain"]]
        return {"type": "ir.actions.act_window", "name": self._get_label(), "views": [(False, "list")], **action}

    # === BUSINESS METHODS === #

    def _get_label(self):
        return dict(self._fields["code"]._description_selection(self.env))[self.code]

    def _get_months_action(self):
        """The positions of the last months, as a list or over time."""
        views = [(False, "list"), (False, "graph"), (False, "form")]
        return {"res_model": "cobranca.portfolio.snapshot", "views": views, "domain": []}

    def _get_late_action(self, days):
        return {
            "res_model": "cobranca.aging.report",
            "domain": [("is_credit", "=", False), ("days_late", ">", days)],
            "context": {AS_OF: fields.Date.to_string(self.date)},
        }

    def _get_action_late_amount(self):
        return self._get_late_action(0)

    def _get_action_rate_30(self):
        return self._get_late_action(30)

    def _get_action_average_delay(self):
        return self._get_late_action(0)

    def _get_action_agreement_rate(self):
        views = [(False, "list"), (False, "form")]
        return {"res_model": "cobranca.agreement", "views": views, "domain": [("state", "=", "active")]}

    def _get_action_promise_rate(self):
        domain = [
            ("state", "in", ["kept", "broken"]),
            ("date_limit", ">=", self.month),
            ("date_limit", "<=", self.date),
        ]
        return {"res_model": "cobranca.promise", "views": [(False, "list"), (False, "form")], "domain": domain}

    def _get_own_text(self):
        text = self._get_value_text(self.unit, self.value, self.currency_id)
        return f"{text}*" if self.is_running else text

    def _get_trend_text(self, is_known, trend, state):
        """Where a figure went, and whether that is good: never by color alone."""
        if not is_known:
            return NOTHING
        if state == "same":
            return self.env._("= same")
        text = f"{ARROWS[1 if trend > 0 else -1]} {self._get_change_text(self.unit, trend)}"
        if state == "open":
            return text
        if state == "better":
            return self.env._("%(change)s better", change=text)
        return self.env._("%(change)s worse", change=text)

    def _get_goal_text(self):
        if not self.goal:
            return self.env._("No goal")
        goal = self._get_value_text(self.unit, self.goal, self.currency_id)
        if self.direction == "up":
            return self.env._("Goal: %(goal)s or more", goal=goal)
        return self.env._("Goal: up to %(goal)s", goal=goal)

    def _get_state_text(self):
        states = {
            "on": self.env._("on goal"),
            "off": self.env._("off goal"),
            "open": self.env._("month not over yet"),
        }
        return states.get(self.goal_state, "")
