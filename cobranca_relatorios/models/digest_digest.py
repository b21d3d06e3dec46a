import pytz

from odoo import fields, models
from odoo.exceptions import AccessError

SUPERVISOR = "cobranca_recorrente.cobranca_group_supervisor"
ACTIONS = {
    "kpi_cobranca_late": "cobranca_relatorios.cobranca_aging_report_action",
    "kpi_cobranca_late_30": "cobranca_relatorios.cobranca_aging_report_action",
    "kpi_cobranca_received": "cobranca_relatorios.cobranca_portfolio_snapshot_action",
    "kpi_cobranca_recovered": "cobranca_relatorios.cobranca_portfolio_snapshot_action",
}


class DigestDigest(models.Model):
    _inherit = "digest.digest"

    kpi_cobranca_late = fields.Boolean(string="Receivables That Are Late")
    kpi_cobranca_late_value = fields.Monetary(compute="_compute_kpi_cobranca_late_value")
    kpi_cobranca_late_30 = fields.Boolean(string="Late over 30 Days")
    kpi_cobranca_late_30_value = fields.Monetary(compute="_compute_kpi_cobranca_late_30_value")
    kpi_cobranca_received = fields.Boolean(string="Received from Customers")
    kpi_cobranca_received_value = fields.Monetary(compute="_compute_kpi_cobranca_received_value")
    kpi_cobranca_recovered = fields.Boolean(string="Recovered after the Due Date")
    kpi_cobranca_recovered_value = fields.Monetary(compute="_compute_kpi_cobranca_recovered_value")

    # === COMPUTE METHODS === #
    # One for each field: Odoo forgets one field at a time when it goes from one time frame to the next.

    def _compute_kpi_cobranca_late_value(self):
        """What is late at the end of the time frame: the same in all of them, with other changes."""
        for digest, company in self._get_cobranca_companies():
            digest.kpi_cobranca_late_value = self._get_cobranca_late(company, 0)

    def _compute_kpi_cobranca_late_30_value(self):
        for digest, company in self._get_cobranca_companies():
            digest.kpi_cobranca_late_30_value = self._get_cobranca_late(company, 30)

    def _compute_kpi_cobranca_received_value(self):
        """Money of the time frame for what customers owe."""
        for digest, company in self._get_cobranca_companies():
            digest.kpi_cobranca_received_value = self._get_cobranca_paid(company)[0]

    def _compute_kpi_cobranca_recovered_value(self):
        """The part of the money that came after the due date."""
        for digest, company in self._get_cobranca_companies():
            digest.kpi_cobranca_recovered_value = self._get_cobranca_paid(company)[1]

    def _compute_kpis_actions(self, company, user):
        menu = self.env.ref("cobranca_recorrente.cobranca_menu").id
        actions = {name: f"{action}?menu_id={menu}" for name, action in ACTIONS.items()}
        return super()._compute_kpis_actions(company, user) | actions

    # === BUSINESS METHODS === #

    def _get_cobranca_companies(self):
        """(digest, its company in an environment of that company alone); without one it tells of the current one.

        :raise AccessError: for who may not see these figures; Odoo then leaves them out of that person's digest
        """
        if not self.env.user.has_group(SUPERVISOR):
            raise AccessError(self.env._("Figures of Cobrança are read by its supervisors."))
        found = []
        for digest in self:
            company = digest.company_id or self.env.company
            company = company.with_context(allowed_company_ids=company.ids)
            company.check_access("read")
            found.append((digest, company))
        return found

    def _get_cobranca_days(self, company):
        """The days of the time frame, after the first moment and until the last one, where the company is.

        :return: (date, date)
        """
        zone, today = pytz.timezone(company.cobranca_tz), company._cobranca_today()
        moments = (self.env.context.get("start_datetime"), self.env.context.get("end_datetime"))
        # Odoo takes the hour in UTC, whatever time zone it then gives it.
        days = [moment and pytz.utc.localize(moment.replace(tzinfo=None)).astimezone(zone).date() for moment in moments]
        last = min(days[1] or today, today)
        return (fields.Date.add(days[0], days=1) if days[0] else last), last

    def _get_cobranca_late(self, company, more_than):
        _first, last = self._get_cobranca_days(company)
        report = company.env["cobranca.aging.report"]._as_of(last)
        domain = [("company_id", "=", company.id), ("days_late", ">", more_than), ("is_credit", "=", False)]
        return report._read_group(domain, [], ["amount_late:sum"])[0][0] or 0.0

    def _get_cobranca_paid(self, company):
        """:return: (paid, part of it after the due date)"""
        first, last = self._get_cobranca_days(company)
        self.env.flush_all()
        paid, _weighted, late, *_rest = company.env["cobranca.portfolio.reader"]._read_paid(company, last, first)
        return float(paid), float(late)
