from odoo import api, models


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    # === WHO RECEIVES === #

    @api.model
    def _get_default_mail_template_id(self, move):
        """A contract's invoice goes out with the same text, by hand or by the queue."""
        template = self.env.ref("cobranca_recorrente.mail_template_contract_invoice", raise_if_not_found=False)
        is_ours = template and move._cobranca_get_responsible()
        return template if is_ours else super()._get_default_mail_template_id(move)

    @api.model
    def _get_default_mail_partner_ids(self, move, mail_template, mail_lang):
        """The financial responsible in place of the customer, also when somebody sends by hand."""
        partners = super()._get_default_mail_partner_ids(move, mail_template, mail_lang)
        if not (responsible := move._cobranca_get_responsible()):
            return partners
        has_address = responsible.email or self.env.context.get("allow_partners_without_mail")
        others = partners - move.partner_id - move.commercial_partner_id
        return others | responsible if has_address else others

    @api.model
    def _get_mail_params(self, move, move_data):
        """The customer follows his invoice: he is not told what his financial responsible receives."""
        params = super()._get_mail_params(move, move_data)
        return {**params, "notify_skip_followers": True} if move._cobranca_get_responsible() else params

    # === WHAT WAS SENT === #

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
