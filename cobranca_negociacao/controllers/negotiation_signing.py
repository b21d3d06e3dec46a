from odoo import fields
from odoo.exceptions import UserError
from odoo.http import request

from .link_guard import WRONG_SIGNERS_A_DAY
from .negotiation_pages import SIGNER_KEY, NegotiationPages

# Who said so long ago that he agrees says it again.
AGREED_MINUTES = 30


class NegotiationSigning(NegotiationPages):
    """Who accepts says who he is, and types the code that was sent to the registered contact."""

    def _send_negotiation_code(self, visit, number):
        """Take name and document, send the code and ask for it."""
        proposal, answer = self._find_standing_proposal(visit, number)
        if answer:
            return answer
        typed = self._read_signer(proposal)
        Attempt = request.env["cobranca.attempt"]
        if Attempt._is_over("signer", visit.key, WRONG_SIGNERS_A_DAY, hours=24):
            return self._render_negotiation_term(
                visit, number, typed, request.env._("Please speak with us: there were many tries.")
            )
        if not typed["is_agreed"]:
            error = request.env._("Mark that you have read the term and agree with it.")
            return self._render_negotiation_term(visit, number, typed, error)
        try:
            with request.env.cr.savepoint():
                proposal._send_code(typed["name"], typed["document"], typed["way"])
        except UserError as refused:
            Attempt._count("signer", visit.key)
            return self._render_negotiation_term(visit, number, typed, str(refused))
        self._prove(visit, typed["document"])
        request.session[SIGNER_KEY] = typed
        return request.redirect(f"{visit.path}/negociar/{number}/codigo", code=303)

    def _render_code(self, visit, number, error=""):
        """The form for the code."""
        proposal, answer = self._find_standing_proposal(visit, number)
        signer = proposal and self._get_signer(proposal)
        if answer or not signer:
            return answer or request.redirect(f"{visit.path}/negociar/{number}", code=303)
        shown = visit.debtor.env["cobranca.negotiation.page"]._get_term_page(proposal)
        address = next((way["label"] for way in shown["ways"] if way["code"] == signer["way"]), "")
        contact = request.env._("We sent six digits to %(address)s. They hold for 10 minutes.", address=address)
        values = {"shown": shown, "contact": contact, "way": signer["way"], "error": error}
        return self._render_negotiating("negotiation_code", visit, {**values, "creditor": shown["creditor"]})

    def _accept_negotiation(self, visit, number):
        """Take the code, and with it the agreement. What was typed is counted, whatever comes of it."""
        proposal, answer = self._find_standing_proposal(visit, number)
        signer = proposal and self._get_signer(proposal)
        if answer or not signer:
            return answer or request.redirect(f"{visit.path}/negociar/{number}", code=303)
        headers = request.httprequest
        error = proposal._accept_online(
            signer["name"],
            signer["document"],
            headers.form.get("codigo", "")[:20],
            ip=headers.remote_addr,
            agent=headers.headers.get("User-Agent", ""),
        )
        if error and proposal._stands():
            return self._render_code(visit, number, error)
        request.session.pop(SIGNER_KEY, None)
        return request.redirect(f"{visit.path}/negociar/{number}", code=303)

    def _find_standing_proposal(self, visit, number):
        """A proposal whose term was read today, or what is answered instead: its page, which says how it stands.

        :return: (cobranca.proposal, None) or (None, response)
        """
        proposal = self._find_proposal(visit, number)
        if proposal and proposal._stands() and proposal._get_term():
            return proposal, None
        if not proposal:
            return None, self._render_payments("payments_closed", {"kind": "unknown"}, status=404)
        return None, request.redirect(f"{visit.path}/negociar/{number}", code=303)

    def _read_signer(self, proposal):
        """Who accepts, as he typed it; who asks for another code is known already."""
        form, known = request.httprequest.form, self._get_signer(proposal)
        if known and "nome" not in form:
            return {**known, "way": form.get("caminho", "")[:10]}
        return {
            "proposal": proposal.id,
            "paper": proposal._get_term().id,
            "at": fields.Datetime.to_string(request.env["cobranca.dunning.people"]._get_now()),
            "name": form.get("nome", "")[:200],
            "document": form.get("documento", "")[:30],
            "way": form.get("caminho", "")[:10],
            "is_agreed": form.get("aceito") == "sim",
        }

    def _get_signer(self, proposal):
        """Who agreed to the paper of today, a while ago at most."""
        signer = request.session.get(SIGNER_KEY) or {}
        since = fields.Datetime.subtract(request.env["cobranca.dunning.people"]._get_now(), minutes=AGREED_MINUTES)
        is_lately = signer.get("at", "") >= fields.Datetime.to_string(since)
        is_this = (signer.get("proposal"), signer.get("paper")) == (proposal.id, proposal._get_term().id)
        return signer if is_this and is_lately else {}
