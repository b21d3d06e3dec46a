from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

# With the running one.
MONTHS = 12
SHOWN = ("month", "days", "after", "is_running", "title_count", "amount_due", "amount_open", "rate")


class CobrancaPortfolioCohort(models.Model):
    """What fell due in a month and was open so many days later, of the last twelve months."""

    _name = "cobranca.portfolio.cohort"
    _inherit = ["cobranca.portfolio.part"]
    _description = "Due Month of the Latest Position"
    _order = "month, days, company_id"
    _rec_name = "month"

    month = fields.Date(string="Due in", required=True, readonly=True, help="The month of the due dates.")
    days = fields.Integer(string="Days after the due date", required=True, readonly=True, aggregator=None)
    after = fields.Selection(
        selection=lambda self: self.env["cobranca.cohort.report"]._fields["after"].selection,
        required=True,
        readonly=True,
    )
    is_running = fields.Boolean(
        string="Until today", readonly=True, help="The month is not over: only what fell due so far."
    )
    title_count = fields.Integer(string="Debts", readonly=True)
    amount_due = fields.Monetary(string="Fell due", readonly=True)
    amount_open = fields.Monetary(string="Open then", readonly=True)
    rate = fields.Float(
        string="Open (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Σ open so many days after the due date / Σ fallen due in the month.",
    )

    _uniq_cell = models.UniqueIndex("(company_id, month, days)", "A month has one row for each number of days.")

    # === ACTIONS === #

    def action_open(self):
        """Open the debts that were open then.

        :raise UserError: where none of them is left in the books
        """
        self.ensure_one()
        self.check_access("read")
        domain = [*self._get_own_domain(), ("month", "=", self.month), ("days", "=", self.days)]
        row = self.env["cobranca.cohort.report"].search(domain, limit=1)
        if not row:
            raise UserError(self.env._("None of these debts is in the books any more: compute the position anew."))
        return row.action_open_lines()

    # === BUSINESS METHODS === #

    @api.model
    def _get_rows(self, snapshot):
        domain = [
            ("company_id", "=", snapshot.company_id.id),
            ("month", ">=", snapshot.month - relativedelta(months=MONTHS - 1)),
        ]
        # At once: a read of its own would ask the whole ledger again.
        rows = (
            self.env["cobranca.cohort.report"].with_context(cobranca_cohort_months=MONTHS).search_fetch(domain, SHOWN)
        )
        return [{name: row[name] for name in SHOWN} for row in rows]
