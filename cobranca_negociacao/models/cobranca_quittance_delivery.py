from odoo import Command, api, models
from odoo.exceptions import AccessError, LockError, UserError

from odoo.addons.cobranca_recorrente.tools import own_data

from .cobranca_paper import PDF

SUPERVISOR = "cobranca_recorrente.cobranca_group_supervisor"
TEMPLATE = "cobranca_negociacao.mail_template_quittance"
YEAR_TEMPLATE = "cobranca_negociacao.mail_template_quittance_year"


class CobrancaQuittanceDelivery(models.AbstractModel):
    """How letters of quittance reach their customers, and are taken back."""

    _name = "cobranca.quittance.delivery"
    _description = "Delivery of Letters of Quittance"

    # === BUSINESS METHODS === #

    def _send(self):
        """Send one paper by e-mail to who pays for the customer, and write that down.

        :raise UserError: when it cannot be sent, with what to do
        """
        self.ensure_one()
        if self.state != "issued":
            raise UserError(self.env._("%(number)s was taken back: it is not sent any more.", number=self.name))
        if gap := self._find_mail_gap():
            raise UserError(gap)
        recipient, record = self._get_recipient(), self.sudo()  # sudo: the paper, to its own customer
        copy = {"name": record.attachment_id.name, "raw": record.attachment_id.raw, "mimetype": PDF}
        template = record.env.ref(YEAR_TEMPLATE if record.kind == "year" else TEMPLATE)
        template.with_context(lang=recipient.lang).send_mail(
            record.id,
            email_values={
                "email_to": False,
                "recipient_ids": [Command.link(recipient.id)],
                "email_cc": False,
                "attachment_ids": [Command.create(copy)],
            },
        )
        address = own_data.masked_email(recipient.email_normalized)
        self._write_own({"sent_at": self.env["cobranca.dunning.people"]._get_now(), "sent_to": address})
        self.env["cobranca.interaction"]._record(
            record.company_id,
            record.partner_id,
            "email",
            "informed",
            user_id=False if self.env.su else self.env.uid,
            note=self.env._("Sent: letter of quittance %(number)s", number=self.name),
        )

    def _get_recipient(self):
        """Who pays for the customer and has an address, else himself.

        :return: res.partner, empty without an address
        """
        debtor = self.sudo().partner_id  # sudo: the address of the paper's own customer
        return (debtor._cobranca_get_payer() | debtor).filtered("email_normalized")[:1]

    def _find_mail_gap(self):
        """Why this paper cannot be sent by e-mail; empty when it can.

        :return: str
        """
        self.ensure_one()
        company, debtor = self.company_id, self.partner_id
        if not self._get_recipient():
            return self.env._("This customer has no e-mail address: print the paper, or write the address down.")
        if "email" in debtor._cobranca_get_refused_channels()[debtor]:
            return self.env._("This customer refuses e-mails: print the paper.")
        gap = company._cobranca_get_creditor_gap()
        return gap or self.env["cobranca.invoice.delivery"]._get_mail_gap(company)

    def _get_creditor_words(self):
        """Who writes and how to reach him, for the template of the e-mail.

        :return: str
        """
        self.ensure_one()
        return self._get_creditor_line(self.company_id)

    def _revoke(self, reason):
        """Take papers back that were issued in error, or whose payment the bank took back.

        :param str reason: kept in the register
        :raise AccessError: for who is no supervisor
        :raise UserError: without a reason
        """
        self.check_access("read")
        if not self.env.user.has_group(SUPERVISOR):
            raise AccessError(self.env._("Letters of quittance are taken back by a supervisor of Cobrança."))
        if not (reason or "").strip():
            raise UserError(self.env._("Give the reason: the customer may ask for it."))
        records = self.sudo()  # sudo: the register is written by its own methods only, after the checks above
        try:
            records.lock_for_update()
        except LockError:
            raise UserError(
                self.env._(
                    "Somebody else works on this letter at this moment: load the page again to see how it stands."
                )
            ) from None
        records.invalidate_recordset(["state"])
        if records.filtered(lambda record: record.state != "issued"):
            raise UserError(self.env._("This paper was taken back already."))
        records._take_back(reason.strip())

    def _take_back(self, reason):
        """The same by the system, when what a paper says is not true any more.

        :param str reason: kept in the register
        """
        for company, own in self.grouped("company_id").items():
            own._write_own(
                {
                    "state": "revoked",
                    "revoked_on": company._cobranca_today(),
                    "revoked_by_id": self.env.uid,
                    "revoke_reason": reason,
                }
            )

    @api.model
    def _follow_money_back(self, lines, name):
        """What was said to be paid is not: the letters say something untrue, and somebody tells the customer so.

        Letters name the debts that came first, whatever agreements were made over them since: those of invoices, of
        agreements and of whole years are found by these.

        :param lines: account.move.line, of which money went back
        :param str name: what was paid with it
        :return: cobranca.quittance, what was taken back
        """
        debts = self.env["cobranca.agreement.origin"]._get_replaced(lines)
        # sudo: whoever takes money back need not know of letters
        letters = self.sudo().search([("line_ids", "in", debts.ids), ("state", "=", "issued")])
        if not letters:
            return letters
        letters._take_back(self.env._("The payment of %(agreement)s went back.", agreement=name))
        self.env["cobranca.dunning.engine"]._schedule(
            letters.company_id,
            letters.partner_id,
            self.env._("%(number)s is not true any more", number=", ".join(letters.mapped("name"))),
            self.env._(
                "The payment of %(agreement)s went back, so what was said to be paid by it is owed: tell the customer.",
                agreement=name,
            ),
            "cobranca_negociacao.mail_activity_agreement",
        )
        return letters

    @api.model
    def _find_of_partner(self, company, partner):
        """The papers of a customer that are valid, the newest first.

        :return: cobranca.quittance
        """
        debtor = partner.commercial_partner_id
        return self.search(
            [("company_id", "=", company.id), ("partner_id", "=", debtor.id), ("state", "=", "issued")],
            order="date desc, id desc",
        )
