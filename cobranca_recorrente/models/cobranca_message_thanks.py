import logging

from odoo import api, models
from odoo.tools import formataddr

from .cobranca_contract_billing import is_passing
from .cobranca_message_states import REACHED

_logger = logging.getLogger(__name__)

MONEY = ("bank", "cash", "credit")
TEMPLATE = "cobranca_recorrente.mail_template_dunning_thanks"


class CobrancaMessageThanks(models.AbstractModel):
    """A word of thanks to who has paid after he was reminded, where a company wants it."""

    _name = "cobranca.message.thanks"
    _description = "Thanks for a Payment"

    # === BUSINESS METHODS === #

    @api.model
    def _thank(self, company, cases):
        """Thank the customers of cases that were just closed because nothing is open any more; once for each case.

        An ordinary e-mail: who has paid is on no ladder.

        :param company: res.company
        :param cases: cobranca.case, closed in this transaction
        """
        if not company.cobranca_dunning_thanks or company._cobranca_get_creditor_gap():
            return
        if self.env["cobranca.invoice.delivery"]._get_mail_gap(company):
            return
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        partners = cases.filtered(self._was_reminded).partner_id if template else cases.partner_id.browse()
        if not partners:
            return
        people = self.env["cobranca.dunning.people"]
        contacts = people._get_contacts(company, company._cobranca_today(), dict.fromkeys(partners.ids))
        for partner in partners:
            contact = contacts[partner.id]
            if contact.is_possible("email"):
                self._send_thanks(company, partner, contact.recipient, template)

    @api.model
    def _send_thanks(self, company, partner, recipient_id, template):
        """Put the mail into Odoo's queue; a text that cannot be read keeps nobody from closing the case."""
        try:
            with self.env.cr.savepoint():
                values = self._prepare_thanks(company, partner, recipient_id, template)
                # sudo: messages leave whoever books the payment
                self.env["mail.mail"].sudo().create(values)
        except Exception as error:
            if is_passing(error):
                raise
            _logger.exception("Customer %s could not be thanked", partner.id)

    @api.model
    def _was_reminded(self, case):
        """Did a notice reach this customer while his case was open, and did money come in for it?"""
        messages = self.env["cobranca.message"].search(
            [
                ("company_id", "=", case.company_id.id),
                ("partner_id", "=", case.partner_id.id),
                ("kind", "!=", "reminder"),
                ("state", "in", REACHED),
                ("date", ">=", case.opened_on),
            ]
        )
        # An invoice that was cancelled, credited or written off is nothing to thank for.
        credits = messages.line_ids.line_id.matched_credit_ids.credit_move_id
        return any(credit.payment_id or credit.journal_id.type in MONEY for credit in credits)

    @api.model
    def _prepare_thanks(self, company, partner, recipient_id, template):
        """Values of mail.mail, sent at the next hour at which the customer may be written to."""
        people = self.env["cobranca.dunning.people"]
        recipient = self.env["res.partner"].browse(recipient_id)
        message = self.env["cobranca.message"].new(
            {
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "partner_id": partner.id,
                "recipient_id": recipient.id,
                "channel": "email",
                "kind": "notice",
            }
        )
        text = message._render_texts({}, template)[message]
        state = recipient.state_id or partner.state_id
        return {
            "model": "res.partner",
            "res_id": partner.id,
            "message_type": "email_outgoing",
            "subject": text["subject"],
            "body": text["body"],
            "body_html": text["body"],
            "email_from": formataddr((company.name, company.email or company.alias_domain_id.default_from_email)),
            "reply_to": formataddr((company.name, company.alias_domain_id.catchall_email or company.email)),
            "email_to": formataddr((recipient.name or "", people._get_address("email", recipient))),
            "author_id": company.partner_id.id,
            "record_company_id": company.id,
            "scheduled_date": people._get_next_moment(state, 0, people._get_now()),
        }
