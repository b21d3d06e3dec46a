from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.cobranca_recorrente.models.cobranca_behavior_figures import UNHEARD

from ..tools.recovery import WINDOW

KINDS = [("contact", "Contact"), ("promise", "Promise"), ("agreement", "Agreement"), ("money", "Money received")]
# Money is of the last contact in which the customer was spoken to about what was late by then. Each row has a number
# of its own, whoever looks: that of its record, or of its line and payment, and what it is of.
OWN = """
    contact.channel <> 'system' AND contact.user_id IS NOT NULL AND contact.retracted_on IS NULL
    AND contact.placement_id IS NULL
"""
WORK = """
    WITH day AS (%(days)s),
    contact AS MATERIALIZED (
        SELECT contact.id, contact.company_id, contact.user_id, contact.partner_id, contact.channel, contact.reached,
               (contact.date AT TIME ZONE 'UTC' AT TIME ZONE company.cobranca_tz)::date AS date
          FROM cobranca_interaction contact
          JOIN day ON day.company_id = contact.company_id
          JOIN res_company company ON company.id = contact.company_id
         WHERE %(own)s
    ),
    lines AS (
        SELECT line.id
          FROM account_move_line line
          JOIN day ON day.company_id = line.company_id
         WHERE line.parent_state = 'posted'
           AND line.display_type = 'payment_term'
           AND line.balance > 0
           AND line.amount_residual < line.balance
           AND line.account_id = ANY(ARRAY(
               SELECT id FROM account_account WHERE account_type = 'asset_receivable' AND non_trade IS NOT TRUE
           ))
           AND NOT EXISTS (
               SELECT FROM cobranca_agreement_installment item
                 JOIN cobranca_agreement agreement ON agreement.id = item.agreement_id
                WHERE item.line_id = line.id AND agreement.ended_on IS NOT NULL
           )
    ),
    payments AS (%(payments)s),
    money AS (
        SELECT payments.line_id::bigint * 1000
                   + ROW_NUMBER() OVER (PARTITION BY payments.line_id ORDER BY payments.day, payments.amount) AS number,
               payments.day, payments.amount, line.company_id, line.move_id,
               COALESCE(line.date_maturity, line.date) AS due,
               COALESCE(partner.commercial_partner_id, line.partner_id) AS partner_id
          FROM payments
          JOIN account_move_line line ON line.id = payments.line_id
          LEFT JOIN res_partner partner ON partner.id = line.partner_id
    ),
    attributed AS MATERIALIZED (
        SELECT money.*, spoken.user_id, spoken.interaction_id, spoken.channel
          FROM money
          JOIN res_company company ON company.id = money.company_id
          JOIN LATERAL (
            SELECT contact.user_id, contact.id AS interaction_id, contact.channel
              FROM cobranca_interaction contact
             WHERE contact.company_id = money.company_id
               AND contact.partner_id = money.partner_id
               AND contact.date >= GREATEST(money.day - %(window)s, money.due + 1)::timestamp
                                   AT TIME ZONE company.cobranca_tz AT TIME ZONE 'UTC'
               AND contact.date < (money.day + 1)::timestamp AT TIME ZONE company.cobranca_tz AT TIME ZONE 'UTC'
               AND contact.outcome <> ALL(%(unheard)s)
               AND COALESCE(contact.reached, 'right') = 'right'
               AND %(own)s
             ORDER BY contact.date DESC, contact.id DESC
             LIMIT 1
          ) spoken ON TRUE
    )
    SELECT work.*, company.currency_id
      FROM (
        SELECT id::bigint * 4 AS id, 'contact' AS kind, company_id, user_id, date, partner_id, channel,
               id AS interaction_id, NULL::int AS promise_id, NULL::int AS agreement_id, NULL::int AS move_id,
               1 AS contact_count, CASE WHEN reached = 'right' THEN partner_id END AS reached_partner_id,
               0 AS promise_count, 0 AS promise_kept_count, 0 AS agreement_count, 0::numeric AS amount_received
          FROM contact
         UNION ALL
        SELECT promise.id::bigint * 4 + 1, 'promise', promise.company_id, promise.user_id, promise.date_made,
               promise.partner_id, NULL, NULL, promise.id, NULL, NULL,
               0, NULL, 1, (promise.state = 'kept')::int, 0, 0
          FROM cobranca_promise promise
          JOIN day ON day.company_id = promise.company_id
         WHERE promise.user_id IS NOT NULL
         UNION ALL
        SELECT agreement.id::bigint * 4 + 2, 'agreement', agreement.company_id, agreement.user_id, agreement.date,
               agreement.partner_id, NULL, NULL, NULL, agreement.id, NULL,
               0, NULL, 0, 0, 1, 0
          FROM cobranca_agreement agreement
          JOIN day ON day.company_id = agreement.company_id
          LEFT JOIN cobranca_proposal proposal ON proposal.agreement_id = agreement.id
         WHERE agreement.user_id IS NOT NULL
           AND agreement.placement_id IS NULL
           AND agreement.state <> 'cancelled'
           AND proposal.role IS DISTINCT FROM 'self_service'
         UNION ALL
        SELECT number * 4 + 3, 'money', company_id, user_id, day, partner_id, channel, interaction_id, NULL, NULL,
               move_id, 0, NULL, 0, 0, 0, amount
          FROM attributed
      ) work
      JOIN res_company company ON company.id = work.company_id
"""


class CobrancaCollectorReport(models.Model):
    """What people of the own desk did, and the money that came afterwards: one row for each fact."""

    _name = "cobranca.collector.report"
    _description = "Work of Collectors"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        "account.move.line": ["balance", "amount_residual", "parent_state", "date_maturity", "cobranca_paid_on"],
        "account.partial.reconcile": ["amount", "max_date", "debit_move_id", "credit_move_id"],
        "cobranca.agreement": ["state", "user_id", "date", "placement_id", "ended_on"],
        "cobranca.agreement.installment": ["line_id", "agreement_id"],
        "cobranca.interaction": ["user_id", "date", "channel", "outcome", "reached", "retracted_on", "placement_id"],
        "cobranca.promise": ["state", "user_id", "date_made"],
        "cobranca.proposal": ["agreement_id", "role"],
        "res.partner": ["commercial_partner_id"],
    }

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Collector", readonly=True)
    kind = fields.Selection(selection=KINDS, string="What", readonly=True)
    date = fields.Date(readonly=True, help="Of the contact, the promise, the signature or the payment.")
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    channel = fields.Selection(selection="_selection_channel", readonly=True)
    interaction_id = fields.Many2one(comodel_name="cobranca.interaction", string="Contact", readonly=True)
    promise_id = fields.Many2one(comodel_name="cobranca.promise", readonly=True)
    agreement_id = fields.Many2one(comodel_name="cobranca.agreement", readonly=True)
    move_id = fields.Many2one(comodel_name="account.move", string="Invoice", readonly=True)
    contact_count = fields.Integer(
        string="Contacts", readonly=True, help="Registered by the collector, in and out; those struck out do not count."
    )
    reached_partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customers reached",
        readonly=True,
        aggregator="count_distinct",
        help="Customers of whom the right person was spoken to, each one once.",
    )
    promise_count = fields.Integer(string="Promises made", readonly=True)
    promise_kept_count = fields.Integer(string="Promises kept", readonly=True, help="Of those made then, until today.")
    agreement_count = fields.Integer(
        string="Agreements", readonly=True, help="Signed by the collector and not cancelled; agencies are not counted."
    )
    amount_received = fields.Monetary(
        string="Received after contact",
        readonly=True,
        help="Money for invoices that were late when the collector spoke with the customer, within 15 days after it. "
        "Each payment counts for the last contact before it. It came after the contact, which does not prove that it "
        "came by it; portfolios differ, so that it tells little of a person.",
    )

    def _selection_channel(self):
        return self.env["cobranca.interaction"]._fields["channel"]._description_selection(self.env)

    @property
    def _table_query(self):
        return SQL(
            WORK,
            days=self.env["cobranca.report.ledger"]._get_days_query(),
            payments=self.env["cobranca.behavior.figures"]._get_payments_query(),
            own=SQL(OWN),
            unheard=list(UNHEARD),
            window=WINDOW,
        )

    # === ACTIONS === #

    def action_open_source(self):
        """Open the contact, promise, agreement or invoice behind a row."""
        self.ensure_one()
        record = self.move_id or self.promise_id or self.agreement_id or self.interaction_id
        return record.get_formview_action()
