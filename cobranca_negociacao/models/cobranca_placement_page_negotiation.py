from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from .cobranca_negotiation_page import FIT, Wish

# Of the ready offers the one that is marked.
MARKED = "cash"
# So many proposals are listed.
MOST_TOLD = 6
COLORS = {"waiting_approval": "warning", "sent": "info", "accepted": "success", "refused": "danger"}


class CobrancaPlacementPageNegotiation(models.AbstractModel):
    """What people of an agency read of a negotiation: plain values, nothing of limits, policies or people."""

    _name = "cobranca.placement.page.negotiation"
    _description = "Negotiation on the Page of an Agency"

    # === BUSINESS METHODS === #

    @api.model
    def _get_negotiation(self, placement, wish=None):
        """What can be offered on the page of a case, and what became of earlier offers.

        :param placement: cobranca.placement that runs, with the rights of the system
        :param Wish wish: what was chosen; None: nothing yet
        :return: dict of plain values
        :raise UserError: for a first day that cannot be
        """
        placement = placement.with_company(placement.company_id)
        Page = placement.env["cobranca.negotiation.page"]
        wish = wish or Wish(plan=MARKED)
        scene = placement._look(Page._read_first(wish.first))
        ready = Page._get_ready(scene)
        chosen = Page._choose(scene, ready, wish)
        return {
            "can_offer": bool(scene.lines),
            "cards": [self._prepare_card(scene, code, plan, code == chosen.code) for code, plan in ready.items()],
            "seen": " ".join(placement._get_seen(scene, ready, chosen)),
            "ways": [{"code": code, "label": label} for code, label in placement._get_ways().items()],
            "symbol": scene.company.currency_id.symbol,
            "answer_text": self._get_answer_text(scene),
            "proposals": self._get_proposals(placement),
            "chosen": self._get_chosen(scene, chosen, wish),
        }

    @api.model
    def _get_offer_page(self, placement, wish):
        """The page of another condition: the same, and whose it is; that somebody read it is written down.

        :return: dict of plain values; a day that cannot be is told in `error`
        """
        self.env["cobranca.access.log"]._log(placement.partner_id, "agency_case")
        error = ""
        try:
            shown = self._get_negotiation(placement, wish)
        except UserError as refused:
            error, shown = str(refused), self._get_negotiation(placement, wish._replace(first=""))
        return {
            "id": placement.id,
            "number": placement.name,
            "name": placement.customer_name,
            "negotiation": shown,
            "error": error or shown["chosen"]["error"],
        }

    @api.model
    def _prepare_card(self, scene, code, plan, is_chosen):
        """A ready offer: dict(code, name, total, text, is_chosen)."""
        words = scene.lines.env["cobranca.negotiation.page"]._prepare_plan(scene.company, plan, scene.today)
        count = plan.terms.count
        texts = [words["title"] if count else words["days"], self._get_given(scene, plan), self._get_fee(scene, plan)]
        return {
            "code": code,
            "name": scene.counter_of._get_title(bool(count and plan.terms.down), count),
            "total": words["total"],
            "text": " · ".join(filter(None, texts)),
            "is_chosen": is_chosen,
        }

    @api.model
    def _get_given(self, scene, plan):
        """What is conceded, as one says it to the customer."""
        env, given = scene.lines.env, plan.before - plan.agreed
        charges = sum(part.total - part.principal for part in scene.parts)
        if not given:
            return ""
        if given == charges and not plan.given["principal"]:
            return env._("without fine and interest")
        return env._("%(amount)s less", amount=scene.company.currency_id.format(float(given)))

    @api.model
    def _get_fee(self, scene, plan):
        """What the agency itself asks for, where it does."""
        if not plan.fee:
            return ""
        return scene.lines.env._("%(fee)s of it are fees", fee=scene.company.currency_id.format(float(plan.fee)))

    @api.model
    def _get_chosen(self, scene, chosen, wish):
        """The plan that is shown in full: dict(code, plan, is_fit, is_wished, error, typed, first)."""
        Page = scene.lines.env["cobranca.negotiation.page"]
        return {
            "code": chosen.code,
            "plan": Page._prepare_plan(scene.company, chosen.plan, scene.today) if chosen.plan else {},
            "is_fit": chosen.code == FIT,
            "is_wished": chosen.is_wished,
            "error": chosen.error,
            "typed": wish.monthly,
            "first": {
                "value": scene.first.isoformat(),
                "min": scene.today.isoformat(),
                "max": max(Page._get_last_first(scene), scene.today).isoformat(),
            },
        }

    @api.model
    def _get_answer_text(self, scene):
        """How long the company takes for what is beyond the authority."""
        env, company = scene.lines.env, scene.company
        days = company.cobranca_doubt_days
        if days == 1:
            return env._("%(company)s answers within 1 business day.", company=company.name)
        return env._("%(company)s answers within %(days)s business days.", company=company.name, days=days)

    @api.model
    def _get_proposals(self, placement):
        """What was offered and asked for, the newest first.

        :return: list of dict(id, name, title, total, state, color, text, is_waiting)
        """
        found = placement._search_offers([])[:MOST_TOLD].with_env(placement.env)
        states = dict(found._fields["state"]._description_selection(placement.env))
        return [
            {
                "id": each.id,
                "name": each.name,
                "title": each._get_own_title(),
                "total": each.currency_id.format(each.amount),
                "plan": each.plan_text,
                "state": states[each.state],
                "color": COLORS.get(each.state, "secondary"),
                "text": self._get_state_text(each),
                "is_waiting": each.state == "waiting_approval",
            }
            for each in found
        ]

    @api.model
    def _get_state_text(self, proposal):
        """What is to be expected of a proposal, or why it ended."""
        env = proposal.env
        if proposal.state == "waiting_approval":
            day = env["cobranca.negotiation.page"]._get_answer_day(proposal)
            return env._("An answer comes until %(day)s.", day=day)
        if proposal.state == "sent":
            return env._("The customer may accept it until %(day)s.", day=proposal.until_text)
        if proposal.state == "accepted":
            return env._("Agreement %(name)s.", name=proposal.agreement_id.name)
        ended = proposal.company_id._cobranca_day_of(proposal.closed_at)
        day = format_date(env, ended, date_format="dd/MM")
        if proposal.approval_id.state == "refused":
            note = proposal.approval_id.note
            return env._("Not allowed on %(day)s: %(note)s", day=day, note=note)
        return env._("Ended on %(day)s.", day=day)
