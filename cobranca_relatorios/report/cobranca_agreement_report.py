from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.cobranca_negociacao.models.cobranca_agreement import METHODS, STATES

from .cobranca_agreement_installment_report import DEPENDS, OFFERED

AGREEMENTS = """
    WITH day AS (%(days)s),
    item AS (
        SELECT agreement_id, COUNT(*) AS installment_count, SUM(matured_count) AS matured_count,
               SUM(on_time_count) AS on_time_count, SUM(amount_received) AS amount_received
          FROM (%(installments)s) installment
         GROUP BY agreement_id
    ),
    debt AS (
        SELECT agreement_id, SUM(principal) AS principal, SUM(fine) AS fine, SUM(interest) AS interest,
               SUM(correction) AS correction, SUM(given_principal) AS given_principal, SUM(given_fine) AS given_fine,
               SUM(given_interest) AS given_interest, SUM(given_correction) AS given_correction
          FROM cobranca_agreement_origin
         GROUP BY agreement_id
    )
    SELECT agreement.id, agreement.company_id, company.currency_id, agreement.partner_id, agreement.user_id,
           agreement.date, agreement.state, agreement.method, agreement.ended_on, agreement.paid_on,
           CASE WHEN agreement.placement_id IS NOT NULL THEN 'agency'
                WHEN proposal.role = 'self_service' THEN 'self_service' ELSE 'desk' END AS offered_by,
           placement.agency_id,
           COALESCE(debt.principal, 0) AS principal, COALESCE(debt.fine, 0) AS fine,
           COALESCE(debt.interest, 0) AS interest, COALESCE(debt.correction, 0) AS correction,
           COALESCE(debt.principal + debt.fine + debt.interest + debt.correction, 0) AS amount_before,
           COALESCE(debt.given_principal, 0) AS given_principal, COALESCE(debt.given_fine, 0) AS given_fine,
           COALESCE(debt.given_interest, 0) AS given_interest, COALESCE(debt.given_correction, 0) AS given_correction,
           COALESCE(debt.given_principal, 0) + COALESCE(debt.given_fine, 0) + COALESCE(debt.given_interest, 0)
               + COALESCE(debt.given_correction, 0) AS amount_given,
           agreement.agreed AS amount_agreed, agreement.financing AS amount_financing,
           COALESCE(agreement.fee, 0) AS amount_fee, agreement.total AS amount_total,
           COALESCE(item.amount_received, 0) AS amount_received,
           COALESCE(item.installment_count, 0) AS installment_count,
           COALESCE(item.matured_count, 0) AS matured_count, COALESCE(item.on_time_count, 0) AS on_time_count,
           1 AS made_count, (agreement.state = 'paid')::int AS paid_count,
           (agreement.state = 'broken')::int AS broken_count,
           (agreement.state IN ('paid', 'broken'))::int AS decided_count
      FROM cobranca_agreement agreement
      JOIN day ON day.company_id = agreement.company_id
      JOIN res_company company ON company.id = agreement.company_id
      LEFT JOIN cobranca_proposal proposal ON proposal.agreement_id = agreement.id
      LEFT JOIN cobranca_placement placement ON placement.id = agreement.placement_id
      LEFT JOIN item ON item.agreement_id = agreement.id
      LEFT JOIN debt ON debt.agreement_id = agreement.id
"""


class CobrancaAgreementReport(models.Model):
    """Agreements: what was conceded, what was kept, what came."""

    _name = "cobranca.agreement.report"
    _inherit = "cobranca.report.ratio"
    _description = "Agreements and How They Are Kept"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        **DEPENDS,
        "cobranca.agreement": [*DEPENDS["cobranca.agreement"], "agreed", "financing", "fee", "total", "paid_on"],
        "cobranca.agreement.origin": ["line_id", "is_live", "principal", "fine", "interest", "given_principal"],
        "cobranca.placement": ["agency_id"],
    }
    _ratios = {
        "given_rate": ("amount_given", "amount_before"),
        "given_principal_rate": ("given_principal", "principal"),
        "given_fine_rate": ("given_fine", "fine"),
        "given_interest_rate": ("given_interest", "interest"),
        "given_correction_rate": ("given_correction", "correction"),
        "received_rate": ("amount_received", "amount_total"),
        "kept_rate": ("paid_count", "decided_count"),
        "on_time_rate": ("on_time_count", "matured_count"),
    }

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Signed by", readonly=True)
    agency_id = fields.Many2one(comodel_name="cobranca.agency", readonly=True)
    offered_by = fields.Selection(
        selection=OFFERED,
        readonly=True,
        help="Whose offer was accepted: the page of payments counts as the customer's.",
    )
    date = fields.Date(string="Signed on", readonly=True)
    state = fields.Selection(selection=STATES, readonly=True)
    method = fields.Selection(selection=METHODS, string="Installment interest", readonly=True)
    ended_on = fields.Date(string="Broken or cancelled on", readonly=True)
    paid_on = fields.Date(readonly=True)
    amount_before = fields.Monetary(string="Debt before", readonly=True, help="With all charges of the day of signing.")
    principal = fields.Monetary(string="Principal before", readonly=True)
    fine = fields.Monetary(string="Fine before", readonly=True)
    interest = fields.Monetary(string="Interest before", readonly=True)
    correction = fields.Monetary(string="Correction before", readonly=True)
    amount_given = fields.Monetary(string="Forgiven", readonly=True)
    given_principal = fields.Monetary(string="Principal forgiven", readonly=True)
    given_fine = fields.Monetary(string="Fine forgiven", readonly=True)
    given_interest = fields.Monetary(string="Interest forgiven", readonly=True)
    given_correction = fields.Monetary(string="Correction forgiven", readonly=True)
    amount_agreed = fields.Monetary(string="Agreed", readonly=True, help="What is left after the discounts.")
    amount_financing = fields.Monetary(string="Interest of the installments", readonly=True)
    amount_fee = fields.Monetary(
        string="Collection fees",
        readonly=True,
        help="On top of each payment, for the agency that offered the agreement.",
    )
    amount_total = fields.Monetary(string="To be paid", readonly=True)
    amount_received = fields.Monetary(
        string="Received", readonly=True, help="Money for its installments, also of agreements that broke later."
    )
    installment_count = fields.Integer(string="Installments", readonly=True)
    matured_count = fields.Integer(string="Matured installments", readonly=True)
    on_time_count = fields.Integer(string="Paid on time", readonly=True, help="In full, by the due date.")
    made_count = fields.Integer(string="Agreements made", readonly=True)
    paid_count = fields.Integer(string="Agreements paid", readonly=True)
    broken_count = fields.Integer(string="Agreements broken", readonly=True)
    decided_count = fields.Integer(string="Paid or broken", readonly=True)
    given_rate = fields.Float(
        string="Forgiven (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Forgiven ÷ debt before, with all its charges.",
    )
    given_principal_rate = fields.Float(
        string="Principal forgiven (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Of the principal before.",
    )
    given_fine_rate = fields.Float(
        string="Fine forgiven (%)", digits=(16, 2), readonly=True, aggregator="avg", help="Of the fine before."
    )
    given_interest_rate = fields.Float(
        string="Interest forgiven (%)", digits=(16, 2), readonly=True, aggregator="avg", help="Of the interest before."
    )
    given_correction_rate = fields.Float(
        string="Correction forgiven (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Of the correction before.",
    )
    received_rate = fields.Float(
        string="Received (%)", digits=(16, 2), readonly=True, aggregator="avg", help="Received ÷ to be paid."
    )
    kept_rate = fields.Float(
        string="Kept (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Agreements paid ÷ agreements paid or broken. Those in force, cancelled or renegotiated are in neither.",
    )
    on_time_rate = fields.Float(
        string="On time (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Installments paid in full by their due date ÷ installments matured.",
    )

    @property
    def _table_query(self):
        query = SQL(
            AGREEMENTS,
            days=self.env["cobranca.report.ledger"]._get_days_query(),
            installments=self.env["cobranca.agreement.installment.report"]._get_installments_query(),
        )
        return self._add_ratios(query)

    # === ACTIONS === #

    def action_open_agreement(self):
        """Open the agreement behind a row."""
        self.ensure_one()
        # The number of a row is that of its agreement.
        return self.env["cobranca.agreement"].browse(self.id).get_formview_action()
