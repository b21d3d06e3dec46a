from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.mail import generate_tracking_message_id


class CobrancaMessagePreparation(models.AbstractModel):
    """A message is made when a step is claimed, and written when it leaves: with the amounts of that day."""

    _name = "cobranca.message.preparation"
    _description = "Preparation of a Message"
    _inherit = ["cobranca.message.text", "cobranca.message.standing"]

    is_last = fields.Boolean(compute="_compute_is_last", search="_search_is_last")

    # === COMPUTE METHODS === #

    def _compute_is_last(self):
        """No other attempt follows, and nothing was sent to this customer later."""
        own = [("partner_id", "in", self.partner_id.ids), ("state", "!=", "cancelled")]
        last = {top for _company, _partner, top in self._read_group(own, ["company_id", "partner_id"], ["id:max"])}
        last -= set(self.search([("previous_id", "in", self.ids)]).previous_id.ids)
        for message in self:
            message.is_last = message.id in last

    def _search_is_last(self, operator, value):
        if operator != "in":
            return NotImplemented
        newest = SQL(
            """(SELECT newest.id
                  FROM (SELECT max(id) AS id FROM cobranca_message
                         WHERE state <> 'cancelled' GROUP BY company_id, partner_id) newest
                 WHERE NOT EXISTS (SELECT 1 FROM cobranca_message follower WHERE follower.previous_id = newest.id))"""
        )
        return [("id", "in" if True in value else "not in", newest)]

    # === BUSINESS METHODS === #

    @api.model
    def _make(self, company, date, planned):
        """Make the messages that were planned, with what is asked for.

        :param planned: list of tools.ladder_plan.Planned
        :return: cobranca.message
        """
        if not planned:
            return self.browse()
        levels = self.env["cobranca.dunning.level"].browse([item.level.key for item in planned])
        people = self.env["res.partner"].browse([item.recipient for item in planned])
        messages = self.create(
            [
                self._prepare_message(company, date, item, level, person)
                for item, level, person in zip(planned, levels, people, strict=True)
            ]
        )
        claims = {
            (message.id, line.key): line for message, item in zip(messages, planned, strict=True) for line in item.lines
        }
        messages._write_lines(date, claims)
        return messages

    def _after_claim(self):
        """What follows when steps were claimed and their messages made; addons add theirs."""
        for company, messages in self.grouped("company_id").items():
            self.env["cobranca.case.touch"]._touch(company, messages.partner_id)
        self.env["cobranca.dunning.level"]._run_actions_of(self)
        self.env["cobranca.dunning.engine"]._wake(self.filtered(lambda message: message.state == "queued"))

    @api.model
    def _prepare_message(self, company, date, item, level, recipient):
        """Values of one message."""
        people = self.env["cobranca.dunning.people"]
        return {
            "company_id": company.id,
            "currency_id": item.currency,
            "partner_id": item.debtor,
            "recipient_id": item.recipient,
            "address": people._get_address(item.channel, recipient),
            "date": date,
            "policy_id": item.ladder.key,
            "level_id": level.id,
            "channel": item.channel,
            "channel_id": item.channel_row,
            "kind": level._get_kind(),
            "state": "review" if level.is_reviewed else "queued",
            "send_at": people._get_moment(
                recipient.state_id or recipient.commercial_partner_id.state_id, date, item.hour
            ),
        }

    def _write_lines(self, date, claims):
        """Write down what messages ask for, as of a day.

        :param claims: {(id of the message, id of the line): tools.ladder_plan.Line}
        """
        lines = self.env["account.move.line"].browse(sorted({line for _message, line in claims}))
        debts = lines._cobranca_read_debts(date)
        by_id = {line.id: line for line in lines}
        by_message = {message.id: message for message in self}
        values = [
            {
                "message_id": message,
                "company_id": by_message[message].company_id.id,
                "currency_id": by_message[message].currency_id.id,
                "line_id": key,
                "level_id": claim.level.key if claim.level else False,
                "source": claim.source,
                **self._prepare_line(by_id[key], debts[by_id[key]]),
            }
            for (message, key), claim in claims.items()
        ]
        self.env["cobranca.message.line"].create(values)
        self._sum_up(date)

    @api.model
    def _prepare_line(self, line, debt):
        """What one line amounts to; charges are asked for in the company's currency only.

        :param debt: tools.debt.Debt
        """
        charges, is_home = debt.charges, line.currency_id == line.company_id.currency_id
        residual = line.amount_residual_currency
        values = {
            "name": line.move_id.name if line.move_id.is_invoice() else line.name or line.move_id.name,
            "due": line.date_maturity or line.date,
            "days_late": debt.days_late,
            "residual": residual,
            "fine": 0.0,
            "interest": 0.0,
            "correction": 0.0,
            "discount": 0.0,
            "amount": residual,
        }
        if is_home:
            values |= {
                "fine": float(charges.fine),
                "interest": float(charges.interest),
                "correction": float(charges.correction),
                "discount": float(debt.discount),
                "amount": float(charges.total - debt.discount),
            }
        return values

    def _sum_up(self, date):
        for message in self:
            message.write(
                {
                    "amount_on": date,
                    "amount_original": sum(message.line_ids.mapped("residual")),
                    "amount": sum(message.line_ids.mapped("amount")),
                }
            )

    # --- before it leaves ---

    def _prepare_delivery(self):
        """Bring locked messages to what is owed now, and write their texts.

        :return: cobranca.message, those that are ready to leave
        """
        ready = self.browse()
        for company, own in self.grouped("company_id").items():
            messages = own.with_company(company)
            date = company._cobranca_today()
            able, debts = messages._leave_waiting(company)._refresh_debts(company, date)
            able = able._keep_lawful()._keep_reachable(company, date)
            able._write_texts(debts)
            ready |= able
        return ready.with_env(self.env)

    def _leave_waiting(self, company):
        """Keep what cannot be sent by anybody now, with its reason.

        :return: the others
        """
        gap = company._cobranca_get_creditor_gap()
        if gap:
            self._wait("no_creditor", gap)
            return self.browse()
        mails = self.filtered(lambda message: message.channel == "email")
        if mails and (gap := self.env["cobranca.invoice.delivery"]._get_mail_gap(company)):
            mails._wait("no_server", gap)
            return self - mails
        return self

    def _keep_lawful(self):
        """Who may be contacted at this moment; the others wait for their next hour.

        :return: cobranca.message
        """
        Window, people = self.env["cobranca.contact.window"], self.env["cobranca.dunning.people"]
        now, lawful = people._get_now(), self.browse()
        for state, messages in self.grouped(lambda m: m.recipient_id.state_id or m.partner_id.state_id).items():
            if Window._is_open(state, now):
                lawful |= messages
                continue
            for message in messages:
                moment = people._get_next_moment(state, message.policy_id.send_hour, now)
                message.write({"reason": "outside_hours", "send_at": moment})
        return lawful

    def _keep_reachable(self, company, date):
        """To whom their channel is still open; for the others the next one is tried.

        :return: cobranca.message
        """
        people = self.env["cobranca.dunning.people"]
        contacts = people._get_contacts(company, date, {m.partner_id.id: m.recipient_id.id for m in self})
        reachable = self.browse()
        for message in self:
            address = people._get_address(message.channel, message.recipient_id)
            if contacts[message.partner_id.id].is_possible(message.channel):
                reachable |= message
                if address != message.address:
                    message.address = address
            else:
                message._fail("no_channel", False)
        return reachable

    def _write_texts(self, debts):
        """Write subject and text with the amounts of today; a retry keeps its Message-Id.

        :param debts: {account.move.line: tools.debt.Debt} of today
        """
        for message in self.filtered(lambda message: not message.email_message_id):
            message.email_message_id = generate_tracking_message_id(f"cobranca-{message.id}")
        texts = self._render_texts(debts, None, self._make_pix(debts))
        for message in self:
            message.write(texts[message])
        self.filtered(lambda message: message.channel == "email")._make_mails()
