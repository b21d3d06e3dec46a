import logging

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .cobranca_company_bureau import BUREAU_SETTINGS
from .cobranca_company_card import CARD_SETTINGS
from .cobranca_company_page import PAGE_SETTINGS
from .cobranca_company_paid import PAID_SETTINGS
from .cobranca_company_person import SETTINGS
from .cobranca_company_pix import PIX_SETTINGS

_logger = logging.getLogger(__name__)

DEFAULT_TIMEZONE = "America/Sao_Paulo"


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = [
        "cobranca.company.policy",
        "cobranca.company.record",
        "cobranca.company.accounts",
        "cobranca.company.contact",
        "cobranca.company.dunning",
        "cobranca.company.paid",
        "cobranca.company.pix",
        "cobranca.company.page",
        "cobranca.company.card",
        "res.company",
    ]

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
    cobranca_fast_posting = fields.Boolean(
        string="Fast billing",
        groups="base.group_user",
        help="Makes and posts similar invoices several times faster. Each run also makes one of them the ordinary way "
        "and compares every column; with the first difference this option goes off and the managers are told.",
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

    cobranca_readjust_notice_days = fields.Integer(
        string="Readjustments proposed (days before)",
        default=45,
        groups="base.group_user",
        help="How long before the anniversary of a contract its readjustment is listed for approval.",
    )

    _check_cobranca_readjust_notice = models.Constraint(
        "CHECK (cobranca_readjust_notice_days BETWEEN 0 AND 180)", "Readjustments are proposed 0 to 180 days before."
    )
    cobranca_fee_product_id = fields.Many2one(
        comodel_name="product.product",
        string="Product of termination fees",
        default=lambda self: self._default_cobranca_fee_product_id(),
        groups="base.group_user",
        domain="[('type', '=', 'service')]",
        check_company=True,
        help="Named on the invoice that charges a termination fee; its account and taxes are used.",
    )

    cobranca_conference_mode = fields.Selection(
        selection=[("automatic", "Automatic"), ("manual", "By hand")],
        string="Release of a month",
        default="automatic",
        required=True,
        groups="base.group_user",
        help="Automatic: contracts are billed on their day, only conspicuous amounts wait to be checked. "
        "By hand: nothing of a month is billed until a supervisor releases it.",
    )
    cobranca_outlier_percent = fields.Float(
        string="Hold amounts that differ by more than (%)",
        default=30.0,
        digits=(16, 2),
        groups="base.group_user",
        help="A charge whose recurring and usage amount differs by more from the one before waits for a supervisor, "
        "unless a registered change explains it; 0 = none is held.",
    )
    cobranca_first_charge_limit = fields.Monetary(
        string="Hold first charges above",
        groups="base.group_user",
        help="A first charge has nothing to be compared with: above this amount a supervisor looks at it; 0 = never.",
    )

    _check_cobranca_conference = models.Constraint(
        "CHECK (cobranca_outlier_percent BETWEEN 0 AND 1000 AND cobranca_first_charge_limit >= 0)",
        "Amounts are held from 0 to 1000 % of difference, first charges above zero or more.",
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
    cobranca_send_invoices = fields.Boolean(
        string="Send contract invoices by e-mail",
        default=True,
        groups="base.group_user",
        help="New contracts send each invoice by e-mail after it is posted.",
    )
    cobranca_nfse_required = fields.Boolean(
        string="Contract invoices need a service invoice (NFS-e)",
        groups="base.group_user",
        help="Each new contract invoice waits in the list 'Without a note' until its number is registered.",
    )
    cobranca_send_with_nfse = fields.Boolean(
        string="Send only with the service invoice",
        groups="base.group_user",
        help="An invoice is sent once the number of its service invoice is registered.",
    )

    _check_cobranca_issue_lead_days = models.Constraint(
        "CHECK (cobranca_issue_lead_days BETWEEN 0 AND 60)",
        "Invoices are issued 0 to 60 days before the due date.",
    )

    # === CONSTRAINTS === #

    @api.constrains("active")
    def _check_cobranca_active_contracts(self):
        """An archived company is not billed: nobody would notice that its contracts stand still."""
        archived = self.filtered(lambda company: not company.active)
        Contract = self.env["cobranca.contract"].sudo()  # sudo: whether there are any, whoever archives
        billing = [("company_id", "in", archived.ids), ("state", "=", "active")]
        for company, count in Contract._read_group(billing, ["company_id"], ["__count"]):
            raise ValidationError(
                self.env._(
                    "%(company)s has %(count)s active contracts, which would not be billed any more: close or cancel "
                    "them before you archive it.",
                    company=company.name,
                    count=count,
                )
            )

    @api.model
    def _default_cobranca_fee_product_id(self):
        return self.env.ref("cobranca_recorrente.product_product_termination_fee", raise_if_not_found=False)

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

    @api.model
    def _cobranca_get_settings(self):
        """The fields of a company that a manager of Cobrança sets, whoever may write the company itself."""
        return [
            "cobranca_issue_lead_days",
            "cobranca_contract_journal_id",
            "cobranca_service_account_id",
            "cobranca_fee_product_id",
            "cobranca_max_catch_up",
            "cobranca_max_run_invoices",
            "cobranca_max_run_amount",
            "cobranca_fast_posting",
            "cobranca_conference_mode",
            "cobranca_outlier_percent",
            "cobranca_first_charge_limit",
            "cobranca_readjust_notice_days",
            "cobranca_send_invoices",
            "cobranca_nfse_required",
            "cobranca_send_with_nfse",
            "cobranca_require_policy",
            "cobranca_promise_tolerance_days",
            "cobranca_promise_tolerance_percent",
            "cobranca_promise_max_days",
            "cobranca_desk_high_amount",
            "cobranca_charge_policy_id",
            *SETTINGS,
            *BUREAU_SETTINGS,
            *PAID_SETTINGS,
            *PIX_SETTINGS,
            *PAGE_SETTINGS,
            *CARD_SETTINGS,
            "cobranca_dunning_thanks",
            "cobranca_payment_choice",
            "cobranca_tz",
            *(spec.field for spec in self._cobranca_get_account_specs()),
        ]

    def _cobranca_write_settings(self, values):
        """Write the settings of Cobrança of this company.

        :param dict values: of fields of `_cobranca_get_settings`; others are refused
        :raise AccessError: for who is no manager of Cobrança in this company
        """
        self.ensure_one()
        is_manager = self.env.user.has_group("cobranca_recorrente.cobranca_group_manager")
        if (
            not is_manager
            or self not in self.env.user.company_ids
            or values.keys() - set(self._cobranca_get_settings())
        ):
            raise AccessError(self.env._("Only a manager of Cobrança changes its settings."))
        self.sudo().write(values)  # sudo: the group and the fields were checked; no other right on companies is given

    def _cobranca_complete_defaults(self):
        """Fill what a chart of accounts left empty, so that a first contract can be billed."""
        for company in self:
            company.cobranca_fee_product_id = (
                company.cobranca_fee_product_id or company._default_cobranca_fee_product_id()
            )
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
            company._cobranca_complete_accounts()

    def _cobranca_stop_fast_posting(self, differences):
        """Switch fast billing off and tell the managers, each in his language.

        :param list differences: texts, for people who know Odoo
        """
        _logger.error("Fast billing is switched off for %s: %s", self.mapped("name"), "; ".join(differences[:20]))
        self.sudo().cobranca_fast_posting = False  # sudo: it must go off, whoever bills
        group = self.env.ref("cobranca_recorrente.cobranca_group_manager").sudo()  # sudo: to tell the managers
        for company in self:
            managers = group.all_user_ids.filtered(lambda user, company=company: company in user.company_ids)
            for lang, users in managers.grouped("lang").items():
                company.with_context(lang=lang)._cobranca_tell_fast_posting_stopped(users, differences)

    def _cobranca_tell_fast_posting_stopped(self, users, differences):
        self.env["mail.thread"].message_notify(
            partner_ids=users.partner_id.ids,
            model=self._name,
            res_id=self.id,
            subject=self.env._("Fast billing of %(company)s was switched off", company=self.name),
            body=self.env._(
                "An invoice made by fast billing was not equal to the same invoice made by Odoo. Nothing wrong was "
                "posted: all invoices of this run were made the normal way, and so are the next ones. Send this to who "
                "maintains your Odoo before you switch it on again: %(differences)s",
                differences="; ".join(differences[:5]),
            ),
        )
