import logging

import psycopg2.errors

from odoo import api, fields, models

from .cobranca_contract_billing import CONCURRENCY_ERRORS, is_passing

_logger = logging.getLogger(__name__)

# Contracts whose invoice is issued within these days have their month ready to be looked at.
DAYS_AHEAD = 5
MAX_MONTHS = 12


class CobrancaBillingConferenceRun(models.AbstractModel):
    """The months that are billed or about to be, kept up to date by themselves."""

    _name = "cobranca.billing.conference.run"
    _description = "Run of the Billing Check"

    # === CRON === #

    @api.model
    def _cron_refresh(self):
        """Compute the months that are billed or about to be, and tell supervisors what waits for them."""
        wanted = [(company, month) for company in self._get_companies() for month in self._get_months(company)]
        for number, (company, month) in enumerate(wanted, start=1):
            try:
                self._refresh_month(company, month)
            except (*CONCURRENCY_ERRORS, psycopg2.errors.UniqueViolation):
                # Someone computes this month right now: his result is as good.
                self._forget()
            except Exception as error:
                if is_passing(error):
                    raise
                # What is odd in one company must not keep the others from their months.
                self._forget()
                _logger.exception("The billing check %s of %s could not be computed.", month, company.name)
            if not self.env["ir.cron"]._commit_progress(1, remaining=len(wanted) - number):
                return

    @api.model
    def _forget(self):
        self.env.cr.rollback()
        self.env.invalidate_all()

    @api.model
    def _get_companies(self):
        groups = self.env["cobranca.contract"]._read_group([("state", "=", "active")], ["company_id"])
        return [company for (company,) in groups]

    @api.model
    def _get_months(self, company):
        """The month of today and those of what is issued soon, some at most."""
        today = company._cobranca_today()
        soon = [
            ("company_id", "=", company.id),
            ("state", "=", "active"),
            ("next_issue_date", "<=", fields.Date.add(today, days=DAYS_AHEAD)),
        ]
        groups = self.env["cobranca.contract"]._read_group(soon, ["next_due_date:month"])
        months = {fields.Date.start_of(today, "month")} | {month for (month,) in groups if month}
        return sorted(months)[-MAX_MONTHS:]

    @api.model
    def _refresh_month(self, company, month):
        lang = company.partner_id.lang or self.env.user.lang
        Conference = self.with_company(company).with_context(lang=lang)
        Conference._recheck_held(company)
        conference = Conference.search([("company_id", "=", company.id), ("month", "=", month)])
        if not conference:
            conference = Conference.create({"company_id": company.id, "month": month})
        elif conference.try_lock_for_update():
            conference._refresh()
        conference._alert()

    # === BUSINESS METHODS === #

    @api.model
    def _recheck_held(self, company):
        """Let go what is held no more: its price was put right, or a change explains it now."""
        Billing = self.env["cobranca.contract.billing"].with_company(company)
        held = self.env["cobranca.contract"].search(
            [("company_id", "=", company.id), ("state", "=", "active"), ("hold_reason", "!=", False)]
        )
        held = held.try_lock_for_update().filtered("hold_reason")
        planned = held._get_next_charges()
        charges = {contract: planned(contract) for contract in held}
        references = Billing._get_references([charge for charge in charges.values() if charge])
        for contract, charge in charges.items():
            finding = charge and Billing._find_outlier(charge, references.get(contract.id, {}))
            if not finding:
                contract.sudo().write(contract._get_values_unheld())  # sudo: guarded fields, decided here
            elif finding.key != contract.hold_key:
                contract._hold(finding)
