from odoo import api, fields, models
from odoo.tools import SQL

from ..models.cobranca_report_ledger import AS_OF
from ..tools.aging import BANDS, STARTS

# Rows of an installment that stands for several debts need numbers of their own.
APART = 10**10
AGING = """
    SELECT aged.id + (aged.part - 1) * %(apart)s AS id, aged.id AS line_id, aged.company_id,
           company.currency_id, aged.move_id, aged.partner_id, aged.journal_id, aged.agreement_id,
           aged.today AS as_of, aged.invoice_date, aged.due, aged.original_due,
           aged.today - aged.due AS days_late, aged.today - aged.original_due AS original_days_late,
           WIDTH_BUCKET(aged.today - aged.due, %(starts)s)::text AS band,
           WIDTH_BUCKET(aged.today - aged.original_due, %(starts)s)::text AS original_band,
           aged.open AS amount_open,
           CASE WHEN aged.today > aged.due THEN aged.open ELSE 0 END AS amount_late,
           CASE WHEN aged.today > aged.original_due THEN aged.open ELSE 0 END AS amount_original_late,
           aged.open < 0 AS is_credit,
           behavior.segment_id,
           -- Looked up, not joined: who does not ask for it does not pay for it.
           (SELECT debt.collector_id FROM cobranca_case debt
             WHERE debt.company_id = aged.company_id AND debt.partner_id = aged.partner_id
               AND debt.currency_id = company.currency_id AND debt.state = 'open' LIMIT 1) AS collector_id
      FROM (%(aged)s) aged
      JOIN res_company company ON company.id = aged.company_id
      LEFT JOIN cobranca_behavior behavior
        ON behavior.company_id = aged.company_id AND behavior.partner_id = aged.partner_id
"""


class CobrancaAgingReport(models.Model):
    """What customers owe by how late it is: by the due date and by that of the first debt, which no agreement cures.

    As of today, or as of the day in the context (`cobranca_as_of`).
    """

    _name = "cobranca.aging.report"
    _description = "Receivables by Delay"
    _auto = False
    _order = "due, id"
    _rec_name = "move_id"
    _depends = {
        "account.move.line": ["amount_residual", "balance", "date", "date_maturity", "parent_state", "account_id"],
        "account.partial.reconcile": ["amount", "max_date", "debit_move_id", "credit_move_id"],
        "cobranca.agreement.origin": ["due", "principal", "fine", "interest", "correction", "given_principal"],
        "cobranca.agreement.installment": ["line_id"],
        "cobranca.behavior": ["segment_id"],
        "cobranca.case": ["collector_id", "state"],
    }

    line_id = fields.Many2one(comodel_name="account.move.line", string="Receivable line", readonly=True)
    move_id = fields.Many2one(comodel_name="account.move", string="Invoice", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    journal_id = fields.Many2one(comodel_name="account.journal", readonly=True)
    agreement_id = fields.Many2one(comodel_name="cobranca.agreement", readonly=True)
    segment_id = fields.Many2one(comodel_name="cobranca.payer.segment", string="Kind of payer", readonly=True)
    collector_id = fields.Many2one(comodel_name="res.users", readonly=True)
    as_of = fields.Date(readonly=True)
    invoice_date = fields.Date(readonly=True)
    due = fields.Date(string="Due date", readonly=True)
    original_due = fields.Date(
        string="Original due date",
        readonly=True,
        help="Of an installment: the due dates of the debts that its agreement stands in the place of.",
    )
    days_late = fields.Integer(
        string="Days late", readonly=True, aggregator="max", help="What is due today is not late."
    )
    original_days_late = fields.Integer(string="Days late, originally", readonly=True, aggregator="max")
    band = fields.Selection(selection=BANDS, string="Delay", readonly=True)
    original_band = fields.Selection(selection=BANDS, string="Original delay", readonly=True)
    amount_open = fields.Monetary(string="Open", readonly=True, help="Credits that were not used yet are below zero.")
    amount_late = fields.Monetary(string="Late", readonly=True)
    amount_original_late = fields.Monetary(string="Late, originally", readonly=True)
    is_credit = fields.Boolean(string="Credit", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            AGING,
            apart=APART,
            starts=list(STARTS),
            aged=self.env["cobranca.report.ledger"]._get_aged_query(),
        )

    # === ACTIONS === #

    def action_open_move(self):
        """Open the invoice behind a figure."""
        self.ensure_one()
        return self.move_id.get_formview_action()

    # === BUSINESS METHODS === #

    @api.model
    def _as_of(self, day):
        """This report at the end of a day.

        :param date day: today when empty
        """
        return self.with_context(**{AS_OF: fields.Date.to_string(day)}) if day else self
