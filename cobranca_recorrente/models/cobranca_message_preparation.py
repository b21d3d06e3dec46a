from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.mail import generate_tracking_message_id

from ..tools.ladder import WEEK

# What of the lines of messages may still be asked for, and what speaks against the others.
STANDING = """
    SELECT asked.message_id, asked.id, line.amount_residual_currency::text,
           COALESCE(of_line.reason, of_debtor.reason) IS NOT NULL,
           CASE WHEN asked.days_late > 0 THEN %(wait)s END, line.no_followup IS TRUE
      FROM cobranca_message_line asked
      JOIN (%(open)s) open ON open.id = asked.line_id
      JOIN account_move_line line ON line.id = asked.line_id
      JOIN account_move move ON move.id = line.move_id
      JOIN cobranca_message message ON message.id = asked.message_id
      JOIN res_partner partner ON partner.id = message.partner_id
      LEFT JOIN LATERAL (
            SELECT reason FROM cobranca_hold hold WHERE hold.line_id = line.id AND %(live)s LIMIT 1
           ) of_line ON TRUE
      LEFT JOIN LATERAL (
            SELECT reason FROM cobranca_hold hold
             WHERE hold.line_id IS NULL AND hold.partner_id = message.partner_id AND hold.company_id = %(company)s
               AND %(live)s LIMIT 1
           ) of_debtor ON TRUE
     WHERE asked.message_id = ANY(%(messages)s)
"""


class CobrancaMessagePreparation(models.AbstractModel):
    """A message is made when a step is claimed, and written when it leaves: with the amounts of that day."""

    _name = "cobranca.message.preparation"
    _description = "Preparation of a Message"
    _inherit = ["cobranca.message.text"]

    is_last = fields.Boolean(compute="_compute_is_last", search="_search_is_last")

    # === COMPUTE METHODS === #

    def _compute_is_last(self):
        """No other attempt follows, and nothing was sent to this customer later."""
        own = [("partner_id", "in", self.partner_id.ids), ("state", "!=", "cancelled")]
        last = {top for _company, _partner, top in self._read_group(own, ["company_id", "partner_id"], ["id:max"])}
        for message in self:
            message.is_last = message.id in last

    def _search_is_last(self, operator, value):
        if operator != "in":
            return NotImplemented
        newest = SQL(
            "(SELECT max(id) FROM cobranca_message WHERE state <> 'cancelled' GROUP BY company_id, partner_id)"
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
        messages = self.create(
            [self._prepare_message(company, date, item, level) for item, level in zip(planned, levels, strict=True)]
        )
        claims = {
            (message.id, line.key): line for message, item in zip(messages, planned, strict=True) for line in item.lines
        }
        messages._write_lines(date, claims)
        return messages

    def _after_claim(self):
        """What follows when steps were claimed and their messages made; addons add theirs."""
        self.env["cobranca.dunning.engine"]._wake(self.filtered(lambda message: message.state == "queued"))

    @api.model
    def _prepare_message(self, company, date, item, level):
        """Values of one message."""
        people = self.env["cobranca.dunning.people"]
        recipient = self.env["res.partner"].browse(item.recipient)
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
        values = [
            {
                "message_id": message,
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
            able = messages._leave_waiting(company)._refresh(company, date)
            able = able._keep_lawful()._keep_reachable(company, date)
            able._write_texts()
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

    def _refresh(self, company, date):
        """Read the debts of messages again, under lock; let go what must not be sent any more.

        :return: the others, with the amounts of the day
        """
        old = self.filtered(lambda message: (date - message.date).days >= WEEK)
        old._give_back("expired")
        live = self - old
        standing = live._read_standing(company, date)
        keep = live.browse()
        changed = defaultdict(list)
        for message in live:
            facts = standing[message.id]
            asked = [row for row in facts if not any(row[2:])]
            claims = [line for line in message.line_ids if line.level_id]
            if not claims or any(line.id in {row[0] for row in asked} for line in claims):
                keep |= message
                changed[message] = [row[0] for row in asked]
                message._give_back_lines({row[0] for row in facts if any(row[2:])})
            else:
                message._let_go(facts, {line.id for line in claims})
        keep._update_lines(date, changed)
        return keep.filtered("line_ids")

    def _read_standing(self, company, date):
        """:return: {id of the message: [(id of its line, residual, is held, why it waits, is blocked)]}"""
        lines = self.line_ids.line_id
        self.env["cobranca.dunning.engine"]._lock_lines(lines.ids)
        self._flush_read()
        opened = SQL(
            "%s AND line.id = ANY(%s)",
            self.env["account.move.line"]._cobranca_get_open_lines_query(company, date),
            lines.ids,
        )
        rows = self.env.execute_query(
            SQL(
                STANDING,
                open=opened,
                messages=self.ids,
                company=company.id,
                live=self.env["cobranca.hold"]._get_live_condition(date, "hold"),
                wait=self.env["cobranca.paid.guard"]._get_wait_case(company, date),
            )
        )
        standing = defaultdict(list)
        for message, *facts in rows:
            standing[message].append(facts)
        return standing

    @api.model
    def _flush_read(self):
        """What the queries about open debts read."""
        for model in ("account.move.line", "account.move", "res.partner", "cobranca.message.line", "cobranca.hold"):
            self.env[model].flush_model()

    def _let_go(self, facts, claims):
        """None of the claimed lines may be asked for: paid, paused, or perhaps paid."""
        own = [row for row in facts if row[0] in claims]
        if not own:
            self._update_state("cancelled", reason="paid")
        else:
            self._give_back("held" if any(row[2] or row[4] for row in own) else "waiting")

    def _give_back_lines(self, ids):
        """What is paused or perhaps paid was not named: its step can be taken again later.

        :param ids: of the lines of this message
        """
        self.ensure_one()
        lines = self.line_ids.filtered(lambda asked: asked.id in ids and asked.level_id).line_id
        if lines:
            claims = [("message_id", "=", self.id), ("line_id", "in", lines.ids)]
            self.env["cobranca.dunning.notice"].sudo().search(claims).unlink()

    def _give_back(self, reason):
        """Cancel messages, so that their steps can be taken again later."""
        if self:
            self.env["cobranca.dunning.notice"].sudo().search([("message_id", "in", self.ids)]).unlink()
            self._update_state("cancelled", reason=reason)

    def _update_lines(self, date, standing):
        """Drop what is settled, and take over the amounts of a day where they differ."""
        for message in self:
            gone = message.line_ids.filtered(lambda line, ids=standing[message]: line.id not in ids)
            gone.unlink()
        lines = self.line_ids.line_id
        debts = lines._cobranca_read_debts(date)
        for asked in self.line_ids:
            values = self._prepare_line(asked.line_id, debts[asked.line_id])
            if any(asked[name] != value for name, value in values.items()):
                asked.write(values)
        self.filtered(lambda m: m.amount_on != date or m.amount != sum(m.line_ids.mapped("amount")))._sum_up(date)

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

    def _write_texts(self):
        """Write subject and text with the amounts of today; a retry keeps its Message-Id."""
        for message in self.filtered(lambda message: not message.email_message_id):
            message.email_message_id = generate_tracking_message_id(f"cobranca-{message.id}")
        texts = self._render_texts()
        for message in self:
            message.write(texts[message])
        self.filtered(lambda message: message.channel == "email")._make_mails()
