from markupsafe import Markup

from odoo import api, fields, models

from ..tools import insight
from .cobranca_report_ledger import AS_OF

TONES = [("good", "Good"), ("bad", "Bad"), ("neutral", "Neither good nor bad")]


class CobrancaInsight(models.Model):
    """A sentence about the latest position of a company, kept as numbers and said in the reader's language."""

    _name = "cobranca.insight"
    _inherit = [
        "cobranca.insight.words",
        "cobranca.insight.facts",
        "cobranca.current.company",
        "cobranca.active.figure",
        "cobranca.view.link",
    ]
    _description = "Sentence about the Figures"
    _order = "company_id, importance desc, code"
    _rec_name = "text"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    snapshot_id = fields.Many2one(
        comodel_name="cobranca.portfolio.snapshot", required=True, readonly=True, index=True, ondelete="cascade"
    )
    computed_at = fields.Datetime(string="Computed on", readonly=True)
    date = fields.Date(string="As of", required=True, readonly=True)
    code = fields.Char(required=True, readonly=True)
    tone = fields.Selection(selection=TONES, required=True, readonly=True)
    importance = fields.Integer(required=True, readonly=True, aggregator=None)
    figures = fields.Json(readonly=True)
    targets = fields.Json(string="Records", readonly=True)
    text = fields.Char(string="Sentence", compute="_compute_text")
    text_html = fields.Html(string="Sentence with its figures set off", compute="_compute_text")

    # === COMPUTE METHODS === #

    @api.depends("code", "figures", "targets")
    @api.depends_context("lang")
    def _compute_text(self):
        for one in self:
            one.text = one.code and one._get_sentence()
            one.text_html = one.code and one._get_sentence(lambda text: Markup("<b>%s</b>") % text)

    # === ACTIONS === #

    def action_open(self):
        """Open exactly the records that the sentence speaks of."""
        self.ensure_one()
        self.check_access("read")
        code = (self.code or "").removesuffix("_by").removesuffix("_rate").removesuffix("_missed")
        action = getattr(self, f"_get_action_{code}", self._get_action_goals)()
        return {
            "type": "ir.actions.act_window",
            "name": self.text,
            "views": [(False, "list"), (False, "form")],
            **action,
        }

    # === BUSINESS METHODS === #

    @api.model
    def _refresh(self, snapshot):
        """Find what is worth saying of the latest position of a company, anew.

        :param snapshot: cobranca.portfolio.snapshot
        :return: cobranca.insight
        """
        # sudo: one computation for all readers of the company, by rules that know no user
        Insight = self.sudo().with_context(allowed_company_ids=snapshot.company_id.ids)
        snapshot = snapshot.with_env(Insight.env)
        found = insight.choose(Insight._find_insights(snapshot))
        Insight.search([("company_id", "=", snapshot.company_id.id)]).unlink()
        return Insight.create([self._prepare(snapshot, one) for one in found]).with_env(self.env)

    @api.model
    def _prepare(self, snapshot, one):
        return {
            "company_id": snapshot.company_id.id,
            "snapshot_id": snapshot.id,
            "computed_at": snapshot.computed_at,
            "date": snapshot.date,
            "code": one.code,
            "tone": one.tone,
            "importance": one.importance,
            "figures": one.values,
            "targets": one.keys,
        }

    def _get_own_domain(self):
        return [("company_id", "=", self.company_id.id)]

    def _get_action_late_rose(self):
        return self._get_aging_action(("days_late", ">", 30), self.targets.get("partners"))

    def _get_action_late_fell(self):
        action = self._get_aging_action(("days_late", ">", 30), self.targets.get("partners"))
        before = self.targets.get("before") or fields.Date.to_string(self.date)
        return {**action, "context": {**action["context"], AS_OF: before}}

    def _get_action_concentration(self):
        return self._get_aging_action(("band", "=", self.targets["band"]), self.targets["partners"])

    def _get_aging_action(self, which, partners):
        """The open lines of some delay as of the day of the sentence, by customer."""
        domain = [*self._get_own_domain(), ("is_credit", "=", False), which]
        if partners:
            domain.append(("partner_id", "in", partners))
        return {
            "res_model": "cobranca.aging.report",
            "views": [(False, "list")],
            "domain": domain,
            "context": {AS_OF: fields.Date.to_string(self.date), "group_by": ["partner_id"]},
        }

    def _get_action_promised(self):
        until = self.figures["day_until"]
        domain = [*self._get_own_domain(), ("state", "=", "open"), ("date", "<=", until)]
        return {"res_model": "cobranca.promise", "domain": domain}

    def _get_action_broken(self):
        first = self.date.replace(day=1)
        domain = [("state", "=", "broken"), ("ended_on", ">=", first), ("ended_on", "<=", self.date)]
        return {"res_model": "cobranca.agreement", "domain": [*self._get_own_domain(), *domain]}

    def _get_action_agencies(self):
        domain = [("date", ">=", self.date.replace(day=1)), ("date", "<=", self.date)]
        return {"res_model": "cobranca.agency.receipt", "domain": [*self._get_own_domain(), *domain]}

    def _get_action_goals(self):
        codes = (self.targets or {}).get("codes")
        domain = [("code", "in", codes)] if codes else [("is_main", "=", True), ("goal_state", "!=", False)]
        return {"res_model": "cobranca.kpi.report", "domain": [*self._get_own_domain(), *domain]}

    def _get_action_dso_rose(self):
        return self._get_dso_action()

    def _get_action_dso_fell(self):
        return self._get_dso_action()

    def _get_dso_action(self):
        return {"res_model": "cobranca.kpi.report", "domain": [*self._get_own_domain(), ("code", "=", "dso")]}

    def _get_action_step_effect(self):
        """The titles that were compared, those reminded beside those that were not."""
        domain = [
            *self._get_own_domain(),
            ("level_id", "=", self.targets["level"]),
            ("compared_count", ">", 0),
            ("date", ">=", self.targets["since"]),
            ("date", "<=", self.date),
        ]
        return {
            "res_model": "cobranca.step.report",
            "views": [(False, "list")],
            "domain": domain,
            "context": {"group_by": ["is_control"]},
        }

    def _get_action_cash_more(self):
        return self._get_cash_action()

    def _get_action_cash_less(self):
        return self._get_cash_action()

    def _get_cash_action(self):
        """What is expected of whom in the four weeks."""
        first, last = self.figures["date_first"], self.figures["date_last"]
        domain = [*self._get_own_domain(), ("week", ">=", first), ("week", "<=", last)]
        return {"res_model": "cobranca.cash.forecast.line", "domain": domain}

    def _get_action_cash_missed_less(self):
        return self._get_cash_test_action()

    def _get_action_cash_missed_more(self):
        return self._get_cash_test_action()

    def _get_cash_test_action(self):
        """The weeks that were foreseen, beside what came."""
        domain = [("cutoff", "=", self.targets["cutoff"]), ("horizon", "<=", insight.FOUR)]
        return {"res_model": "cobranca.cash.forecast.test", "domain": [*self._get_own_domain(), *domain]}
