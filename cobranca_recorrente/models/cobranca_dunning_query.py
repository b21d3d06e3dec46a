from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..tools import ladder

READ = ("account.move.line", "account.move", "account.account", "res.partner", "cobranca.hold", "cobranca.message")
READ += ("cobranca.dunning.notice", "cobranca.promise", "cobranca.promise.line", "account.payment")
# All open lines of debtors who have a step to claim, with what may keep each of them from it.
LINES = """
WITH noted AS (
    SELECT notice.line_id, max(level.days) FILTER (WHERE level.days <= 0) AS before,
           max(level.days) FILTER (WHERE level.days > 0) AS after
      FROM cobranca_dunning_notice notice
      JOIN cobranca_dunning_level level ON level.id = notice.level_id AND level.trigger = 'days'
     WHERE notice.company_id = %(company)s AND %(noted_of)s AND %(is_taken)s
     GROUP BY notice.line_id
-- Joined to the table of lines, whose rows PostgreSQL can count, and not to what was already selected.
), item AS MATERIALIZED (
    SELECT opened.*, noted.before, noted.after FROM (%(open)s) opened LEFT JOIN noted ON noted.line_id = opened.id
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
OF_STEP = ("step.id", "step.move_id", "step.due")
COLUMNS = """
    line.id, line.move_id, partner.id AS debtor, line.currency_id AS currency,
    COALESCE(line.date_maturity, line.date) AS due, line.amount_residual_currency AS residual,
    line.amount_residual AS home, line.no_followup IS TRUE AS is_blocked, %s AS ladder
"""
BROKEN_PROMISE = """
        SELECT item.line_id, 'broken_promise', promise.id, 1
          FROM cobranca_promise promise JOIN cobranca_promise_line item ON item.promise_id = promise.id
         WHERE promise.company_id = %(company)s AND promise.state = 'broken'
           AND promise.decided_on BETWEEN %(first)s AND %(day)s"""
BOUNCED_PAYMENT = """
        SELECT item.id, 'bounced_payment', payment.id, 2
          FROM account_payment payment JOIN res_partner payer ON payer.id = payment.partner_id
          JOIN item ON item.debtor = COALESCE(payer.commercial_partner_id, payer.id)
         WHERE payment.company_id = %(company)s AND payment.cobranca_charged_back_on BETWEEN %(first)s AND %(day)s"""
RETURNED_MAIL = """
        SELECT item.id, 'returned_mail', message.id, 3
          FROM cobranca_message message JOIN item ON item.debtor = message.partner_id
         WHERE message.company_id = %(company)s AND message.state = 'undelivered' AND message.reason = 'bounced'
           AND message.channel = 'email' AND message.date BETWEEN %(first)s AND %(day)s"""
TAKEN = """
    COALESCE(notice.message_id NOT IN (
        SELECT id FROM cobranca_message WHERE company_id = %s AND state IN ('review', 'queued') AND date <= %s), TRUE)
"""
NO_EVENT = "SELECT 0, '', 0, 0 WHERE FALSE"
NO_ANSWER = "SELECT 0, '', 0 WHERE FALSE"


class CobrancaDunningQuery(models.AbstractModel):
    """The one query that finds the open amounts with a step to take, and what may keep them from it."""

    _name = "cobranca.dunning.query"
    _description = "Query of a Dunning Run"

    # === BUSINESS METHODS === #

    @api.model
    def _get_lines_query(self, company, date, ladders, holidays, partners):
        late = ladder.late_until(date, holidays)
        columns = self._get_columns(company)
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
            wait=self.env["cobranca.paid.guard"]._get_wait_case(company, date, partners, of=OF_STEP),
        )

    @api.model
    def _get_columns(self, company):
        """What is read of each open line, with the ladder that it is on; over the aliases of the open lines.

        :return: SQL
        """
        return SQL(COLUMNS, self.env["cobranca.dunning.policy"]._get_choice(company))

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
        known = {"company": company.id, "first": first, "day": date}
        # Its debts are paused at first, so that somebody can speak with the customer.
        paused = {**known, "first": first - ladder.WEEK * 2 * ladder.ONE_DAY}
        return {
            "broken_promise": SQL(BROKEN_PROMISE, **known),
            "bounced_payment": SQL(BOUNCED_PAYMENT, **paused),
            "returned_mail": SQL(RETURNED_MAIL, **known),
        }

    @api.model
    def _get_step_expression(self, ladders, date, holidays, late):
        """The step of each line as SQL: `tools.ladder.step` for many lines at once.

        Speaks of `item`: due, ladder, and the highest days claimed `before` and `after` the due date.
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
                "WHEN item.due <= %s THEN CASE WHEN item.before IS NULL OR item.before < %s THEN %s END",
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
            SQL("WHEN item.after < %s THEN CASE WHEN item.due <= %s THEN %s END", level.days, day, level.key)
            for level, day in steps
        ]
        entry = steps[:1] if item.entry == ladder.FIRST else steps[::-1]
        chosen = [pair for pair in steps if item.entry == ladder.CHOSEN and pair[0].key == item.entry_level]
        entering = [SQL("WHEN item.due <= %s THEN %s", day, level.key) for level, day in (*chosen, *entry)]
        if item.entry == ladder.NONE and item.date_from:
            entering = [SQL("WHEN item.due < %s THEN NULL", item.date_from), *entering]
        return SQL(
            "CASE WHEN item.after IS NULL THEN CASE %s END ELSE CASE %s END END",
            SQL(" ").join(entering),
            SQL(" ").join(following),
        )
