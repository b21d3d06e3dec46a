from odoo import models
from odoo.tools import email_normalize, html2plaintext

# Enough to know what it is about; the whole text is one click away.
LONGEST_NOTE = 500


class CobrancaReplyThread(models.AbstractModel):
    """A document whose customer's answers land in the register of contacts."""

    _name = "cobranca.reply.thread"
    _description = "Document That Customers Reply To"

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if message.message_type in ("email", "comment") and len(self) == 1:
            self._cobranca_register_reply(message)
        return result

    def _cobranca_get_reply_context(self):
        """Who may answer here, and to which company.

        :return: (res.partner the debtor, res.company, account.move.line it is about); no partner = nobody
        """
        return self.env["res.partner"], self.env.company, self.env["account.move.line"]

    def _cobranca_register_reply(self, message):
        """Put a message of the customer into the register, once."""
        # sudo: a reply comes in as whoever runs the mail gateway, or as the customer in the portal
        thread, message = self.sudo(), message.sudo()
        debtor, company, lines = thread._cobranca_get_reply_context()
        author = message.author_id
        if not debtor or not thread._cobranca_is_from(message, debtor):
            return
        thread.env["cobranca.interaction"]._record(
            company,
            debtor,
            "email" if message.message_type == "email" else "portal",
            "replied",
            direction="in",
            reached="right",
            contact_id=author.id if author and author != debtor else False,
            user_id=False,
            note=html2plaintext(message.body or "").strip()[:LONGEST_NOTE],
            message_id=message.id,
            lines=lines,
        )

    def _cobranca_is_from(self, message, debtor):
        """Did the debtor, or one of his people, write this? Staff who answer are no customers."""
        author = message.author_id
        if author:
            is_staff = any(user._is_internal() for user in author.user_ids)
            return author.commercial_partner_id == debtor and not is_staff
        people = self.env["res.partner"].search([("commercial_partner_id", "=", debtor.id)])
        addresses = set(filter(None, people.mapped("email_normalized")))
        return email_normalize(message.email_from or "") in addresses
