from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.cobranca_recorrente.models.cobranca_behavior_figures import UNHEARD
from odoo.addons.cobranca_recorrente.models.cobranca_interaction import CHANNELS
from odoo.addons.cobranca_recorrente.models.cobranca_interaction_registration import EVENTS

MONTHS = 24
# One contact for each customer and month: the last one that told a reason, else the last one with somebody. What was
# overdue when that day began, as a part of a debt is until money comes for it: who pays on the day of the call paid
# because of it. What an agreement asked that ended was owed on its debts. Debts and money are read whole and apart, as
# PostgreSQL would look up one by one what it thinks is few.
CAUSES = """
    WITH day AS (%(days)s),
    told AS MATERIALIZED (
        SELECT DISTINCT ON (contact.company_id, contact.partner_id, contact.month) contact.*
          FROM (
            SELECT contact.id, contact.company_id, contact.partner_id, contact.reason_id, contact.user_id,
                   contact.channel, company.currency_id,
                   (contact.date AT TIME ZONE 'UTC' AT TIME ZONE company.cobranca_tz)::date AS day,
                   DATE_TRUNC('month', contact.date AT TIME ZONE 'UTC' AT TIME ZONE company.cobranca_tz)::date AS month,
                   contact.date
              FROM day
              JOIN cobranca_interaction contact ON contact.company_id = day.company_id
              JOIN res_company company ON company.id = contact.company_id
             WHERE contact.retracted_on IS NULL AND contact.channel <> 'system'
               AND contact.outcome <> ALL(%(unspoken)s) AND contact.date >= %(since)s
          ) contact
         ORDER BY contact.company_id, contact.partner_id, contact.month, contact.reason_id IS NULL, contact.date DESC,
                  contact.id DESC
    ),
    title AS MATERIALIZED (
        SELECT line.id, line.company_id, move.commercial_partner_id AS partner_id, line.date, line.amount_residual,
               COALESCE(line.date_maturity, line.date) AS due
          FROM day
          JOIN account_move_line line ON line.company_id = day.company_id
          JOIN account_move move ON move.id = line.move_id
         WHERE %(title)s
           AND NOT EXISTS (
            SELECT FROM cobranca_agreement_installment item
              JOIN cobranca_agreement agreement ON agreement.id = item.agreement_id
             WHERE item.line_id = line.id AND agreement.ended_on IS NOT NULL
           )
    ),
    money AS MATERIALIZED (
        SELECT partial.debit_move_id AS line_id, partial.amount,
               COALESCE(credit.cobranca_paid_on, partial.max_date) AS day
          FROM account_partial_reconcile partial
          JOIN account_move_line credit ON credit.id = partial.credit_move_id
    ),
    part AS MATERIALIZED (
        SELECT title.company_id, title.partner_id, title.date, title.due, 'infinity'::date AS until,
               title.amount_residual AS amount
          FROM title
         WHERE title.amount_residual <> 0
         UNION ALL
        SELECT title.company_id, title.partner_id, title.date, title.due, money.day, money.amount
          FROM title
          JOIN money ON money.line_id = title.id
         WHERE money.day > title.due
    ),
    overdue AS (
        SELECT told.id AS told_id, SUM(part.amount) AS amount
          FROM told
          JOIN part ON part.partner_id = told.partner_id
         WHERE part.company_id = told.company_id
           AND part.date <= told.day AND part.due < told.day AND part.until >= told.day
         GROUP BY told.id
    )
    SELECT told.id, told.id AS interaction_id, told.company_id, told.currency_id, told.partner_id, told.reason_id,
           told.reason_id IS NOT NULL AS is_informed, told.user_id, told.channel, told.day, told.month,
           1 AS contact_count, overdue.amount AS amount_overdue, overdue.amount AS share
      FROM told
      JOIN overdue ON overdue.told_id = told.id
     WHERE overdue.amount > 0
"""


class CobrancaCauseReport(models.Model):
    """Why customers pay late, as they told it, weighed by what was overdue when they did."""

    _name = "cobranca.cause.report"
    _description = "Causes of Delay"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "interaction_id"
    _depends = {
        "cobranca.interaction": ["date", "outcome", "channel", "reason_id", "retracted_on", "partner_id"],
        "account.move": ["commercial_partner_id", "move_type"],
        "account.move.line": ["amount_residual", "date", "date_maturity", "parent_state", "cobranca_paid_on"],
        "account.partial.reconcile": ["amount", "max_date", "debit_move_id", "credit_move_id"],
        "cobranca.agreement": ["ended_on"],
        "cobranca.agreement.installment": ["line_id", "agreement_id"],
    }

    interaction_id = fields.Many2one(comodel_name="cobranca.interaction", string="Contact", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    reason_id = fields.Many2one(
        comodel_name="cobranca.delinquency.reason",
        string="Cause",
        readonly=True,
        groups="cobranca_recorrente.cobranca_group_supervisor",
        help="As the customer told it; empty: not informed. Personal reasons are for supervisors.",
    )
    is_informed = fields.Boolean(string="Informed", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="By", readonly=True)
    channel = fields.Selection(selection=CHANNELS, readonly=True)
    day = fields.Date(string="Registered on", readonly=True)
    month = fields.Date(readonly=True)
    contact_count = fields.Integer(
        string="Customers asked", readonly=True, help="One contact for each customer and month."
    )
    amount_overdue = fields.Monetary(
        string="Overdue at registration",
        readonly=True,
        help="What the customer had overdue when the day of the contact began. One contact for each customer and "
        "month: the last one that told a reason, else the last one with somebody.",
    )
    share = fields.Float(
        string="Share (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Σ overdue at registration of the cause / Σ overdue at registration of all that the filters leave.",
    )

    @property
    def _table_query(self):
        days = [company._cobranca_today() for company in self.env.companies]
        return SQL(
            CAUSES,
            days=self.env["cobranca.report.ledger"]._get_days_query(),
            title=self.env["cobranca.payment.ledger"]._get_title_condition(),
            unspoken=[*UNHEARD, *(event for event, _label in EVENTS)],
            since=fields.Date.start_of(min(days), "month") - relativedelta(months=MONTHS),
        )

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec != "share:avg":
            return super()._read_group_select(aggregate_spec, query)
        amount = self._field_to_sql(self._table, "amount_overdue", query)
        # The groups together are all that the filters leave: it is not read a second time for the sum.
        return SQL("(100 * SUM(%s) / NULLIF(SUM(SUM(%s)) OVER (), 0))::float8", amount, amount)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        """Pivots ask for all levels at once: the whole is one of them, and need not be read apart."""
        if "share:avg" not in aggregates or "share" in (order or ""):
            return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)
        plain = ["amount_overdue:sum" if spec == "share:avg" else spec for spec in aggregates]
        *levels, totals = super()._read_grouping_sets(domain, [*grouping_sets, []], plain, order)
        whole = sum(figures[plain.index("amount_overdue:sum")] for figures in totals)
        return [
            [(*row[: len(names)], *self._get_shared(row[len(names) :], aggregates, whole)) for row in level]
            for names, level in zip(grouping_sets, levels, strict=True)
        ]

    def _get_shared(self, figures, aggregates, whole):
        return (
            (100 * figure / whole if whole else False) if spec == "share:avg" else figure
            for spec, figure in zip(aggregates, figures, strict=True)
        )

    # === ACTIONS === #

    def action_open_interaction(self):
        """Open the contact in which the cause was told."""
        self.ensure_one()
        return self.interaction_id.get_formview_action()

    # === BUSINESS METHODS === #

    @api.model
    def _get_shares(self, company, since):
        """What each cause weighs of all that was overdue at registration.

        :param company: res.company
        :param date since: registered on this day or later
        :return: list of (cobranca.delinquency.reason, empty for those not informed, amount, percent), the largest first
        """
        own = self.with_context(allowed_company_ids=company.ids)
        domain = [("company_id", "=", company.id), ("day", ">=", since)]
        return own._read_group(
            domain, ["reason_id"], ["amount_overdue:sum", "share:avg"], order="amount_overdue:sum desc"
        )
