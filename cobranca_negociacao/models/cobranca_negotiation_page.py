from dataclasses import replace
from datetime import date as Date
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..tools import typed
from ..tools.fee import with_fee, without_fee
from ..tools.offer import offers
from ..tools.plan import Plan, make_plan
from ..tools.wish import nearest
from .cobranca_proposal_desk_values import Scene

ROLE = "self_service"
FIT = "fit"
# Of the ready offers the one that is marked when the page opens.
USUAL = "short"


class Wish(NamedTuple):
    """What a visitor chose, as the browser sent it; nothing of it is believed.

    :param lines: ids of debts, None while nothing was chosen
    :param plan: code of an offer, "fit", or "p" and the id of a proposal that was sent
    :param monthly: amount as it was typed
    :param first: day as it was typed
    :param seen: `Chosen.seen` of the plan that the page showed
    """

    lines: list | None = None
    plan: str = ""
    monthly: str = ""
    first: str = ""
    seen: str = ""


class Chosen(NamedTuple):
    """The plan that a page shows; `error` where the wish could not be read, `is_wished` where it is what was asked."""

    code: str
    plan: Plan | None
    is_wished: bool = True
    error: str = ""

    @property
    def seen(self):
        """By which a page that is sent later tells that it showed another plan."""
        return f"{self.plan.total} {[str(each.amount) for each in self.plan.installments]}" if self.plan else ""


class CobrancaNegotiationPage(models.AbstractModel):
    """What a customer may agree on by himself: within the policy and the authority of self-service, for what is late.

    Installments of agreements, and what falls due later, are for people. Callers say whose page it is, and which
    debts are seen on it. Neither limits nor reasons leave the server.
    """

    _name = "cobranca.negotiation.page"
    _description = "Page on Which Customers Negotiate"
    _inherit = [
        "cobranca.negotiation.page.words",
        "cobranca.negotiation.page.term",
        "cobranca.negotiation.page.request",
    ]

    # === BUSINESS METHODS === #

    @api.model
    def _may_negotiate(self, company, debtor, lines, scope=None):
        """Is there anything to choose from?

        :param lines: account.move.line that are open on his page
        :param scope: as of `_find_sent`
        """
        if self._find_sent(company, debtor, scope):
            return True
        return bool(lines) and bool(self._get_ready(self._look(company, debtor, lines)))

    @api.model
    def _look(self, company, debtor, lines, chosen=None, first=None):
        """What may be negotiated, and within which limits.

        :param chosen: ids of the debts that the visitor chose; None: all
        :param date first: day of the first payment, which is checked; None: today
        :return: Scene, without columns; with no lines where nothing can be negotiated
        :raise UserError: for a day that is too late
        """
        env = self._get_env(company, debtor)
        scene = self._make_scene(*(records.with_env(env) for records in (company, debtor, lines)), ROLE, chosen)
        return self._with_first(scene, first or scene.today)

    @api.model
    def _make_scene(self, company, debtor, lines, role, chosen=None, placement=None):
        """What may be negotiated by whoever has a role, from records with the rights of the system.

        :param str role: of cobranca.offer.authority
        :param chosen: ids of debts; None: all
        :param placement: cobranca.placement, in the role `agency`
        :return: Scene, which begins today
        """
        env, today = lines.env, company._cobranca_today()
        debts = lines._cobranca_read_debts(today)
        late = lines.filtered(lambda line: debts[line].days_late > 0)
        desk, reasons = env["cobranca.proposal.desk"], self._get_reasons(company, late)
        free = late.filtered(lambda line: line not in reasons)
        picked = free.filtered(lambda line: chosen is None or line.id in chosen)
        own = {line: debts[line] for line in picked}
        agency = placement.agency_id if placement else None
        found = env["cobranca.offer.engine"]._find(company, debtor, picked, today, role, own, agency)
        return Scene(
            company=company,
            debtor=debtor,
            today=today,
            debts={line: debts[line] for line in late},
            reasons=reasons,
            lines=picked,
            parts=desk._get_parts(own.values()),
            found=found,
            role=role,
            first=today,
            monthly=None,
            columns=[],
            counter_of=env["cobranca.proposal"],
            placement=placement,
            fee=Decimal(str(agency.fee_percent)) if agency else Decimal(0),
        )

    @api.model
    def _get_env(self, company, debtor):
        """With the rights of the system, in the name of the visitor; a colleague who opens the link is nobody."""
        user = debtor.env.user if debtor.env.user.share else debtor.env.ref("base.public_user")
        # sudo: the customer's own debts; what he may agree on is judged by the role of self-service
        return debtor.with_user(user).sudo().with_company(company).env

    @api.model
    def _get_reasons(self, company, lines):
        """:return: {line: why not}, of debts that are for people"""
        if not lines:
            return {}
        Installment = lines.env["cobranca.agreement.installment"]
        agreed = Installment.search([("line_id", "in", lines.ids)]).line_id
        # What was agreed on and never begun is agreed on by people the next time.
        agreed |= lines.env["cobranca.agreement.origin"]._find_never_paid(lines)
        reasons = lines.env["cobranca.proposal.desk"]._get_reasons(company, lines - agreed) if lines - agreed else {}
        return {**reasons, **dict.fromkeys(agreed, "")}

    @api.model
    def _with_first(self, scene, first):
        """:raise UserError: for a first payment that is too late, or was to be before today"""
        last = self._get_last_first(scene)
        if not scene.today <= first <= max(last, scene.today):
            raise UserError(
                scene.lines.env._("Choose a day until %(day)s for the first payment.", day=format_date(self.env, last))
            )
        return scene._replace(first=first)

    @api.model
    def _get_last_first(self, scene):
        """:return: date, the last day for a first payment"""
        return Date.fromordinal(scene.today.toordinal() + scene.found.limits.max_first_days)

    # --- what is offered ---

    @api.model
    def _get_ready(self, scene):
        """The offers that are ready; to pay all of it at once needs no agreement.

        :return: {code: tools.plan.Plan}
        """
        if not scene.parts:
            return {}
        # Who pays at once gets some days for it.
        later = scene.lines.env["cobranca.proposal.desk"]._get_first(scene.company, scene.today, scene.found.limits)
        plans = {}
        for code, terms in offers(scene.parts, scene.found.limits, scene.first, scene.today):
            day = terms.first if terms.count else max(later, terms.first)
            plans[code] = with_fee(make_plan(scene.parts, replace(terms, first=day)), scene.fee)
        return {code: plan for code, plan in plans.items() if plan.terms.count or plan.agreed < plan.before}

    @api.model
    def _choose(self, scene, ready, wish):
        """What the visitor wishes, as a plan within the limits.

        :param dict ready: of `_get_ready`
        :param Wish wish: what was sent
        :return: Chosen; without a plan where there is none
        """
        if wish.plan in ready:
            return Chosen(wish.plan, ready[wish.plan])
        code = USUAL if USUAL in ready else next(iter(ready), "")
        usual = Chosen(code, ready.get(code))
        if wish.plan != FIT or not ready:
            return usual
        try:
            monthly = without_fee(typed.amount(wish.monthly), scene.fee)
            terms, is_wished = nearest(scene.parts, scene.found.limits, monthly, scene.first, scene.today)
        except ValueError as error:
            return usual._replace(error=scene.lines.env["cobranca.proposal.desk"]._say(error))
        plan = with_fee(make_plan(scene.parts, terms), scene.fee)
        # An offer that is ready is the same whoever finds it, with the days that go with it.
        plan = next((each for each in ready.values() if self._is_alike(each, plan)), plan)
        return Chosen(FIT, plan, is_wished)

    @api.model
    def _is_alike(self, plan, other):
        """Is the same paid in as many parts?"""
        amounts = [[each.amount for each in one.installments] for one in (plan, other)]
        return amounts[0] == amounts[1] and plan.given == other.given

    @api.model
    def _find_sent(self, company, debtor, scope=None):
        """The proposals that stand, other than those that he chose himself: to be accepted as they are.

        :param scope: account.move.line that are seen; None: all of his
        :return: cobranca.proposal, those that were sent last first
        """
        env = self._get_env(company, debtor)
        found = env["cobranca.proposal"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", debtor.id),
                ("state", "=", "sent"),
                ("expires_on", ">=", company._cobranca_today()),
            ],
            order="sent_at desc, id",
        )
        return found.filtered(lambda each: not each._is_draft() and each._is_seen_with(scope))

    # --- what is chosen ---

    @api.model
    def _propose(self, company, debtor, lines, wish, scope=None):
        """Write down what the visitor goes on with: he reads the term of it next. Asked for again it is the same one.

        :param Wish wish: what was sent
        :return: (cobranca.proposal, Chosen); no proposal where the page shows another plan than he saw
        :raise UserError: with what to do, where it cannot be
        """
        if wish.plan.startswith("p"):
            return self._take_sent(self._find_sent(company, debtor, scope), wish.plan[1:]), None
        scene = self._look(company, debtor, lines, wish.lines, self._read_first(wish.first))
        self._begin(scene.debtor)
        ready = self._get_ready(scene)
        if not ready or wish.plan not in (*ready, FIT):
            raise UserError(scene.lines.env._("What can be chosen has changed. Please choose again."))
        chosen = self._choose(scene, ready, wish)
        proposals = scene.counter_of
        if chosen.error or (chosen.code == FIT and chosen.seen != wish.seen):
            return proposals, chosen
        drafts = proposals._search_drafts(company, debtor, scope)
        known = drafts.filtered(lambda each: each._is_the_same(scene, chosen.plan))[:1]
        if others := drafts - known:
            others._update_state("withdrawn", scene.lines.env._("Another plan was chosen on the page."))
        proposal = known or proposals._make_draft(scene, chosen.code, chosen.plan)
        proposal._keep_term()
        return proposal, chosen

    @api.model
    def _take_sent(self, sent, number):
        """:raise UserError: for a proposal that does not stand any more, or over debts that have changed"""
        proposal = sent.filtered(lambda each: str(each.id) == number)
        if not proposal:
            raise UserError(self.env._("This proposal does not stand any more. See what is possible today."))
        try:
            proposal._keep_term()
        except UserError as refused:
            text = self.env._("What is open has changed since this proposal was made. See what is possible today.")
            raise UserError(text) from refused
        return proposal

    @api.model
    def _read_first(self, text):
        """:raise UserError: for what is no day"""
        if not text:
            return None
        try:
            return typed.day(text)
        except ValueError as error:
            raise UserError(self.env["cobranca.proposal.desk"]._say(error)) from None

    @api.model
    def _begin(self, debtor):
        """Of two at the same moment the second one begins again, and finds what the first one wrote."""
        debtor.env.flush_all()
        debtor.env.cr.execute(SQL("UPDATE res_partner SET write_date = write_date WHERE id = %s", debtor.id))
