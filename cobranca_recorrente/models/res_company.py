import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

DEFAULT_TIMEZONE = "America/Sao_Paulo"


class ResCompany(models.Model):
    _inherit = "res.company"

    cobranca_tz = fields.Selection(
        selection=lambda self: self._selection_cobranca_tz(),
        string="Billing time zone",
        default=DEFAULT_TIMEZONE,
        required=True,
        help="The day on which contracts are billed and debts fall due is the day in this time zone.",
    )
    cobranca_issue_lead_days = fields.Integer(
        string="Issue invoices (days before due)",
        default=10,
        groups="base.group_user",
        help="New contracts issue their invoices this many days before the due date.",
    )
    cobranca_contract_journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Journal of contract invoices",
        groups="base.group_user",
        domain="[('type', '=', 'sale')]",
        check_company=True,
    )
    cobranca_service_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Income account of contract lines",
        groups="base.group_user",
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        check_company=True,
        help="Used for contract lines whose product names no income account of its own.",
    )

    cobranca_max_catch_up = fields.Integer(
        string="Missed periods billed in one run",
        default=6,
        groups="base.group_user",
        help="A contract with more invoices to issue than this waits for someone to confirm them.",
    )
    cobranca_max_run_invoices = fields.Integer(
        string="Contract invoices of a day",
        default=5000,
        groups="base.group_user",
        help="Billing stops for the day and asks when it has issued this many; 0 = no bound.",
    )
    cobranca_max_run_amount = fields.Monetary(
        string="Contract billing of a day",
        groups="base.group_user",
        help="Billing stops for the day and asks when it has billed this much; 0 = no bound.",
    )

    cobranca_require_policy = fields.Boolean(
        string="Collection conditions must be explained",
        groups="base.group_user",
        help="A contract is not activated before someone ticks that its collection conditions were explained to the "
        "customer. Contracts that were billed elsewhere before are not asked.",
    )

    _check_cobranca_bounds = models.Constraint(
        "CHECK (cobranca_max_catch_up BETWEEN 1 AND 120 AND cobranca_max_run_invoices >= 0 "
        "AND cobranca_max_run_amount >= 0)",
        "A run bills 1 to 120 missed periods of a contract; the bounds of a day are zero or more.",
    )
    _check_cobranca_issue_lead_days = models.Constraint(
        "CHECK (cobranca_issue_lead_days BETWEEN 0 AND 60)",
        "Invoices are issued 0 to 60 days before the due date.",
    )

    @api.model
    def _selection_cobranca_tz(self):
        brazilian = sorted(pytz.country_timezones("br"))
        others = sorted(set(pytz.common_timezones) - set(brazilian))
        return [(zone, zone) for zone in brazilian + others]

    def _cobranca_today(self):
        """The day it is for this company: the only meaning of "today" in these addons.

        :return: date in the company's time zone
        """
        self.ensure_one()
        now = pytz.utc.localize(fields.Datetime.now())
        return now.astimezone(pytz.timezone(self.cobranca_tz or DEFAULT_TIMEZONE)).date()

    def _cobranca_require_journal(self):
        """:raise UserError: while the company has no journal for the invoices of contracts"""
        self.ensure_one()
        if not self.cobranca_contract_journal_id:
            self.sudo()._cobranca_complete_defaults()  # sudo: fills what the chart of accounts defines
        if not self.cobranca_contract_journal_id:
            raise UserError(
                self.env._(
                    "%(company)s has no journal for contract invoices. Install its chart of accounts, or choose the "
                    "journal in the settings of Cobrança.",
                    company=self.name,
                )
            )

    def _cobranca_complete_defaults(self):
        """Fill what a chart of accounts left empty, so that a first contract can be billed."""
        for company in self:
            chart = self.env["account.chart.template"].with_company(company)
            root = company.parent_ids[:1]
            if not company.cobranca_contract_journal_id:
                company.cobranca_contract_journal_id = (
                    chart.ref("cobranca_journal_contract", raise_if_not_found=False)
                    or (root - company).cobranca_contract_journal_id
                )
            if not company.cobranca_service_account_id:
                company.cobranca_service_account_id = (
                    chart.ref("account_template_30101010106", raise_if_not_found=False)
                    or (root - company).cobranca_service_account_id
                    or company.income_account_id
                )
