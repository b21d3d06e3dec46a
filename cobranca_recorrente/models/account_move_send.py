from odoo import api, models


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    @api.model
    def _send_mail(self, move, mail_template, **kwargs):
        """An invoice that waits to be sent is sent now, whoever sends it: never a second time by the queue."""
        result = super()._send_mail(move, mail_template, **kwargs)
        move = move.sudo()  # sudo: whoever may send an invoice has sent it; nothing else is written
        if move.cobranca_delivery_state in ("to_send", "undelivered") and (message := self._get_message_of(move)):
            move._cobranca_note_sent(message)
        return result

    @api.model
    def _get_message_of(self, move):
        """The newest message of an invoice that goes to somebody by e-mail."""
        notification = move.env["mail.notification"].search(
            [
                ("mail_message_id.model", "=", move._name),
                ("mail_message_id.res_id", "=", move.id),
                ("notification_type", "=", "email"),
                ("notification_status", "=", "ready"),
            ],
            order="id desc",
            limit=1,
        )
        return notification.mail_message_id
