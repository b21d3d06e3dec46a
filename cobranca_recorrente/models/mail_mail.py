from datetime import timedelta

from odoo import fields, models, tools

from ..tools import mail_failure
from ..tools.mail_sessions import MailSessions

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

    def write(self, vals):
        """Odoo writes the Message-Id of a mail that left anew: two queries each for what is the same."""
        if "message_id" in vals and len(self) == 1 and self.cobranca_message_id:
            vals = {name: value for name, value in vals.items() if name != "message_id" or value != self.message_id}
        return super().write(vals)

    def _cobranca_open_sessions(self):
        """Connections that these mails can share.

        :return: tools.mail_sessions.MailSessions
        """
        connect = self.env["ir.mail_server"]._connect__
        ways = {
            mail: (server, sender)
            for server, _domain, sender, mails in self._split_by_mail_configuration()
            for mail in mails
        }
        return MailSessions(ways, lambda server, sender: connect(mail_server_id=server, smtp_from=sender))

    def _cobranca_send_by(self, sessions):
        """Send a mail over a connection that it shares with others; the rest is as in `send`.

        :param sessions: tools.mail_sessions.MailSessions or None
        """
        if not sessions or self.id not in sessions:
            self.send()
            return
        try:
            session = sessions.of(self.id)
        except Exception as error:  # noqa: BLE001 as Odoo does: whatever it is, no server could be reached
            self.write({"state": "exception", "failure_reason": tools.exception_to_unicode(error)})
            self._postprocess_sent_message(success_pids=[], success_emails=[], failure_type="mail_smtp")
            return
        self._send(smtp_session=session, alias_domain_id=self.record_alias_domain_id.id)

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
