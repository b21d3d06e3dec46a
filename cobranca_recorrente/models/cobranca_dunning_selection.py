from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..tools import calendar, ladder, ladder_plan

READ = ("account.move.line", "account.move", "account.account", "res.partner", "cobranca.hold", "cobranca.message")
READ += ("cobranca.dunning.notice", "cobranca.promise", "cobranca.promise.line", "account.payment")
# All open lines of debtors who have a step to claim, with what may keep each of them from it.
LINES = """
WITH item AS MATERIALIZED (%(open)s), noted AS (
    SELECT notice.line_id, max(level.days) FILTER (WHERE level.days <= 0) AS before,
           max(level.days) FILTER (WHERE level.days > 0) AS after
      FROM cobranca_dunning_notice notice
      JOIN cobranca_dunning_level level ON level.id = notice.level_id AND level.trigger = 'days'
     WHERE notice.company_id = %(company)s AND %(noted_of)s AND %(is_taken)s
     GROUP BY notice.line_id
), event AS (
    SELECT DISTINCT ON (found.line_id) found.line_id, found.trigger, found.source
      FROM (%(events)s) found(line_id, trigger, source, rank)
     WHERE NOT EXISTS (
        SELECT 1 FROM cobranca_dunning_notice notice
          JOIN cobranca_dunning_level level ON level.id = notice.level_id
         WHERE notice.line_id = found.line_id AND notice.source = found.source AND level.trigger = found.trigger
           AND %(is_taken)s)
     ORDER BY found.line_id, found.rank, found.source DESC
), step AS MATERIALIZED (
    SELECT item.*, item.due <= %(late)s AS is_late, COALESCE(answer.level, %(step)s) AS level,
           CASE WHEN answer.level IS NULL THEN 0 ELSE event.source END AS source
      FROM item
      LEFT JOIN noted ON noted.line_id = item.id
      LEFT JOIN event ON event.line_id = item.id AND item.due <= %(late)s
      LEFT JOIN (%(answers)s) answer(ladder, trigger, level)
             ON answer.ladder = item.ladder AND answer.trigger = event.trigger
), held AS (
    SELECT DISTINCT ON (line_id, partner_id) line_id, partner_id, reason FROM cobranca_hold hold
     WHERE hold.company_id = %(company)s AND %(live)s ORDER BY line_id, partner_id, id
), chosen AS (SELECT DISTINCT debtor, currency FROM step WHERE level IS NOT NULL)
SELECT step.debtor, step.currency, step.id, step.due, step.residual::text, step.home::text, step.is_late, step.level,
       step.ladder, step.source, step.is_blocked, COALESCE(of_line.reason, of_debtor.reason),
       CASE WHEN step.is_late THEN %(wait)s END, billed.responsible
  FROM step
  JOIN chosen ON chosen.debtor = step.debtor AND chosen.currency = step.currency
  JOIN account_move_line line ON line.id = step.id
  JOIN account_move move ON move.id = step.move_id
  JOIN res_partner partner ON partner.id = step.debtor
  LEFT JOIN held of_line ON of_line.line_id = step.id
  LEFT JOIN held of_debtor ON of_debtor.line_id IS NULL AND of_debtor.partner_id = step.debtor
  LEFT JOIN LATERAL (
        SELECT min(contract.responsible_id) AS responsible
          FROM cobranca_contract_period period JOIN cobranca_contract contract ON contract.id = period.contract_id
         WHERE period.move_id = step.move_id
       ) billed ON TRUE
 WHERE step.is_late OR step.level IS NOT NULL
 ORDER BY step.debtor, step.currency, step.due, step.id
"""
COLUMNS = """
    line.id, line.move_id, partner.id AS debtor, line.currency_id AS currency,
    COALESCE(line.date_maturity, line.date) AS due, line.amount_residual_currency AS residual,
    line.amount_residual AS home, line.no_followup IS TRUE AS is_blocked, %s AS ladder
"""
EVENTS = {
    "broken_promise": """
        SELECT item.line_id, 'broken_promise', promise.id, 1
          FROM cobranca_promise promise JOIN cobranca_promise_line item ON item.promise_id = promise.id
         WHERE promise.company_id = %(company)s AND promise.state = 'broken'
           AND promise.decided_on BETWEEN %(first)s AND %(day)s""",
    "bounced_payment": """
        SELECT item.id, 'bounced_payment', payment.id, 2
          FROM account_payment payment JOIN res_partner payer ON payer.id = payment.partner_id
          JOIN item ON item.debtor = COALESCE(payer.commercial_partner_id, payer.id)
         WHERE payment.company_id = %(company)s AND payment.cobranca_charged_back_on BETWEEN %(first)s AND %(day)s""",
    "returned_mail": """
        SELECT item.id, 'returned_mail', message.id, 3
          FROM cobranca_message message JOIN item ON item.debtor = message.partner_id
         WHERE message.company_id = %(company)s AND message.state = 'undelivered' AND message.reason = 'bounced'
           AND message.channel = 'email' AND message.date BETWEEN %(first)s AND %(day)s""",
}
TAKEN = """
    COALESCE(notice.message_id NOT IN (
        SELECT id FROM cobranca_message WHERE company_id = %s AND state IN ('review', 'queued') AND date <= %s), TRUE)
"""
NO_EVENT = "SELECT 0, '', 0, 0 WHERE FALSE"
NO_ANSWER = "SELECT 0, '', 0 WHERE FALSE"


class CobrancaDunningSelection(models.AbstractModel):
    """Who gets what on a day, and why not: read by a few queries, decided by `tools.ladder_plan`, nothing written."""

    _name = "cobranca.dunning.selection"
    _inherit = ["cobranca.dunning.people"]
    _description = "Selection of a Dunning Run"

    # === BUSINESS METHODS === #

    @api.model
    def _select(self, company, date, partners=None, as_active=None, entry=None):
        """What the ladders of a company do on a day.

        Reads only: a simulation in a READ ONLY transaction and the run itself get the same.

        :param company: res.company
        :param date date: of the run
        :param partners: res.partner, only these debtors; None = all
        :param as_active: cobranca.dunning.policy that are looked at as if they were running
        :param dict entry: how they are started: attributes of tools.ladder.Ladder in place of their own
        :return: tools.ladder_plan.Plan
        """
        plan = ladder_plan.Plan(date)
        found = self._read_lines(company, date, partners, as_active, entry)
        if not found:
            return plan
        contacts = self._get_contacts(company, date, self._get_responsibles(found))
        for (debtor, currency), rows in found.items():
            lines = [line for line, _responsible in rows]
            if decision := ladder_plan.decide(date, debtor, currency, lines, contacts[debtor]):
                plan.add(decision)
        return plan

    @api.model
    def _read_lines(self, company, date, partners, as_active=None, entry=None):
        """The lines of debtors who have a step to claim.

        :return: {(id of the debtor, id of the currency): [(tools.ladder_plan.Line, id of the responsible or None)]}
        """
        ladders = self._get_ladders(company, date, as_active, entry)
        if not any(item.levels for item in ladders.values()):
            return {}
        for model in READ:
            self.env[model].flush_model()
        levels = {level.key: level for item in ladders.values() for level in item.levels}
        holidays = self._get_holidays(company, date)
        quiet = {
            key
            for key, item in ladders.items()
            if item.state == "active" and not ladder.is_sending_day(date, holidays, item.rule)
        }
        rows = self.env.execute_query(self._get_lines_query(company, date, ladders, holidays, partners))
        oldest = self._oldest(date)
        prescribed = self._find_prescribed(date, [row[2] for row in rows if row[3] < oldest])
        states = {key: "not_business_day" if key in quiet else item.state for key, item in ladders.items()}
        found = defaultdict(list)
        for row in rows:
            debtor, currency, key, due, residual, home, is_late, level, policy, source, *facts, responsible = row
            item = ladders.get(policy)
            reason, detail = self._get_line_reason(states.get(policy, "observing"), key in prescribed, facts)
            if not level and (reason or not item):
                continue  # it would only be listed
            line = ladder_plan.Line(
                key=key,
                due=due,
                residual=Decimal(residual),
                home=Decimal(home),
                is_late=is_late,
                level=levels.get(level),
                ladder=item,
                source=source,
                reason=reason,
                detail=detail,
            )
            found[debtor, currency].append((line, responsible))
        return found

    @api.model
    def _get_ladders(self, company, date, as_active=None, entry=None):
        """The ladders of a company with the state that they have on a day.

        :return: {id: tools.ladder.Ladder}
        """
        ladders = {}
        for item, _criteria in self.env["cobranca.dunning.policy"]._get_ladders(company.id):
            is_as_active = bool(as_active) and item.key in as_active.ids
            values = {"state": ladder.ACTIVE, **(entry or {})} if is_as_active else {"state": item.state_on(date)}
            ladders[item.key] = replace(item, **values)
        return ladders

    @api.model
    def _get_line_reason(self, state, is_prescribed, facts):
        """Why a line is left out, the first that applies.

        :param state: of its ladder on that day
        :param facts: is_blocked, reason of the pause, what makes it wait
        :return: (reason, detail)
        """
        is_blocked, held, wait = facts
        if state != "active":
            return state, None
        if is_blocked:
            return "blocked", None
        if is_prescribed:
            return "prescribed", None
        return ("held", held) if held else (wait, None)

    @api.model
    def _get_holidays(self, company, date):
        around = timedelta(days=calendar.LONGEST_CLOSURE + ladder.WEEK)
        return self.env["cobranca.holiday"]._get_holidays(company, date - around, date + around)

    @api.model
    def _oldest(self, date):
        return self.env["cobranca.prescription"]._get_oldest_due(date)

    @api.model
    def _find_prescribed(self, date, line_ids):
        """:return: set of ids of the old lines that may not be demanded any more"""
        lines = self.env["account.move.line"].browse(line_ids)
        return {line.id for line, day in lines._cobranca_get_prescriptions().items() if day <= date}

    @api.model
    def _get_responsibles(self, found):
        """Who receives in place of a debtor: whom the contracts of all his lines name, if they agree.

        :return: {id of the debtor: id of the responsible or None}
        """
        named = defaultdict(set)
        for (debtor, _currency), rows in found.items():
            named[debtor].update(responsible for _line, responsible in rows)
        return {debtor: next(iter(people)) if len(people) == 1 else None for debtor, people in named.items()}

    # --- query ---

    @api.model
    def _get_lines_query(self, company, date, ladders, holidays, partners):
        late = ladder.late_until(date, holidays)
        columns = SQL(COLUMNS, self.env["cobranca.dunning.policy"]._get_choice(company))
        opened = self.env["account.move.line"]._cobranca_get_open_lines_query(company, date, columns=columns)
        noted_of = SQL("TRUE")
        if partners is not None:
            opened = SQL("%s AND partner.id = ANY(%s)", opened, partners.ids)
            noted_of = SQL("notice.partner_id = ANY(%s)", partners.ids)
        events, answers = self._get_events(company, date, ladders)
        return SQL(
            LINES,
            open=opened,
            company=company.id,
            noted_of=noted_of,
            is_taken=self._get_taken_condition(company, date),
            events=events,
            answers=answers,
            late=late,
            step=self._get_step_expression(ladders, date, holidays, late),
            live=self.env["cobranca.hold"]._get_live_condition(date, "hold"),
            wait=self.env["cobranca.paid.guard"]._get_wait_case(company, date, partners),
        )

    @api.model
    def _get_taken_condition(self, company, date):
        """A step counts as taken, unless its message grew too old before it left: the run gives such a step back
        first, and a simulation of its day has to see the same.

        :return: SQL over `notice`
        """
        too_old = min(date, company._cobranca_today()) - timedelta(days=ladder.WEEK)
        return SQL(TAKEN, company.id, too_old)

    @api.model
    def _get_events(self, company, date, ladders):
        """What happened lately, and the steps that answer it; nothing is read for events without a step.

        :return: (SQL of rows line, trigger, source, rank; SQL of rows ladder, trigger, level)
        """
        answers = [
            (item.key, level.trigger, level.key)
            for item in ladders.values()
            for level in item.levels
            if level.trigger != ladder.DAYS
        ]
        queries = self._get_event_queries(company, date)
        asked = sorted({trigger for _ladder, trigger, _level in answers} & queries.keys())
        if not asked:
            return SQL(NO_EVENT), SQL(NO_ANSWER)
        rows = SQL(", ").join(SQL("(%s, %s, %s)", *answer) for answer in answers)
        return SQL(" UNION ALL ").join(queries[trigger] for trigger in asked), SQL("VALUES %s", rows)

    @api.model
    def _get_event_queries(self, company, date):
        """{trigger: SQL of rows line, trigger, source, rank} of events on lines of `item`; later addons add theirs."""
        first = date - ladder.EVENT_DAYS * ladder.ONE_DAY
        return {trigger: SQL(query, company=company.id, first=first, day=date) for trigger, query in EVENTS.items()}

    @api.model
    def _get_step_expression(self, ladders, date, holidays, late):
        """The step of each line as SQL: `tools.ladder.step` for many lines at once.

        Speaks of `item` (due, ladder) and `noted` (before, after: highest days claimed).
        """
        cases = [
            SQL(
                "WHEN %s THEN CASE WHEN item.due <= %s THEN %s ELSE %s END",
                item.key,
                late,
                self._get_after(item, ladder.cutoff(date, holidays, item.rule)),
                self._get_before(item, ladder.cutoff(date, holidays, item.rule)),
            )
            for item in ladders.values()
            if item.levels
        ]
        return SQL("CASE item.ladder %s ELSE NULL END", SQL(" ").join(cases))

    @api.model
    def _get_before(self, item, reach):
        """The latest reminder that is reached, unless it or a later one was claimed."""
        cases = [
            SQL(
                "WHEN item.due <= %s THEN CASE WHEN noted.before IS NULL OR noted.before < %s THEN %s END",
                reach - level.days * ladder.ONE_DAY,
                level.days,
                level.key,
            )
            for level in reversed(item.before())
        ]
        return SQL("CASE %s END", SQL(" ").join(cases)) if cases else SQL("NULL::int4")

    @api.model
    def _get_after(self, item, reach):
        """The next notice after those that were claimed; without any, where the entry rule says."""
        steps = [(level, reach - level.days * ladder.ONE_DAY) for level in item.after()]
        if not steps:
            return SQL("NULL::int4")
        following = [
            SQL("WHEN noted.after < %s THEN CASE WHEN item.due <= %s THEN %s END", level.days, day, level.key)
            for level, day in steps
        ]
        entry = steps[:1] if item.entry == ladder.FIRST else steps[::-1]
        chosen = [pair for pair in steps if item.entry == ladder.CHOSEN and pair[0].key == item.entry_level]
        entering = [SQL("WHEN item.due <= %s THEN %s", day, level.key) for level, day in (*chosen, *entry)]
        if item.entry == ladder.NONE and item.date_from:
            entering = [SQL("WHEN item.due < %s THEN NULL", item.date_from), *entering]
        return SQL(
            "CASE WHEN noted.after IS NULL THEN CASE %s END ELSE CASE %s END END",
            SQL(" ").join(entering),
            SQL(" ").join(following),
        )
