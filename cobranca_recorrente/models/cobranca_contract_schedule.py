from datetime import timedelta

from odoo import api, fields, models

from ..tools.schedule import Schedule

FIRST_YEAR, LAST_YEAR = 1990, 2150


class CobrancaContractSchedule(models.AbstractModel):
    """The dates of a contract, and the schedule that follows from them and its conditions.

    Kept apart from the contract: it knows days, not what is billed.
    """

    _name = "cobranca.contract.schedule"
    _description = "Billing Schedule"

    date_start = fields.Date(
        string="Start", required=True, tracking=True, default=lambda self: self.env.company._cobranca_today()
    )
    date_end = fields.Date(string="End", tracking=True, copy=False, help="Last day of the contract; empty = no end.")
    trial_end = fields.Date(
        string="Trial until",
        compute="_compute_trial_end",
        store=True,
        readonly=False,
        copy=False,
        tracking=True,
        help="Nothing is charged up to this day; the periods begin on the next one.",
    )
    billed_until = fields.Date(
        tracking=True,
        copy=False,
        groups="cobranca_recorrente.cobranca_group_collector",
        help="Everything up to this day was billed elsewhere, for example by the system used before. "
        "It must be the last day of a period.",
    )
    postponed_due_date = fields.Date(
        string="Next due date, this time only",
        readonly=True,
        copy=False,
        tracking=True,
        groups="cobranca_recorrente.cobranca_group_collector",
    )
    postponed_from = fields.Date(
        string="Due date that was postponed",
        readonly=True,
        copy=False,
        groups="cobranca_recorrente.cobranca_group_collector",
        help="The later due date was granted for what falls due on this day, and for nothing else.",
    )
    renewal_alert_date = fields.Date(
        string="Alert given for the end on",
        readonly=True,
        copy=False,
        groups="cobranca_recorrente.cobranca_group_collector",
    )

    # Beyond these years a period has no date any more.
    _check_years = models.Constraint(
        f"""CHECK (date_start BETWEEN '{FIRST_YEAR}-01-01' AND '{LAST_YEAR}-12-31'
            AND COALESCE(billed_until, date_start) BETWEEN '{FIRST_YEAR}-01-01' AND '{LAST_YEAR}-12-31')""",
        "The dates of a contract lie between 1990 and 2150.",
    )
    _check_dates = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)", "A contract cannot end before it starts."
    )
    _check_trial_end = models.Constraint(
        "CHECK (trial_end IS NULL OR trial_end >= date_start)", "A trial cannot end before the contract starts."
    )

    # === COMPUTE METHODS === #

    @api.depends("trial_days", "date_start")
    def _compute_trial_end(self):
        for document in self:
            days = document.trial_days
            has_trial = bool(document.date_start) and 0 < days <= 366
            document.trial_end = has_trial and document.date_start + timedelta(days=days - 1)

    # === BUSINESS METHODS === #

    def _get_billing_start(self):
        """First day that is charged: after the trial."""
        self.ensure_one()
        return self.trial_end + timedelta(days=1) if self.trial_end else self.date_start

    def _get_schedule(self):
        """The dates of this contract, the same for preview, checks and billing.

        :return: tools.schedule.Schedule; None while the terms are incomplete (half-typed in a form)
        """
        self.ensure_one()
        if not self._has_valid_terms():
            return None
        has_term = self.due_mode == "term" and self.payment_term_id
        return Schedule(
            start=self._get_billing_start(),
            end=self.date_end or None,
            unit=self.interval_unit,
            every=self.interval_count,
            billing_day=self.billing_day or None,
            due_day=None if has_term else self.due_day,
            lead_days=self.issue_lead_days,
            due_after_issue=self._get_due_by_term if has_term else None,
        )

    def _has_valid_terms(self):
        self.ensure_one()
        return bool(
            self._is_in_range()
            and 1 <= self.interval_count <= 366
            and 1 <= self.due_day <= 31
            and 0 <= self.billing_day <= 31
            and 0 <= self.issue_lead_days <= 60
        )

    def _is_in_range(self):
        days = [day for day in (self.date_start, self.billed_until, self.trial_end) if day]
        return bool(self.date_start and self.interval_unit) and all(FIRST_YEAR <= day.year <= LAST_YEAR for day in days)

    def _get_due_by_term(self, issue):
        """Due date of the last part of an invoice with the payment term of this contract."""
        return max((line._get_due_date(issue) for line in self.payment_term_id.line_ids), default=issue)
