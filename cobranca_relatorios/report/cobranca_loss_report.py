from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.cobranca_recorrente.models.cobranca_loss import CASES
from odoo.addons.cobranca_recorrente.tools.credit_loss import (
    IN_FORCE,
    LARGE_RULE,
    MEDIUM,
    MEDIUM_RULE,
    SMALL,
    SMALL_RULE,
)

KINDS = [("candidate", "May be written off"), ("written", "Written off"), ("recovered", "Recovered")]
# Candidates as `cobranca.loss` finds them, by the day from which the law admits the loss of debts without security:
# the delay exceeds the months of its rule, and the rule is for what is open of the whole invoice.
LOSSES = """
    SELECT title.id * 4 AS id, title.company_id, company.currency_id, title.move_id, title.partner_id,
           'candidate' AS kind, rule.name AS "case", title.due,
           (title.due + MAKE_INTERVAL(months => rule.months, days => 1))::date AS date,
           (title.due + MAKE_INTERVAL(months => rule.months, days => 1))::date <= title.today AS is_reached,
           title.open AS amount, title.open AS amount_candidate, 0 AS amount_written, 0 AS amount_recovered
      FROM (
        SELECT title.*, SUM(title.open) OVER (PARTITION BY title.move_id) AS operation
          FROM (%(titles)s) title
         WHERE title.open > 0
      ) title
      JOIN res_company company ON company.id = title.company_id
      JOIN account_move_line line ON line.id = title.id
      JOIN account_move move ON move.id = title.move_id
      JOIN LATERAL (
        SELECT known.name, known.months
          FROM UNNEST(%(names)s, %(months)s, %(limits)s::numeric[]) AS known (name, months, most)
         WHERE known.most IS NULL OR title.operation <= known.most
         ORDER BY known.most NULLS LAST
         LIMIT 1
      ) rule ON TRUE
     WHERE title.partner_id IS NOT NULL AND title.due >= %(in_force)s AND line.date_maturity IS NOT NULL
       AND line.currency_id = company.currency_id
       AND move.payment_state NOT IN ('in_payment', 'paid', 'reversed', 'blocked')
       AND NOT EXISTS (SELECT FROM cobranca_loss loss WHERE loss.line_id = title.id AND loss.state <> 'undone')
     UNION ALL
    SELECT loss.id * 4 + 1, loss.company_id, company.currency_id, loss.move_id,
           COALESCE(contact.commercial_partner_id, contact.id), 'written', loss.case, line.date_maturity, loss.date,
           TRUE, loss.amount, 0, loss.amount, 0
      FROM (%(days)s) day
      JOIN cobranca_loss loss ON loss.company_id = day.company_id
      JOIN account_move_line line ON line.id = loss.line_id
      JOIN res_company company ON company.id = loss.company_id
      LEFT JOIN res_partner contact ON contact.id = loss.partner_id
     WHERE loss.state <> 'undone'
     UNION ALL
    SELECT charge.id * 4 + 2, charge.company_id, company.currency_id, charge.move_id,
           COALESCE(contact.commercial_partner_id, contact.id), 'recovered', loss.case, line.date_maturity, charge.date,
           TRUE, charge.amount, 0, 0, charge.amount
      FROM (%(days)s) day
      JOIN cobranca_charge charge ON charge.company_id = day.company_id
      JOIN account_move_line line ON line.id = charge.line_id
      JOIN res_company company ON company.id = charge.company_id
      LEFT JOIN res_partner contact ON contact.id = charge.partner_id
      LEFT JOIN cobranca_loss loss ON loss.line_id = charge.line_id AND loss.state <> 'undone'
     WHERE charge.kind = 'recovery' AND charge.state = 'paid'
"""


class CobrancaLossReport(models.Model):
    """What may be written off and from when, what was, and what came back afterwards (Lei 9.430, art. 9 to 12)."""

    _name = "cobranca.loss.report"
    _description = "Losses, Analysis"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "move_id"
    _depends = {
        "account.move": ["payment_state"],
        "account.move.line": ["amount_residual", "balance", "date", "date_maturity", "parent_state", "account_id"],
        "account.partial.reconcile": ["amount", "max_date", "debit_move_id", "credit_move_id"],
        "cobranca.loss": ["amount", "case", "date", "line_id", "state", "partner_id"],
        "cobranca.charge": ["amount", "date", "kind", "line_id", "state", "partner_id"],
    }

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    move_id = fields.Many2one(comodel_name="account.move", string="Invoice", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    kind = fields.Selection(selection=KINDS, readonly=True)
    case = fields.Selection(selection=CASES, string="Rule", readonly=True)
    due = fields.Date(string="Due date", readonly=True)
    date = fields.Date(
        readonly=True,
        help="On which it was written off or recovered; of others, the first day on which the law admits it.",
    )
    is_reached = fields.Boolean(
        string="Until today", readonly=True, help="Candidates whose day has come, and all that was booked."
    )
    amount = fields.Monetary(readonly=True, aggregator=None)
    amount_candidate = fields.Monetary(
        string="May be written off",
        readonly=True,
        help="Open debts without security whose delay exceeds what the law wants. Whether a proof is there is asked "
        "when they are written off.",
    )
    amount_written = fields.Monetary(string="Written off", readonly=True, help="Without those that were undone.")
    amount_recovered = fields.Monetary(
        string="Recovered", readonly=True, help="What customers paid of debts after these were written off."
    )

    @property
    def _table_query(self):
        Ledger = self.env["cobranca.report.ledger"]
        rules = ((SMALL_RULE, SMALL), (MEDIUM_RULE, MEDIUM), (LARGE_RULE, None))
        return SQL(
            LOSSES,
            titles=Ledger._get_titles_query(),
            days=Ledger._get_days_query(),
            names=[rule.case for rule, _limit in rules],
            months=[rule.months for rule, _limit in rules],
            limits=[limit for _rule, limit in rules],
            in_force=IN_FORCE,
        )

    # === ACTIONS === #

    def action_open_move(self):
        """Open the invoice behind a figure."""
        self.ensure_one()
        return self.move_id.get_formview_action()
