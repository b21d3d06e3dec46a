from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import consteq
from odoo.tools.pdf import merge_pdf

from odoo.addons.cobranca_recorrente.tools import identification

from ..tools import brazilian

REPORT = "cobranca_negociacao.action_report_acceptance"
SUPERVISOR = "cobranca_recorrente.cobranca_group_supervisor"


class CobrancaAcceptanceEvidence(models.AbstractModel):
    """What an acceptance proves, said plainly, and the sheet that goes with the paper."""

    _name = "cobranca.acceptance.evidence"
    _description = "Evidence of an Acceptance"

    # === BUSINESS METHODS === #

    def _is_intact(self):
        """Is the paper, byte for byte, the one that was accepted?

        :return: bool; False also when it is gone
        """
        self.ensure_one()
        content = self.attachment_id.raw
        return bool(content) and consteq(self._hash(content), self.document_hash or "")

    def _explain_evidence(self):
        """What kind of evidence this is, and what it is not.

        :return: str
        """
        self.ensure_one()
        if self.channel == "portal":
            return self._explain_signature()
        if self.channel == "operator":
            return self.env._(
                "Record of an operator: who accepted it, when and how, in the operator's words. The paper has not "
                "changed since, but the customer has signed nothing: keep the recording of the call or the customer's "
                "message, which prove that it was accepted. For a stronger proof send the paper to be accepted on the "
                "customer's page, or have it signed."
            )
        return self.env._(
            "Copy of a paper signed by hand, uploaded by an operator. The file has not changed since then; keep the "
            "paper itself, whose signature can be examined. Signed by the customer and two witnesses, it can be "
            "enforced in court without a lawsuit on its merits (CPC, art. 784, III)."
        )

    def _explain_signature(self):
        """What an acceptance on the customer's page shows: no more than what was compared."""
        compared = (
            self.env._("The CPF that was typed is the one that was registered.")
            if self.is_document_compared
            else self.env._(
                "The CPF or CNPJ that was typed is well-formed; it was compared with nothing, since who acts for a "
                "company types his own."
            )
        )
        return self.env._(
            "Simple electronic signature (Lei 14.063/2020, art. 4, I), valid where the parties admit it, as the paper "
            "says they do (MP 2.200-2/2001, art. 10, § 2). It shows that who accepted held the registered contact, to "
            "which a one-time code was sent, and that the paper has not changed since. %(compared)s The name is as it "
            "was typed, and was compared with nothing. It is no ICP-Brasil certificate, and no independent provider "
            "has verified it: who disputes it may ask for more proof.",
            compared=compared,
        )

    def _get_evidence(self):
        """What the sheet of evidence says.

        Documents are whole for who may see them everywhere, masked for the others.

        :return: dict of texts, as its template takes them
        """
        self.ensure_one()
        is_whole = self.env.su or self.env.user.has_group(SUPERVISOR)
        show = identification.formatted if is_whole else identification.masked
        record = self.sudo()  # sudo: the whole sheet is for who may read the acceptance, as its callers checked
        creditor = self._get_creditor(record.company_id)
        return {
            "number": record.id,
            "title": record.title,
            "channel": record.channel,
            "creditor": creditor,
            "party": {
                **self._get_party(record.partner_id),
                "document": self._get_party_document(record.partner_id, show),
            },
            "name": record.name,
            "document": show(record.document),
            "is_compared": record.is_document_compared,
            "accepted_at": brazilian.moment(record.accepted_at),
            "signed_on": brazilian.day(record.signed_on) if record.signed_on else "",
            "ip": record.ip or "",
            "agent": record.agent or "",
            "operator": record.user_id.name or "",
            "note": record.note or "",
            "contact": record.code_contact or "",
            "sent_at": brazilian.moment(record.code_sent_at) if record.code_sent_at else "",
            "verified_at": brazilian.moment(record.code_verified_at) if record.code_verified_at else "",
            "hash": record.document_hash,
            "file": record.attachment_id.name or "",
        }

    @api.model
    def _get_party_document(self, partner, show):
        """CPF or CNPJ of a customer with its name, as far as the user may see it."""
        document = partner.commercial_partner_id.sudo().vat or ""  # sudo: shown by the function that is given
        return f"{identification.kind(document).upper()} {show(document)}" if identification.kind(document) else ""

    def _get_proven_file(self):
        """The paper as it was accepted, followed by the sheet of evidence; who gets it is written down.

        The paper names its parties in full, as a contract does: to mask it would be another paper.

        :return: bytes of a PDF
        :raise AccessError: for who may not read this acceptance
        :raise UserError: when the paper is not what was accepted
        """
        self.ensure_one()
        self.check_access("read")
        if not self.sudo()._is_intact():  # sudo: the file, for who may read the acceptance
            raise UserError(
                self.env._("The paper of this acceptance is gone or has changed: it proves nothing. Tell your manager.")
            )
        if not self.env.su:
            self.env["cobranca.access.log"]._log(self.partner_id, "unmask")
        sheet = self._render_paper(REPORT, self._get_evidence(), f"Comprovante de aceite {self.id}")
        return merge_pdf([self.sudo().attachment_id.raw, sheet])  # sudo: the file, for who may read the acceptance

    @api.model
    def _find_of(self, record):
        """How a record was accepted; the first acceptance first.

        :return: cobranca.acceptance
        """
        return self.search([("res_model", "=", record._name), ("res_id", "=", record.id)], order="id")
