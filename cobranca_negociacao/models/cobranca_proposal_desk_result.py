from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import formatLang
from odoo.tools.misc import format_date

from ..tools.plan import COMPONENTS, make_plan, present_value
from .cobranca_offer_rule import METHODS
from .cobranca_proposal_desk_offers import FIT

NOTHING = "—"
ROWS = ("before", *COMPONENTS, "financing", "total", "down", "installments", "end", "present")


class CobrancaProposalDeskResult(models.AbstractModel):
    """A negotiation as the dialog shows it: every figure ready for the eye, in the language of the user."""

    _name = "cobranca.proposal.desk.result"
    _description = "Figures of a Negotiation"

    # === BUSINESS METHODS === #

    @api.model
    def _get_result(self, scene):
        """All columns side by side.

        :return: dict(total, rows, labels, until, methods, columns, explanation, sendable)
        """
        plans = [self._try_plan(scene, column.terms) for column in scene.columns]
        match = self._find_match(scene, plans)
        columns = [
            self._get_column(scene, column, plan, error, match)
            for column, (plan, error) in zip(scene.columns, plans, strict=True)
        ]
        return {
            "total": scene.company.currency_id.format(float(scene.total)),
            "rows": [row for row in ROWS if row != "correction" or any(part.correction for part in scene.parts)],
            "labels": self._get_labels(scene, [plan for plan, _error in plans if plan]),
            "until": self._get_until(scene),
            "methods": self._get_methods(scene),
            "columns": columns,
            "explanation": scene.found.explanation,
            "sendable": [place for place, column in enumerate(columns) if column["limit"]["is_within"]],
        }

    @api.model
    def _try_plan(self, scene, terms):
        """:return: (tools.plan.Plan or None, why not)"""
        try:
            return make_plan(scene.parts, terms), ""
        except ValueError as error:
            return None, self._say(error)

    @api.model
    def _get_column(self, scene, column, plan, error, match):
        title, subtitle = self._get_heads(scene, column)
        head = {"key": column.key, "title": title, "subtitle": subtitle, "tag": False, "error": error}
        if not plan:
            return {**head, "cells": {}, "limit": {"is_within": False, "text": "", "details": []}}
        if match and match[0] == column.key:
            head["tag"] = {"text": self.env._("Matches the history"), "why": match[1]}
        verdict = self.env["cobranca.offer.engine"]._judge(scene.company, scene.found, plan, scene.today)
        return {
            **head,
            "cells": self._get_cells(scene, plan),
            "limit": {
                "is_within": not verdict.excesses,
                "text": self._get_verdict_text(verdict),
                "details": list(verdict.texts),
            },
        }

    @api.model
    def _get_verdict_text(self, verdict):
        return self.env._("Needs approval") if verdict.excesses else self.env._("Within your authority")

    @api.model
    def _get_heads(self, scene, column):
        """Title and subtitle of a column."""
        terms = column.terms
        if column.key == FIT:
            monthly = scene.company.currency_id.format(float(scene.monthly or 0))
            return self.env._("Fits the pocket"), self.env._("up to %(amount)s a month", amount=monthly)
        title = self.env["cobranca.proposal"]._get_title(bool(terms.down), terms.count)
        if not terms.count:
            return title, self.env._("single payment")
        if terms.method == "none" or not terms.rate:
            return title, self.env._("without interest on the installments")
        return title, self.env._("interest of %(rate)s %% a month", rate=self._number(terms.rate))

    @api.model
    def _get_cells(self, scene, plan):
        """One cell for each row: dict(text, note, value); an empty value is not edited."""
        down = sum((each.amount for each in plan.installments if not each.number), Decimal(0))
        payments = [each for each in plan.installments if each.number]
        rate = self._get_present_rate(scene)
        present = present_value(plan.installments, rate, scene.first)
        return {
            "before": self._cell(plan.before),
            **{name: self._get_discount_cell(plan, name) for name in COMPONENTS},
            "financing": {**self._cell(plan.financing, is_sum=False), **self._signed("+", plan.financing)},
            "total": {
                "text": scene.company.currency_id.format(float(plan.total)),
                "note": "",
                "value": f"{plan.total:.2f}",
            },
            "down": self._cell(down, value=f"{down:.2f}", is_sum=False),
            "installments": self._get_payments_cell(scene, payments),
            "end": {"text": format_date(self.env, plan.installments[-1].due), "note": "", "value": False},
            "present": self._cell(present),
        }

    @api.model
    def _cell(self, amount, value=False, is_sum=True):
        return {"text": self._money(amount) if amount or is_sum else NOTHING, "note": "", "value": value}

    @api.model
    def _signed(self, sign, amount):
        return {"text": f"{sign} {self._money(amount)}" if amount else NOTHING}

    @api.model
    def _get_discount_cell(self, plan, component):
        whole = sum((getattr(debt, component) for debt in plan.debts), Decimal(0))
        given = plan.given[component]
        percent = self._number(plan.terms.percents.get(component, Decimal(0)))
        return {
            **self._signed("−", given),
            "note": f"{percent} %" if given else "",
            "value": f"{given:.2f}" if whole else False,
        }

    @api.model
    def _get_payments_cell(self, scene, payments):
        if not payments:
            return {"text": NOTHING, "note": "", "value": False, "count": 0}
        amounts = [each.amount for each in payments]
        usual = max(set(amounts), key=lambda amount: (amounts.count(amount), amount))
        currency = scene.company.currency_id
        return {
            "text": self.env._("%(count)s × %(amount)s", count=len(amounts), amount=currency.format(float(usual))),
            "note": self._get_payments_note(currency, amounts, usual),
            "value": f"{max(amounts):.2f}",
            "count": len(amounts),
        }

    @api.model
    def _get_payments_note(self, currency, amounts, usual):
        others = [(place, amount) for place, amount in enumerate(amounts, 1) if amount != usual]
        if not others:
            return ""
        if len(others) == 1 and others[0][0] in (1, len(amounts)):
            amount = currency.format(float(others[0][1]))
            if others[0][0] == 1:
                return self.env._("1st of %(amount)s", amount=amount)
            return self.env._("last of %(amount)s", amount=amount)
        return self.env._(
            "from %(high)s to %(low)s",
            high=currency.format(float(max(amounts))),
            low=currency.format(float(min(amounts))),
        )

    @api.model
    def _get_labels(self, scene, plans):
        """What is written beside the names of rows, where it is the same for all columns."""
        days = {plan.installments[0].due for plan in plans}
        rate = self._get_present_rate(scene)
        return {
            "down": self._day(days.pop()) if len(days) == 1 else "",
            "present": self.env._("%(rate)s %% a month", rate=self._number(rate)),
        }

    @api.model
    def _get_present_rate(self, scene):
        """What money costs the company, percent a month."""
        return Decimal(str(scene.company.sudo().cobranca_present_rate))  # sudo: a setting, whoever negotiates

    @api.model
    def _get_last_day(self, scene):
        return fields.Date.add(scene.today, days=scene.found.limits.validity_days)

    @api.model
    def _get_until(self, scene):
        """Until when what is sent now stands, at the latest."""
        last = min(self._get_last_day(scene), scene.first)
        return self.env._("%(day)s, %(hour)s", day=self._day(last), hour="23:59")

    @api.model
    def _get_methods(self, scene):
        """The kinds of interest that may be chosen: [(key, label)]."""
        labels = dict(self.env["cobranca.proposal"]._fields["method"]._description_selection(self.env))
        allowed = {"none", *scene.found.limits.methods}
        return [[key, labels[key]] for key, _label in METHODS if key in allowed]

    # --- figures ---

    @api.model
    def _money(self, amount):
        return formatLang(self.env, float(amount), digits=2)

    @api.model
    def _number(self, number):
        """A percentage without needless decimals."""
        number = round(number, 2).normalize()
        return formatLang(self.env, float(number), digits=max(-number.as_tuple().exponent, 0))

    @api.model
    def _day(self, day):
        return format_date(self.env, day, date_format="dd/MM")
