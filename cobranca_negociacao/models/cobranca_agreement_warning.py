import logging
from datetime import timedelta

import psycopg2

from odoo import models

_logger = logging.getLogger(__name__)

# A customer has one message a day: where today's is there already, the next day is taken.
MOST_DAYS = 3


class CobrancaAgreementWarning(models.AbstractModel):
    """The customer is told before his agreement breaks: kindly, at a lawful hour, once for each announcement."""

    _name = "cobranca.agreement.warning"
    _description = "Warning before an Agreement Breaks"

    # === BUSINESS METHODS === #

    def _warn_before_break(self):
        super()._warn_before_break()
        try:
            with self.env.cr.savepoint():
                self._write_before_break()
        except psycopg2.errors.UniqueViolation:
            # The ladder has written to him at this moment; the activity remains.
            _logger.info("The customer of agreement %s has another message of that day", self.id)

    def _write_before_break(self):
        """An e-mail about the installments that are late, through the queue of messages.

        :return: cobranca.message, empty for who has no e-mail that may be used
        """
        self.ensure_one()
        company, debtor = self.company_id, self.partner_id
        people, Message = self.env["cobranca.dunning.people"], self.env["cobranca.message"]
        today = company._cobranca_today()
        contact = people._get_contacts(company, today, {debtor.id: None})[debtor.id]
        lines = self.installment_ids._get_open().filtered(lambda item: item.due <= self._get_last_day()).line_id
        day = self._get_free_day(today)
        if not contact.is_possible("email") or not lines or not day:
            return Message
        recipient = self.env["res.partner"].browse(contact.recipient)
        return Message._make_chosen(company, day, debtor, recipient, lines, kind="notice", agreement_id=self.id)

    def _get_last_day(self):
        """Until when a payment keeps an agreement that was announced to break.

        :return: date
        """
        days = self.company_id.sudo().cobranca_agreement_warn_days  # sudo: a setting of the company
        return self.warned_on + timedelta(days=max(days - 1, 0))

    def _get_free_day(self, today):
        """The first day without a message to this customer, before the agreement breaks.

        :return: date, or None
        """
        last = self._get_last_day()
        taken = self.env["cobranca.message"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("currency_id", "=", self.currency_id.id),
                ("date", ">=", today),
                ("previous_id", "=", False),
                ("state", "!=", "cancelled"),
            ]
        )
        days = (today + timedelta(days=ahead) for ahead in range(MOST_DAYS))
        return next((day for day in days if day <= last and day not in taken.mapped("date")), None)
