from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models

from ..tools import bands, limits
from .cobranca_agency import AGENCY
from .cobranca_debt_words import get_unearned

GROUP = "cobranca_recorrente.cobranca_group_"
# Who decides on what others ask for, the least first.
DECIDING = ("collector", "supervisor", "manager")


class Found(NamedTuple):
    """What counts for a negotiation.

    :param rule: cobranca.offer.rule, empty where nothing may be conceded
    :param authority: cobranca.offer.authority of the role, may be empty
    :param tools.limits.Limits limits: of both
    :param str explanation: for the company's own people
    """

    rule: models.BaseModel
    authority: models.BaseModel
    limits: limits.Limits
    explanation: str


class Verdict(NamedTuple):
    """What is said of an offer.

    :param excesses: tools.limits.Excess, none when it is within the limits
    :param texts: the same in words, for the company's own people
    :param role: the least that may allow it; empty when it is within the limits
    """

    excesses: tuple
    texts: list
    role: str


class CobrancaOfferEngine(models.AbstractModel):
    """How far somebody may go with a customer, why, and who may allow more.

    Whoever negotiates gets limits to compute with. Rules, limits and texts are for the company's own people: nothing
    of them goes to customers.
    """

    _name = "cobranca.offer.engine"
    _description = "Limits of Negotiations"

    # === BUSINESS METHODS === #

    @api.model
    def _get_role(self, user=None):
        """In which role somebody negotiates.

        :param user: res.users, the current one when None
        :return: of cobranca.offer.authority; empty for people of the company who have nothing to do with collection
        """
        user = (user or self.env.user).sudo()  # sudo: which groups somebody has, whoever asks
        for role in reversed(DECIDING):
            if user.has_group(GROUP + role):
                return role
        if user.has_group(AGENCY):
            return "agency"
        return "self_service" if user.share else ""

    @api.model
    def _find(self, company, debtor, lines, date, role, debts=None, agency=None):
        """What may be conceded to a customer for some debts on a day.

        :param company: res.company
        :param debtor: res.partner, the commercial one
        :param lines: account.move.line, the debts that are negotiated
        :param str role: of who negotiates, see `_get_role`
        :param dict debts: {line: tools.debt.Debt} of that day, where they were just read
        :param agency: cobranca.agency that negotiates, in the role `agency`
        :return: Found
        """
        debts = debts or lines._cobranca_read_debts(date)
        # sudo: the limits are computed with for whoever negotiates; who may not see them gets no word of them
        engine = self.sudo()
        version = engine.env["cobranca.offer.policy"]._get_version(company, date)
        situation = engine._get_situation(company, debtor, debts)
        rules = version._get_rules(situation)
        authority = engine.env["cobranca.offer.authority"]._get_for(company, role, agency)
        unearned = sum(map(get_unearned, debts.values()), limits.ZERO)
        explanation = engine._explain(version, rules, authority)
        if unearned:
            explanation = " ".join([explanation, engine._explain_unearned(company, unearned)])
        return Found(
            rules[:1].with_env(self.env),
            authority.with_env(self.env),
            replace(engine._meet(rules[:1], authority), unearned=unearned),
            explanation,
        )

    @api.model
    def _get_situation(self, company, debtor, debts):
        """What the rules ask of a negotiation.

        :return: tools.bands.Situation
        """
        behavior = self.env["cobranca.behavior"].search(
            [("company_id", "=", company.id), ("partner_id", "=", debtor.commercial_partner_id.id)]
        )
        return bands.Situation(
            delay=max((debt.days_late for debt in debts.values()), default=0),
            amount=sum((debt.charges.total for debt in debts.values()), Decimal(0)),
            segment=behavior.segment_id.id or None,
            is_consumer=debtor._cobranca_is_consumer(),
        )

    @api.model
    def _meet(self, rule, authority):
        """The stricter of a rule and an authority; where one of them is missing nothing may be conceded."""
        if not rule or not authority:
            return limits.NOTHING
        return limits.meet(rule._get_limits(), authority._get_limits())

    @api.model
    def _judge(self, company, found, plan, date):
        """Is an offer within the limits, and who may allow it when it is not?

        :param Found found: what counts for it
        :param tools.plan.Plan plan: the offer
        :return: Verdict
        """
        excesses = limits.excesses(plan, found.limits, date)
        Words = self.env["cobranca.offer.words"]
        texts = [Words._describe_excess(excess, company.currency_id) for excess in excesses]
        return Verdict(excesses, texts, self._get_needed_role(company, found, plan, date) if excesses else "")

    @api.model
    def _get_needed_role(self, company, found, plan, date):
        """The least role that may allow an offer; a manager where it goes beyond the policy itself.

        :param Found found: what counts for it
        :return: of `DECIDING`
        """
        # sudo: as above, limits to compute with
        rule, Authority = found.rule.sudo(), self.env["cobranca.offer.authority"].sudo()
        for role in DECIDING:
            most = replace(self._meet(rule, Authority._get_for(company, role)), unearned=found.limits.unearned)
            if not limits.excesses(plan, most, date):
                return role
        return DECIDING[-1]

    @api.model
    def _may_decide(self, user, role):
        """Does somebody have a role, or a greater one?

        :param str role: of `DECIDING`
        """
        own = self._get_role(user)
        return own in DECIDING and DECIDING.index(own) >= DECIDING.index(role)

    # --- words ---

    def _explain(self, version, rules, authority):
        """Which rule counts and why, and how far one may go, for the company's own people."""
        if not rules:
            return self._explain_nothing(version)
        rule = rules[0]
        sentences = [self.env._("%(policy)s: %(rule)s.", policy=version.display_name, rule=rule.display_name)]
        if len(rules) > 1:
            sentences.append(self._explain_choice(rule, len(rules)))
        if not authority:
            sentences.append(self.env._("No authority is laid down for you: nothing may be conceded."))
        else:
            Words = self.env["cobranca.offer.words"]
            sentences.append(self.env._("With the authority “%(role)s”:", role=authority.display_name))
            sentences += Words._describe_limits(self._meet(rule, authority), rule.currency_id)
        return " ".join(sentences)

    def _explain_unearned(self, company, amount):
        return self.env._(
            "%(amount)s of the principal is interest of months to come: letting it off is no concession.",
            amount=company.currency_id.format(float(amount)),
        )

    def _explain_nothing(self, version):
        if not version:
            return self.env._("No offer policy is in force: nothing may be conceded.")
        return self.env._(
            "%(policy)s has no rule for this delay and amount: nothing may be conceded.", policy=version.display_name
        )

    def _explain_choice(self, rule, count):
        if rule.segment_id:
            return self.env._(
                "Of %(count)s rules that hold, this one is for the segment “%(segment)s”.",
                count=count,
                segment=rule.segment_id.name,
            )
        if rule.audience == bands.CONSUMER:
            return self.env._("Of %(count)s rules that hold, this one is for consumers.", count=count)
        return self.env._("Of %(count)s rules that hold, this one is for companies.", count=count)
