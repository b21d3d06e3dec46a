from odoo import fields, models
from odoo.tools import SQL

from ..tools.aging import STARTS

# Early, on the day, and the bands of every other report.
BANDS = [
    ("0", "Early"),
    ("1", "On the day"),
    ("2", "1–30 days"),
    ("3", "31–60 days"),
    ("4", "61–90 days"),
    ("5", "91–180 days"),
    ("6", "181–360 days"),
    ("7", "Over 360 days"),
]
MEANS = [
    ("pix", "Pix"),
    ("card", "Card"),
    ("boleto", "Boleto"),
    ("online", "Online, other"),
    ("bank", "Bank"),
    ("cash", "Cash"),
    ("agreement", "Paid for a broken agreement"),
]
# Plain outer joins, of which PostgreSQL leaves out those whose columns nobody asks for.
# Pix by its code (txid) in the bank statement or by the provider; what nothing tells is what its journal says.
PAYMENTS = """
    SELECT paid.id, paid.line_id, paid.company_id, paid.currency_id, paid.move_id, paid.partner_id,
           paid.agreement_id, paid.credit_id, paid.credit_move_id, paid.journal_id, payment.payment_method_line_id,
           online.provider_id, behavior.segment_id, paid.paid_on, paid.due, paid.paid_on - paid.due AS delay,
           paid.amount, paid.amount * (paid.paid_on - paid.due) AS amount_delay,
           paid.paid_on > paid.due AS is_late,
           CASE WHEN paid.paid_on > paid.due THEN 1 ELSE 0 END AS late_count,
           CASE WHEN paid.paid_on > paid.due THEN paid.amount ELSE 0 END AS late_amount,
           CASE WHEN paid.paid_on > paid.due THEN paid.paid_on - paid.due ELSE 0 END AS late_delay,
           CASE WHEN paid.paid_on > paid.due THEN paid.amount * (paid.paid_on - paid.due) ELSE 0 END
               AS late_amount_delay,
           told.reminded_on, COALESCE(told.reminded_on <= paid.paid_on, FALSE) AS was_reminded,
           CASE WHEN paid.paid_on > paid.due AND told.reminded_on <= paid.paid_on IS NOT TRUE
                THEN 1 ELSE 0 END AS alone_count,
           CASE WHEN paid.paid_on > paid.due AND told.reminded_on <= paid.paid_on IS NOT TRUE
                THEN paid.amount ELSE 0 END AS alone_amount,
           (paid.paid_on - paid.due)::float8 AS delay_mean,
           CASE WHEN paid.paid_on > paid.due THEN paid.paid_on - paid.due END::float8 AS late_delay_mean,
           CASE WHEN paid.paid_on > paid.due THEN paid.paid_on - paid.due END::float8 AS late_plain_mean,
           CASE WHEN paid.paid_on > paid.due
                THEN CASE WHEN told.reminded_on <= paid.paid_on THEN 0 ELSE 100 END END::float8 AS alone_rate,
           CASE WHEN paid.paid_on > paid.due
                THEN CASE WHEN told.reminded_on <= paid.paid_on THEN 0 ELSE 100 END END::float8 AS alone_count_rate,
           WIDTH_BUCKET(paid.paid_on - paid.due, %(starts)s)::text AS band,
           CASE WHEN paid.is_broken THEN 'agreement'
                WHEN COALESCE(parent.code, method.code) IN ('pix', 'card', 'boleto')
                THEN COALESCE(parent.code, method.code)
                WHEN method.code IS NOT NULL THEN 'online'
                WHEN stated.cobranca_quote_id IS NOT NULL THEN 'pix'
                WHEN paid.journal_type = 'cash' THEN 'cash'
                WHEN paid.journal_type = 'credit' THEN 'card'
                ELSE 'bank' END AS means
      FROM (%(payments)s) paid
      LEFT JOIN (%(reminded)s) told ON told.line_id = paid.line_id
      LEFT JOIN account_payment payment ON payment.id = paid.payment_id
      LEFT JOIN payment_transaction online ON online.id = payment.payment_transaction_id
      LEFT JOIN payment_method method ON method.id = online.payment_method_id
      LEFT JOIN payment_method parent ON parent.id = method.primary_payment_method_id
      LEFT JOIN account_bank_statement_line stated ON stated.move_id = paid.credit_move_id
      LEFT JOIN cobranca_behavior behavior
        ON behavior.company_id = paid.company_id AND behavior.partner_id = paid.partner_id
"""


class CobrancaPaymentReport(models.Model):
    """How customers pay: one row for each part of a debt that real money paid."""

    _name = "cobranca.payment.report"
    _description = "Payments by Delay"
    _inherit = ["cobranca.report.ratio"]
    _auto = False
    _order = "paid_on desc, id desc"
    _rec_name = "move_id"
    _depends = {
        "account.move.line": ["balance", "date_maturity", "parent_state", "account_id", "cobranca_paid_on"],
        "account.partial.reconcile": ["amount", "max_date", "debit_move_id", "credit_move_id"],
        "account.payment": ["payment_method_line_id", "payment_transaction_id"],
        "account.bank.statement.line": ["cobranca_quote_id", "move_id"],
        "payment.transaction": ["provider_id", "payment_method_id"],
        "cobranca.agreement": ["state"],
        "cobranca.agreement.installment": ["line_id"],
        "cobranca.interaction": ["date", "outcome", "direction", "channel", "retracted_on", "line_ids"],
        "cobranca.message": ["state", "sent_at"],
        "cobranca.message.line": ["line_id", "days_late"],
        "cobranca.behavior": ["segment_id"],
    }

    line_id = fields.Many2one(comodel_name="account.move.line", string="Receivable line", readonly=True)
    move_id = fields.Many2one(comodel_name="account.move", string="Invoice", readonly=True)
    _ratios = {
        "delay_mean": ("amount_delay", "amount", 1),
        "late_delay_mean": ("late_amount_delay", "late_amount", 1),
        "late_plain_mean": ("late_delay", "late_count", 1),
        "alone_rate": ("alone_amount", "late_amount"),
        "alone_count_rate": ("alone_count", "late_count"),
    }

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    agreement_id = fields.Many2one(comodel_name="cobranca.agreement", readonly=True)
    segment_id = fields.Many2one(comodel_name="cobranca.payer.segment", string="Kind of payer", readonly=True)
    credit_id = fields.Many2one(comodel_name="account.move.line", string="Payment line", readonly=True)
    credit_move_id = fields.Many2one(comodel_name="account.move", string="Payment", readonly=True)
    journal_id = fields.Many2one(comodel_name="account.journal", readonly=True)
    payment_method_line_id = fields.Many2one(
        comodel_name="account.payment.method.line", string="Payment method", readonly=True
    )
    provider_id = fields.Many2one(comodel_name="payment.provider", readonly=True)
    means = fields.Selection(
        selection=MEANS,
        readonly=True,
        help="By the payment provider or the Pix code in the bank statement; where neither tells, by the journal.",
    )
    paid_on = fields.Date(
        readonly=True,
        help="The day on which the money came; what was paid for a broken agreement keeps its own day.",
    )
    due = fields.Date(string="Due date", readonly=True, help="Of an installment: its own due date.")
    delay = fields.Integer(
        string="Days after the due date", readonly=True, aggregator="avg", help="Calendar days; below zero when early."
    )
    band = fields.Selection(selection=BANDS, string="Delay", readonly=True)
    amount = fields.Monetary(string="Paid", readonly=True)
    amount_delay = fields.Float(string="Paid × days", digits=(16, 2), readonly=True, help="For weighted means.")
    delay_mean = fields.Float(
        string="Weighted delay (days)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Σ paid × (payment − due date) / Σ paid; early payments count below zero.",
    )
    is_late = fields.Boolean(string="Late", readonly=True)
    late_count = fields.Integer(string="Late payments", readonly=True)
    late_amount = fields.Monetary(string="Paid late", readonly=True)
    late_amount_delay = fields.Float(string="Paid late × days", digits=(16, 2), readonly=True)
    late_delay = fields.Integer(string="Days of the late ones", readonly=True)
    late_delay_mean = fields.Float(
        string="Weighted delay, late only (days)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Σ paid late × days late / Σ paid late.",
    )
    late_plain_mean = fields.Float(
        string="Plain delay, late only (days)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Σ days late / number of late payments: each payment counts the same, whatever its amount.",
    )
    reminded_on = fields.Date(
        string="First reminded on",
        readonly=True,
        help="The first contact in which somebody heard of the debt, or the first late notice that left.",
    )
    was_reminded = fields.Boolean(string="Reminded before", readonly=True)
    alone_count = fields.Integer(string="Late without a reminder", readonly=True)
    alone_amount = fields.Monetary(string="Paid late without a reminder", readonly=True)
    alone_rate = fields.Float(
        string="Spontaneous (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Of what was paid late, the share that was paid before anybody reminded, by amount.",
    )
    alone_count_rate = fields.Float(
        string="Spontaneous (% of payments)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Of the late payments, the share that came before anybody reminded, by number.",
    )

    @property
    def _table_query(self):
        Ledger = self.env["cobranca.payment.ledger"]
        return SQL(
            PAYMENTS,
            payments=Ledger._get_payments_query(),
            reminded=Ledger._get_reminded_query(),
            starts=[0, *STARTS],
        )

    # === ACTIONS === #

    def action_open_move(self):
        """Open the invoice that was paid."""
        self.ensure_one()
        return self.move_id.get_formview_action()
