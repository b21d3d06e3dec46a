from odoo import models
from odoo.tools import html2plaintext


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _routing_handle_bounce(self, email_message, message_dict):
        """A reminder that came back was none: its next channel is tried."""
        super()._routing_handle_bounce(email_message, message_dict)
        self.env["cobranca.message"]._note_bounces(
            message_dict["bounced_msg_ids"], html2plaintext(message_dict.get("body") or "").strip()
        )
