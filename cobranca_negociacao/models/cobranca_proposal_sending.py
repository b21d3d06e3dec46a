from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formataddr

TEMPLATE = "cobranca_negociacao.mail_template_proposal"


class CobrancaProposalSending(models.AbstractModel):
    """How proposals reach the customer: one e-mail for all alternatives, with his link, or told by phone."""

    _name = "cobranca.proposal.sending"
    _description = "Sending of Proposals"

    # === BUSINESS METHODS === #

    @api.model
    def _get_recipient(self, company, debtor):
        """Who receives it and whether his e-mail may be used.

        :return: (res.partner, str why not by e-mail)
        """
        people = self.env["cobranca.dunning.people"]
        contact = people._get_contacts(company, company._cobranca_today(), {debtor.id: None})[debtor.id]
        recipient = self.env["res.partner"].browse(contact.recipient)
        gap = company._cobranca_get_creditor_gap() or self.env["cobranca.invoice.delivery"]._get_mail_gap(company)
        if not gap and not contact.is_possible("email"):
            gap = self.env._("The customer has no e-mail that may be used: tell him by phone, or correct his data.")
        return recipient, gap

    def _send(self):
        """Tell the customer of these proposals, which are to choose from; who may has been checked.

        :raise UserError: when the e-mail cannot leave
        """
        first = self[:1]
        records = self.sudo()  # sudo: proposals are written by their own methods only
        if first.channel == "email":
            recipient, gap = self._get_recipient(first.company_id, first.partner_id)
            if gap:
                raise UserError(gap)
            address = self.env["cobranca.dunning.people"]._get_address("email", recipient)
            records.write({"recipient_id": recipient.id, "address": address})
            first._mail(self._render_offer())
        records.write({"sent_at": fields.Datetime.now()})
        self._note_sent()

    def _render_offer(self):
        """What the customer reads, also of proposals that are only in memory; nothing is written.

        :return: dict(subject, body)
        """
        # sudo: the link and the facts of the creditor are the customer's; nothing else goes into the text
        alternatives = self.sudo().with_context(cobranca_alternatives=len(self))
        first = alternatives[:1]
        return first._render_texts(debts=alternatives, template=first.env.ref(TEMPLATE))[first]

    def _mail(self, words):
        """Put the message into Odoo's queue, which sends it once this transaction is through."""
        self.ensure_one()
        company = self.company_id.sudo()  # sudo: the address that the company sends from
        reply_to = company.alias_domain_id.catchall_email or company.email
        Mail = self.env["mail.mail"].sudo()  # sudo: who sends proposals may not write the queue of mails
        mail = Mail.create(
            {
                "model": "res.partner",
                "res_id": self.partner_id.id,
                "message_type": "email_outgoing",
                "subject": words["subject"],
                "body": words["body"],
                "body_html": words["body"],
                "email_from": formataddr((company.name, company.email or company.alias_domain_id.default_from_email)),
                "reply_to": formataddr((company.name, reply_to)),
                "email_to": formataddr((self.recipient_id.name or "", self.address)),
                "author_id": company.partner_id.id,
                "record_company_id": company.id,
            }
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
        return mail

    def _note_sent(self):
        """Into the register of contacts: what was offered, and until when it stands."""
        first = self[:1]
        offers = " · ".join(
            f"{each.name}: {each._get_own_title()}, {each.currency_id.format(each.amount)}" for each in self
        )
        self.env["cobranca.interaction"]._record(
            first.company_id,
            first.partner_id,
            "email" if first.channel == "email" else first.channel,
            "proposal_sent",
            note=self.env._("%(offers)s. Until %(day)s.", offers=offers, day=first.until_text),
            lines=first.line_ids.line_id,
            placement_id=first.placement_id.id,
        )
