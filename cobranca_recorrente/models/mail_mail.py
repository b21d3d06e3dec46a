from datetime import timedelta

from odoo import fields, models

from ..tools import mail_failure

WAIT = timedelta(hours=1)


class MailMail(models.Model):
    _inherit = "mail.mail"

    cobranca_message_id = fields.Many2one(
        comodel_name="cobranca.message", readonly=True, index="btree_not_null", ondelete="set null"
    )

    def send(self, *args, **kwargs):
        """Leave mails in the queue when told so: no mail server is called while invoices are locked.

        The queue's own cron sends them after the transaction that made them is committed.
        """
        if self.env.context.get("cobranca_queue_mails"):
            return True
        return super().send(*args, **kwargs)

    def _send(self, *args, **kwargs):
        """Whoever lets a reminder out, Odoo's queue or a person: it is looked at again before it leaves."""
        reminders = self.filtered("cobranca_message_id")
        checked = self.env.context.get("cobranca_checked")
        if stopped := reminders.filtered(lambda mail: not mail._cobranca_may_leave(checked)):
            stopped.write({"state": "cancel"})
        return super(MailMail, self - stopped)._send(*args, **kwargs)

    def _cobranca_may_leave(self, checked):
        """Is this reminder still to be sent?

        :param checked: id of the message that the caller holds locked and has looked at
        """
        message = self.cobranca_message_id
        if message.mail_id != self:
            return False
        return message.id == checked or message._may_leave()

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        """Note on a reminder what the mail server answered.

        While no mail server can be reached our other messages wait, with the reason: Odoo would fail them for good.
        Those that carry invoices are seen to by `cobranca.delivery.follow`.
        """
        for mail in self.filtered("cobranca_message_id"):
            mail.cobranca_message_id._note_mail(failure_type, failure_reason)
        is_down = mail_failure.is_server_down(failure_type)
        ours = self.filtered(lambda mail: is_down and (mail.model or "").startswith("cobranca."))
        ours.write({"state": "outgoing", "scheduled_date": self.env["cobranca.invoice.delivery"]._get_now() + WAIT})
        return super(MailMail, self - ours)._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
