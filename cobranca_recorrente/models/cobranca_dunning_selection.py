from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from odoo import api, models

from ..tools import calendar, ladder, ladder_plan
from .cobranca_dunning_query import READ


class CobrancaDunningSelection(models.AbstractModel):
    """Who gets what on a day, and why not: read by a few queries, decided by `tools.ladder_plan`, nothing written."""

    _name = "cobranca.dunning.selection"
    _inherit = ["cobranca.dunning.people", "cobranca.dunning.query"]
    _description = "Selection of a Dunning Run"

    # === BUSINESS METHODS === #

    @api.model
    def _select(self, company, date, partners=None, as_active=None, entry=None):
        """What the ladders of a company do on a day.

        Reads only: a simulation in a READ ONLY transaction and the run itself get the same.

        :param company: res.company
        :param date date: of the run
        :param partners: res.partner, only these debtors; None = all
        :param as_active: cobranca.dunning.policy that are looked at as if they were running
        :param dict entry: how they are started: attributes of tools.ladder.Ladder in place of their own
        :return: tools.ladder_plan.Plan
        """
        plan = ladder_plan.Plan(date)
        found = self._read_lines(company, date, partners, as_active, entry)
        if not found:
            return plan
        contacts = self._get_contacts(company, date, self._get_responsibles(found))
        for (debtor, currency), rows in found.items():
            lines = [line for line, _responsible in rows]
            if decision := ladder_plan.decide(date, debtor, currency, lines, contacts[debtor]):
                plan.add(decision)
        return plan

    @api.model
    def _read_lines(self, company, date, partners, as_active=None, entry=None):
        """The lines of debtors who have a step to claim.

        :return: {(id of the debtor, id of the currency): [(tools.ladder_plan.Line, id of the responsible or None)]}
        """
        ladders = self._get_ladders(company, date, as_active, entry)
        if not any(item.levels for item in ladders.values()):
            return {}
        for model in READ:
            self.env[model].flush_model()
        levels = {level.key: level for item in ladders.values() for level in item.levels}
        holidays = self._get_holidays(company, date)
        quiet = {
            key
            for key, item in ladders.items()
            if item.state == "active" and not ladder.is_sending_day(date, holidays, item.rule)
        }
        rows = self.env.execute_query(self._get_lines_query(company, date, ladders, holidays, partners))
        oldest = self._oldest(date)
        prescribed = self._find_prescribed(date, [row[2] for row in rows if row[3] < oldest])
        states = {key: "not_business_day" if key in quiet else item.state for key, item in ladders.items()}
        found = defaultdict(list)
        for row in rows:
            debtor, currency, key, due, residual, home, is_late, level, policy, source, *facts, responsible = row
            item = ladders.get(policy)
            reason, detail = self._get_line_reason(states.get(policy, "observing"), key in prescribed, facts)
            if not level and (reason or not item):
                continue  # it would only be listed
            line = ladder_plan.Line(
                key=key,
                due=due,
                residual=Decimal(residual),
                home=Decimal(home),
                is_late=is_late,
                level=levels.get(level),
                ladder=item,
                source=source,
                reason=reason,
                detail=detail,
            )
            found[debtor, currency].append((line, responsible))
        return found

    @api.model
    def _get_ladders(self, company, date, as_active=None, entry=None):
        """The ladders of a company with the state that they have on a day.

        :return: {id: tools.ladder.Ladder}
        """
        ladders = {}
        for item, _criteria in self.env["cobranca.dunning.policy"]._get_ladders(company.id):
            is_as_active = bool(as_active) and item.key in as_active.ids
            values = {"state": ladder.ACTIVE, **(entry or {})} if is_as_active else {"state": item.state_on(date)}
            ladders[item.key] = replace(item, **values)
        return ladders

    @api.model
    def _get_line_reason(self, state, is_prescribed, facts):
        """Why a line is left out, the first that applies.

        :param state: of its ladder on that day
        :param facts: is_blocked, reason of the pause, what makes it wait
        :return: (reason, detail)
        """
        is_blocked, held, wait = facts
        if state != "active":
            return state, None
        if is_blocked:
            return "blocked", None
        if is_prescribed:
            return "prescribed", None
        return ("held", held) if held else (wait, None)

    @api.model
    def _get_holidays(self, company, date):
        around = timedelta(days=calendar.LONGEST_CLOSURE + ladder.WEEK)
        return self.env["cobranca.holiday"]._get_holidays(company, date - around, date + around)

    @api.model
    def _oldest(self, date):
        return self.env["cobranca.prescription"]._get_oldest_due(date)

    @api.model
    def _find_prescribed(self, date, line_ids):
        """:return: set of ids of the old lines that may not be demanded any more"""
        lines = self.env["account.move.line"].browse(line_ids)
        return {line.id for line, day in lines._cobranca_get_prescriptions().items() if day <= date}

    @api.model
    def _get_responsibles(self, found):
        """Who receives in place of a debtor: whom the contracts of all his lines name, if they agree.

        :return: {id of the debtor: id of the responsible or None}
        """
        named = defaultdict(set)
        for (debtor, _currency), rows in found.items():
            named[debtor].update(responsible for _line, responsible in rows)
        return {debtor: next(iter(people)) if len(people) == 1 else None for debtor, people in named.items()}
