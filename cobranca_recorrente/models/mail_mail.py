from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def send(self, *args, **kwargs):
        """Leave mails in the queue when told so: no mail server is called while invoices are locked.

        The queue's own cron sends them after the transaction that made them is committed.
        """
        if self.env.context.get("cobranca_queue_mails"):
            return True
        return super().send(*args, **kwargs)
