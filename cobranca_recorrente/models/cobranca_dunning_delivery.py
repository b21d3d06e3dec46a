import logging
import smtplib
from contextlib import closing

from odoo import api, models
from odoo.fields import Domain

from .cobranca_contract_billing import CONCURRENCY_ERRORS, MAX_CONFLICTS, is_passing

_logger = logging.getLogger(__name__)

# Messages that are written in one go.
BATCH_SIZE = 100
CRONS = ("ir_cron_cobranca_dunning_delivery", "ir_cron_cobranca_dunning_delivery_2")
# After so many messages the scheduler is told, and asked whether there is time for more.
PROGRESS_EVERY = 10


class CobrancaDunningDelivery(models.AbstractModel):
    """Delivers what was claimed: written in batches, sent one by one, each in a transaction of its own.

    Any number of these run at once. A message is locked and its debts are read again before it is written, and again
    before it leaves: who has paid meanwhile gets nothing.
    """

    _name = "cobranca.dunning.delivery"
    _description = "Delivery of Dunning Messages"

    # === SCHEDULED ACTIONS === #

    @api.model
    def _cron_deliver(self, batch_size=BATCH_SIZE):
        """Deliver every message whose hour has come."""
        progress = self.env["ir.cron"]._commit_progress
        conflicts, may_go_on = 0, True
        while may_go_on and conflicts < MAX_CONFLICTS:
            domain = self._get_due_domain()
            # sudo: the cron delivers for every company
            Message = self.env["cobranca.message"].sudo()
            ids = Message.search(domain, order="send_at, id", limit=batch_size).ids
            remaining = Message.search_count(domain) if len(ids) == batch_size else len(ids)
            if not progress(remaining=remaining) or not ids:
                return
            sent = []
            try:
                ready = self._write_batch(ids, domain)
                left = len(ids) - Message.search_count(domain & Domain("id", "in", ids))
                may_go_on = bool(progress(left)) and self._cron_send(ready, domain, sent)
            except CONCURRENCY_ERRORS:
                self.env.cr.rollback()
                self.env.invalidate_all()
                conflicts += 1
                continue
            conflicts = 0
            # Nothing could be taken: other runs hold all that is left, and will do it.
            may_go_on = may_go_on and bool(left or sent)

    @api.model
    def _cron_send(self, ids, domain, sent):
        """Let messages leave, each in a transaction of its own, over connections that they share.

        :param ids: of written messages
        :param sent: list, gets the ids of those that left the queue
        :return: bool, is there time for more?
        """
        progress = self.env["ir.cron"]._commit_progress
        # Without the scheduler's record it only commits.
        commit = self.env["ir.cron"].with_context(ir_cron_progress_id=False)._commit_progress
        told = 0
        # sudo: messages are written by their own methods only
        mails = self.env["cobranca.message"].sudo().browse(ids).mail_id
        with closing(mails._cobranca_open_sessions()) as sessions:
            engine = self.with_context(cobranca_mail_sessions=sessions)
            for place, message_id in enumerate(ids, start=1):
                try:
                    is_done = engine._send_one(message_id)
                except Exception as error:  # whatever it is, this message has its reason and the others go on
                    if is_passing(error):
                        raise
                    self.env.cr.rollback()
                    self.env.invalidate_all()
                    is_done = self._note_failure(message_id, domain, error)
                commit()
                sent += [message_id] * is_done
                if place % PROGRESS_EVERY == 0:
                    if not progress(len(sent) - told):
                        return False
                    told = len(sent)
        return bool(progress(len(sent) - told))

    # === BUSINESS METHODS === #

    @api.model
    def _get_due_domain(self):
        """Which messages are sent now.

        :return: Domain on cobranca.message
        """
        now = self.env["cobranca.dunning.people"]._get_now()
        return (
            Domain("state", "=", "queued")
            & Domain("send_at", "<=", now)
            & (Domain("retry_at", "=", False) | Domain("retry_at", "<=", now))
            & (Domain("policy_id", "=", False) | Domain("policy_id.state", "=", "active"))
        )

    @api.model
    def _deliver(self, messages):
        """Deliver some messages in this transaction: for what is delivered at once by a person's button.

        :param messages: cobranca.message
        """
        domain = self._get_due_domain()
        for message_id in self._write_batch(messages.ids, domain):
            try:
                with self.env.cr.savepoint():
                    self._send_one(message_id)
            except Exception as error:  # whatever it is, this message has its reason and the others go on
                if is_passing(error):
                    raise
                self.env.invalidate_all()
                self._note_failure(message_id, domain, error)

    @api.model
    def _write_batch(self, ids, domain):
        """Lock messages, read their debts again and write their texts; one that fails alone is left behind.

        :return: ids of those that are ready to leave
        """
        # sudo: messages are written by their own methods only
        messages = self.env["cobranca.message"].sudo().browse(ids).try_lock_for_update().filtered_domain(domain)
        return self._write_halves(messages).ids

    @api.model
    def _write_halves(self, messages):
        if not messages:
            return messages
        try:
            with self.env.cr.savepoint():
                return messages._prepare_delivery()
        except Exception as error:  # whatever is wrong with one message, the others are sent
            if is_passing(error):
                raise
            self.env.invalidate_all()
            if len(messages) == 1:
                _logger.warning("Message %s could not be written.", messages.id, exc_info=True)
                messages._fail("failed", f"{type(error).__name__}: {error}")
                return messages.browse()
        half = len(messages) // 2
        return self._write_halves(messages[:half]) | self._write_halves(messages[half:])

    @api.model
    def _send_one(self, message_id):
        """Let one message leave, unless another run has it or something happened since it was written.

        :return: number of messages that left the queue, 0 or 1
        """
        # sudo: messages are written by their own methods only
        message = self.env["cobranca.message"].sudo().browse(message_id)
        if not message._may_leave():
            return 0  # somebody else's, or read again by the next batch
        getattr(message.with_company(message.company_id), f"_deliver_by_{message.channel}")()
        return 1

    @api.model
    def _note_failure(self, message_id, domain, error):
        """Write down why a message could not leave, after what was done for it was taken back.

        :return: number of messages that have their reason now, 0 or 1
        """
        # sudo: messages are written by their own methods only
        message = self.env["cobranca.message"].sudo().browse(message_id)
        message = message.try_lock_for_update().filtered_domain(domain)
        if not message:
            return 0
        _logger.warning("Message %s could not be sent.", message.id, exc_info=error)
        text = f"{type(error).__name__}: {error}"
        if isinstance(error, smtplib.SMTPServerDisconnected):
            message._note_mail("unknown", text)
        else:
            message._fail("failed", text)
        return 1

    @api.model
    def _wake(self, messages=None):
        """Let the delivery start at the hours of messages, or now."""
        moments = sorted(set(filter(None, messages.mapped("send_at")))) if messages else None
        for name in CRONS:
            if cron := self.env.ref(f"cobranca_recorrente.{name}", raise_if_not_found=False):
                cron.sudo()._trigger(moments)  # sudo: whoever approves a message starts it
