from odoo import models
from odoo.exceptions import UserError


class CobrancaMessageActions(models.AbstractModel):
    """What a person does with messages: look them over, and deliver by hand what no machine delivers."""

    _name = "cobranca.message.actions"
    _description = "Work with Messages"

    # === ACTIONS === #

    def action_approve(self):
        """Let reviewed messages be sent at their hour; others of the selection stay as they are.

        :raise UserError: for who is no supervisor, and when none waits for a review
        """
        self.check_access("read")
        self._check_supervisor()
        messages = self.filtered(lambda message: message.state == "review")
        if not messages:
            raise UserError(self.env._("None of these messages waits for a review."))
        messages._update_state("queued", approved_by_id=self.env.uid)
        self.env["cobranca.dunning.engine"]._wake(messages)
        if len(messages) == 1:
            text = self.env._("Approved: it leaves on %(when)s.", when=messages._tell_moment(messages.send_at))
        else:
            text = self.env._("%(count)s messages approved: each leaves at its hour.", count=len(messages))
        return self._tell(text, "success")

    def action_withdraw(self):
        """Take messages out before they are sent; their steps count as taken."""
        self.check_access("read")
        self._check_supervisor()
        messages = self.filtered(lambda message: message.state in ("review", "queued", "todo"))
        if not messages:
            raise UserError(self.env._("These messages have left already, or were taken out before."))
        messages._update_state("cancelled", reason="withdrawn")
        return self._tell(self.env._("%(count)s messages taken out.", count=len(messages)), "success")

    def action_open_whatsapp(self):
        """Open WhatsApp with the words of this day; nothing is sent before its button is pressed there.

        :raise UserError: outside contact hours, or when nothing is to be said any more
        """
        self.ensure_one()
        self._check_by_hand("whatsapp")
        message = self.sudo()  # sudo: messages are written by their own methods only
        if not message._bring_up_to_date():
            return self._tell(self.situation, "warning")
        number = (message.address or "").lstrip("+")
        return {
            "type": "ir.actions.act_url",
            "url": self.env["cobranca.case.channels"]._get_whatsapp_link(number, message.text),
            "target": "new",
        }

    def action_done(self):
        """A person sent it: the step counts, and the days until the next contact run."""
        self.check_access("read")
        for message in self:
            message._check_by_hand("whatsapp", "letter")
        self._note_by_hand()
        return self._tell(self.env._("Noted as sent."), "success")

    def action_register_call(self):
        """Open the register of a contact with this customer; what is registered there is the proof of the call."""
        self.ensure_one()
        self._check_by_hand("call")
        action = self.partner_id.with_company(self.company_id).action_cobranca_register()
        return {**action, "context": {**action.get("context", {}), "default_channel": "call"}}

    def action_print_letters(self):
        """One PDF of these letters, with the amounts of this day.

        :raise UserError: when none of them is to be posted
        """
        self.check_access("read")
        letters = self.filtered(lambda message: message.channel == "letter" and message.state == "todo")
        if not letters:
            raise UserError(self.env._("Choose letters that are still to be posted."))
        letters = letters.sudo()._bring_up_to_date().with_env(self.env)  # sudo: written by their own methods only
        if not letters:
            text = self.env._("Nothing is left to post: these customers have paid, or are paused.")
            return self._tell(text, "warning")
        return self.env.ref("cobranca_recorrente.action_report_message_letter").report_action(letters)

    def action_confirm_posting(self):
        """Ask by which proof letters were posted."""
        self.check_access("read")
        letters = self.filtered(lambda message: message.channel == "letter" and message.state == "todo")
        if not letters:
            raise UserError(self.env._("Choose letters that are still to be posted."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Letters posted"),
            "res_model": "cobranca.message.post",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_message_ids": letters.ids},
        }

    # === BUSINESS METHODS === #

    def _check_supervisor(self):
        if not self.env.user.has_group("cobranca_recorrente.cobranca_group_supervisor"):
            raise UserError(self.env._("Messages are approved and taken out by a supervisor: ask one."))

    def _check_by_hand(self, *channels):
        """:raise UserError: unless a person has to deliver this message by one of these channels"""
        self.check_access("read")
        if self.channel not in channels or self.state != "todo":
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(message)s is not to be done by hand: it is “%(state)s”.",
                    message=self.display_name,
                    state=states[self.state],
                )
            )

    def _note_by_hand(self, proof=False):
        """A person says that these messages left.

        :param str proof: by which that can be shown
        """
        # sudo: messages are written by their own methods only, after the checks of who may
        messages = self.sudo()
        messages.lock_for_update()
        messages._note_sent()
        if proof:
            messages.detail = proof

    def _bring_up_to_date(self):
        """Read again what these messages ask for, and write them with the amounts of this day.

        Paper may be printed at any hour; what rings or blinks obeys the hours where the customer lives.

        :return: cobranca.message, those that still have something to say
        :raise UserError: outside contact hours
        """
        self.lock_for_update()
        ready = self.browse()
        for company, messages in self.grouped("company_id").items():
            if gap := company._cobranca_get_creditor_gap():
                raise UserError(gap)
            standing, debts = messages.with_company(company)._refresh_debts(company, company._cobranca_today())
            rings = standing.filtered(lambda message: message.channel != "letter")
            if rings - rings._keep_lawful():
                state = rings[0].recipient_id.state_id or rings[0].partner_id.state_id
                now = self.env["cobranca.dunning.people"]._get_now()
                raise UserError(self.env["cobranca.contact.window"]._tell(state, now))
            standing._write_texts(debts)
            ready |= standing
        return ready.with_env(self.env)

    def _tell(self, text, kind):
        """A notice on the screen, which is read anew."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": text, "type": kind, "next": {"type": "ir.actions.client", "tag": "soft_reload"}},
        }
