from odoo import fields, models

from ..models.cobranca_company_agreement import IMPUTATIONS


class CobrancaSettings(models.TransientModel):
    _inherit = "cobranca.settings"

    cobranca_present_rate = fields.Float(string="Cost of money a month (%)", digits=(5, 2))
    cobranca_agreement_break_days = fields.Integer(string="Agreements break when an installment is late (days)")
    cobranca_agreement_break_count = fields.Integer(string="Agreements break with late installments (number)")
    cobranca_agreement_warn_days = fields.Integer(string="Warned before an agreement breaks (days)")
    cobranca_agreement_imputation = fields.Selection(
        selection=IMPUTATIONS, string="Payments of a broken agreement pay", required=True
    )
    cobranca_agreement_restore_days = fields.Integer(string="A broken agreement can be restored within (days)")
    cobranca_agreement_postpone_days = fields.Integer(string="Collectors postpone an installment by (days)")
    cobranca_transit_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Transit account of agreements",
        domain="[('account_type', '=', 'asset_current'), ('company_ids', 'in', company_id)]",
        ondelete="cascade",
    )
    cobranca_unearned_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Unearned interest of agreements",
        domain="[('account_type', '=', 'asset_current'), ('company_ids', 'in', company_id)]",
        ondelete="cascade",
    )
    cobranca_financing_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of installment interest",
        domain="[('account_type', 'in', ('income', 'income_other')), ('company_ids', 'in', company_id)]",
        ondelete="cascade",
    )
    cobranca_code_by_sms = fields.Boolean(string="One-time codes by SMS too")
    cobranca_signer_name = fields.Char(string="Who signs letters of quittance")
    cobranca_signer_role = fields.Char(string="In which function")
    cobranca_statement_year = fields.Integer(string="Yearly statements since the year")
    cobranca_agency_second_factor = fields.Boolean(string="Agencies confirm each login by a code")
    cobranca_agency_commission_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of agencies' commissions",
        domain="[('account_type', 'in', ('expense', 'expense_direct_cost', 'expense_other')), "
        "('company_ids', 'in', company_id)]",
        ondelete="cascade",
    )
    cobranca_agency_money_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of money held by agencies",
        domain="[('account_type', '=', 'asset_current'), ('company_ids', 'in', company_id)]",
        ondelete="cascade",
    )
    cobranca_agency_fee_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Account of agencies' collection fees",
        domain="[('account_type', '=', 'liability_current'), ('company_ids', 'in', company_id)]",
        ondelete="cascade",
    )
