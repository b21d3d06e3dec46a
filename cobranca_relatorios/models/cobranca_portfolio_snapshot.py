from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools.misc import format_date

MANAGER = "cobranca_recorrente.cobranca_group_manager"


class CobrancaPortfolioSnapshot(models.Model):
    """The receivables of a company at the end of a month: what was open, how late, and how the month went.

    Taken from the ledger and taken anew at will; written by its own methods alone. The running month stands as of
    today. Figures that a month does not have (nothing to divide by) are NULL; `missing` names them.
    """

    _name = "cobranca.portfolio.snapshot"
    _description = "Monthly Position"
    _inherit = [
        "cobranca.insight.keeping",
        "cobranca.portfolio.parts",
        "cobranca.portfolio.figures",
        "cobranca.portfolio.taking",
    ]
    _order = "month desc, company_id"
    _rec_name = "month"

    company_id = fields.Many2one(comodel_name="res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, readonly=True, index=True)
    date = fields.Date(
        string="As of", required=True, readonly=True, help="The last day of the month; of the running one, today."
    )
    is_final = fields.Boolean(string="Ended", readonly=True, help="Taken after the month had ended.")
    computed_at = fields.Datetime(string="Computed on", readonly=True)
    missing = fields.Char(
        readonly=True, help="Figures that this month does not have, as there is nothing to divide by: ,name,name,"
    )
    # --- what is open, by the due date ---
    amount_open = fields.Monetary(
        string="Open", readonly=True, help="What customers owe at the end of the day. Unused credits are not deducted."
    )
    amount_credit = fields.Monetary(
        string="Unused credits", readonly=True, help="Payments and credit notes that pay nothing yet; below zero."
    )
    amount_late = fields.Monetary(
        string="Late", readonly=True, help="Due before this day. What is due today is not late."
    )
    amount_late_30 = fields.Monetary(string="Late over 30 days", readonly=True)
    amount_late_60 = fields.Monetary(string="Late over 60 days", readonly=True)
    amount_late_90 = fields.Monetary(string="Late over 90 days", readonly=True)
    amount_original_late = fields.Monetary(
        string="Late, originally",
        readonly=True,
        help="By the due dates of the debts that agreements stand in the place of: no agreement cures a delay.",
    )
    amount_original_late_30 = fields.Monetary(string="Late over 30 days, originally", readonly=True)
    title_count = fields.Integer(string="Open titles", readonly=True, help="Invoices and installments.")
    late_count = fields.Integer(string="Late titles", readonly=True)
    late_partner_count = fields.Integer(string="Late customers", readonly=True)
    # --- the month ---
    sales = fields.Monetary(
        readonly=True, help="Invoiced in the month with taxes, less credit notes; agreements are no sales."
    )
    sales_quarter = fields.Monetary(string="Sales of three months", readonly=True, help="Up to this day.")
    received = fields.Monetary(
        readonly=True,
        help="Money of the month for titles of customers. Agreements, credit notes, losses and entries of breaks are "
        "no payments.",
    )
    recovered = fields.Monetary(readonly=True, help="Part of the money received that came after the due date.")
    # --- days ---
    dso = fields.Float(
        string="DSO (days)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Days sales outstanding: receivables / sales of three months x days of these months. Source: Oracle, "
        "criskco.com.",
    )
    dso_countback = fields.Float(
        string="DSO, count-back (days)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="How many of the latest days hold as many sales as there are receivables, month by month backwards, the "
        "last month in part. Seasons do not distort it.",
    )
    dso_best = fields.Float(
        string="Best possible DSO (days)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="The DSO if nothing were late: receivables that are not late / sales of three months x days.",
    )
    days_delinquent = fields.Float(
        string="Days due to delay",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Average days delinquent: DSO less best possible DSO.",
    )
    average_delay = fields.Float(
        string="Average delay of what is late (days)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Of what is open and late, weighted by amount.",
    )
    payment_delay = fields.Float(
        string="Average delay of payments (days)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Payments of the month, days after the due date weighted by amount; early ones count below zero.",
    )
    payment_delay_late = fields.Float(
        string="Delay of late payments (days)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Only of what was paid after the due date, weighted by amount.",
    )
    payment_delay_mean = fields.Float(
        string="Delay of late payments, plain mean (days)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Each late payment counts once, whatever its amount.",
    )
    # --- percentages ---
    cei = fields.Float(
        string="CEI (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Collection effectiveness index: (receivables at the beginning of the month + sales - receivables at the "
        "end) / (beginning + sales - what is not late at the end). 100 % leaves nothing late. Source: Oracle, "
        "criskco.com.",
    )
    rate_0 = fields.Float(
        string="Late (%)", digits=(16, 2), readonly=True, aggregator="avg", help="Of what is open, by the due date."
    )
    rate_30 = fields.Float(string="Late over 30 days (%)", digits=(16, 2), readonly=True, aggregator="avg")
    rate_60 = fields.Float(string="Late over 60 days (%)", digits=(16, 2), readonly=True, aggregator="avg")
    rate_90 = fields.Float(string="Late over 90 days (%)", digits=(16, 2), readonly=True, aggregator="avg")
    original_rate_30 = fields.Float(
        string="Late over 30 days, originally (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Of what is open, by the due dates of the debts that agreements stand in the place of.",
    )
    title_rate_0 = fields.Float(
        string="Late titles (%)", digits=(16, 2), readonly=True, aggregator="avg", help="Of the number of open titles."
    )
    title_rate_30 = fields.Float(string="Late titles over 30 days (%)", digits=(16, 2), readonly=True, aggregator="avg")
    title_rate_60 = fields.Float(string="Late titles over 60 days (%)", digits=(16, 2), readonly=True, aggregator="avg")
    title_rate_90 = fields.Float(string="Late titles over 90 days (%)", digits=(16, 2), readonly=True, aggregator="avg")
    # --- agreements ---
    agreement_count = fields.Integer(string="Agreements in force", readonly=True)
    agreement_on_time_count = fields.Integer(
        string="Agreements on time", readonly=True, help="In force, with no installment that is late."
    )
    agreement_rate = fields.Float(
        string="Agreements on time (%)",
        digits=(16, 2),
        readonly=True,
        aggregator="avg",
        help="Agreements on time / agreements in force.",
    )
    # --- control ---
    account_balance = fields.Monetary(
        string="Balance of the accounts", readonly=True, help="Of the receivable accounts in the general ledger."
    )
    difference = fields.Monetary(
        readonly=True, help="Open and unused credits less the balance of the accounts: to be 0.00."
    )
    band_ids = fields.One2many(
        comodel_name="cobranca.portfolio.band", inverse_name="snapshot_id", string="Bands", readonly=True
    )
    due_band_ids = fields.One2many(
        comodel_name="cobranca.portfolio.band",
        inverse_name="snapshot_id",
        string="By due date",
        domain=[("basis", "=", "due")],
        readonly=True,
    )
    original_band_ids = fields.One2many(
        comodel_name="cobranca.portfolio.band",
        inverse_name="snapshot_id",
        string="By original due date",
        domain=[("basis", "=", "original")],
        readonly=True,
    )
    roll_ids = fields.One2many(comodel_name="cobranca.portfolio.roll", inverse_name="snapshot_id", readonly=True)

    _uniq_month = models.UniqueIndex("(company_id, month)", "A company has one position for each month.")

    # === COMPUTE METHODS === #

    @api.depends("month")
    def _compute_display_name(self):
        for snapshot in self:
            name = snapshot.month and format_date(self.env, snapshot.month, date_format="MMMM y")
            snapshot.display_name = name and name[0].upper() + name[1:]

    # === ACTIONS === #

    def action_recompute(self):
        """Take these positions anew, from what the ledger says now.

        :raise AccessError: for who is no manager
        """
        self.check_access("read")
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Positions are computed anew by a manager of Cobrança."))
        for snapshot in self.filtered("month").sorted("month"):
            self._take(snapshot.company_id, snapshot.month)

    def action_open_titles(self):
        """Open the titles behind a position, as they were on its day."""
        self.ensure_one()
        action = self.env["cobranca.aging.choose"]._open_day(self.date)
        return {**action, "domain": [("company_id", "=", self.company_id.id)]}

    # === BUSINESS METHODS === #

    def _get_figure(self, name):
        """A figure of a position, where zero is not the same as nothing.

        :param str name: of a field
        :return: its value, or None where the month does not have it
        """
        self.ensure_one()
        return None if f",{name}," in (self.missing or "") else self[name]
