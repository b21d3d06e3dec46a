from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.cobranca_recorrente.tools import own_data


class CobrancaProposalOnline(models.AbstractModel):
    """How customers choose and accept proposals on their pages. Callers know who the visitor is."""

    _name = "cobranca.proposal.online"
    _description = "Proposal on the Customer's Page"

    # === BUSINESS METHODS === #

    def _is_draft(self):
        """Is this what the customer chose himself on the page, and nobody sent?"""
        self.ensure_one()
        return self.role == "self_service" and self.channel == "portal" and not self.approval_id

    def _is_seen_with(self, scope):
        """Is nothing in it that the visitor does not see? Of a debt that is not there any more nobody knows.

        :param scope: account.move.line, None: all of the customer
        """
        self.ensure_one()
        return scope is None or all(item.line_id and item.line_id in scope for item in self.line_ids)

    @api.model
    def _search_drafts(self, company, debtor, scope=None):
        """What the customer chose himself on the page, and stands.

        :param scope: as of `_is_seen_with`
        :return: cobranca.proposal
        """
        own = Domain("company_id", "=", company.id) & Domain("partner_id", "=", debtor.id)
        chosen = Domain("role", "=", "self_service") & Domain("channel", "=", "portal")
        stands = Domain("approval_id", "=", False) & Domain("state", "=", "sent")
        # sudo: the customer's own choice
        return self.sudo().search(own & chosen & stands).filtered(lambda each: each._is_seen_with(scope))

    def _is_the_same(self, scene, plan):
        """Was just this chosen before, today?"""
        self.ensure_one()
        return (
            self.amount_on == scene.today
            and self.expires_on >= scene.today
            and self.line_ids.line_id == scene.lines
            and self._get_plan().installments == plan.installments
            and self._get_plan().given == plan.given
        )

    @api.model
    def _make_draft(self, scene, code, plan):
        """Write down what was chosen; nobody is told, since who chose it reads it next.

        :param str code: of the offer
        :param tools.plan.Plan plan: within the limits
        :return: cobranca.proposal
        """
        proposal = self._make(scene, [(code, plan)], "sent", "portal").sudo()  # sudo: written by own methods only
        proposal.sent_at = self.env["cobranca.dunning.people"]._get_now()
        return proposal

    def _stands(self):
        """May it be accepted today?"""
        self.ensure_one()
        return self.state == "sent" and self.company_id._cobranca_today() <= self.expires_on

    def _prepare_acceptance(self, name, document):
        """Look at who accepts before a code is sent.

        :param str name: as it was typed
        :param str document: CPF or CNPJ as it was typed
        :return: ir.attachment, the paper that he read
        :raise UserError: with what to correct, or for a proposal that does not stand any more
        """
        self.ensure_one()
        if not self._stands():
            raise UserError(self.env._("This proposal does not stand any more. See what is possible today."))
        paper = self._get_term()
        if not paper:
            raise UserError(self.env._("The term was of another day. Please choose again and read it."))
        name = own_data.clean(name)[: own_data.LONGEST]
        self.env["cobranca.acceptance"]._check_person(self.partner_id, "portal", name, document)
        return paper

    def _send_code(self, name, document, way):
        """Send the one-time code for the paper that the customer read.

        :param str way: of `cobranca.acceptance.code._get_ways`
        :raise UserError: with what to correct, or after too many
        """
        paper = self._prepare_acceptance(name, document)
        Code = self.env["cobranca.acceptance.code"]
        Code._send(self.company_id, self.partner_id, Code._hash(paper.raw), way)

    def _accept_online(self, name, document, typed, **how):
        """Take the code and, when it is right, the agreement. Each try of a code counts, so this never raises for what
        the visitor did: an acceptance that fails is undone alone.

        :param str typed: the code
        :param how: ip and agent of the browser
        :return: str, what is wrong; empty when it is agreed
        """
        self.ensure_one()
        try:
            content = self._prepare_acceptance(name, document).raw
        except UserError as refused:
            return str(refused)
        Acceptance, company, debtor = self.env["cobranca.acceptance"], self.company_id, self.partner_id
        verdict = self.env["cobranca.acceptance.code"]._verify(company, debtor, Acceptance._hash(content), typed)
        if verdict.error:
            return verdict.error
        try:
            with self.env.cr.savepoint():
                self._take_acceptance(content, name, document, verdict.code, how)
        except UserError as refused:
            return str(refused)
        return ""

    def _take_acceptance(self, content, name, document, code, how):
        """The evidence and the agreement, both or neither."""
        acceptance = self.env["cobranca.acceptance"]._record(
            self.company_id,
            self.partner_id,
            self,
            content,
            "portal",
            name,
            document,
            title=self._get_term_title(),
            code=code,
            **how,
        )
        said = self.env._(
            "On his page, with a one-time code sent to %(contact)s; SHA-256 of the term %(hash)s.",
            contact=acceptance.code_contact,
            hash=acceptance.document_hash,
        )
        self._accept({"channel": "portal", "text": said})
