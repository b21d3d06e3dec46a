from datetime import timedelta

from odoo import models

from ..tools import mail_failure

WAIT = timedelta(hours=1)


class MailMail(models.Model):
    _inherit = "mail.mail"

    def send(self, *args, **kwargs):
        """Leave mails in the queue when told so: no mail server is called while invoices are locked.

        The queue's own cron sends them after the transaction that made them is committed.
        """
        if self.env.context.get("cobranca_queue_mails"):
            return True
        return super().send(*args, **kwargs)

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        """While no mail server can be reached our messages wait, with the reason: Odoo would fail them for good.

        Those that carry invoices are seen to by `cobranca.delivery.follow`.
        """
        is_down = mail_failure.is_server_down(failure_type)
        ours = self.filtered(lambda mail: is_down and (mail.model or "").startswith("cobranca."))
        ours.write({"state": "outgoing", "scheduled_date": self.env["cobranca.invoice.delivery"]._get_now() + WAIT})
        return super(MailMail, self - ours)._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
