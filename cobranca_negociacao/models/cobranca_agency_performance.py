from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.arms import LEAST, compare
from .cobranca_placement import ARMS

# One row for each agency, arm and month of placement.
FIGURES = """
WITH placed AS (
    SELECT placement.id, company_id, placement.currency_id, agency_id, placement.partner_id,
           COALESCE(arm, 'champion') AS arm, DATE_TRUNC('month', placed_on)::date AS month, placed_on,
           COALESCE(ended_on, 'infinity'::date) AS ended_on, amount_placed,
           EXTRACT(EPOCH FROM first_contact_at
               - (placed_on::timestamp AT TIME ZONE company.cobranca_tz AT TIME ZONE 'UTC')) / 3600 AS hours
      FROM cobranca_placement placement
      JOIN res_company company ON company.id = company_id
     WHERE placed_on IS NOT NULL
),
money AS (
    SELECT placement_id, SUM(amount - COALESCE(fee, 0)) AS amount, SUM(commission) AS commission
      FROM cobranca_agency_receipt GROUP BY 1
),
contact AS (
    SELECT made.placement_id, COUNT(*) AS count, COUNT(promise.id) AS promises,
           COUNT(promise.id) FILTER (WHERE promise.state = 'kept') AS kept
      FROM cobranca_interaction made
      LEFT JOIN cobranca_promise promise ON promise.id = made.promise_id
     WHERE made.placement_id IS NOT NULL AND made.retracted_on IS NULL
     GROUP BY 1
),
agreed AS (
    SELECT item.placement_id, COUNT(DISTINCT agreement.id) AS count,
           COUNT(DISTINCT agreement.id) FILTER (WHERE agreement.state = 'paid') AS kept
      FROM cobranca_placement_line item
      JOIN cobranca_agreement_installment installment ON installment.line_id = item.line_id
      JOIN cobranca_agreement agreement ON agreement.id = installment.agreement_id
     GROUP BY 1
),
complaint AS (
    SELECT id, COUNT(*) AS count
      FROM (
        SELECT DISTINCT placed.id, 'dispute' AS what, dispute.id AS record
          FROM placed
          JOIN cobranca_placement_line item ON item.placement_id = placed.id
          JOIN cobranca_dispute dispute ON dispute.line_id = item.line_id
           AND dispute.date BETWEEN placed.placed_on AND placed.ended_on
         UNION
        SELECT placed.id, 'procon', hold.id
          FROM placed
          JOIN cobranca_hold hold ON hold.reason = 'procon' AND hold.partner_id = placed.partner_id
           AND hold.company_id = placed.company_id AND hold.date_from BETWEEN placed.placed_on AND placed.ended_on
      ) found
     GROUP BY 1
)
SELECT MIN(placed.id) AS id, placed.company_id, placed.currency_id, placed.agency_id, placed.arm, placed.month,
       COUNT(*) AS placement_count, SUM(placed.amount_placed) AS amount_placed,
       COUNT(*) FILTER (WHERE money.amount > 0) AS recovered_count, COALESCE(SUM(money.amount), 0) AS amount_recovered,
       COALESCE(SUM(money.commission), 0) AS amount_commission,
       COALESCE(SUM(money.amount - money.commission), 0) AS amount_net,
       COUNT(placed.hours) AS contacted_count,
       PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY placed.hours) AS hours_to_contact,
       COALESCE(SUM(contact.count), 0) AS contact_count, COALESCE(SUM(contact.promises), 0) AS promise_count,
       COALESCE(SUM(contact.kept), 0) AS promise_kept, COALESCE(SUM(agreed.count), 0) AS agreement_count,
       COALESCE(SUM(agreed.kept), 0) AS agreement_kept, COALESCE(SUM(complaint.count), 0) AS complaint_count
  FROM placed
  LEFT JOIN money ON money.placement_id = placed.id
  LEFT JOIN contact ON contact.placement_id = placed.id
  LEFT JOIN agreed ON agreed.placement_id = placed.id
  LEFT JOIN complaint ON complaint.id = placed.id
 GROUP BY placed.company_id, placed.currency_id, placed.agency_id, placed.arm, placed.month
"""


class CobrancaAgencyPerformance(models.Model):
    """What agencies make of what they are given, by arm and month of the placement."""

    _name = "cobranca.agency.performance"
    _description = "Performance of Agencies"
    _auto = False
    _order = "month desc, agency_id, arm"
    _rec_name = "agency_id"
    _depends = {
        "cobranca.placement": ["placed_on", "ended_on", "amount_placed", "first_contact_at", "arm"],
        "cobranca.placement.line": ["line_id"],
        "cobranca.agency.receipt": ["amount", "fee", "commission"],
        "cobranca.interaction": ["placement_id", "promise_id", "retracted_on"],
        "cobranca.promise": ["state"],
        "cobranca.agreement": ["state"],
        "cobranca.dispute": ["line_id", "date"],
        "cobranca.hold": ["reason", "date_from"],
    }

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    agency_id = fields.Many2one(comodel_name="cobranca.agency", readonly=True)
    arm = fields.Selection(selection=ARMS, readonly=True)
    month = fields.Date(string="Placed in", readonly=True)
    placement_count = fields.Integer(string="Customers", readonly=True)
    amount_placed = fields.Monetary(string="Placed", readonly=True)
    recovered_count = fields.Integer(string="Customers who paid", readonly=True, help="Something, and it stayed.")
    amount_recovered = fields.Monetary(string="Recovered", readonly=True)
    amount_commission = fields.Monetary(string="Commission", readonly=True)
    amount_net = fields.Monetary(string="Recovered net", readonly=True, help="Less the commission.")
    contacted_count = fields.Integer(string="Customers contacted", readonly=True)
    hours_to_contact = fields.Float(
        string="Hours to first contact",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Median of the customers contacted, from the beginning of the day on which they were placed.",
    )
    contact_count = fields.Integer(string="Contacts", readonly=True)
    promise_count = fields.Integer(string="Promises", readonly=True)
    promise_kept = fields.Integer(string="Promises kept", readonly=True)
    agreement_count = fields.Integer(string="Agreements", readonly=True)
    agreement_kept = fields.Integer(string="Agreements paid", readonly=True)
    complaint_count = fields.Integer(string="Complaints", readonly=True, help="Disputes, and cases at Procon.")

    @property
    def _table_query(self):
        return SQL(FIGURES)

    # === BUSINESS METHODS === #

    @api.model
    def _compare_arms(self, company, date_from, date_to):
        """How many customers pay where the champion and where the challenger works.

        :param date date_from: placed since the month of this day
        :param date date_to: placed until this day's month
        :return: dict: champion and challenger, each (customers who paid, customers), and result, a
            tools.arms.Comparison or None where there are too few
        """
        domain = [("company_id", "=", company.id), ("month", ">=", date_from.replace(day=1)), ("month", "<=", date_to)]
        rows = self._read_group(domain, ["arm"], ["recovered_count:sum", "placement_count:sum"])
        found = {arm: (int(recovered), int(placed)) for arm, recovered, placed in rows}
        champion, challenger = found.get("champion", (0, 0)), found.get("challenger", (0, 0))
        return {
            "champion": champion,
            "challenger": challenger,
            "least": LEAST,
            "result": compare(champion, challenger),
        }

    @api.model
    def _get_portal_figures(self, agency):
        """What an agency may know of its own work this month.

        :param agency: cobranca.agency, of one company each
        :return: list of dict(label, value) of texts: received, fees (where there are any) and commission of this month
        """
        own = agency.sudo()[:1]  # sudo: its own figures, for who was found to be of this agency
        if not own:
            return []
        first = own.company_id._cobranca_today().replace(day=1)
        Receipt = own.env["cobranca.agency.receipt"]
        domain = [("agency_id", "=", own.id), ("date", ">=", first)]
        measures = ["amount:sum", "fee:sum", "commission:sum"]
        [(received, fees, commission)] = Receipt._read_group(domain, [], measures)
        rows = [
            (self.env._("Received this month"), received or 0.0),
            (self.env._("Collection fees of this month"), fees or 0.0),
            (self.env._("Commission of this month"), commission or 0.0),
        ]
        money = own.currency_id.format
        return [{"label": label, "value": money(amount)} for label, amount in rows if amount or label != rows[1][0]]
