from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.cobranca_negociacao.models.cobranca_agreement import METHODS, STATES

OFFERED = [("desk", "Own desk"), ("self_service", "Customer himself"), ("agency", "Agency")]
DEPENDS = {
    "account.journal": ["type"],
    "account.move.line": ["reconciled", "journal_id", "cobranca_paid_on"],
    "account.partial.reconcile": ["amount", "max_date", "debit_move_id", "credit_move_id"],
    "cobranca.agreement": ["state", "date", "ended_on", "method", "user_id", "placement_id"],
    "cobranca.agreement.installment": ["due", "amount", "line_id", "mirror_line_id"],
    "cobranca.agreement.origin": ["line_id", "is_live"],
    "cobranca.proposal": ["agreement_id", "role"],
}
# What a break or a later agreement closed was not paid. An installment asks for nothing any more from the day on
# which its agreement was broken or renegotiated.
INSTALLMENTS = """
    WITH day AS (%(days)s),
    item AS MATERIALIZED (
        SELECT item.id, item.agreement_id, item.company_id, agreement.partner_id, agreement.user_id, agreement.state,
               agreement.method, agreement.date AS signed_on, item.number, item.due, item.due_agreed, item.amount,
               item.line_id, day.today,
               CASE WHEN agreement.placement_id IS NOT NULL THEN 'agency'
                    WHEN proposal.role = 'self_service' THEN 'self_service' ELSE 'desk' END AS offered_by,
               line.reconciled AND item.mirror_line_id IS NULL AND later.id IS NULL AS is_settled,
               CASE WHEN item.mirror_line_id IS NOT NULL THEN agreement.ended_on ELSE later.date END AS until
          FROM cobranca_agreement_installment item
          JOIN cobranca_agreement agreement ON agreement.id = item.agreement_id
          JOIN day ON day.company_id = item.company_id
          LEFT JOIN cobranca_proposal proposal ON proposal.agreement_id = agreement.id
          LEFT JOIN account_move_line line ON line.id = item.line_id
          LEFT JOIN cobranca_agreement_origin origin ON origin.line_id = item.line_id AND origin.is_live
          LEFT JOIN cobranca_agreement later ON later.id = origin.agreement_id
    ),
    paid AS (
        SELECT item.id, MAX(COALESCE(credit.cobranca_paid_on, partial.max_date)) AS day,
               SUM(partial.amount) FILTER (WHERE journal.type IN ('bank', 'cash', 'credit')) AS amount
          FROM item
          JOIN account_partial_reconcile partial ON partial.debit_move_id = item.line_id
          JOIN account_move_line credit ON credit.id = partial.credit_move_id
          JOIN account_journal journal ON journal.id = credit.journal_id
         GROUP BY item.id
    ),
    judged AS (
        SELECT item.*, CASE WHEN item.is_settled THEN paid.day END AS settled_on,
               COALESCE(paid.amount, 0) AS amount_received,
               item.state <> 'cancelled' AND (
                   item.due < LEAST(item.today, item.until)
                   OR (item.due = item.today AND item.is_settled AND paid.day <= item.due)
               ) AS is_matured
          FROM item
          LEFT JOIN paid ON paid.id = item.id
    )
    SELECT judged.id, judged.agreement_id, judged.company_id, company.currency_id, judged.partner_id, judged.user_id,
           judged.state, judged.method, judged.offered_by, judged.signed_on, judged.number, judged.due,
           judged.due_agreed, judged.amount, judged.amount_received, judged.settled_on, judged.is_matured,
           judged.is_matured::int AS matured_count,
           COALESCE(judged.is_matured AND judged.settled_on <= judged.due, FALSE)::int AS on_time_count,
           CASE WHEN judged.is_matured THEN judged.amount ELSE 0 END AS amount_matured
      FROM judged
      JOIN res_company company ON company.id = judged.company_id
"""


class CobrancaAgreementInstallmentReport(models.Model):
    """Installments of agreements: which were due, which were paid on time, what came."""

    _name = "cobranca.agreement.installment.report"
    _inherit = "cobranca.report.ratio"
    _description = "Installments and How They Are Paid"
    _auto = False
    _order = "due desc, id desc"
    _rec_name = "agreement_id"
    _depends = DEPENDS
    _ratios = {"on_time_rate": ("on_time_count", "matured_count")}

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    agreement_id = fields.Many2one(comodel_name="cobranca.agreement", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Signed by", readonly=True)
    state = fields.Selection(selection=STATES, string="State of the agreement", readonly=True)
    method = fields.Selection(selection=METHODS, string="Installment interest", readonly=True)
    offered_by = fields.Selection(selection=OFFERED, readonly=True)
    signed_on = fields.Date(readonly=True)
    number = fields.Integer(readonly=True, aggregator=None, help="0: the down payment.")
    due = fields.Date(string="Due date", readonly=True, help="After it was postponed.")
    due_agreed = fields.Date(string="Due date agreed", readonly=True)
    amount = fields.Monetary(readonly=True)
    amount_received = fields.Monetary(string="Received", readonly=True, help="Money alone.")
    settled_on = fields.Date(string="Paid in full on", readonly=True)
    is_matured = fields.Boolean(
        string="Matured",
        readonly=True,
        help="Its due date is over, or it was paid on it; of a broken or renegotiated agreement those due before.",
    )
    matured_count = fields.Integer(string="Matured installments", readonly=True)
    on_time_count = fields.Integer(string="Paid on time", readonly=True, help="In full, by the due date.")
    amount_matured = fields.Monetary(string="Matured amount", readonly=True)
    on_time_rate = fields.Float(
        string="On time (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Installments paid in full by their due date ÷ installments matured.",
    )

    @property
    def _table_query(self):
        return self._add_ratios(self._get_installments_query())

    # === ACTIONS === #

    def action_open_agreement(self):
        """Open the agreement behind a row."""
        self.ensure_one()
        return self.agreement_id.get_formview_action()

    # === BUSINESS METHODS === #

    @api.model
    def _get_installments_query(self):
        """:return: SQL of the rows of this report, without ratios"""
        return SQL(INSTALLMENTS, days=self.env["cobranca.report.ledger"]._get_days_query())
