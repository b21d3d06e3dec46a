from odoo import api, models
from odoo.tools.misc import format_date


class CobrancaProposalOutside(models.AbstractModel):
    """How operators write down what a customer accepted elsewhere than on his page, so that it becomes an agreement."""

    _name = "cobranca.proposal.outside"
    _description = "Acceptance outside of the Customer's Page"

    # === ACTIONS === #

    def action_accept(self):
        """Ask how the customer accepted, and who."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The customer accepts · %(name)s", name=self.name),
            "res_model": "cobranca.proposal.accept",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_proposal_id": self.id},
        }

    def action_print_term(self):
        """Download the term of today, to be signed by hand.

        :return: an address to download from
        :raise UserError: where it cannot be accepted any more, or what is owed has changed
        """
        self._check_takes_part()
        record = self.sudo()  # sudo: what the debts amount to, for who may negotiate them
        today = record.company_id._cobranca_today()
        record._check_stands(today)
        record._get_plan_of(today)
        return {"type": "ir.actions.act_url", "url": f"/cobranca/propostas/{self.id}/termo", "target": "download"}

    # === BUSINESS METHODS === #

    def _check_takes_part(self):
        """:raise AccessError: for who may not negotiate with this customer"""
        self.ensure_one()
        self._check_may_negotiate()
        self.check_access("read")
        self.partner_id._cobranca_check_business()

    @api.model
    def _get_ways(self):
        """How a customer accepts outside of his page, by the channels of the register of contacts.

        :return: list of (channel, label); `letter` is a paper that he signed
        """
        by_phone, by_mail = self.env._("By phone"), self.env._("By e-mail")
        in_person, on_paper = self.env._("In person"), self.env._("Signed paper")
        return [("call", by_phone), ("email", by_mail), ("visit", in_person), ("letter", on_paper)]

    def _get_paper_to_sign(self):
        """The term of today with lines for signatures; who gets it is written down, since it names the customer whole.

        :return: bytes of a PDF
        :raise UserError: where it cannot be accepted any more, or what is owed has changed
        """
        self._check_takes_part()
        if not self.env.su:
            self.env["cobranca.access.log"]._log(self.partner_id, "unmask")
        return self.sudo()._render_term(is_on_paper=True)  # sudo: the paper, for who may negotiate with this customer

    def _accept_told(self, way, name, document, note):
        """Make the agreement that the customer accepted by word or message; the term of this moment is the evidence.

        :param str way: of :meth:`_get_ways`
        :param str name: who accepted
        :param str document: CPF or CNPJ of who accepted
        :param str note: how, and where the recording or the message is kept
        :return: the agreement
        :raise UserError: without a note, or for a proposal that cannot be accepted any more
        """
        self._check_takes_part()
        told = (note or "").strip() and f"{dict(self._get_ways())[way]}: {note.strip()}"
        acceptance = self.env["cobranca.acceptance"]._record(
            self.company_id,
            self.partner_id,
            self,
            self.sudo()._render_term(is_told=True),  # sudo: the paper, for who may negotiate with this customer
            "operator",
            name,
            document,
            title=self._get_term_title(),
            note=told,
        )
        return self._accept_by(acceptance, way, told)

    def _accept_signed(self, name, document, content, signed_on, note=""):
        """Make the agreement whose term the customer signed by hand.

        :param str name: who signed
        :param str document: CPF or CNPJ of who signed
        :param bytes content: the signed paper as a PDF
        :param date signed_on: the date on the paper
        :param str note: where the paper itself is kept
        :return: the agreement
        :raise UserError: for what is no PDF, a date in the future, or a proposal that cannot be accepted any more
        """
        self._check_takes_part()
        acceptance = self.env["cobranca.acceptance"]._record_upload(
            self.company_id,
            self.partner_id,
            self,
            content,
            name,
            document,
            signed_on,
            note=note,
            title=self._get_term_title(),
        )
        how = self.env._("Paper signed on %(day)s", day=format_date(self.env, signed_on))
        return self._accept_by(acceptance, "letter", how)

    def _get_term_title(self):
        """What the paper of a proposal is called in the register of acceptances."""
        self.ensure_one()
        return self.env._("Agreement term %(name)s", name=self.name)

    def _accept_by(self, acceptance, way, how):
        """Make the agreement on the evidence of an acceptance.

        :param str how: it was accepted, in words
        :return: the agreement
        """
        text = self.env._(
            "%(how)s; accepted by %(name)s; SHA-256 of the term %(hash)s.",
            how=how,
            name=acceptance.name,
            hash=acceptance.document_hash,
        )
        agreement = self._accept({"channel": way, "text": text})
        self.sudo().term_id.unlink()  # sudo: a draft of the page, which is not the paper that was accepted
        return agreement
