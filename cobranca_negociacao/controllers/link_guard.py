from odoo import fields
from odoo.http import request
from odoo.tools import consteq

from odoo.addons.cobranca_recorrente.tools import identification

# Names and documents that were wrong; codes have limits of their own.
WRONG_SIGNERS_A_DAY = 10
PROVEN_HOURS = 24
PROVEN_KEY = "cobranca_proven"


class LinkGuard:
    """What a link alone does not open, and what it opens of debts that were replaced."""

    def _get_scope(self, visit):
        """What is seen on a visit.

        :return: account.move.line, what a link was made for and what took its place; None: all of the customer
        """
        return visit.lines | visit.scope if visit.is_link else None

    def _ask_whole_document(self, visit):
        """Papers print the whole CPF or CNPJ and contacts: who came by a link tells the number before he has them.

        :return: the question, or what is answered to it; None for who needs not be asked
        """
        if not visit.is_link or self._is_proven(visit):
            return None
        Attempt, typed = request.env["cobranca.attempt"], request.httprequest.form.get("documento")
        if Attempt._is_over("signer", visit.key, WRONG_SIGNERS_A_DAY, hours=24):
            return self._render_blocked(visit.company)
        if typed is not None:
            if self._prove(visit, typed[:30]):
                return request.redirect(request.httprequest.path, code=303)
            Attempt._count("signer", visit.key)
        values = {
            "creditor": request.env["cobranca.debt.page"]._get_creditor(visit.company),
            "paper_path": request.httprequest.path,
            "is_wrong": typed is not None,
        }
        return self._render_visit("cobranca_negociacao.paper_question", visit, values)

    def _prove(self, visit, typed):
        """Take the whole document of the customer, which this browser is then known by for a day.

        :return: bool, is it his?
        """
        document = identification.compact(visit.debtor.vat or "")
        if not visit.is_link or not consteq(document.encode(), identification.compact(typed).encode()):
            return False
        proven = dict(list((request.session.get(PROVEN_KEY) or {}).items())[-9:])
        proven[self._get_proven_name(visit)] = fields.Datetime.to_string(
            request.env["cobranca.dunning.people"]._get_now()
        )
        request.session[PROVEN_KEY] = proven
        return True

    def _is_proven(self, visit):
        """Was the document told lately, or is there none to be told?"""
        if not identification.kind(visit.debtor.vat or ""):
            return True
        proven = request.session.get(PROVEN_KEY) or {}
        since = fields.Datetime.subtract(request.env["cobranca.dunning.people"]._get_now(), hours=PROVEN_HOURS)
        return proven.get(self._get_proven_name(visit), "") >= fields.Datetime.to_string(since)

    def _get_proven_name(self, visit):
        """Links that were revoked take with them what was told to them."""
        version = request.env["cobranca.debt.link"]._get_version(visit.company, visit.debtor)
        return f"{visit.key}.{version}"
