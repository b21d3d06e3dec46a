from collections import defaultdict, namedtuple
from decimal import Decimal

from odoo import api, models
from odoo.tools import split_every

from ..tools import shares
from ..tools.placing import Rule, judge

# Debts whose charges are computed at once.
BATCH = 5000
NAMES_SHOWN = 5
Share = namedtuple("Share", "agency percent arm")
Placed = namedtuple("Placed", "line due days_late original total percent")
# What one agency is to get of one customer.
Draft = namedtuple("Draft", "rule share fact debts")
Left = namedtuple("Left", "fact line amount reason")
Plan = namedtuple("Plan", "company day seed rules drafts left")
WHOLE = Decimal(100)


class CobrancaPlacementPlan(models.AbstractModel):
    """Who is to be placed with whom, by rules or by hand: the same for a simulation and for what follows from it."""

    _name = "cobranca.placement.plan"
    _inherit = ["cobranca.placement.selection"]
    _description = "Plan of Placements"

    # === BUSINESS METHODS === #

    @api.model
    def _simulate(self, company, seed, rules=None, partners=None, agency=None):
        """What would be placed now; PostgreSQL refuses whatever would be written here.

        :return: Plan
        """
        with self.env["cobranca.dunning.simulation"]._read_only():
            return self._make_plan(company, seed, rules, partners, agency)

    @api.model
    def _make_plan(self, company, seed, rules=None, partners=None, agency=None):
        """What is placed by some rules, or of some customers with one agency.

        :param company: res.company
        :param str seed: of the drawing
        :param rules: cobranca.placement.rule, in their order
        :param partners: res.partner, chosen by hand; with `agency`
        :return: Plan
        """
        # sudo: what customers owe and who they are, for who may place; callers check that
        plan = self.sudo().with_company(company)
        day = company._cobranca_today()
        if rules is None:
            kernels, by_rule = [Rule(0)], {0: [Share(agency.with_env(plan.env), WHOLE, False)]}
        else:
            rules = rules.with_env(plan.env).filtered(lambda rule: rule.company_id == company)
            rules._check_shares()
            kernels = [rule._get_kernel() for rule in rules]
            by_rule = {rule.id: rule._get_shares() for rule in rules}
        levels = {rule.level for rule in kernels if rule.level}
        commercial = None if partners is None else partners.commercial_partner_id
        customers, facts = plan._get_customers(company, day, levels, commercial)
        chosen, left = plan._choose(customers, facts, kernels, by_rule, day)
        drafts = plan._draft(plan._share_out(chosen, by_rule, seed), facts, day, left)
        drafts = plan._fit_in(drafts, left, day)
        return Plan(company, day, seed, rules, drafts, left)

    @api.model
    def _choose(self, customers, facts, kernels, by_rule, day):
        """The customers of each rule, and what is left out already.

        Whom one of its agencies could not reach goes to none of them: what agencies recover is compared.

        :return: ({key of the rule: {id of the debtor: items}}, [Left])
        """
        channels = {
            key: set.intersection(*(set(share.agency._get_channels()) for share in own)) for key, own in by_rule.items()
        }
        chosen, left = defaultdict(dict), []
        for customer in customers:
            fact = facts[customer.key]
            verdict = judge(customer, kernels, day)
            left += [Left(fact, item.key, item.amount, reason) for item, reason in verdict.left]
            if not verdict.items:
                continue
            if self._is_reachable(fact, channels[verdict.rule.key]):
                chosen[verdict.rule.key][customer.key] = verdict.items
            else:
                left += [Left(fact, item.key, item.amount, "contact") for item in verdict.items]
        return {rule.key: chosen[rule.key] for rule in kernels if rule.key in chosen}, left

    @api.model
    def _share_out(self, chosen, by_rule, seed):
        """:return: rows (key of the rule, Share, id of the debtor, items), in the order of the lots"""
        for key, customers in chosen.items():
            own = by_rule[key]
            percents = [share.percent for share in own]
            for debtor, place in shares.assign(f"{seed}:{key}", customers, percents):
                yield key, own[place], debtor, customers[debtor]

    @api.model
    def _draft(self, rows, facts, day, left):
        """With what each debt amounts to today, and the commission that its delay earns.

        :return: list of Draft; what a tolerance or a closed bank makes not late yet is left out
        """
        rows = list(rows)
        debts = self._read_amounts([item.key for row in rows for item in row[3]], day)
        percents, drafts = {}, []
        for key, share, debtor, items in rows:
            placed = []
            for item in items:
                debt = debts[item.key]
                if not debt.days_late:
                    left.append(Left(facts[debtor], item.key, item.amount, "not_late"))
                    continue
                band = (share.agency.id, debt.days_late)
                if band not in percents:
                    percents[band] = share.agency._get_percent(debt.days_late)
                total = debt.charges.total
                placed.append(Placed(item.key, item.due, debt.days_late, item.amount, total, percents[band]))
            if placed:
                drafts.append(Draft(key, share, facts[debtor], placed))
        return drafts

    @api.model
    def _read_amounts(self, line_ids, day):
        """:return: {id of a debt: tools.debt.Debt}"""
        found = {}
        for ids in split_every(BATCH, line_ids):
            lines = self.env["account.move.line"].browse(ids)
            found.update((line.id, debt) for line, debt in lines._cobranca_read_debts(day).items())
        return found

    @api.model
    def _fit_in(self, drafts, left, day):
        """What agencies may take: none without an agreement on personal data, none beyond their limits.

        :return: list of Draft
        """
        rooms, kept = {}, []
        for draft in drafts:
            agency = draft.share.agency
            if agency.id not in rooms:
                rooms[agency.id] = agency._get_room() if agency._may_take(day) else None
            room = rooms[agency.id]
            if room and room.take(sum(debt.total for debt in draft.debts)):
                kept.append(draft)
                continue
            reason = "full" if room else "operator"
            left += [Left(draft.fact, debt.line, debt.original, reason) for debt in draft.debts]
        return kept

    # --- figures ---

    @api.model
    def _get_figures(self, plan):
        """What a plan amounts to, as it is kept and shown.

        :return: dict that JSON can hold
        """
        return {
            "day": plan.day.isoformat(),
            "shares": self._sum_up_shares(plan),
            "left": self._sum_up_left(plan),
            "customers": len(plan.drafts),
            "debts": sum(len(draft.debts) for draft in plan.drafts),
            "amount": float(sum(debt.total for draft in plan.drafts for debt in draft.debts)),
        }

    @api.model
    def _sum_up_shares(self, plan):
        grouped = defaultdict(list)
        for draft in plan.drafts:
            grouped[draft.rule, draft.share.agency.id, draft.share.arm].append(draft)
        return [
            {
                "rule": rule,
                "agency": agency,
                "arm": arm or "",
                "customers": len(drafts),
                "debts": sum(len(draft.debts) for draft in drafts),
                "original": float(sum(debt.original for draft in drafts for debt in draft.debts)),
                "amount": float(sum(debt.total for draft in drafts for debt in draft.debts)),
            }
            for (rule, agency, arm), drafts in grouped.items()
        ]

    @api.model
    def _sum_up_left(self, plan):
        grouped = defaultdict(list)
        for item in plan.left:
            grouped[item.reason].append(item)
        rows = [
            {
                "reason": reason,
                "customers": len({item.fact.id for item in items}),
                "debts": len(items),
                "original": float(sum(item.amount for item in items)),
                "names": list(dict.fromkeys(item.fact.name or "" for item in items))[:NAMES_SHOWN],
            }
            for reason, items in grouped.items()
        ]
        return sorted(rows, key=lambda row: (-row["customers"], row["reason"]))
