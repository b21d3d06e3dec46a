from odoo import api, fields, models

from ..models.cobranca_company_bureau import BUREAUS
from ..models.cobranca_company_paid import STATEMENT_GUARD
from ..models.cobranca_company_person import DECISIONS
from ..models.cobranca_company_policy import CHOICES


class CobrancaSettings(models.TransientModel):
    """The settings of Cobrança, for its managers: Odoo's own settings are for system administrators only."""

    _name = "cobranca.settings"
    _description = "Cobrança Settings"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    company_partner_id = fields.Many2one(related="company_id.partner_id")
    cobranca_tz = fields.Selection(
        selection=lambda self: self.env["res.company"]._selection_cobranca_tz(),
        string="Billing time zone",
        required=True,
    )
    cobranca_issue_lead_days = fields.Integer(string="Issue invoices (days before due)")
    cobranca_contract_journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Journal of contract invoices",
        domain="[('type', '=', 'sale'), ('company_id', '=', company_id)]",
        ondelete="cascade",
    )
    cobranca_service_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Income account of contract lines",
        domain="[('account_type', 'in', ('income', 'income_other')), ('company_ids', 'in', company_id)]",
        ondelete="cascade",
    )
    cobranca_fee_product_id = fields.Many2one(
        comodel_name="product.product",
        string="Product of termination fees",
        domain="[('type', '=', 'service')]",
        ondelete="cascade",
    )
    cobranca_max_catch_up = fields.Integer(string="Missed periods billed in one run")
    cobranca_max_run_invoices = fields.Integer(string="Contract invoices of a day")
    cobranca_max_run_amount = fields.Monetary(string="Contract billing of a day")
    cobranca_fast_posting = fields.Boolean(string="Fast billing")
    cobranca_conference_mode = fields.Selection(
        selection=[("automatic", "Automatic"), ("manual", "By hand")], string="Release of a month", required=True
    )
    cobranca_outlier_percent = fields.Float(string="Hold amounts that differ by more than (%)", digits=(16, 2))
    cobranca_first_charge_limit = fields.Monetary(string="Hold first charges above")
    cobranca_readjust_notice_days = fields.Integer(string="Readjustments proposed (days before)")
    cobranca_send_invoices = fields.Boolean(string="Send contract invoices by e-mail")
    cobranca_nfse_required = fields.Boolean(string="Contract invoices need a service invoice (NFS-e)")
    cobranca_send_with_nfse = fields.Boolean(string="Send only with the service invoice")
    cobranca_charge_policy_id = fields.Many2one(
        comodel_name="cobranca.charge.policy",
        string="Fine, interest and discount",
        domain="[('company_id', 'in', (False, company_id))]",
        ondelete="cascade",
    )
    cobranca_payment_choice = fields.Selection(selection=CHOICES, string="Payment dialog proposes", required=True)
    cobranca_require_policy = fields.Boolean(string="Collection conditions must be explained")
    cobranca_promise_tolerance_days = fields.Integer(string="Tolerance of promises (business days)")
    cobranca_promise_tolerance_percent = fields.Float(string="Tolerance of promises (% missing)", digits=(16, 2))
    cobranca_desk_high_amount = fields.Float(string="High amount in the collection queue", digits=(16, 2))
    cobranca_promise_max_days = fields.Integer(string="Promises at most (days ahead)")
    cobranca_statement_guard = fields.Selection(
        selection=STATEMENT_GUARD,
        string="Reminders wait for the bank statement",
        required=True,
    )
    cobranca_statement_days = fields.Integer(string="Statement must show (business days after due)")
    cobranca_claim_days = fields.Integer(string="“I have paid” pauses reminders (business days)")
    cobranca_dunning_thanks = fields.Boolean(string="Thank for late payments")
    cobranca_charge_back_days = fields.Integer(string="After a chargeback nobody is reminded for (business days)")
    cobranca_charge_back_forgives = fields.Boolean(string="No charges for the time until a chargeback")
    cobranca_link_days = fields.Integer(string="Link to open payments valid (days)")
    cobranca_reminder_days = fields.Integer(string="Customers choose the day of a reminder (days ahead)")
    cobranca_doubt_days = fields.Integer(string="Questions are answered within (business days)")
    cobranca_link_asks_document = fields.Boolean(string="Link asks for the first digits of the CPF")
    cobranca_pix_bank_id = fields.Many2one(
        comodel_name="res.partner.bank",
        string="Account that receives Pix",
        domain="[('partner_id', '=', company_partner_id)]",
        ondelete="set null",
    )
    cobranca_pix_possible = fields.Boolean(string="Pix is possible", compute="_compute_cobranca_pix")
    cobranca_pix_words = fields.Char(string="State of Pix", compute="_compute_cobranca_pix")
    cobranca_card_enabled = fields.Boolean(string="Customers may pay by a card on file")
    cobranca_card_hour = fields.Integer(string="Cards are charged from (hour)")
    cobranca_card_retry_days = fields.Char(string="Refused charges again (days after due)")
    cobranca_card_month_limit = fields.Integer(string="Charges of one card in 30 days, at most")
    cobranca_card_notice_days = fields.Integer(string="Notice of an expiring card (days before)")
    cobranca_card_text = fields.Text(string="Text of the authorisation")
    cobranca_activation_overdue = fields.Selection(
        selection=DECISIONS, string="Customer with overdue debts", required=True
    )
    cobranca_activation_overdue_days = fields.Integer(string="Overdue for more than (days)")
    cobranca_activation_limit = fields.Selection(
        selection=DECISIONS, string="Customer above his credit limit", required=True
    )
    cobranca_retention_years = fields.Integer(string="Documents kept (years)")
    cobranca_contact_name = fields.Char(string="Customers speak with")
    cobranca_contact_phone = fields.Char(string="Phone for customers")
    cobranca_contact_email = fields.Char(string="E-mail for customers")
    cobranca_contact_hours = fields.Char(string="When somebody answers")
    cobranca_creditor_gap = fields.Char(string="Company data missing", compute="_compute_cobranca_creditor_gap")
    cobranca_bureau = fields.Selection(selection=BUREAUS, string="Credit bureau", required=True)
    cobranca_bureau_notice_days = fields.Integer(string="Notice before a listing (days)")
    cobranca_bureau_min_amount = fields.Float(string="Smallest amount listed", digits=(16, 2))
    cobranca_bureau_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible for the bureau list",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        ondelete="set null",
    )
    cobranca_fine_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of fines received",
        domain="[('account_type', 'in', ('income', 'income_other')), ('company_ids', 'in', company_id)]",
        ondelete="cascade",
    )
    cobranca_interest_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of interest received",
        domain="[('account_type', 'in', ('income', 'income_other')), ('company_ids', 'in', company_id)]",
        ondelete="cascade",
    )
    cobranca_correction_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of correction received",
        domain="[('account_type', 'in', ('income', 'income_other')), ('company_ids', 'in', company_id)]",
        ondelete="cascade",
    )
    cobranca_discount_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of discounts granted",
        domain="[('internal_group', '=', 'expense'), ('company_ids', 'in', company_id)]",
        ondelete="cascade",
    )
    cobranca_loss_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of losses",
        domain="[('internal_group', '=', 'expense'), ('company_ids', 'in', company_id)]",
        ondelete="cascade",
    )
    cobranca_estimate_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Contra account of losses",
        domain="[('account_type', 'in', ('asset_current',)), ('company_ids', 'in', company_id)]",
        ondelete="cascade",
    )
    cobranca_recovery_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of recovered losses",
        domain="[('account_type', 'in', ('income', 'income_other')), ('company_ids', 'in', company_id)]",
        ondelete="cascade",
    )
    cobranca_advance_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of customers' advances",
        domain="[('internal_group', '=', 'liability'), ('company_ids', 'in', company_id)]",
        ondelete="cascade",
    )

    # === DEFAULT METHODS === #

    @api.model
    def default_get(self, fields_list):
        """Start from what the company has."""
        values = super().default_get(fields_list)
        company = self.env.company
        for name in set(company._cobranca_get_settings()) & set(fields_list):
            values[name] = company._fields[name].convert_to_write(company[name], company)
        return values

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    def _compute_cobranca_creditor_gap(self):
        for settings in self:
            settings.cobranca_creditor_gap = settings.company_id._cobranca_get_creditor_gap()

    @api.depends("company_id")
    def _compute_cobranca_pix(self):
        for settings in self:
            state = settings.company_id._cobranca_get_pix_words()
            settings.cobranca_pix_possible, settings.cobranca_pix_words = state

    # === ACTIONS === #

    def action_save(self):
        """Write the settings to the company.

        :raise AccessError: for who is no manager of Cobrança
        """
        self.ensure_one()
        names = self.company_id._cobranca_get_settings()
        self.company_id._cobranca_write_settings(
            {name: self._fields[name].convert_to_write(self[name], self) for name in names}
        )
        return {"type": "ir.actions.act_window_close"}

    def action_pix_accounts(self):
        """Where a Pix key is registered."""
        self.ensure_one()
        return self.company_id._cobranca_get_pix_accounts_action()
