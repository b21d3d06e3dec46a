from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import calendar
from .cobranca_message_states import REACHED

# How far back payments tell something about the payer, and what counts as lately.
MONTHS, LATELY = 24, 90
# Contacts of which the customer knows nothing.
UNHEARD = ("no_answer", "wrong_contact")
QUERY = """
    WITH moved AS MATERIALIZED (%(moved)s),
    reminded AS MATERIALIZED (%(reminded)s),
    replaced AS MATERIALIZED (%(replaced)s),
    lines AS MATERIALIZED (
        SELECT line.id, move.commercial_partner_id AS partner_id, line.date_maturity AS due, moved.moved,
               line.balance AS amount, line.amount_residual AS open,
               replaced.day AS replaced_on, replaced.amount AS replaced
          FROM account_move_line line
          JOIN account_move move ON move.id = line.move_id
          JOIN account_account account ON account.id = line.account_id
          JOIN moved ON moved.due = line.date_maturity
          LEFT JOIN replaced ON replaced.line_id = line.id
         WHERE line.company_id = %(company)s
           AND line.parent_state = 'posted'
           AND account.account_type = 'asset_receivable'
           AND account.non_trade IS NOT TRUE
           AND line.balance > 0
           AND line.display_type = 'payment_term'
           AND move.move_type IN ('out_invoice', 'out_receipt')
           AND move.commercial_partner_id IS NOT NULL
           AND line.date_maturity >= %(since)s
           AND line.date_maturity < %(today)s
           AND (replaced.line_id IS NULL OR replaced.day > moved.moved)
           AND %(only)s
    ),
    payments AS (%(payments)s),
    parts AS (
        SELECT lines.id, lines.partner_id, lines.due, payments.day, payments.amount,
               GREATEST(payments.day - lines.moved, 0) AS delay
          FROM lines
          JOIN payments ON payments.line_id = lines.id
         UNION ALL
        SELECT lines.id, lines.partner_id, lines.due, NULL, lines.open,
               GREATEST(%(today)s::date - lines.moved, 0)
          FROM lines
         WHERE lines.open > 0
         UNION ALL
        SELECT lines.id, lines.partner_id, lines.due, NULL, lines.replaced, lines.replaced_on - lines.moved
          FROM lines
         WHERE lines.replaced_on IS NOT NULL
    ),
    titles AS (
        SELECT lines.id, lines.partner_id, lines.open,
               COALESCE(max(parts.delay), 0) AS delay,
               max(parts.day) AS paid_on,
               CASE WHEN lines.open > 0 THEN %(today)s::date - lines.moved END AS overdue,
               lines.open = 0 AND lines.replaced_on IS NULL AS is_paid,
               bool_or(reminded.line_id IS NOT NULL AND reminded.reminded_on <= parts.day) AS is_reminded
          FROM lines
          LEFT JOIN parts ON parts.id = lines.id
          LEFT JOIN reminded ON reminded.line_id = lines.id
         GROUP BY lines.id, lines.partner_id, lines.open, lines.moved, lines.replaced_on
    ),
    delays AS (
        SELECT partner_id,
               sum(delay * amount) / NULLIF(sum(amount), 0) AS average,
               sum(delay * amount) FILTER (WHERE due >= %(lately)s)
                   / NULLIF(sum(amount) FILTER (WHERE due >= %(lately)s), 0) AS recent,
               sum(delay * amount) FILTER (WHERE due < %(lately)s)
                   / NULLIF(sum(amount) FILTER (WHERE due < %(lately)s), 0) AS earlier,
               max(day) AS last_payment
          FROM parts
         GROUP BY partner_id
    )
    SELECT titles.partner_id,
           count(*) AS invoice_count,
           count(*) FILTER (WHERE titles.delay > 0) AS late_count,
           round(100.0 * count(*) FILTER (WHERE titles.delay > 0) / count(*), 1) AS late_percent,
           COALESCE(round(
               100.0 * count(*) FILTER (WHERE titles.delay > 0 AND titles.is_paid AND titles.is_reminded IS NOT TRUE)
               / NULLIF(count(*) FILTER (WHERE titles.delay > 0 AND titles.is_paid), 0), 1), 0) AS alone_percent,
           COALESCE(round(max(delays.average), 1), 0) AS average_delay,
           max(titles.delay) AS worst_delay,
           COALESCE(round(max(delays.recent), 1), 0) AS recent_delay,
           COALESCE(round(max(delays.earlier), 1), 0) AS earlier_delay,
           COALESCE(sum(titles.open) FILTER (WHERE titles.overdue > 0), 0) AS overdue_amount,
           GREATEST(max(titles.overdue), 0) AS overdue_days,
           max(delays.last_payment) AS last_payment
      FROM titles
      LEFT JOIN delays ON delays.partner_id = titles.partner_id
     GROUP BY titles.partner_id
"""


class CobrancaBehaviorFigures(models.AbstractModel):
    """The figures of payers, from the ledger alone."""

    _name = "cobranca.behavior.figures"
    _description = "Figures of Payment Behavior"

    @api.model
    def _get_figures_query(self, company, today, partners=None):
        """The figures of each customer, from posted receivable lines and what was paid of them.

        :return: SQL, one row for each commercial partner
        """
        return SQL(
            QUERY,
            company=company.id,
            today=today,
            since=fields.Date.subtract(today, months=MONTHS),
            lately=fields.Date.subtract(today, days=LATELY),
            only=self._get_only(SQL.identifier("move", "commercial_partner_id"), partners),
            moved=self._get_moved_query(company, today),
            reminded=self._get_reminded_query(company),
            replaced=self.env["account.move.line"]._cobranca_get_replaced_query(company),
            payments=self._get_payments_query(),
        )

    @api.model
    def _get_payments_query(self):
        """What customers paid of the invoices that are looked at, which the query calls `lines`.

        :return: SQL of rows (line_id, day, amount)
        """
        return SQL(
            """
            SELECT lines.id AS line_id, partial.max_date AS day, partial.amount
              FROM lines
              JOIN account_partial_reconcile partial ON partial.debit_move_id = lines.id
              JOIN account_move_line credit ON credit.id = partial.credit_move_id
              JOIN account_journal journal ON journal.id = credit.journal_id
             WHERE journal.type IN ('bank', 'cash', 'credit')
            """
        )

    @api.model
    def _get_moved_query(self, company, today):
        """On which day each due date must be paid at the latest, by the bank calendar of the company.

        :return: SQL of rows (due, moved)
        """
        first = fields.Date.subtract(today, months=MONTHS)
        last = fields.Date.add(today, days=calendar.LONGEST_CLOSURE)
        holidays = self.env["cobranca.holiday"]._get_holidays(company, first, last)
        days = [fields.Date.add(first, days=number) for number in range((today - first).days + 1)]
        return SQL(
            "SELECT due, moved FROM unnest(%s::date[], %s::date[]) AS day (due, moved)",
            days,
            [calendar.next_business_day(day, holidays) for day in days],
        )

    @api.model
    def _get_reminded_query(self, company):
        """Lines about which somebody reminded the customer, and when first.

        People do, by the contacts in which somebody heard of it, and the ladder, by the notices that left: what is
        not late yet is not asked for, and a message that came back reminded nobody.

        :return: SQL of rows (line_id, reminded_on)
        """
        return SQL(
            """
            SELECT told.line_id, min((told.moment AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date) AS reminded_on
              FROM (
                SELECT about.line_id, contact.date AS moment
                  FROM cobranca_interaction contact
                  JOIN cobranca_interaction_line_rel about ON about.interaction_id = contact.id
                 WHERE contact.company_id = %(company)s
                   AND contact.direction = 'out'
                   AND contact.channel <> 'system'
                   AND contact.outcome <> ALL(%(unheard)s)
                   AND contact.retracted_on IS NULL
                 UNION ALL
                SELECT asked.line_id, message.sent_at
                  FROM cobranca_message message
                  JOIN cobranca_message_line asked ON asked.message_id = message.id
                 WHERE message.company_id = %(company)s
                   AND message.state = ANY(%(reached)s)
                   AND message.sent_at IS NOT NULL
                   AND asked.line_id IS NOT NULL
                   AND asked.days_late > 0
              ) told
             GROUP BY told.line_id
            """,
            tz=company.cobranca_tz,
            company=company.id,
            reached=list(REACHED),
            unheard=list(UNHEARD),
        )

    @api.model
    def _get_only(self, column, partners):
        """The condition that a column names one of these customers; anybody when None."""
        return SQL("%s IN %s", column, tuple(partners.ids or [0])) if partners is not None else SQL("TRUE")
