from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.offer import fit, offers, with_unearned
from ..tools.plan import Terms
from .cobranca_debt_words import get_unearned
from .cobranca_proposal_desk_values import MOST_COLUMNS, Column

FIT = "fit"
# The first payment is proposed for so many business days ahead.
DAYS_AHEAD = 2


class CobrancaProposalDeskOffers(models.AbstractModel):
    """The plans with which a negotiation begins: those that may be offered at once, and what fits a pocket."""

    _name = "cobranca.proposal.desk.offers"
    _description = "Ready Offers of a Negotiation"

    # === BUSINESS METHODS === #

    @api.model
    def _open(self, debtor, line_ids, counter_of_id):
        """The negotiation with which a dialog begins: the lines that were pointed at, else the late ones, else all.

        :return: Scene with the ready offers
        """
        wanted = {self._id(line_id) for line_id in self._list(line_ids)}

        def choose(debts, reasons):
            free = [line for line in debts if line not in reasons]
            late = [line for line in free if debts[line].days_late]
            chosen = [line for line in free if line.id in wanted] or late or free
            return self.env["account.move.line"].browse([line.id for line in chosen])

        scene = self._look(debtor, choose)
        scene = scene._replace(counter_of=self._read_counter(scene, counter_of_id))
        return scene._replace(columns=self._get_ready_columns(scene))

    @api.model
    def _get_first(self, company, today, limits):
        """The day that is proposed for the first payment: in some business days, within the limits."""
        day = self.env["cobranca.promise"]._add_business_days(company, today, DAYS_AHEAD)
        return min(day, fields.Date.add(today, days=limits.max_first_days))

    @api.model
    def _get_ready_columns(self, scene):
        """The offers that may be made at once, and what fits the pocket where that was asked.

        :return: list of Column
        """
        if not scene.parts:
            return []
        ready = offers(self._get_worth(scene), scene.found.limits, scene.first, scene.today)
        # Where nothing may be conceded: what can always be said is what is owed.
        whole = Terms({}, None, 0, "none", Decimal(0), scene.first)
        columns = [Column(name, self._on_face(scene, terms)) for name, terms in ready or [("cash", whole)]]
        return self._with_fit(scene._replace(columns=columns)) if scene.monthly else columns

    @api.model
    def _with_fit(self, scene):
        """The columns with the one that fits the pocket, in the place of an earlier one or of the last.

        :return: list of Column
        :raise UserError: for an amount that no plan can do with
        """
        if not scene.parts:
            return []
        try:
            found, _beyond = fit(self._get_worth(scene), scene.found.limits, scene.monthly, scene.first, scene.today)
        except ValueError as error:
            raise UserError(self._say(error)) from None
        others = [column for column in scene.columns if column.key != FIT]
        return [*others[: MOST_COLUMNS - 1], Column(FIT, self._on_face(scene, found))]

    @api.model
    def _get_worth(self, scene):
        """What the debts are worth today: installments of an agreement without the interest of months to come.

        :return: list of tools.plan.Parts
        """
        pairs = zip(scene.parts, self._get_unearned(scene), strict=True)
        return [part._replace(principal=part.principal - unearned) for part, unearned in pairs]

    @api.model
    def _on_face(self, scene, terms):
        """Terms over what the debts are worth, as terms over the debts as they are in the books."""
        return with_unearned(terms, scene.parts, self._get_unearned(scene))

    @api.model
    def _get_unearned(self, scene):
        return [get_unearned(scene.debts[line]) for line in scene.lines]
