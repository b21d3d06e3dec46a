from collections import defaultdict, namedtuple
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import desk

# Rests after a contact are shorter than this.
HOLIDAY_DAYS = 90
# What a debtor owes in one currency.
Owed = namedtuple("Owed", "lines amount original days")
Said = namedtuple("Said", "moment outcome next_at replied_at broken_at promise_day promise_limit")
NOTHING_SAID = Said(*[None] * 7)
SAID = """
    SELECT debtor.id, contact.date, contact.outcome, contact.next_date, reply.date,
           CASE WHEN verdict.outcome = 'broken' THEN verdict.date END, promise.date, promise.date_limit
      FROM unnest(%(debtors)s) AS debtor(id)
      LEFT JOIN LATERAL (%(contact)s) contact ON TRUE
      LEFT JOIN LATERAL (%(reply)s) reply ON TRUE
      LEFT JOIN LATERAL (%(verdict)s) verdict ON TRUE
      LEFT JOIN LATERAL (
          SELECT date, date_limit FROM cobranca_promise
           WHERE partner_id = debtor.id AND company_id = %(company)s AND state = 'open'
           ORDER BY date, id LIMIT 1
      ) promise ON TRUE
"""
# The pauses of some lines; callbacks, and payments looked for, pause reminders, not the desk.
PAUSES = """
    SELECT line.id, bool_or(h.date_to IS NULL), max(h.date_to)
      FROM account_move_line line
      JOIN res_partner contact ON contact.id = line.partner_id
      JOIN LATERAL (
          SELECT date_from, date_to, ended_on, reason FROM cobranca_hold WHERE line_id = line.id
          UNION ALL
          SELECT date_from, date_to, ended_on, reason FROM cobranca_hold
           WHERE line_id IS NULL AND company_id = line.company_id
             AND partner_id = COALESCE(contact.commercial_partner_id, contact.id)
      ) h ON h.reason NOT IN ('callback', 'already_paid') AND %(live)s
     WHERE line.id = ANY(%(lines)s)
     GROUP BY line.id
"""
LEVELS = """
    SELECT notice.line_id, notice.level_id
      FROM cobranca_dunning_notice notice
      JOIN cobranca_dunning_level level ON level.id = notice.level_id
     WHERE notice.line_id = ANY(%(lines)s)
     ORDER BY level.is_event DESC, level.days, level.id
"""
READ = ("cobranca.interaction", "cobranca.promise", "cobranca.hold", "res.partner", "account.move.line")


class CobrancaCaseFacts(models.AbstractModel):
    """What decides the turn of debtors, read for many of them by a few queries."""

    _name = "cobranca.case.facts"
    _description = "Facts of Customers in Collection"

    # === BUSINESS METHODS === #

    @api.model
    def _get_owed(self, company, partner_ids):
        """What some debtors owe, late, today.

        :return: {(id of the debtor, id of the currency): Owed}
        """
        today = company._cobranca_today()
        lines = self.env["account.move.line"]._cobranca_search_open_lines(
            company,
            today,
            SQL("partner.id = ANY(%s)", list(partner_ids)),
            SQL("COALESCE(line.date_maturity, line.date) < %s", today),
        )
        grouped = defaultdict(dict)
        for line, debt in lines._cobranca_read_debts(today).items():
            if debt.days_late:
                grouped[line.partner_id.commercial_partner_id.id, line.currency_id.id][line] = debt
        home = company.currency_id.id
        return {key: self._sum_up(debts, key[1] == home) for key, debts in grouped.items()}

    @api.model
    def _sum_up(self, debts, is_home):
        """:param bool is_home: in the company's currency; else without charges, as they are computed there"""
        original = sum(Decimal(f"{line.amount_residual_currency:.2f}") for line in debts)
        return Owed(
            lines=self.env["account.move.line"].union(*debts),
            amount=sum(debt.charges.total for debt in debts.values()) if is_home else original,
            original=original,
            days=max(debt.days_late for debt in debts.values()),
        )

    @api.model
    def _get_levels(self, owed):
        """The highest step that the late lines of each debtor have reached; days tell more than events.

        :param owed: as `_get_owed` gives it
        :return: {key of owed: id of the step}
        """
        lines = {line: key for key, item in owed.items() for line in item.lines.ids}
        if not lines:
            return {}
        self.env["cobranca.dunning.notice"].flush_model()
        rows = self.env.execute_query(SQL(LEVELS, lines=list(lines)))
        # The highest comes last.
        return {lines[line]: level for line, level in rows}

    @api.model
    def _get_turns(self, company, owed):
        """When each of these debtors is spoken to, and why.

        :param owed: as `_get_owed` gives it
        :return: {key of owed: (tools.desk.Turn, Said, id of the segment)}
        """
        for model in READ:
            self.env[model].flush_model()
        debtors = sorted({partner for partner, _currency in owed})
        everything = self.env["account.move.line"].union(*(item.lines for item in owed.values()))
        said, segments = self._get_said(company, debtors), self._get_segments(company, debtors)
        pauses, prescribed = self._get_pauses(company, everything), self._get_prescribed(company, everything)
        now = company._cobranca_local(fields.Datetime.now()).replace(tzinfo=None)
        today = now.date()
        holidays = self.env["cobranca.holiday"]._get_holidays(
            company, today - timedelta(days=HOLIDAY_DAYS), today + timedelta(days=HOLIDAY_DAYS)
        )
        turns = {}
        for key, item in owed.items():
            words, segment = said.get(key[0], NOTHING_SAID), segments.get(key[0])
            facts = self._prepare_facts(company, item, words, segment, pauses, prescribed)
            turns[key] = (desk.turn(facts, now, holidays), words, segment[0] if segment else False)
        return turns

    @api.model
    def _prepare_facts(self, company, item, said, segment, pauses, prescribed):
        """:return: tools.desk.Facts"""

        def local(moment):
            return moment and company._cobranca_local(moment).replace(tzinfo=None)

        asked = [line for line in item.lines.ids if line not in prescribed]
        paused = [pauses[line] for line in asked if line in pauses]
        is_paused = bool(asked) and len(paused) == len(asked)
        return desk.Facts(
            amount=item.amount,
            days_late=item.days,
            high_amount=Decimal(str(company.cobranca_desk_high_amount)),
            contact=said.moment and desk.Contact(local(said.moment), said.outcome, local(said.next_at)),
            replied_at=local(said.replied_at),
            broken_at=local(said.broken_at),
            promise_day=said.promise_day,
            promise_limit=said.promise_limit,
            is_paused=is_paused,
            paused_to=min((day for day in paused if day), default=None) if is_paused else None,
            is_prescribed=not asked,
            weight=segment[1] if segment else 100,
        )

    @api.model
    def _get_said(self, company, debtors):
        """The last words of and to each debtor.

        :return: {id: Said}, moments in UTC
        """

        def last(condition):
            return SQL(
                """
                SELECT date, outcome, next_date FROM cobranca_interaction
                 WHERE partner_id = debtor.id AND company_id = %s AND retracted_on IS NULL AND %s
                 ORDER BY date DESC, id DESC LIMIT 1
                """,
                company.id,
                condition,
            )

        rows = self.env.execute_query(
            SQL(
                SAID,
                debtors=debtors,
                company=company.id,
                contact=last(SQL("channel <> 'system' AND outcome <> 'replied'")),
                reply=last(SQL("outcome = 'replied'")),
                verdict=last(SQL("outcome IN ('kept', 'broken')")),
            )
        )
        return {row[0]: Said(*row[1:]) for row in rows}

    @api.model
    def _get_pauses(self, company, lines):
        """:return: {id of a line that may not be asked for today: last day of the pause, None when nobody knows}"""
        live = self.env["cobranca.hold"]._get_live_condition(company._cobranca_today(), "h")
        rows = self.env.execute_query(SQL(PAUSES, live=live, lines=lines.ids))
        return {line: None if is_endless else day for line, is_endless, day in rows}

    @api.model
    def _get_prescribed(self, company, lines):
        """:return: ids of the lines that may not be demanded any more"""
        today = company._cobranca_today()
        oldest = self.env["cobranca.prescription"]._get_oldest_due(today)
        old = lines.filtered(lambda line: (line.date_maturity or line.date) < oldest)
        return {line.id for line, day in old._cobranca_get_prescriptions().items() if day <= today}

    @api.model
    def _get_segments(self, company, debtors):
        """:return: {id of the debtor: (id of his segment, its weight in percent)}"""
        rows = self.env["cobranca.behavior"].search_fetch(
            [("company_id", "=", company.id), ("partner_id", "in", debtors), ("segment_id", "!=", False)],
            ["partner_id", "segment_id"],
        )
        return {row.partner_id.id: (row.segment_id.id, row.segment_id.queue_weight) for row in rows}

    @api.model
    def _get_collectors(self, company, partners):
        """Who works each debtor: whom his running contract names, else his salesperson. Later addons may decide.

        :return: {id of the debtor: res.users}
        """
        contracts = self.env["cobranca.contract"].search_fetch(
            [
                ("company_id", "=", company.id),
                ("commercial_partner_id", "in", partners.ids),
                ("state", "=", "active"),
            ],
            ["commercial_partner_id", "collector_id"],
            order="id desc",
        )
        found = {
            contract.commercial_partner_id.id: contract.collector_id for contract in contracts if contract.collector_id
        }
        return {
            partner.id: user
            for partner in partners
            if (user := found.get(partner.id) or partner.user_id) and user.active and company in user.company_ids
        }
