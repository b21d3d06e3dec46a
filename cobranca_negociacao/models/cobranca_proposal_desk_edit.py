from dataclasses import replace

from odoo import api, models
from odoo.exceptions import UserError

from ..tools import plan_edit, typed
from ..tools.plan import COMPONENTS, make_plan
from .cobranca_proposal_desk_values import Column

PERCENT = "percent_"
INTEREST = "simple"


class CobrancaProposalDeskEdit(models.AbstractModel):
    """One figure is changed, the others follow."""

    _name = "cobranca.proposal.desk.edit"
    _description = "Changes to a Simulated Proposal"

    # === BUSINESS METHODS === #

    @api.model
    def _edit(self, scene, place, field, value):
        """One figure of one column, or of all of them.

        :param place: of the column; False = of all
        :return: Scene
        :raise UserError: for what is no figure, or makes no plan
        """
        if place is False or place is None:
            return self._edit_all(scene, field, value)
        if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place < len(scene.columns):
            raise UserError(self._get_again_text())
        column = scene.columns[place]
        try:
            terms = self._get_edited(scene, column.terms, field, value)
            make_plan(scene.parts, terms)
        except ValueError as error:
            raise UserError(self._say(error)) from None
        columns = [*scene.columns]
        columns[place] = Column(column.key, terms)
        return scene._replace(columns=columns)

    @api.model
    def _edit_all(self, scene, field, value):
        if field == "line_ids":
            values = {**self._pack(scene), "line_ids": value, "columns": []}
            other = self._read(values)
            return other._replace(columns=self._get_ready_columns(other))
        if field != "first":
            raise UserError(self._get_again_text())
        first = self._typed(typed.day, value)
        columns = [Column(column.key, self._move(column.terms, first)) for column in scene.columns]
        return scene._replace(first=first, columns=columns)

    @api.model
    def _move(self, terms, first):
        """Another first day; the second one is kept where it comes after it."""
        return replace(terms, first=first, next=terms.next if terms.next and terms.next > first else None)

    @api.model
    def _get_edited(self, scene, terms, field, value):
        """The terms with one figure changed.

        :raise ValueError: (code, value)
        """
        if field in ("method", "rate", "first", "next"):
            return self._get_replaced(scene, terms, field, value)
        plan = make_plan(scene.parts, terms)
        if field == "count":
            return plan_edit.with_count(plan, typed.whole(value))
        if isinstance(field, str) and field.removeprefix(PERCENT) in COMPONENTS:
            component = field.removeprefix(PERCENT)
            if field.startswith(PERCENT) or typed.is_percent(value):
                return plan_edit.with_percent(plan, component, typed.percent(value))
            return plan_edit.with_discount(plan, component, typed.amount(value))
        edits = {"total": plan_edit.with_total, "down": plan_edit.with_down, "amount": plan_edit.with_amount}
        if field not in edits:
            raise ValueError("field", field)
        return edits[field](plan, typed.amount(value))

    @api.model
    def _get_replaced(self, scene, terms, field, value):
        if field == "first":
            return self._move(terms, typed.day(value))
        if field == "next":
            return replace(terms, next=typed.day(value) if value else None)
        if field == "rate":
            rate = typed.percent(value)
            method = INTEREST if rate and terms.method == "none" else terms.method
            return replace(terms, rate=rate, method=method)
        if value == "none":
            return replace(terms, method=value, rate=rate_of_nothing(terms))
        return replace(terms, method=value, rate=terms.rate or scene.found.limits.min_rate)


def rate_of_nothing(terms):
    """Zero in the type of the terms."""
    return terms.rate * 0
