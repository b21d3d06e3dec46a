from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.cobranca_recorrente.models.cobranca_charge_policy_version import YEARS

# The terms of each debt are those of its policy on the day of the invoice, as `cobranca.prescription` reads them.
CALENDAR = """
    SELECT title.id, title.company_id, title.currency_id, title.move_id, title.partner_id, title.due,
           title.interrupted_on, title.years, title.prescribed_on, title.prescribed_on <= title.today AS is_prescribed,
           title.prescribed_on - title.today AS days_left, title.amount_open, 1 AS title_count,
           behavior.segment_id, debt.collector_id
      FROM (
        SELECT title.*, term.years,
               (GREATEST(title.due, title.interrupted_on) + MAKE_INTERVAL(years => term.years, days => 1))::date
                   AS prescribed_on
          FROM (
            SELECT title.id, title.company_id, company.currency_id, title.move_id, title.partner_id, title.due,
                   title.today, title.open AS amount_open, move.cobranca_interruption_date AS interrupted_on,
                   COALESCE(move.invoice_date, line.date) AS issued_on,
                   COALESCE(
                       %(of_customer)s,
                       CASE WHEN billed.lowest = billed.highest THEN NULLIF(billed.lowest, 0) END,
                       %(of_company)s
                   ) AS policy_id
              FROM (%(titles)s) title
              JOIN account_move_line line ON line.id = title.id
              JOIN account_move move ON move.id = title.move_id
              JOIN res_company company ON company.id = title.company_id
              LEFT JOIN res_partner contact ON contact.id = line.partner_id
              LEFT JOIN res_partner partner ON partner.id = COALESCE(contact.commercial_partner_id, contact.id)
              %(joins)s
              %(billed)s
             WHERE title.open > 0
          ) title
          LEFT JOIN LATERAL (
            SELECT version.prescription
              FROM cobranca_charge_policy_version version
             WHERE version.policy_id = title.policy_id
               AND (version.date_from IS NULL OR version.date_from <= title.issued_on)
             ORDER BY version.date_from DESC NULLS LAST, version.id DESC
             LIMIT 1
          ) agreed ON TRUE
          JOIN LATERAL (
            SELECT COALESCE(
                       (SELECT known.years
                          FROM UNNEST(%(kinds)s, %(years)s) AS known (kind, years)
                         WHERE known.kind = agreed.prescription),
                       %(default)s
                   ) AS years
          ) term ON TRUE
      ) title
      LEFT JOIN cobranca_behavior behavior
        ON behavior.company_id = title.company_id AND behavior.partner_id = title.partner_id
      LEFT JOIN cobranca_case debt
        ON debt.company_id = title.company_id AND debt.partner_id = title.partner_id
       AND debt.currency_id = title.currency_id AND debt.state = 'open' AND debt.is_training IS NOT TRUE
"""


class CobrancaPrescriptionReport(models.Model):
    """Until when open debts may be demanded: what is lost month by month when nothing interrupts it."""

    _name = "cobranca.prescription.report"
    _description = "Prescription Calendar"
    _auto = False
    _order = "prescribed_on, id"
    _rec_name = "move_id"
    _depends = {
        "account.move": ["cobranca_interruption_date", "invoice_date"],
        "account.move.line": ["amount_residual", "balance", "date", "date_maturity", "parent_state", "account_id"],
        "account.partial.reconcile": ["amount", "max_date", "debit_move_id", "credit_move_id"],
        "res.company": ["cobranca_charge_policy_id"],
        "res.partner": ["cobranca_charge_policy_id", "commercial_partner_id"],
        "cobranca.contract": ["charge_policy_id"],
        "cobranca.contract.period": ["move_id", "contract_id"],
        "cobranca.charge.policy.change": ["policy_id", "valid_before", "partner_id", "contract_id", "company_id"],
        "cobranca.charge.policy.version": ["prescription", "date_from", "policy_id"],
        "cobranca.behavior": ["segment_id"],
        "cobranca.case": ["collector_id", "state"],
    }

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    move_id = fields.Many2one(comodel_name="account.move", string="Invoice", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    segment_id = fields.Many2one(comodel_name="cobranca.payer.segment", string="Kind of payer", readonly=True)
    collector_id = fields.Many2one(comodel_name="res.users", readonly=True)
    due = fields.Date(string="Due date", readonly=True)
    interrupted_on = fields.Date(
        readonly=True, help="The one interruption that the law admits: it counts anew from that day (art. 202)."
    )
    years = fields.Integer(
        readonly=True,
        aggregator=None,
        help="By the nature of the debt, which its charge policy tells; 5 without terms (Código Civil, art. 205, 206).",
    )
    prescribed_on = fields.Date(
        string="Prescribes on", readonly=True, help="The first day on which the debt may not be demanded any more."
    )
    is_prescribed = fields.Boolean(string="Prescribed", readonly=True)
    days_left = fields.Integer(string="Days left", readonly=True, aggregator="min")
    title_count = fields.Integer(string="Debts", readonly=True)
    amount_open = fields.Monetary(string="Open", readonly=True, help="Without fine, interest and correction.")

    @property
    def _table_query(self):
        Line = self.env["account.move.line"]
        joins, of_company, of_customer, billed = Line._cobranca_get_policy_parts()
        return SQL(
            CALENDAR,
            titles=self.env["cobranca.report.ledger"]._get_titles_query(),
            joins=joins,
            of_company=of_company,
            of_customer=of_customer,
            billed=billed,
            kinds=list(YEARS),
            years=list(YEARS.values()),
            default=self.env["cobranca.charge.policy.version"]._get_default_years(),
        )

    # === ACTIONS === #

    def action_open_move(self):
        """Open the invoice that prescribes."""
        self.ensure_one()
        return self.move_id.get_formview_action()
