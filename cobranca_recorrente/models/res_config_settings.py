from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    cobranca_tz = fields.Selection(related="company_id.cobranca_tz", readonly=False)
    cobranca_issue_lead_days = fields.Integer(related="company_id.cobranca_issue_lead_days", readonly=False)
    cobranca_contract_journal_id = fields.Many2one(related="company_id.cobranca_contract_journal_id", readonly=False)
    cobranca_conference_mode = fields.Selection(
        related="company_id.cobranca_conference_mode", readonly=False, required=True
    )
    cobranca_outlier_percent = fields.Float(related="company_id.cobranca_outlier_percent", readonly=False)
    cobranca_first_charge_limit = fields.Monetary(
        related="company_id.cobranca_first_charge_limit", readonly=False, currency_field="currency_id"
    )
    cobranca_service_account_id = fields.Many2one(related="company_id.cobranca_service_account_id", readonly=False)
    cobranca_send_invoices = fields.Boolean(related="company_id.cobranca_send_invoices", readonly=False)
    cobranca_nfse_required = fields.Boolean(related="company_id.cobranca_nfse_required", readonly=False)
    cobranca_send_with_nfse = fields.Boolean(related="company_id.cobranca_send_with_nfse", readonly=False)
    cobranca_fast_posting = fields.Boolean(related="company_id.cobranca_fast_posting", readonly=False)
    cobranca_fee_product_id = fields.Many2one(related="company_id.cobranca_fee_product_id", readonly=False)
    cobranca_max_catch_up = fields.Integer(related="company_id.cobranca_max_catch_up", readonly=False)
    cobranca_max_run_invoices = fields.Integer(related="company_id.cobranca_max_run_invoices", readonly=False)
    cobranca_currency_id = fields.Many2one(related="company_id.currency_id")
    cobranca_max_run_amount = fields.Monetary(
        related="company_id.cobranca_max_run_amount", currency_field="cobranca_currency_id", readonly=False
    )
    cobranca_charge_policy_id = fields.Many2one(related="company_id.cobranca_charge_policy_id", readonly=False)
    cobranca_payment_choice = fields.Selection(
        related="company_id.cobranca_payment_choice", readonly=False, required=True
    )
    cobranca_require_policy = fields.Boolean(related="company_id.cobranca_require_policy", readonly=False)
    cobranca_contact_name = fields.Char(related="company_id.cobranca_contact_name", readonly=False)
    cobranca_contact_phone = fields.Char(related="company_id.cobranca_contact_phone", readonly=False)
    cobranca_contact_email = fields.Char(related="company_id.cobranca_contact_email", readonly=False)
    cobranca_contact_hours = fields.Char(related="company_id.cobranca_contact_hours", readonly=False)
    cobranca_fine_account_id = fields.Many2one(related="company_id.cobranca_fine_account_id", readonly=False)
    cobranca_interest_account_id = fields.Many2one(related="company_id.cobranca_interest_account_id", readonly=False)
    cobranca_correction_account_id = fields.Many2one(
        related="company_id.cobranca_correction_account_id", readonly=False
    )
    cobranca_discount_account_id = fields.Many2one(related="company_id.cobranca_discount_account_id", readonly=False)
    cobranca_loss_account_id = fields.Many2one(related="company_id.cobranca_loss_account_id", readonly=False)
    cobranca_estimate_account_id = fields.Many2one(related="company_id.cobranca_estimate_account_id", readonly=False)
    cobranca_recovery_account_id = fields.Many2one(related="company_id.cobranca_recovery_account_id", readonly=False)
    cobranca_advance_account_id = fields.Many2one(related="company_id.cobranca_advance_account_id", readonly=False)
    cobranca_pix_bank_id = fields.Many2one(related="company_id.cobranca_pix_bank_id", readonly=False)
    cobranca_pix_possible = fields.Boolean(string="Pix is possible", compute="_compute_cobranca_pix")
    cobranca_pix_words = fields.Char(string="State of Pix", compute="_compute_cobranca_pix")

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    def _compute_cobranca_pix(self):
        for settings in self:
            state = settings.company_id._cobranca_get_pix_words()
            settings.cobranca_pix_possible, settings.cobranca_pix_words = state

    # === ACTIONS === #

    def action_cobranca_pix_accounts(self):
        """Where a Pix key is registered."""
        self.ensure_one()
        return self.company_id._cobranca_get_pix_accounts_action()
