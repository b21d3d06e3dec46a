from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..tools import ladder
from .cobranca_dunning_query import READ

# Each open amount on its ladder, at the last step that was claimed for it; else at the one that it would take next.
PLACED = """
WITH noted AS (
    SELECT notice.line_id, max(level.days) FILTER (WHERE level.days <= 0) AS before,
           max(level.days) FILTER (WHERE level.days > 0) AS after
      FROM cobranca_dunning_notice notice
      JOIN cobranca_dunning_level level ON level.id = notice.level_id AND level.trigger = 'days'
     WHERE notice.company_id = %(company)s
     GROUP BY notice.line_id
), item AS MATERIALIZED (
    SELECT opened.*, noted.before, noted.after FROM (%(open)s) opened LEFT JOIN noted ON noted.line_id = opened.id
), placed AS MATERIALIZED (
    SELECT item.*, item.due <= %(late)s AS is_late, %(standing)s AS level
      FROM item
     WHERE item.ladder IS NOT NULL
), top AS (
    SELECT debtor, currency, ladder, (array_agg(placed.level ORDER BY level.days DESC))[1] AS level, sum(home) AS home
      FROM placed JOIN cobranca_dunning_level level ON level.id = placed.level
     GROUP BY debtor, currency, ladder
)
"""
COUNTS = """
SELECT ladder, level, count(DISTINCT debtor), sum(home)::text FROM top GROUP BY ladder, level
"""
EVENT_COUNTS = """
SELECT placed.ladder, notice.level_id, count(DISTINCT placed.debtor), sum(placed.home)::text
  FROM placed JOIN cobranca_dunning_notice notice ON notice.line_id = placed.id AND notice.level_id = ANY(%(levels)s)
 GROUP BY placed.ladder, notice.level_id
"""
DEBTORS = """
SELECT DISTINCT debtor FROM top WHERE ladder = %(ladder)s
"""
CUSTOMER = """
SELECT debtor, currency, count(*) OVER () FROM (
    SELECT debtor, currency, sum(home) AS home FROM placed
     WHERE ladder = %(ladder)s AND %(who)s
     GROUP BY debtor, currency
) found
 ORDER BY home DESC, debtor, currency LIMIT 1 OFFSET %(place)s
"""
LINES = """
SELECT placed.id FROM placed JOIN account_move_line line ON line.id = placed.id
 WHERE placed.debtor = %(debtor)s AND placed.currency = %(currency)s AND (placed.is_late OR placed.level = %(level)s)
   AND NOT placed.is_blocked AND %(hold)s
 ORDER BY placed.due, placed.id
"""


class CobrancaDunningStanding(models.AbstractModel):
    """At which step of its ladder each customer stands today: read only, for screens."""

    _name = "cobranca.dunning.standing"
    _description = "Customers on a Dunning Ladder"

    # === BUSINESS METHODS === #

    @api.model
    def _count_standing(self, company):
        """How many customers stand at each step, and what they owe; who stands at several counts at the highest.

        :param company: res.company
        :return: {id of the policy: {id of the level: (customers, amount in the company's currency)}}
        """
        ladders = self.env["cobranca.dunning.engine"]._get_ladders(company, company._cobranca_today())
        counts = defaultdict(dict)
        if not ladders:
            return counts
        events = [level.key for item in ladders.values() for level in item.levels if level.trigger != ladder.DAYS]
        rows = self._read_placed(company, SQL(COUNTS))
        if events:
            rows += self._read_placed(company, SQL(EVENT_COUNTS, levels=events))
        for policy, level, customers, amount in rows:
            counts[policy][level] = (customers, Decimal(amount))
        return counts

    @api.model
    def _find_standing(self, policy):
        """:return: ids of the customers who stand on a ladder"""
        return [debtor for (debtor,) in self._read_placed(policy.company_id, SQL(DEBTORS, ladder=policy.id))]

    @api.model
    def _find_customer(self, level, place):
        """A customer who stands at a step, or else another one of the ladder, as an example.

        :param level: cobranca.dunning.level
        :param int place: in the order of what they owe, from 0 on
        :return: (id of the debtor, id of the currency, number of customers, is he an example only); None = nobody
        """
        policy = level.policy_id
        neighbours = SQL("NOT is_late AND level IS NOT NULL") if level.is_before else SQL("is_late")
        candidates = ((False, self._get_who_stands(level)), (True, neighbours), (True, SQL("level IS NOT NULL")))
        for is_example, who in candidates:
            for wanted in {place: None, 0: None}:
                query = SQL(CUSTOMER, ladder=policy.id, who=who, place=wanted)
                rows = self._read_placed(policy.company_id, query)
                if rows:
                    return (*rows[0], is_example)
        return None

    @api.model
    def _get_who_stands(self, level):
        if not level.is_event:
            return SQL(
                "(debtor, currency) IN (SELECT debtor, currency FROM top WHERE ladder = %s AND level = %s)",
                level.policy_id.id,
                level.id,
            )
        return SQL("id IN (SELECT line_id FROM cobranca_dunning_notice WHERE level_id = %s)", level.id)

    @api.model
    def _find_lines(self, level, debtor, currency):
        """What a message of a step lists: what is late, and what takes this very step.

        :return: account.move.line
        """
        company = level.company_id
        hold = self.env["cobranca.hold"]._get_hold_condition(company._cobranca_today(), "line")
        values = {"level": level.id, "debtor": debtor, "currency": currency}
        rows = self._read_placed(company, SQL(LINES, hold=hold, **values))
        rows = rows or self._read_placed(company, SQL(LINES, hold=SQL("TRUE"), **values))
        return self.env["account.move.line"].browse([line for (line,) in rows])

    # --- query ---

    @api.model
    def _read_placed(self, company, query):
        """Run a query, SQL over `placed` and `top`."""
        for model in READ:
            self.env[model].flush_model()
        date = company._cobranca_today()
        engine = self.env["cobranca.dunning.engine"]
        holidays = engine._get_holidays(company, date)
        late = ladder.late_until(date, holidays)
        columns = engine._get_columns(company)
        opened = self.env["account.move.line"]._cobranca_get_open_lines_query(company, date, columns=columns)
        placed = SQL(
            PLACED,
            open=opened,
            company=company.id,
            late=late,
            standing=self._get_standing_expression(engine._get_ladders(company, date), date, holidays, late),
        )
        return self.env.execute_query(SQL("%s %s", placed, query))

    @api.model
    def _get_standing_expression(self, ladders, date, holidays, late):
        """The step at which each line stands, as SQL over `item`."""
        cases = []
        for item in ladders.values():
            reach = ladder.cutoff(date, holidays, item.rule)
            after, before = self._get_place_after(item, reach), self._get_place_before(item, reach)
            place = SQL("CASE WHEN item.due <= %s THEN %s ELSE %s END", late, after, before)
            cases.append(SQL("WHEN %s THEN %s", item.key, place))
        return SQL("CASE item.ladder %s ELSE NULL END", SQL(" ").join(cases)) if cases else SQL("NULL::int4")

    @api.model
    def _get_place_after(self, item, reach):
        """What is late: the last notice; without one, where it would enter."""
        cases = [SQL("WHEN item.after >= %s THEN %s", level.days, level.key) for level in reversed(item.after())]
        entering = self.env["cobranca.dunning.engine"]._get_after(item, reach)
        return SQL("CASE %s ELSE %s END", SQL(" ").join(cases), entering) if cases else entering

    @api.model
    def _get_place_before(self, item, reach):
        """What is not late: the latest reminder that is reached, whether it was sent or not."""
        cases = [
            SQL("WHEN item.due <= %s THEN %s", reach - level.days * ladder.ONE_DAY, level.key)
            for level in reversed(item.before())
        ]
        return SQL("CASE %s END", SQL(" ").join(cases)) if cases else SQL("NULL::int4")
