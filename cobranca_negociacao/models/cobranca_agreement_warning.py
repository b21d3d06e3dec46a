import logging
from datetime import timedelta

import psycopg2
from markupsafe import Markup

from odoo import models
from odoo.tools.misc import format_date

from odoo.addons.cobranca_recorrente.models.cobranca_message_states import PENDING, REACHED

_logger = logging.getLogger(__name__)

# A customer has one message a day: where today's is there already, the next day is taken.
MOST_DAYS = 3


class CobrancaAgreementWarning(models.AbstractModel):
    """The customer is told before his agreement breaks: kindly, at a lawful hour, once for each announcement."""

    _name = "cobranca.agreement.warning"
    _description = "Warning before an Agreement Breaks"

    # === BUSINESS METHODS === #

    def _warn_before_break(self):
        try:
            with self.env.cr.savepoint():
                is_told = self._write_before_break()
        except psycopg2.errors.UniqueViolation:
            # The ladder has written to him at this moment.
            _logger.info("The customer of agreement %s has another message of that day", self.id)
            is_told = False
        task = super()._warn_before_break()
        if not is_told:
            self.warned_on = False  # the next run tries again
        elif not self._get_warnings():
            task.note = (task.note or Markup()) + Markup("<p>%s</p>") % self.env._(
                "The customer has no e-mail that may be used. Tell him by phone: unless what is overdue is paid until "
                "%(day)s, the agreement breaks.",
                day=format_date(self.env, self._get_last_day()),
            )
        return task

    def _write_before_break(self):
        """An e-mail about the installments that are late, through the queue of messages.

        None for who has no e-mail that may be used: he is called.

        :return: bool; False when he has messages on all of the next days
        """
        self.ensure_one()
        company, debtor = self.company_id, self.partner_id
        people, Message = self.env["cobranca.dunning.people"], self.env["cobranca.message"]
        today = company._cobranca_today()
        contact = people._get_contacts(company, today, {debtor.id: None})[debtor.id]
        lines = self.installment_ids._get_open().filtered(lambda item: item.due <= self._get_last_day()).line_id
        if not contact.is_possible("email") or not lines:
            return True
        day = self._get_free_day(today)
        if day:
            recipient = self.env["res.partner"].browse(contact.recipient)
            Message._make_chosen(company, day, debtor, recipient, lines, kind="notice", agreement_id=self.id)
        return bool(day)

    def _get_free_day(self, today):
        """The first day without a message to this customer.

        :return: date, or None
        """
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
        return next((day for day in days if day not in taken.mapped("date")), None)

    # --- what became of it ---

    def _get_warnings(self):
        """The last e-mail of each announcement that counts.

        :return: {cobranca.agreement: cobranca.message}, without those announced without one
        """
        # sudo: whether he was told, whoever looks at his agreement
        messages = self.env["cobranca.message"].sudo().search([("agreement_id", "in", self.ids)], order="id")
        own = {agreement: agreement.warned_on for agreement in self if agreement.warned_on}
        return {
            message.agreement_id: message
            for message in messages
            if message.agreement_id in own and message.date >= own[message.agreement_id]
        }

    def _get_warned_days(self):
        """The days of a warning count from when it left; while it did not, the agreement does not break."""
        days = super()._get_warned_days()
        for agreement, message in self._get_warnings().items():
            is_told = message.state in REACHED
            days[agreement] = is_told and agreement.company_id._cobranca_day_of(message.sent_at)
        return days

    def _get_unannounced(self):
        """What did not arrive, or was taken out, told nobody."""
        lost = [
            agreement
            for agreement, message in self._get_warnings().items()
            if message.state not in PENDING and message.state not in REACHED
        ]
        return super()._get_unannounced() | self.filtered(lambda agreement: agreement in lost)

    def _calm_down(self):
        messages = self.env["cobranca.message"].union(*self._get_warnings().values()).sudo()  # sudo: own methods only
        waiting = messages.filtered(lambda message: message.state in PENDING).try_lock_for_update()
        waiting.filtered(lambda message: message.state in PENDING)._give_back("paid")
        super()._calm_down()

    def _get_last_day(self):
        """Until when paying what is overdue keeps an agreement; of a warning on its way, as if it left today.

        :return: date
        """
        self.ensure_one()
        start = self._get_warned_days()[self] or self.company_id._cobranca_today()
        return start + timedelta(days=self._get_warn_days(self.company_id) - 1)

    def _get_warning_text(self):
        """Whether the customer was told that his agreement breaks, for who breaks it by hand."""
        self.ensure_one()
        if not self.warned_on:
            return self.env._("The customer was not warned.")
        message = self._get_warnings().get(self)
        if not message:
            return self.env._(
                "Announced on %(day)s, but not by e-mail: was the customer told by phone?",
                day=format_date(self.env, self.warned_on),
            )
        if message.state in PENDING:
            return self.env._("The warning to the customer was not sent yet.")
        if message.state not in REACHED:
            return self.env._("The warning did not reach the customer.")
        return self.env._(
            "Warned by e-mail on %(day)s, he may pay what is overdue until %(last)s.",
            day=format_date(self.env, self._get_warned_days()[self]),
            last=format_date(self.env, self._get_last_day()),
        )
