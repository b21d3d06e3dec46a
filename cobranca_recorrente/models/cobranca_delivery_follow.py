from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..tools import mail_failure
from .cobranca_contract_billing import CONCURRENCY_ERRORS
from .cobranca_invoice_delivery import BATCH_SIZE, DETAIL_LENGTH


class CobrancaDeliveryFollow(models.AbstractModel):
    """What became of the mails that carried invoices."""

    _name = "cobranca.delivery.follow"
    _description = "Follow-up of Delivered Invoices"

    # === CRON === #

    @api.model
    def _cron_follow(self, batch_size=BATCH_SIZE):
        """Find sent invoices whose mail came back or could not be handed over.

        Read here afterwards instead of written by the mail queue: that must change nothing
        of ours between its call of the mail server and its commit.
        """
        progress = self.env["ir.cron"]._commit_progress
        domain = self._get_failed_domain()
        ids = self.env["account.move"].search(domain, order="id", limit=batch_size).ids
        left = progress(remaining=len(ids))
        for move_id in ids if left else ():
            try:
                self._follow_one(move_id, domain)
            except CONCURRENCY_ERRORS:
                # Somebody changes this invoice now: the next run looks again.
                self.env.cr.rollback()
                self.env.invalidate_all()
            if not progress(1):
                return

    # === SELECT === #

    @api.model
    def _get_failed_domain(self):
        """Sent invoices whose mail failed, came back, or was cancelled or deleted unsent."""
        failed = Domain("notification_status", "in", ("bounce", "exception"))
        lost = Domain("notification_status", "=", "ready") & (
            Domain("mail_mail_id", "=", False) | Domain("mail_mail_id.state", "=", "cancel")
        )
        return Domain("cobranca_delivery_state", "=", "sent") & Domain(
            "cobranca_delivery_message_id.notification_ids",
            "any",
            Domain("notification_type", "=", "email") & (failed | lost),
        )

    # === FOLLOW === #

    @api.model
    def _follow_one(self, move_id, domain):
        """Record why the mail of one sent invoice did not arrive, or let it be tried again."""
        move = self.env["account.move"].browse(move_id).try_lock_for_update().filtered_domain(domain)
        if not move:
            return
        lang = move.company_id.partner_id.lang or self.env.user.lang
        move = move.with_context(lang=lang)
        notifications = move.cobranca_delivery_message_id.notification_ids
        failure = notifications.filtered(lambda one: one.notification_status in ("bounce", "exception"))[:1]
        mail = failure.mail_mail_id
        reason = (failure.failure_reason or mail.failure_reason or "").strip()[:DETAIL_LENGTH]
        if failure.notification_status == "bounce":
            move._cobranca_set_delivery("undelivered", "bounced", reason)
        elif not failure:
            move._cobranca_set_delivery(
                "undelivered", "failed", move.env._("The e-mail was cancelled or deleted before it was sent.")
            )
        elif failure.failure_type in mail_failure.ADDRESS_FAILURES:
            move._cobranca_set_delivery("undelivered", "no_address", reason)
        else:
            self._retry_or_give_up(move, failure.failure_type, reason)

    @api.model
    def _retry_or_give_up(self, move, failure_type, reason):
        # A server that is down for days is no invoice's fault: all of them wait until it is back.
        may_give_up = not mail_failure.is_server_down(failure_type)
        wait = mail_failure.wait_minutes(move.cobranca_delivery_attempts, may_give_up)
        if wait is None or mail_failure.is_permanent(failure_type, reason):
            move._cobranca_set_delivery("undelivered", "failed", reason)
            return
        retry_at = self.env["cobranca.invoice.delivery"]._get_now() + timedelta(minutes=wait)
        move._cobranca_set_delivery("to_send", "retry", reason, cobranca_delivery_retry_at=retry_at)
