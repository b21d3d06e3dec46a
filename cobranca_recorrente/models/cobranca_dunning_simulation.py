from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..tools.ladder import ONE_DAY

# How far ahead the next day with notices is looked for.
DAYS_AHEAD = 10
# Rows of a step, or of a reason, that a screen gets; the file has them all.
ROWS_SHOWN = 300
# Days around today that make sense; far away the holidays are not known.
NEAR = 366


class CobrancaDunningSimulation(models.AbstractModel):
    """What the ladders would send on a day, and to whom not: looked at without any trace.

    The selection is that of the run itself. PostgreSQL refuses whatever would be written here.
    """

    _name = "cobranca.dunning.simulation"
    _inherit = ["cobranca.dunning.simulation.rows", "cobranca.dunning.simulation.book"]
    _description = "Simulation of a Dunning Day"

    # === BUSINESS METHODS === #

    @api.model
    @api.readonly
    def simulate(self, date=False, policy_id=False):
        """What the screen shows of a day.

        :param str date: today when empty
        :param int policy_id: only this ladder
        :return: dict of texts and numbers
        :raise AccessError: for who is no collector
        :raise UserError: for a day that is none, or too far away
        """
        company, day = self._check(date)
        with self._read_only():
            facts = self._get_facts(company, day, policy_id)
            for part in (*facts["groups"], *facts["reasons"]):
                part["more"] = max(len(part["rows"]) - ROWS_SHOWN, 0)
                part["rows"] = part["rows"][:ROWS_SHOWN]
            return facts

    @api.model
    def _get_workbook_of(self, date, policy_id):
        """The same day as a workbook.

        :return: (name of the file, bytes)
        """
        company, day = self._check(date)
        with self._read_only():
            facts = self._get_facts(company, day, policy_id)
            return self.env._("simulation-%(day)s.xlsx", day=day), self._get_workbook(facts)

    @api.model
    def _check(self, date):
        """:return: (res.company, date)"""
        if not self.env.user.has_group("cobranca_recorrente.cobranca_group_collector"):
            raise AccessError(self.env._("Simulations are for the collection team: ask your administrator."))
        company = self.env.company
        today = company._cobranca_today()
        try:
            day = fields.Date.to_date(date) if date else today
        except ValueError:
            day = None
        if not day or abs((day - today).days) > NEAR:
            raise UserError(self.env._("Choose a day within a year from today."))
        return company, day

    @contextmanager
    def _read_only(self):
        """Nothing can be written within, whoever tries: the rest of the transaction is as before."""
        self.env.flush_all()
        with self.env.cr.savepoint(flush=False):
            self.env.cr.execute(SQL("SET TRANSACTION READ ONLY"))
            yield

    @api.model
    def _get_facts(self, company, day, policy_id):
        """All of a day.

        :return: dict as the screen takes it, and the workbook
        """
        sim = self.with_company(company)
        policies = self.env["cobranca.dunning.policy"].search([("company_id", "=", company.id)])
        plan = sim._select(company, day, policies, policy_id)
        groups = sim._get_groups(company, plan)
        reasons = sim._get_reasons(company, plan)
        return {
            "date": fields.Date.to_string(day),
            "day": format_date(self.env, day, date_format="EEE, dd/MM/yyyy"),
            "today": fields.Date.to_string(company._cobranca_today()),
            "symbol": company.currency_id.symbol,
            "policies": [{"id": policy.id, "name": policy.name} for policy in policies],
            "policy_id": policy_id or False,
            "groups": groups,
            "reasons": reasons,
            "total": sim._get_total(company, plan, groups),
            "paid": sim._get_paid(plan, reasons),
            "notes": sim._get_notes(company, day, plan, policies),
            "next": False if plan.messages else sim._get_next_day(company, day, policies, policy_id),
        }

    @api.model
    def _select(self, company, day, policies, policy_id):
        """The selection of the run; ladders under observation are looked at as if they were running.

        :return: tools.ladder_plan.Plan
        """
        observed = policies.filtered(lambda policy: policy.state == "observing")
        plan = self.env["cobranca.dunning.engine"]._select(company, day, as_active=observed)
        if policy_id:
            for name in ("messages", "control", "left_out"):
                items = getattr(plan, name)
                items[:] = [item for item in items if item.ladder and item.ladder.key == policy_id]
        return plan

    @api.model
    def _get_next_day(self, company, day, policies, policy_id):
        """The first later day on which something would be sent.

        :return: dict(date, day, count), False when there is none soon
        """
        for ahead in range(1, DAYS_AHEAD + 1):
            later = day + ahead * ONE_DAY
            plan = self._select(company, later, policies, policy_id)
            if plan.messages:
                return {
                    "date": fields.Date.to_string(later),
                    "day": format_date(self.env, later, date_format="EEE, dd/MM/yyyy"),
                    "count": len({item.debtor for item in plan.messages}),
                }
        return False

    @api.model
    def _get_notes(self, company, day, plan, policies):
        """What one has to know to read these figures.

        :return: list of str
        """
        today = company._cobranca_today()
        notes = []
        if day > today:
            notes.append(
                self.env._(
                    "A day to come: what the days before it will send is not simulated, nor payments and contacts "
                    "until then."
                )
            )
        if day < today:
            notes.append(
                self.env._("A day that is over: with the data of now. What was really sent is under “Notices”.")
            )
        made = self.env["cobranca.message"].search_count([("company_id", "=", company.id), ("date", "=", day)])
        if made:
            notes.append(
                self.env._("Already made for this day: %(count)s messages. They are not counted again.", count=made)
            )
        used = {item.ladder.key for item in (*plan.messages, *plan.control)}
        observed = policies.filtered(lambda policy: policy.state == "observing" and policy.id in used)
        notes += [
            self.env._(
                "“%(ladder)s” is under observation and sends nothing: shown is what it would send.", ladder=policy.name
            )
            for policy in observed
        ]
        return notes
