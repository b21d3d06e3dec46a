from odoo import fields, models

from ..tools import recurrence


class CobrancaContractSchedule(models.AbstractModel):
    """The terms that decide which periods a document has, and the dates of each.

    Kept apart from the contract: it knows days, not what is billed.
    """

    _name = "cobranca.contract.schedule"
    _description = "Billing Schedule"

    date_start = fields.Date(
        string="Start", required=True, tracking=True, default=lambda self: self.env.company._cobranca_today()
    )
    date_end = fields.Date(string="End", tracking=True, copy=False, help="Last day of the contract; empty = no end.")
    interval_count = fields.Integer(string="Every", default=1, required=True, tracking=True)
    interval_unit = fields.Selection(
        selection=[("day", "Days"), ("week", "Weeks"), ("month", "Months"), ("year", "Years")],
        string="Unit",
        default="month",
        required=True,
        tracking=True,
    )
    due_day = fields.Integer(
        string="Due day", default=10, required=True, tracking=True, help="1 to 31; 31 means the last day of the month."
    )
    issue_lead_days = fields.Integer(
        string="Issued (days before due)",
        default=lambda self: self.env.company.cobranca_issue_lead_days,
        required=True,
        tracking=True,
    )
    billed_until = fields.Date(
        tracking=True,
        copy=False,
        groups="cobranca_recorrente.cobranca_group_collector",
        help="Everything up to this day was billed elsewhere, for example by the system used before.",
    )

    _check_interval_count = models.Constraint(
        "CHECK (interval_count BETWEEN 1 AND 366)", "A period is 1 to 366 units long."
    )
    # Beyond these years a period has no date any more.
    _check_years = models.Constraint(
        """CHECK (date_start BETWEEN '1990-01-01' AND '2150-12-31'
            AND COALESCE(billed_until, date_start) BETWEEN '1990-01-01' AND '2150-12-31')""",
        "The dates of a contract lie between 1990 and 2150.",
    )
    _check_due_day = models.Constraint("CHECK (due_day BETWEEN 1 AND 31)", "The due day goes from 1 to 31.")
    _check_issue_lead_days = models.Constraint(
        "CHECK (issue_lead_days BETWEEN 0 AND 60)", "Invoices are issued 0 to 60 days before the due date."
    )
    _check_dates = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)", "A contract cannot end before it starts."
    )

    # === BUSINESS METHODS === #

    def _get_first_index(self):
        """Index of the first period that is not billed elsewhere."""
        self.ensure_one()
        if not self.billed_until or not self._has_valid_terms():
            return 0
        return recurrence.first_index_after(self.date_start, self.interval_unit, self.interval_count, self.billed_until)

    def _has_valid_terms(self):
        """Are the terms such that periods can be computed (they may be half-typed in a form)?"""
        self.ensure_one()
        return bool(self._is_in_range() and 1 <= self.interval_count <= 366 and 1 <= self.due_day <= 31)

    def _is_in_range(self):
        days = [day for day in (self.date_start, self.billed_until) if day]
        return bool(self.date_start and self.interval_unit) and all(1990 <= day.year <= 2150 for day in days)

    def _prepare_period(self, index):
        """Dates of a period of this contract, the same for preview and billing.

        :param int index: 0 for the first
        :return: dict for cobranca.contract.period; empty while the terms are incomplete
        """
        self.ensure_one()
        if not self._has_valid_terms():
            return {}
        first, last = recurrence.period(self.date_start, self.interval_unit, self.interval_count, index)
        by_day_of_month = self.interval_unit in ("month", "year")
        due = first
        if by_day_of_month:
            due = recurrence.due_date(self.date_start, self.interval_unit, self.interval_count, index, self.due_day)
        return {
            "index": index,
            "date_start": first,
            "date_end": last,
            "date_due": due,
            "date_issue": fields.Date.subtract(due, days=self.issue_lead_days),
        }
