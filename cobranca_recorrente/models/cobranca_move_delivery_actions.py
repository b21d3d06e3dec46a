from odoo import models
from odoo.exceptions import UserError
from odoo.tools import email_normalize_all


class CobrancaMoveDeliveryActions(models.AbstractModel):
    """The buttons of the lists of invoices that were not delivered."""

    _name = "cobranca.move.delivery.actions"
    _description = "Buttons of Invoices not Delivered"

    def action_cobranca_send_again(self):
        """Queue invoices that did not arrive once more, to the address that their recipients have now.

        :return: notification with how many wait now
        :raise UserError: when none of them can be sent
        """
        self.check_access("write")
        stuck = self.filtered(
            lambda move: move.state == "posted" and move.cobranca_delivery_state in ("undelivered", "none")
        )
        without = stuck.filtered(lambda move: not email_normalize_all(move.cobranca_recipient_id.email or ""))
        again = stuck - without
        if not again:
            raise UserError(self._cobranca_explain_not_again(without))
        # sudo: the mail that failed must not go out beside the new one
        failed = (
            self.env["mail.mail"]
            .sudo()
            .search([("mail_message_id", "in", again.cobranca_delivery_message_id.ids), ("state", "=", "exception")])
        )
        failed.cancel()
        again._cobranca_set_delivery("to_send", cobranca_delivery_message_id=False, cobranca_delivery_attempts=0)
        self._cobranca_wake_delivery()
        text = self.env._("Invoices that are sent again: %(count)s.", count=len(again))
        if without:
            text = f"{text} {self._cobranca_explain_not_again(without)}"
        return self._cobranca_notify(text, "warning" if without else "success")

    def _cobranca_explain_not_again(self, without):
        if not without:
            return self.env._("None of these is a posted invoice that was not delivered.")
        names = sorted(set(without.cobranca_recipient_id.mapped("display_name")))
        return self.env._(
            "Without an e-mail address: %(names)s. Fill it in, or note how the invoice was delivered.",
            names=", ".join(names[:10]),
        )

    def _cobranca_notify(self, text, kind):
        """A message on the screen, which is read anew."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": text, "type": kind, "next": {"type": "ir.actions.client", "tag": "soft_reload"}},
        }

    def action_cobranca_withdraw(self):
        """Take invoices out of the queue, or off the list: they are not sent by e-mail."""
        self.check_access("write")
        stuck = self.filtered(lambda move: move.cobranca_delivery_state in ("to_send", "undelivered"))
        if not stuck:
            raise UserError(self.env._("None of these waits to be sent."))
        stuck._cobranca_set_delivery("none", "withdrawn")
        for move in stuck:
            move._message_log(body=self.env._("This invoice is not sent by e-mail: taken out by hand."))
        return True

    def action_cobranca_open_recipient(self):
        """Open who receives this invoice, to correct the address."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.cobranca_recipient_id.id,
            "views": [(False, "form")],
        }

    def action_cobranca_deliver_otherwise(self):
        """Ask by which other means these invoices were delivered."""
        action = self.env["ir.actions.act_window"]._for_xml_id("cobranca_recorrente.cobranca_delivery_note_action")
        return {**action, "context": {"default_move_ids": self.ids}}
