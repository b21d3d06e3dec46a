from odoo import models


class CobrancaMessageFallback(models.AbstractModel):
    """What did not arrive was no reminder: the next channel of its step, else a task for a person."""

    _name = "cobranca.message.fallback"
    _description = "Next Channel of a Message"

    # === ACTIONS === #

    def action_retry(self):
        """Try again what did not arrive, by the same channel: a mailbox that was full may have room."""
        self.check_access("read")
        self._check_supervisor()
        for message in self.filtered(lambda m: m.state == "undelivered" and m.is_last).sudo():  # sudo: own methods only
            message._follow_by(message.channel, message.channel_id)
        return True

    # === BUSINESS METHODS === #

    def _fail(self, reason, detail):
        """Messages did not reach anybody; their steps are tried by the next channel.

        :param reason: of REASONS
        :param detail: what a person can do something with
        """
        for company, messages in self.grouped("company_id").items():
            messages._update_state("undelivered", reason=reason, detail=detail)
            messages._try_next_channel(company, company._cobranca_today())

    def _try_again(self, company, date):
        """What could not be delivered by any channel, while somebody has corrected the data of the customer."""
        self._try_next_channel(company, date, is_asked=True)

    def _try_next_channel(self, company, date, is_asked=False):
        """Reach the debtors of undelivered messages by another channel, or by an address that is new.

        :param bool is_asked: somebody was asked to complete the data already
        """
        if not self:
            return
        people = self.env["cobranca.dunning.people"]
        contacts = people._get_contacts(
            company,
            date,
            {m.partner_id.id: m.recipient_id.id if m.recipient_id not in m._get_own_people() else None for m in self},
        )
        for message in self:
            contact = contacts[message.partner_id.id]
            rows = message.level_id.channel_ids
            row = next((row for row in rows if contact.is_possible(row.channel)), None)
            if row:
                message._follow_by(row.channel, row, self.env["res.partner"].browse(contact.recipient))
            elif not is_asked:
                message._ask_for_a_way()

    def _get_own_people(self):
        """The debtor and his people: whom he is reached by is chosen anew; a responsible of his contract stays."""
        return self.partner_id | self.partner_id.child_ids

    def _follow_by(self, channel, row, recipient=None):
        """Make the next attempt: the same steps and debts by another way.

        :return: cobranca.message
        """
        self.ensure_one()
        people = self.env["cobranca.dunning.people"]
        recipient = recipient or self.recipient_id
        state = recipient.state_id or self.partner_id.state_id
        message = self.create(
            {
                **self._get_kept(),
                "previous_id": self.id,
                "recipient_id": recipient.id,
                "channel": channel,
                "channel_id": row.id,
                "address": people._get_address(channel, recipient),
                "send_at": people._get_next_moment(state, self.policy_id.send_hour, people._get_now()),
            }
        )
        self.line_ids.copy({"message_id": message.id})
        # sudo: the claims of the engine
        self.env["cobranca.dunning.notice"].sudo().search([("message_id", "=", self.id)]).message_id = message
        self.env["cobranca.dunning.engine"]._wake(message)
        return message

    def _get_kept(self):
        """What the next attempt has in common with this one."""
        today = self.company_id._cobranca_today()
        names = ("company_id", "currency_id", "partner_id", "policy_id", "level_id")
        return {
            **{name: self[name].id for name in names},
            "kind": self.kind,
            "date": max(today, self.date),
            "amount_on": self.amount_on,
            "amount": self.amount,
            "amount_original": self.amount_original,
        }

    def _ask_for_a_way(self):
        """No channel is left: somebody has to find out how this customer can be reached."""
        self.ensure_one()
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        self.env["cobranca.dunning.engine"]._schedule(
            self.company_id,
            self.partner_id,
            self.env._("No valid channel"),
            self.env._(
                "%(step)s did not arrive (%(reason)s). Complete e-mail, phone or address: the step is tried again.",
                step=self.level_id.name or "",
                reason=" ".join(filter(None, [reasons.get(self.reason), self.detail])),
            ),
        )

    def _done_by_contact(self, contact):
        """A person has spoken with a debtor: what he was asked to do by that channel is done.

        :param contact: cobranca.interaction
        """
        # sudo: messages are written by their own methods only
        messages = self.sudo().search(
            [
                ("company_id", "=", contact.company_id.id),
                ("partner_id", "=", contact.partner_id.id),
                ("channel", "=", contact.channel),
                ("state", "=", "todo"),
            ]
        )
        if messages:
            messages.write({"interaction_id": contact.id})
            messages._note_sent()
