from urllib.parse import urlencode

from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from odoo.addons.cobranca_recorrente.controllers.payment_pages import Choice, read_ids
from odoo.addons.cobranca_recorrente.controllers.payment_papers import HEADERS
from odoo.addons.cobranca_recorrente.controllers.payment_ways import PaymentWays

from ..models.cobranca_negotiation_page import Wish
from .link_guard import LinkGuard

# Each one is a paper that is made and kept.
CHOICES_A_DAY = 20
REQUESTS_A_DAY = 5
SIGNER_KEY = "cobranca_signer"


def read_wish(form):
    """What was chosen on a page.

    :param form: werkzeug MultiDict
    :return: Wish
    """
    lines = read_ids(form.getlist("pagamento")) if "escolha" in form else None
    # The button that calculates comes after the offers: it says what it calculates.
    plan = (form.getlist("plano") or [""])[-1]
    return Wish(lines, plan[:20], form.get("mensal", "")[:20], form.get("primeiro", "")[:10], form.get("visto", ""))


class NegotiationPages(LinkGuard, PaymentWays):
    """Where a customer negotiates what is late, reads the term and accepts it. The model says what may be chosen."""

    def _render_visit(self, template, visit, values):
        """The page of open payments leads to the negotiation where there is one."""
        if template == "payments_page":
            Page = visit.debtor.env["cobranca.negotiation.page"]
            may = Page._may_negotiate(visit.company, visit.debtor, visit.lines, self._get_scope(visit))
            values = {**values, "may_negotiate": may}
        return super()._render_visit(template, visit, values)

    # --- what is chosen ---

    def _render_negotiation(self, visit, wish=None, error="", text=""):
        """What can be chosen: what was sent, else what the customer may agree on by himself."""
        args = request.httprequest.args
        wish = wish or read_wish(args)
        Page, scope = visit.debtor.env["cobranca.negotiation.page"], self._get_scope(visit)
        sent = Page._find_sent(visit.company, visit.debtor, scope)
        if sent and "outras" not in args and "escolha" not in args and not text:
            values = {**Page._get_frame(visit.company, visit.debtor), "cards": Page._get_sent_cards(sent)}
            return self._render_negotiating("negotiation_sent", visit, {**values, "error": error})
        try:
            shown = Page._get_page(visit.company, visit.debtor, visit.lines, wish, scope)
        except UserError as refused:
            error = str(refused)
            wish = wish._replace(first="")
            shown = Page._get_page(visit.company, visit.debtor, visit.lines, wish, scope)
        if not shown["debts"]["rows"]:
            return self._render_negotiation_over(visit, "nothing")
        values = {"shown": shown, "error": error or shown["error"], "text": text, "has_sent": bool(sent)}
        return self._render_negotiating("negotiation_page", visit, {**values, "creditor": shown["creditor"]})

    def _save_choice(self, visit):
        """Go on to the term of what was chosen; of what a browser sends only the choice counts."""
        wish = read_wish(request.httprequest.form)
        Page, Attempt = visit.debtor.env["cobranca.negotiation.page"], request.env["cobranca.attempt"]
        if Attempt._is_over("negotiation", visit.key, CHOICES_A_DAY, hours=24):
            error = request.env._("You have chosen very often today. Please speak with us.")
            return self._render_negotiation(visit, wish, error)
        try:
            with request.env.cr.savepoint():
                proposal, chosen = Page._propose(visit.company, visit.debtor, visit.lines, wish, self._get_scope(visit))
        except UserError as refused:
            return self._render_negotiation(visit, wish, str(refused))
        if not proposal:
            return request.redirect(f"{visit.path}/negociar?{self._get_wish_query(wish, chosen)}", code=303)
        Attempt._count("negotiation", visit.key)
        return request.redirect(f"{visit.path}/negociar/{proposal.id}", code=303)

    def _get_wish_query(self, wish, chosen):
        """The page with the same choice, which shows what the visitor has not seen yet."""
        query = (
            [("escolha", "1"), *(("pagamento", line) for line in wish.lines or ())] if wish.lines is not None else []
        )
        return urlencode([*query, ("plano", wish.plan), ("mensal", wish.monthly), ("primeiro", wish.first)])

    def _save_request(self, visit):
        """Take a wish beyond what is offered: somebody decides on it."""
        form = request.httprequest.form
        wish, text = read_wish(form), form.get("mensagem", "")[:2000]
        Page, Attempt = visit.debtor.env["cobranca.negotiation.page"], request.env["cobranca.attempt"]
        if Attempt._is_over("negotiation_request", visit.key, REQUESTS_A_DAY, hours=24):
            error = request.env._("You wrote to us several times today. A person answers; you may also call.")
            return self._render_negotiation(visit, wish, error, text)
        try:
            with request.env.cr.savepoint():
                proposal = Page._request(visit.company, visit.debtor, visit.lines, wish, text)
        except UserError as refused:
            return self._render_negotiation(visit, wish, str(refused), text or " ")
        Attempt._count("negotiation_request", visit.key)
        if proposal:
            return request.redirect(f"{visit.path}/negociar?outras=1", code=303)
        return request.redirect(
            f"{visit.path}/negociar?{self._get_wish_query(wish._replace(plan='fit'), None)}", code=303
        )

    # --- the term ---

    def _find_proposal(self, visit, number):
        """A proposal of this customer in which there is nothing that the visitor does not see; may be empty."""
        Page = visit.debtor.env["cobranca.negotiation.page"]
        env = Page._get_env(visit.company, visit.debtor)
        own = [("id", "=", number), ("company_id", "=", visit.company.id), ("partner_id", "=", visit.debtor.id)]
        proposal = env["cobranca.proposal"].search(own) if 0 < number < 2**31 else env["cobranca.proposal"]
        scope = self._get_scope(visit)
        return proposal.filtered(lambda each: each._is_seen_with(scope) and each.sent_at)

    def _render_negotiation_term(self, visit, number, typed=None, error=""):
        """The term of a proposal, or what became of it: whoever comes back finds how it stands."""
        proposal = self._find_proposal(visit, number)
        if not proposal:
            return self._render_payments("payments_closed", {"kind": "unknown"}, status=404)
        if proposal.state == "accepted":
            return self._render_negotiation_accepted(visit, proposal)
        if not proposal._stands():
            return self._render_negotiation_over(visit, "ended", status=410)
        if not proposal._get_term():
            return request.redirect(f"{visit.path}/negociar", code=303)
        shown = visit.debtor.env["cobranca.negotiation.page"]._get_term_page(proposal)
        values = {"shown": shown, "typed": typed or {}, "error": error, "creditor": shown["creditor"]}
        return self._render_negotiating("negotiation_term", visit, values)

    def _send_negotiation_paper(self, visit, number):
        """The paper as it is accepted, or was."""
        proposal = self._find_proposal(visit, number)
        paper = proposal and (proposal.term_id if proposal.state == "accepted" else proposal._get_term())
        if not paper:
            return self._render_payments("payments_closed", {"kind": "unknown"}, status=404)
        if question := self._ask_whole_document(visit):
            return question
        name = content_disposition(paper.name).replace("attachment", "inline", 1)
        headers = [("Content-Type", "application/pdf"), ("Content-Disposition", name)]
        return request.make_response(paper.raw, [*headers, *HEADERS.items()])

    # --- what follows ---

    def _render_negotiation_accepted(self, visit, proposal):
        """What was agreed, as long as it is so: what ended is told by the agreement's own page."""
        agreement = proposal.agreement_id
        if agreement.state in ("active", "paid"):
            return self._render_negotiation_thanks(visit, proposal)
        if agreement.state == "cancelled":
            return self._render_negotiation_over(visit, "ended", status=410)
        start = visit.path if visit.is_link else "/my"
        return request.redirect(f"{start}/acordos/{agreement.id}", code=303)

    def _render_negotiation_thanks(self, visit, proposal):
        """It is agreed: what comes next, and how the first payment is made at once."""
        agreement, Page = proposal.agreement_id, visit.debtor.env["cobranca.negotiation.page"]
        line = agreement.installment_ids._get_open().sorted("due").line_id[:1].with_env(visit.debtor.env)
        debts = line._cobranca_read_debts(visit.company._cobranca_today())
        now = visit._replace(lines=visit.lines | line)
        values = {
            "shown": {**Page._get_thanks(proposal, line), "chosen": line.ids},
            "offer": self._get_offer(now, line.ids, Choice(None, None), debts),
            "typed": "",
        }
        return self._render_negotiating(
            "negotiation_thanks", visit, {**values, "creditor": values["shown"]["creditor"]}
        )

    def _render_negotiation_over(self, visit, kind, status=200):
        """What cannot be chosen any more, and what to do instead."""
        frame = visit.debtor.env["cobranca.negotiation.page"]._get_frame(visit.company, visit.debtor)
        response = self._render_negotiating("negotiation_over", visit, {**frame, "kind": kind})
        response.status_code = status
        return response

    def _render_negotiating(self, template, visit, values):
        return self._render_visit(f"cobranca_negociacao.{template}", visit, values)
