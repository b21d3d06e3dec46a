from datetime import timedelta

import psycopg2

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import consteq

from odoo.addons.cobranca_recorrente.tools import identification, own_data

MOST_BYTES = 15 * 1024 * 1024
LONGEST_AGENT = 300
# A code opens the acceptance for so long after it was typed.
CODE_HOLDS = timedelta(minutes=30)


class CobrancaAcceptanceRecord(models.AbstractModel):
    """How an acceptance is written down, with all that is looked at before."""

    _name = "cobranca.acceptance.record"
    _description = "How an Acceptance Is Recorded"
    _inherit = ["cobranca.paper"]

    # === BUSINESS METHODS === #

    @api.model
    def _record(self, company, partner, record, content, channel, name, document, title="", **how):
        """Write down that a customer accepted a paper.

        The caller knows that the visitor speaks for this customer, or that the user may work on him.

        :param company: res.company
        :param partner: res.partner, the customer or one of his people
        :param record: what is accepted, such as a proposal
        :param bytes content: the PDF that he was shown, as it was kept then
        :param str channel: of CHANNELS; `portal` needs a code that was verified for this very paper
        :param str name: as he typed it
        :param str document: CPF or CNPJ as he typed it
        :param str title: what it is called in the register; empty: the name of the record
        :param how: code (cobranca.acceptance.code), ip, agent, note, signed_on (date)
        :return: cobranca.acceptance
        :raise AccessError: for an operator who does not work with this customer
        :raise UserError: with what keeps the paper from being accepted, and what to do
        """
        debtor = partner.commercial_partner_id
        name = own_data.clean(name)[: own_data.LONGEST]
        if channel != "portal":
            self._check_operator(company, debtor, record)
        if channel == "operator" and not (how.get("note") or "").strip():
            raise UserError(self.env._("Write how the customer accepted: the call or message, and where it is kept."))
        self._check_paper(company, debtor, record, content)
        self._check_person(debtor, channel, name, document)
        fingerprint = self._hash(content)
        code = how.pop("code", None)
        if channel == "portal":
            self._check_code(code, company, debtor, fingerprint)
        values = {
            "company_id": company.id,
            "partner_id": debtor.id,
            "title": title or record.display_name,
            "res_model": record._name,
            "res_id": record.id,
            "channel": channel,
            "accepted_at": self.env["cobranca.dunning.people"]._get_now(),
            "name": name,
            "document": identification.formatted(document),
            "is_document_compared": channel == "portal" and self._is_own_document(debtor, document),
            "user_id": False if channel == "portal" else self.env.uid,
            "document_hash": fingerprint,
            **self._prepare_how(how),
            **(self._prepare_code(code) if channel == "portal" else {}),
        }
        acceptance = self._write_down(values, content)
        acceptance._tell()
        return acceptance.with_env(self.env)

    @api.model
    def _record_upload(self, company, partner, record, content, name, document, signed_on, note="", title=""):
        """Write down that a customer signed a paper by hand: an operator uploads what came back.

        :param bytes content: the signed paper as a PDF
        :param str name: who signed it
        :param str document: CPF or CNPJ of who signed it
        :param date signed_on: the date on the paper
        :return: cobranca.acceptance
        :raise AccessError: for who does not work with this customer
        :raise UserError: for what is no PDF, or a date in the future
        """
        if not signed_on or signed_on > company._cobranca_today():
            raise UserError(self.env._("Give the day on which the paper was signed: today or before."))
        how = {"signed_on": signed_on, "note": note}
        return self._record(company, partner, record, content, "upload", name, document, title, **how)

    @api.model
    def _check_operator(self, company, debtor, record):
        """:raise AccessError: for who is no collector of this company, or has nothing to do with this customer"""
        debtor.with_env(self.env)._cobranca_check_business()
        record.with_env(self.env).check_access("read")
        if company not in self.env.user.company_ids:
            raise AccessError(self.env._("This customer is of a company that you do not work for."))

    @api.model
    def _check_paper(self, company, debtor, record, content):
        """A PDF, of a record of this customer and company."""
        if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
            raise UserError(self.env._("The paper must be a PDF, complete. Scan or export it again."))
        if len(content) > MOST_BYTES:
            raise UserError(self.env._("The PDF is bigger than 15 MB: scan it in black and white."))
        record.ensure_one()
        owner = record.partner_id if "partner_id" in record else debtor
        place = record.company_id if "company_id" in record else company
        if owner.commercial_partner_id != debtor or (place and place != company):
            raise UserError(self.env._("This paper is of another customer or company."))

    @api.model
    def _check_person(self, debtor, channel, name, document):
        if len(name.split()) < 2:
            raise UserError(self.env._("Write the full name of who accepts."))
        if not identification.is_valid(document):
            raise UserError(self.env._("Write the whole CPF or CNPJ of who accepts: its check digits do not match."))
        # Somebody else may sign for a person with a power of attorney: on paper, or before an operator who sees it.
        if channel == "portal" and self._is_person(debtor) and not self._is_own_document(debtor, document):
            raise UserError(self.env._("This CPF is not the one that is registered. Check it, or speak with us."))

    @api.model
    def _is_person(self, debtor):
        return identification.kind(identification.compact(debtor.vat or "")) == "cpf"

    @api.model
    def _is_own_document(self, debtor, document):
        """Is a CPF that was typed the registered one? Who acts for a company types his own, which nobody knows."""
        return self._is_person(debtor) and consteq(
            identification.compact(debtor.vat or ""), identification.compact(document)
        )

    @api.model
    def _check_code(self, code, company, debtor, fingerprint):
        """:raise UserError: unless a code was verified for this paper, lately, and not used yet"""
        code = code and code.sudo()  # sudo: visitors have no right on codes
        is_ours = code and code.company_id == company and code.partner_id == debtor
        if not is_ours or not code.verified_at or not consteq(code.purpose, fingerprint):
            raise UserError(self.env._("Ask for a code first, and type it: it confirms that it is you."))
        if code.verified_at + CODE_HOLDS < self.env["cobranca.dunning.people"]._get_now():
            raise UserError(self.env._("Too much time has passed since you typed the code: ask for a new one."))

    @api.model
    def _prepare_how(self, how):
        return {
            "ip": (how.get("ip") or "")[:64] or False,
            "agent": own_data.clean(how.get("agent") or "")[:LONGEST_AGENT] or False,
            "note": (how.get("note") or "").replace("\0", "").strip()[:2000] or False,
            "signed_on": how.get("signed_on") or False,
        }

    @api.model
    def _prepare_code(self, code):
        code = code.sudo()  # sudo: visitors have no right on codes
        return {
            "code_id": code.id,
            "code_contact": code.contact,
            "code_sent_at": code.sent_at,
            "code_verified_at": code.verified_at,
        }

    @api.model
    def _write_down(self, values, content):
        """One row and its file; the same again, or by the same code, is refused by the database.

        :return: cobranca.acceptance with the rights of the system
        """
        # sudo: written by this method only, after the checks of its callers
        register = self.env["cobranca.acceptance"].sudo()
        try:
            with self.env.cr.savepoint():
                paper = self._keep(register._name, f"{values['title'].replace('/', '-')}.pdf", content)
                acceptance = register.create({**values, "attachment_id": paper.id})
                acceptance.flush_recordset()
                paper.res_id = acceptance.id
        except psycopg2.errors.UniqueViolation as error:
            raise UserError(self.env._("This paper was accepted already: nothing has to be done again.")) from error
        return acceptance

    def _tell(self):
        """Into the register of contacts."""
        channel = "portal" if self.channel == "portal" else "system"
        self.env["cobranca.interaction"]._record(
            self.company_id,
            self.partner_id,
            channel,
            "other",
            direction="in",
            reached="right",
            user_id=self.user_id.id,
            note=self.env._("Accepted: %(title)s", title=self.title),
        )
