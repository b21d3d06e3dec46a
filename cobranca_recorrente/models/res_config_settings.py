from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    cobranca_tz = fields.Selection(related="company_id.cobranca_tz", readonly=False)
    cobranca_issue_lead_days = fields.Integer(related="company_id.cobranca_issue_lead_days", readonly=False)
    cobranca_contract_journal_id = fields.Many2one(related="company_id.cobranca_contract_journal_id", readonly=False)
    cobranca_service_account_id = fields.Many2one(related="company_id.cobranca_service_account_id", readonly=False)
    cobranca_send_invoices = fields.Boolean(related="company_id.cobranca_send_invoices", readonly=False)
    cobranca_nfse_required = fields.Boolean(related="company_id.cobranca_nfse_required", readonly=False)
    cobranca_send_with_nfse = fields.Boolean(related="company_id.cobranca_send_with_nfse", readonly=False)
    cobranca_fast_posting = fields.Boolean(related="company_id.cobranca_fast_posting", readonly=False)
