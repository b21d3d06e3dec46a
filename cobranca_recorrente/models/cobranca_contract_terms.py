from odoo import fields, models

UNITS = [
    ("day", "Days"),
    ("week", "Weeks"),
    ("month", "Months"),
    ("quarter", "Quarters"),
    ("semester", "Semesters"),
    ("year", "Years"),
]


class CobrancaContractTerms(models.AbstractModel):
    """The conditions that a template gives and a contract has; a template is copied, never inherited."""

    _name = "cobranca.contract.terms"
    _description = "Billing Conditions"

    interval_count = fields.Integer(string="Every", default=1, required=True, tracking=True)
    interval_unit = fields.Selection(selection=UNITS, string="Unit", default="month", required=True, tracking=True)
    billing_day = fields.Integer(
        string="Periods begin on day",
        tracking=True,
        help="1 to 31 (31 = last day of the month); 0 = the day on which the contract starts. "
        "A first period cut short by it is charged by days.",
    )
    due_mode = fields.Selection(
        selection=[("day", "Fixed day"), ("term", "Payment term")],
        string="Due",
        default="day",
        required=True,
        tracking=True,
    )
    due_day = fields.Integer(
        string="Due day", default=10, required=True, tracking=True, help="1 to 31; 31 means the last day of the month."
    )
    payment_term_id = fields.Many2one(comodel_name="account.payment.term", tracking=True, check_company=True)
    issue_lead_days = fields.Integer(
        string="Issued (days before due)",
        default=lambda self: self.env.company.cobranca_issue_lead_days,
        required=True,
        tracking=True,
        help="With a payment term: days before the period begins.",
    )
    trial_days = fields.Integer(string="Trial (days)", tracking=True, help="Days at the start that cost nothing.")

    renewal = fields.Selection(
        selection=[("auto", "Automatic"), ("notice", "On confirmation"), ("none", "None")],
        default="auto",
        required=True,
        tracking=True,
        help="What happens at the end date: renewed by itself, renewed when someone confirms, or ended.",
    )
    renewal_months = fields.Integer(
        string="Renewed for (months)", default=12, required=True, tracking=True, help="Length of each renewal."
    )
    renewal_notice_days = fields.Integer(string="Renewal alert (days before)", default=30, required=True, tracking=True)

    minimum_months = fields.Integer(
        string="Minimum term (months)", tracking=True, help="0 = the customer may leave at any time."
    )
    termination_fee = fields.Selection(
        selection=[
            ("none", "None"),
            ("percent", "Percent of what remains"),
            ("fixed", "Fixed amount"),
            ("remaining", "All that remains"),
        ],
        default="none",
        required=True,
        tracking=True,
        help="Charged when the contract is ended by the customer before its minimum term.",
    )
    termination_fee_percent = fields.Float(string="Fee (%)", default=10.0, tracking=True)
    termination_fee_amount = fields.Float(string="Fee (amount)", min_display_digits="Product Price", tracking=True)
    is_distance_sale = fields.Boolean(
        string="Sold at a distance",
        tracking=True,
        help="Sold by internet, phone or at home: a consumer may withdraw within 7 days (CDC, art. 49).",
    )
    index_id = fields.Many2one(
        comodel_name="cobranca.price.index",
        string="Readjusted by",
        domain="[('is_interest_rate', '=', False)]",
        tracking=True,
        groups="cobranca_recorrente.cobranca_group_collector",
        help="Once a year, never before twelve months (Lei 10.192/2001, art. 2); each readjustment is approved first.",
    )
    readjust_lag = fields.Integer(
        string="Index lag (months)",
        tracking=True,
        groups="cobranca_recorrente.cobranca_group_collector",
        help="Months between the last month that counts and the anniversary; 0 = the last one published.",
    )
    readjust_cap = fields.Float(
        string="At most (%)", tracking=True, groups="cobranca_recorrente.cobranca_group_collector", help="0 = no limit."
    )
    readjust_floor = fields.Float(
        string="At least (%)", tracking=True, groups="cobranca_recorrente.cobranca_group_collector"
    )
    readjust_allow_negative = fields.Boolean(
        string="Prices may fall",
        tracking=True,
        groups="cobranca_recorrente.cobranca_group_collector",
        help="When the index of the year is negative.",
    )
    charge_policy_id = fields.Many2one(
        comodel_name="cobranca.charge.policy",
        string="Fine, interest and discount",
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        groups="cobranca_recorrente.cobranca_group_collector",
        help="Empty: the terms of the customer, else those of the company.",
    )
    invoice_note = fields.Text(string="Text on invoices", help="Printed on every invoice of the contract.")
    policy_text = fields.Text(
        string="Collection conditions",
        groups="base.group_user",
        help="What the customer is told of due dates, late charges and leaving, before the contract starts.",
    )

    _check_interval_count = models.Constraint(
        "CHECK (interval_count BETWEEN 1 AND 366)", "A period is 1 to 366 units long."
    )
    _check_billing_day = models.Constraint(
        "CHECK (billing_day BETWEEN 0 AND 31)", "The day on which periods begin goes from 1 to 31, or is 0."
    )
    _check_due_day = models.Constraint("CHECK (due_day BETWEEN 1 AND 31)", "The due day goes from 1 to 31.")
    _check_issue_lead_days = models.Constraint(
        "CHECK (issue_lead_days BETWEEN 0 AND 60)", "Invoices are issued 0 to 60 days before the due date."
    )
    _check_payment_term = models.Constraint(
        "CHECK (due_mode != 'term' OR payment_term_id IS NOT NULL)", "Choose the payment term."
    )
    _check_lengths = models.Constraint(
        """CHECK (trial_days BETWEEN 0 AND 366 AND renewal_months BETWEEN 1 AND 120
            AND renewal_notice_days BETWEEN 0 AND 180 AND minimum_months BETWEEN 0 AND 120)""",
        "Trial: 0 to 366 days; renewal: 1 to 120 months; its alert: 0 to 180 days; minimum term: 0 to 120 months.",
    )
    _check_termination_fee = models.Constraint(
        "CHECK (termination_fee_percent BETWEEN 0 AND 100 AND termination_fee_amount >= 0)",
        "The termination fee goes from 0 to 100 % or is an amount from zero up.",
    )

    _check_readjustment = models.Constraint(
        "CHECK (readjust_lag BETWEEN 0 AND 12 AND readjust_cap >= 0 AND readjust_floor >= 0 "
        "AND (readjust_cap = 0 OR readjust_cap >= readjust_floor))",
        "The lag of an index is 0 to 12 months; the limits of a readjustment are zero or more, the upper one not below "
        "the lower.",
    )

    # === BUSINESS METHODS === #

    def _prepare_terms(self):
        """The conditions of this document, to be copied to another.

        :return: dict of values
        """
        self.ensure_one()
        own = self.env["cobranca.contract.terms"]._fields.keys() - {"display_name", *models.MAGIC_COLUMNS}
        values = {name: self[name] for name in self._fields if name in own}
        return {name: value.id if isinstance(value, models.BaseModel) else value for name, value in values.items()}
