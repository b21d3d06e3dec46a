from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.cobranca_recorrente.models.cobranca_dunning_channel import CHANNELS
from odoo.addons.cobranca_recorrente.models.cobranca_dunning_effect import DAYS
from odoo.addons.cobranca_recorrente.models.cobranca_message import STATES
from odoo.addons.cobranca_recorrente.models.cobranca_message_states import REACHED
from odoo.addons.cobranca_recorrente.tools.ladder_effect import compare

from ..tools.recovery import WINDOW

DEPENDS = {
    "account.move.line": ["balance", "amount_residual", "reconciled", "date", "date_maturity", "cobranca_paid_on"],
    "account.partial.reconcile": ["amount", "max_date", "debit_move_id", "credit_move_id"],
    "cobranca.agreement": ["date", "ended_on"],
    "cobranca.agreement.installment": ["line_id", "mirror_line_id"],
    "cobranca.agreement.origin": ["line_id", "is_live"],
    "cobranca.dunning.level": ["policy_id"],
    "cobranca.dunning.notice": ["line_id", "level_id", "date", "message_id", "is_control"],
    "cobranca.message": ["state", "channel"],
}
# The step after one is the next that was sent about the same title. What an agreement closed was not paid, and the
# money of a broken one counts on the debts that its installments stood for; that a step got an installment paid stays
# true. What is joined one to one is left out by PostgreSQL where no column of it is asked for.
STEPS = """
    WITH day AS (
        SELECT chosen.company_id, chosen.today, company.currency_id
          FROM (%(days)s) chosen
          JOIN res_company company ON company.id = chosen.company_id
    ),
    notice AS MATERIALIZED (
        SELECT notice.id, notice.company_id, notice.line_id, notice.level_id, notice.partner_id, notice.message_id,
               notice.date, notice.is_control, day.today, day.currency_id,
               message.channel, message.state AS message_state,
               message.state IS NOT NULL AND message.state = ANY(%(reached)s) AS is_reached,
               MIN(notice.date) FILTER (WHERE message.state = ANY(%(reached)s)) OVER (
                   PARTITION BY notice.line_id ORDER BY notice.date DESC, notice.id DESC
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
               ) AS next_date
          FROM cobranca_dunning_notice notice
          JOIN day ON day.company_id = notice.company_id
          LEFT JOIN cobranca_message message ON message.id = notice.message_id
         WHERE %(needed)s
    ),
    replaced AS MATERIALIZED (
        SELECT line_id, BOOL_OR(day IS NULL) AS is_void, BOOL_AND(is_paid) AS is_paid
          FROM (%(replaced)s) found
         GROUP BY line_id
    ),
    lines AS NOT MATERIALIZED (
        SELECT line.id
          FROM account_move_line line
          JOIN day ON day.company_id = line.company_id
         WHERE line.balance > 0
           AND line.amount_residual <> line.balance
           AND %(needed_lines)s
    ),
    payments AS (%(payments)s),
    paid AS (
        SELECT notice.id,
               SUM(payments.amount) FILTER (WHERE payments.day <= notice.date + 7) AS paid_7,
               SUM(payments.amount) FILTER (WHERE payments.day <= notice.date + 15) AS paid_15,
               SUM(payments.amount) FILTER (WHERE payments.day <= notice.date + 30) AS paid_30,
               SUM(payments.amount) FILTER (WHERE payments.day <= notice.date + %(window)s
                                              AND payments.day < COALESCE(notice.next_date, 'infinity')) AS recovered,
               SUM(payments.amount) FILTER (WHERE payments.day < COALESCE(notice.next_date, 'infinity')) AS before_next
          FROM notice
          JOIN payments ON payments.line_id = notice.line_id AND payments.day >= notice.date
         GROUP BY notice.id
    ),
    closed AS (
        SELECT notice.id, MAX(partial.max_date) AS day,
               SUM(partial.amount) FILTER (WHERE partial.max_date < notice.date) AS amount
          FROM notice
          JOIN account_partial_reconcile partial ON partial.debit_move_id = notice.line_id
         GROUP BY notice.id
    ),
    figure AS (
        SELECT notice.*, line.move_id, line.reconciled, COALESCE(line.date_maturity, line.date) AS due,
               GREATEST(line.balance - COALESCE(closed.amount, 0), 0) AS amount_open,
               CASE WHEN replaced.is_void THEN 0 ELSE COALESCE(paid.paid_7, 0) END AS paid_7,
               CASE WHEN replaced.is_void THEN 0 ELSE COALESCE(paid.paid_15, 0) END AS paid_15,
               CASE WHEN replaced.is_void THEN 0 ELSE COALESCE(paid.paid_30, 0) END AS paid_30,
               CASE WHEN replaced.is_void THEN 0 ELSE COALESCE(paid.recovered, 0) END AS recovered,
               COALESCE(paid.before_next, 0) AS before_next,
               notice.is_reached AND notice.date + %(window)s < notice.today AS is_judged,
               notice.date + %(days_compared)s < notice.today
                   AND (notice.is_reached OR notice.is_control IS TRUE) AS is_compared,
               line.reconciled AND closed.day <= notice.date + %(days_compared)s
                   AND COALESCE(replaced.is_paid, TRUE) AS is_paid_soon
          FROM notice
          JOIN account_move_line line ON line.id = notice.line_id
          LEFT JOIN paid ON paid.id = notice.id
          LEFT JOIN closed ON closed.id = notice.id
          LEFT JOIN replaced ON replaced.line_id = notice.line_id
    )
    SELECT figure.id, figure.company_id, figure.currency_id, level.policy_id, figure.level_id, figure.line_id,
           figure.move_id, figure.partner_id, figure.message_id, figure.channel, figure.message_state,
           COALESCE(figure.is_control, FALSE) AS is_control,
           figure.is_reached, figure.date, figure.next_date, figure.due, figure.date - figure.due AS days_late,
           figure.amount_open, figure.paid_7, figure.paid_15, figure.paid_30,
           CASE WHEN figure.is_judged THEN figure.amount_open ELSE 0 END AS amount_judged,
           CASE WHEN figure.is_judged THEN figure.recovered ELSE 0 END AS amount_recovered,
           figure.is_reached::int AS reached_count,
           (figure.is_reached AND figure.amount_open > 0 AND figure.before_next >= figure.amount_open)::int
               AS paid_before_count,
           (figure.is_reached AND figure.next_date IS NULL AND figure.reconciled IS NOT TRUE)::int AS waiting_count,
           figure.is_compared::int AS compared_count,
           COALESCE(figure.is_compared AND figure.is_paid_soon, FALSE)::int AS compared_paid_count
      FROM figure
      JOIN cobranca_dunning_level level ON level.id = figure.level_id
"""


class CobrancaStepReport(models.Model):
    """What each step of the ladders brings: one row for each title at a step."""

    _name = "cobranca.step.report"
    _inherit = ["cobranca.report.narrow", "cobranca.report.ratio"]
    _description = "Effect of the Steps of the Ladders"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "move_id"
    _depends = DEPENDS
    _ratios = {
        "recovery_rate": ("amount_recovered", "amount_judged"),
        "paid_before_rate": ("paid_before_count", "reached_count"),
    }

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    policy_id = fields.Many2one(comodel_name="cobranca.dunning.policy", string="Ladder", readonly=True)
    level_id = fields.Many2one(comodel_name="cobranca.dunning.level", string="Step", readonly=True)
    line_id = fields.Many2one(comodel_name="account.move.line", string="Receivable line", readonly=True)
    move_id = fields.Many2one(comodel_name="account.move", string="Invoice", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    message_id = fields.Many2one(comodel_name="cobranca.message", readonly=True)
    channel = fields.Selection(selection=CHANNELS, readonly=True, help="By which the message left in the end.")
    message_state = fields.Selection(selection=STATES, string="State of the message", readonly=True)
    is_control = fields.Boolean(string="Control group", readonly=True)
    is_reached = fields.Boolean(
        string="Reached the customer", readonly=True, help="The message was sent, delivered or read."
    )
    date = fields.Date(readonly=True, help="Day on which the title reached the step.")
    next_date = fields.Date(string="Next step", readonly=True, help="Day of the next step that was sent about it.")
    due = fields.Date(string="Due date", readonly=True)
    days_late = fields.Integer(string="Days late", readonly=True, aggregator="avg")
    amount_open = fields.Monetary(
        string="Open when sent", readonly=True, help="Of the title, before the payments of that day."
    )
    paid_7 = fields.Monetary(string="Paid within 7 days", readonly=True, help="Whatever steps came in between.")
    paid_15 = fields.Monetary(string="Paid within 15 days", readonly=True, help="Whatever steps came in between.")
    paid_30 = fields.Monetary(string="Paid within 30 days", readonly=True, help="Whatever steps came in between.")
    amount_judged = fields.Monetary(
        string="Open, judged", readonly=True, help="Open when sent, of steps that left more than 15 days ago."
    )
    amount_recovered = fields.Monetary(
        string="Recovered",
        readonly=True,
        help="Money that came within 15 days after this step, as the last one sent. Neither credit notes nor "
        "agreements count. It came after the step, which does not prove that it came by it: see the control group.",
    )
    recovery_rate = fields.Float(
        string="Recovery (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Recovered ÷ open when the step was sent, of steps that left more than 15 days ago.",
    )
    reached_count = fields.Integer(string="Titles reached", readonly=True)
    paid_before_count = fields.Integer(
        string="Paid before the next step",
        readonly=True,
        help="All that was open when the step was sent was paid before another one left.",
    )
    paid_before_rate = fields.Float(
        string="Paid before the next step (%)", digits=(16, 2), readonly=True, aggregator="avg"
    )
    waiting_count = fields.Integer(
        string="Still waiting", readonly=True, help="Open, and no later step was sent about it yet."
    )
    compared_count = fields.Integer(
        string="Compared", readonly=True, help="Reached, or of the control group, more than a week ago."
    )
    compared_paid_count = fields.Integer(string="Paid in a week", readonly=True, help="In full, of those compared.")

    @property
    def _table_query(self):
        Line, needed = self.env["account.move.line"], self._get_needed_condition()
        query = SQL(
            STEPS,
            days=self.env["cobranca.report.ledger"]._get_days_query(),
            reached=list(REACHED),
            needed=needed,
            needed_lines=SQL("line.id IN (SELECT notice.line_id FROM cobranca_dunning_notice notice WHERE %s)", needed),
            replaced=SQL(" UNION ALL ").join(Line._cobranca_get_replaced_query(each) for each in self.env.companies),
            payments=self.env["cobranca.behavior.figures"]._get_payments_query(),
            window=WINDOW,
            days_compared=DAYS,
        )
        return self._add_ratios(query, is_apart=False)

    # === ACTIONS === #

    def action_open_move(self):
        """Open the invoice behind a figure."""
        self.ensure_one()
        return self.move_id.get_formview_action()

    # === BUSINESS METHODS === #

    @api.model
    def _get_needed_condition(self):
        """:return: SQL on `notice`: of which steps the query computes the rows"""
        (ids, since), conditions = self._get_needed(), [SQL("TRUE")]
        if ids is not None:
            # All the steps of their titles, as a row tells of the step after it.
            conditions.append(
                SQL("notice.line_id IN (SELECT line_id FROM cobranca_dunning_notice WHERE id = ANY(%s))", ids)
            )
        if since:
            # The step after one lies later, so that earlier ones are not needed.
            conditions.append(SQL("notice.date >= %s", since))
        return SQL(" AND ").join(conditions)

    @api.model
    def _get_funnel(self, company, month):
        """How many titles reached each step in a month, and how many of them were paid before the next one.

        :param date month: any day of it
        :return: list of dict(level, name, day (days from the due date, None for events), count, amount (open when
            sent), paid_before_count, paid_before_share (0 to 1), waiting_count), in the order of the ladders
        """
        first = month.replace(day=1)
        domain = [("company_id", "=", company.id), ("is_reached", "=", True)]
        domain += [("date", ">=", first), ("date", "<", fields.Date.add(first, months=1))]
        sums = ["__count", "amount_open:sum", "paid_before_count:sum", "waiting_count:sum"]
        rows = self.with_company(company)._read_group(domain, ["level_id"], sums)
        return [
            {
                "level": level,
                "name": level.name,
                "day": None if level.is_event else level.days,
                "count": count,
                "amount": amount,
                "paid_before_count": paid,
                "paid_before_share": paid / count,
                "waiting_count": waiting,
            }
            for level, count, amount, paid, waiting in sorted(rows, key=lambda row: self._get_turn(row[0]))
        ]

    @api.model
    def _get_turn(self, level):
        return level.policy_id.sequence, level.policy_id.id, level.is_event, level.days, level.id

    @api.model
    def _get_uplift(self, company, date_from, date_to):
        """What the steps of a time are worth: who paid in full within a week, beside the control group.

        :param date date_from: first day on which titles reached the steps
        :param date date_to: last one
        :return: list of dict(level, name, reminded, control (each: how many, how many of them paid), effect
            (tools.ladder_effect.Effect, None below 30 in one of the groups), text (the same in words)), of steps with
            a control group
        """
        domain = [("company_id", "=", company.id), ("date", ">=", date_from), ("date", "<=", date_to)]
        domain += [("compared_count", ">", 0)]
        rows = self.with_company(company)._read_group(
            domain, ["level_id", "is_control"], ["__count", "compared_paid_count:sum"]
        )
        groups = {}
        for level, is_control, count, paid in rows:
            groups.setdefault(level, {False: (0, 0), True: (0, 0)})[is_control] = (count, paid)
        return [
            {
                "level": level,
                "name": level.name,
                "reminded": pair[False],
                "control": pair[True],
                "effect": compare(pair[False], pair[True]),
                "text": level._tell_effect(pair[False], pair[True]),
            }
            for level, pair in sorted(groups.items(), key=lambda item: self._get_turn(item[0]))
            if pair[True][0]
        ]
