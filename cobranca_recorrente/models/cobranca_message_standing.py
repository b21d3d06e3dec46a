from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..tools.ladder import WEEK
from .cobranca_message_states import PENDING

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


class CobrancaMessageStanding(models.AbstractModel):
    """Whether what a message asks for may still be asked for."""

    _name = "cobranca.message.standing"
    _description = "Debts of a Message"

    # === BUSINESS METHODS === #

    @api.model
    def _follow_debts(self, company, partners):
        """Something happened with debtors: what is on its way to them, or on a person's list, may have to stop.

        :param company: res.company
        :param partners: res.partner, debtors
        """
        # sudo: messages are written by their own methods only
        pending = self.sudo().search(
            [("company_id", "=", company.id), ("partner_id", "in", partners.ids), ("state", "in", PENDING)]
        )
        pending.try_lock_for_update().filtered(lambda message: message.state in PENDING)._drop_settled(
            company, company._cobranca_today()
        )

    def _refresh_debts(self, company, date):
        """Read the debts of messages again, under lock; let go what must not be sent any more.

        :return: (the others, with the amounts of the day; {account.move.line: tools.debt.Debt} of that day)
        """
        old = self.filtered(lambda message: (date - message.date).days >= WEEK)
        old._give_back("expired")
        keep, changed = (self - old)._drop_settled(company, date)
        for message in keep:
            message._give_back_lines(changed[message])
        debts = keep._update_lines(date, changed)
        return keep.filtered("line_ids"), debts

    def _drop_settled(self, company, date):
        """Let go of messages whose claimed lines are all paid, paused or perhaps paid.

        :return: (the others, {message: ids of its lines that may be asked for})
        """
        standing = self._read_standing(company, date)
        keep = self.browse()
        changed = defaultdict(list)
        for message in self:
            facts = standing[message.id]
            asked = [row for row in facts if not any(row[2:])]
            claims = [line for line in message.line_ids if line.level_id or message._is_chosen()]
            if not claims or any(line.id in {row[0] for row in asked} for line in claims):
                keep |= message
                changed[message] = [row[0] for row in asked]
            else:
                message._let_go(facts, {line.id for line in claims})
        return keep, changed

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
                wait=self.env["cobranca.paid.guard"]._get_wait_case(company, date, self.partner_id),
            )
        )
        prescribed = self._find_prescribed(date)
        standing = defaultdict(list)
        for message, asked, residual, is_held, wait, is_blocked in rows:
            standing[message].append((asked, residual, is_held, wait, is_blocked or asked in prescribed))
        return standing

    def _find_prescribed(self, date):
        """:return: ids of the lines of these messages that may not be demanded any more"""
        oldest = self.env["cobranca.prescription"]._get_oldest_due(date)
        old = self.line_ids.filtered(lambda asked: asked.due < oldest)
        days = old.line_id._cobranca_get_prescriptions() if old else {}
        return {asked.id for asked in old if days[asked.line_id] <= date}

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

        :param ids: of the lines of this message that may be asked for
        """
        self.ensure_one()
        lines = self.line_ids.filtered(lambda asked: asked.id not in ids and asked.level_id).line_id
        lines = lines.filtered(lambda line: not line.reconciled)
        if lines:
            claims = [("message_id", "=", self.id), ("line_id", "in", lines.ids)]
            # sudo: claims are written by the engine only
            self.env["cobranca.dunning.notice"].sudo().search(claims).unlink()

    def _give_back(self, reason):
        """Cancel messages, so that their steps can be taken again later."""
        if self:
            # sudo: claims are written by the engine only
            self.env["cobranca.dunning.notice"].sudo().search([("message_id", "in", self.ids)]).unlink()
            self._update_state("cancelled", reason=reason)

    def _update_lines(self, date, standing):
        """Drop what is settled, and take over the amounts of a day where they differ.

        :return: {account.move.line: tools.debt.Debt}
        """
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
        return debts
