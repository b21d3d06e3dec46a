from odoo import fields, models


class CobrancaStatementUploadFile(models.TransientModel):
    """What is in a file of the bank, before anything of it is written."""

    _name = "cobranca.statement.upload.file"
    _description = "Bank Statement to Import"

    upload_id = fields.Many2one(comodel_name="cobranca.statement.upload", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="upload_id.currency_id")
    attachment_id = fields.Many2one(comodel_name="ir.attachment", required=True, readonly=True, ondelete="cascade")
    name = fields.Char(string="File", readonly=True)
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(string="Until", readonly=True)
    new_count = fields.Integer(string="New", readonly=True)
    known_count = fields.Integer(string="There already", readonly=True)
    alike_count = fields.Integer(string="Look-alikes", readonly=True)
    balance_count = fields.Integer(string="Balances left out", readonly=True)
    problem_count = fields.Integer(string="Not taken", readonly=True)
    amount_in = fields.Monetary(string="Comes in", readonly=True)
    amount_out = fields.Monetary(string="Goes out", readonly=True)
    warning = fields.Char(readonly=True)
    error = fields.Char(string="Why it cannot be imported", readonly=True)
    problems_text = fields.Text(string="Rows that are not taken", readonly=True)
