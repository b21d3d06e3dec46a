from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    cobranca_tz = fields.Selection(related="company_id.cobranca_tz", readonly=False)
    cobranca_issue_lead_days = fields.Integer(related="company_id.cobranca_issue_lead_days", readonly=False)
    cobranca_contract_journal_id = fields.Many2one(related="company_id.cobranca_contract_journal_id", readonly=False)
    cobranca_service_account_id = fields.Many2one(related="company_id.cobranca_service_account_id", readonly=False)
    cobranca_require_policy = fields.Boolean(related="company_id.cobranca_require_policy", readonly=False)
