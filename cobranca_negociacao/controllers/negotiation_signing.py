from odoo.exceptions import UserError
from odoo.http import request

from .negotiation_pages import SIGNER_KEY, NegotiationPages

# Names and documents that were wrong; codes have limits of their own.
WRONG_SIGNERS_A_DAY = 10


class NegotiationSigning(NegotiationPages):
    """Who accepts says who he is, and types the code that was sent to the registered contact."""

    def _send_negotiation_code(self, visit, number):
        """Take name and document, send the code and ask for it."""
        proposal, answer = self._find_standing_proposal(visit, number)
        if answer:
            return answer
        typed = self._read_signer(number)
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
        request.session[SIGNER_KEY] = typed
        return request.redirect(f"{visit.path}/negociar/{number}/codigo", code=303)

    def _render_code(self, visit, number, error=""):
        """The form for the code."""
        proposal, answer = self._find_standing_proposal(visit, number)
        signer = self._get_signer(number)
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
        signer = self._get_signer(number)
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

    def _read_signer(self, number):
        """Who accepts, as he typed it; who asks for another code is known already."""
        form, known = request.httprequest.form, self._get_signer(number)
        if known and "nome" not in form:
            return {**known, "way": form.get("caminho", "")[:10]}
        return {
            "proposal": number,
            "name": form.get("nome", "")[:200],
            "document": form.get("documento", "")[:30],
            "way": form.get("caminho", "")[:10],
            "is_agreed": form.get("aceito") == "sim",
        }

    def _get_signer(self, number):
        signer = request.session.get(SIGNER_KEY) or {}
        return signer if signer.get("proposal") == number else {}
